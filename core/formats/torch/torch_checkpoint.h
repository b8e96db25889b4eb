#pragma once

#include "core/formats/tensors/checkpoint.h"
#include "core/formats/torch/pickle_value.h"
#include "core/text/result.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

namespace qbn {

class ZipArchive;

/// torch.save's zip form: <top>/data.pkl with its storages in <top>/data/. Requires: `pickle_name`
/// is a member.
Result<Checkpoint> read_torch_zip(const ZipArchive& archive, std::string_view pickle_name,
                                  const std::stop_token& stop = {});

/// Whether the bytes begin as torch.save's form from before PyTorch 1.6 does.
bool is_legacy_torch(std::string_view bytes);

/// That form: five pickles (magic number, protocol 1001, sys_info, the object, the storages' keys),
/// then for each key an int64 element count and the elements. Requires: is_legacy_torch(bytes).
Result<Checkpoint> read_torch_legacy(const QByteArray& bytes, const std::stop_token& stop = {});

/// Lists and checks the tensors of a state_dict or of a module (a Python object, which is not made, or one of TorchScript), or
/// of the one under "state_dict", "model_state_dict" or "model" in a training checkpoint. The names are those of the module's
/// state_dict; what its modules say beside the tensors stands in Checkpoint::modules().
Result<Checkpoint> collect_tensors(PickleRef root, std::shared_ptr<const StorageSource> source);

/// "FloatStorage" is float32; nothing for a type that is not known.
std::optional<TensorType> parse_storage_type(std::string_view name);

} // namespace qbn
