#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// The batch norms of what numpy.savez or savez_compressed wrote with the names of a state_dict, see layer_finder.h:
///     numpy.savez(path, **{name: tensor.numpy() for name, tensor in model.state_dict().items()})
/// A zip archive with members *.npy and without one data.pkl; nothing for other content. Arrays of objects are pickles and are not
/// read. The error does not name the path.
std::optional<Result<Model>> read_npz(const FileContent& file, const std::stop_token& stop);

} // namespace qbn
