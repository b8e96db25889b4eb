#pragma once

#include "core/paste/layer_grouping.h"

#include <deque>
#include <string>
#include <vector>

namespace qbn {

/// Joins parameters that were printed a channel at a time, bn.running_var[1] beside bn.running_var[0], to one value in the order of
/// their channels, kept in `joined`. A layer has the channels that were printed: where those are not 0 and on, the sentences that
/// are given say which they are. A parameter that was not printed for all of them is left as it is.
std::vector<std::string> join_indexed_parameters(std::vector<PrintedParameter>& parameters,
                                                 std::deque<PrintedValue>& joined);

} // namespace qbn
