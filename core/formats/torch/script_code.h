#pragma once

#include "core/formats/tensors/checkpoint.h"

#include <string>
#include <string_view>

namespace qbn {

class ZipArchive;

/// What a class of a TorchScript program says of a batch norm, read in the class's text and not run:
///     eps     the constant `eps : Final[float] = 0.001` that torch.jit.script writes, or the number where a call of
///             torch.batch_norm, ops.quantized.batch_norm2d, .. in it has its eps, if all calls have the same
///     relu    whether the quantized operator that it calls is one with a ReLU
/// Requires: `code` is of the form that TorchScript writes; of any other nothing is found.
ModuleFacts read_script_class(std::string_view code, std::string_view class_name);

/// Completes the facts of a program's modules from its members code/..., by their classes, which are names such as
/// __torch__.torch.nn.modules.batchnorm.BatchNorm2d. `top` is the folder of the archive, with its slash. A member that cannot
/// be read leaves them as they are.
void read_script_facts(const ZipArchive& archive, const std::string& top, Checkpoint& checkpoint);

} // namespace qbn
