#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// The batch norms of a .safetensors file (https://github.com/huggingface/safetensors), see layer_finder.h:
///     8 bytes            N, little-endian
///     N bytes            JSON, {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, .., "__metadata__": {..}}
///     the rest           the tensors, little-endian
/// Of the rest only the batch norms are read. Its order is of types and names, so no layer's input is inferred from what stands
/// before it. Nothing for other content. The error does not name the path.
std::optional<Result<Model>> read_safetensors(const FileContent& file, const std::stop_token& stop);

} // namespace qbn
