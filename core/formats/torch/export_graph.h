#pragma once

#include "core/formats/json/json_document.h"
#include "core/formats/tensors/checkpoint.h"

#include <string>

namespace qbn {

/// The batch norms of the graph that torch.export wrote as JSON, by the prefix of their running_mean (see
/// read_exported_program for what is read of them). `note` says where it stands. What does not have the form of such a graph is
/// left out.
Modules modules_of_graph(const JsonValue& program, const std::string& note);

} // namespace qbn
