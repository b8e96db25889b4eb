#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// What TensorFlow Lite models keep of batch norms that stand alone; nothing for other content. The converter folds each to a gain
/// and an offset for each channel, in one of two forms:
///     DEPTHWISE_CONV_2D    1x1, a weight for each channel:  gain = weight * weight_scale,  offset = bias * bias_scale
///     MUL, then ADD        of constants with a value for each channel
/// mean, var, gamma, beta and eps are not in it any more: the layer has gamma = gain, beta = offset, mean 0, var 1 and eps 0, marked as
/// inferred. Of a depthwise form of codes gamma and beta are the binary32 numbers of which the converter makes the same weights, scales
/// and biases (converter_constants.h), so that the backends `litert` give the model's codes. Where there are none the notes tell it. Of
/// MUL and ADD of codes the layer has the IntermediateQuantization, with which the backends `litert-mul-add` do. Codes are int8 or
/// uint8; without them scales are unknown.
/// The error does not name the path.
std::optional<Result<Model>> read_tflite(const FileContent& file, const std::stop_token& stop);

} // namespace qbn
