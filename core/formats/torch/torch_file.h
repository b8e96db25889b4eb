#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// The batch norms of what PyTorch wrote, see layer_finder.h: by torch.save or torch.jit.save a zip archive with one */data.pkl, or
/// the form from before PyTorch 1.6; by torch.export.save an archive with a graph (exported_program.h), whose model has the
/// backend pytorch-decomposed where the graph is quantized. Nothing for other content. The error does not name the path.
std::optional<Result<Model>> read_torch_file(const FileContent& file, const std::stop_token& stop);

} // namespace qbn
