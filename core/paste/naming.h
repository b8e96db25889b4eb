#pragma once

#include "core/paste/paste_text.h"
#include "core/paste/printed_value.h"

#include <vector>

namespace qbn {

/// Gives values the meaning that their label has only beside others:
///     scale, B, input_mean, input_var    of ONNX: an array under "scale" is gamma, B is beta
///     moving_mean, moving_variance       of TensorFlow: the last dimension is the channel
///     a scale of many values             gamma, where no other one is printed
///     bn_s, bn_b, bn_rm, bn_riv          of Caffe2
///     bn.w_0, bn.b_0, bn.w_1, bn.w_2     of Paddle
/// and the layer's name of a heading where several headings have a batch norm each.
void give_conventions(std::vector<PrintedValue>& values, PasteText& text);

} // namespace qbn
