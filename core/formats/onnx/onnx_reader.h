#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// The batch norms of an ONNX model, in its order; nothing for other content. Read are operator sets from 7 on:
///     DequantizeLinear -> BatchNormalization -> [Relu] -> [Clip] -> QuantizeLinear
/// Names are those of the gamma's initializer without ".weight", else the node's. Parameters are constants (onnx_constants.h),
/// scales per tensor, codes int8, uint8, int4 or uint4. Where the model is not quantized, ranges are proposed and marked; so they
/// are for codes of 16 bits, which stand for the same range with 8 bits then. eps is the shortest decimal number that gives the
/// attribute's binary32 again. A Clip at 0 is a ReLU; one that reaches beyond the output's codes is none; of any other the notes
/// say that the layer does not have it.
/// A QLinearMul and a QLinearAdd by constants of each channel are gain and offset of one, see onnx_qlinear.h.
/// A batch norm that cannot be read is told in the notes, or as the error where no other one was read. So is a model without any:
/// how many convolutions have a bias, which may hold folded ones.
/// The error does not name the path.
std::optional<Result<Model>> read_onnx(const FileContent& file, const std::stop_token& stop);

} // namespace qbn
