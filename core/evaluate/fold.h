#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/table.h"

#include <vector>

namespace qbn {

/// What the convolution in front of a batch norm has for one output channel.
struct ConvChannel
{
    double weight_scale = 1; ///< scale of the channel's quantized weights
    double bias = 0; ///< 0 where the convolution has none

    bool operator==(const ConvChannel&) const = default;
};

/// One output channel of the convolution that does the work of both.
struct FoldedChannel
{
    double factor = 0; ///< the weights are multiplied by it
    double weight_scale = 0; ///< of the same integer weights, negated where the factor is negative
    double bias = 0;

    bool negates() const { return factor < 0; }
};

/// Folds the layer into the convolution before it, channel by channel:
///     factor         = gamma / sqrt(var + eps)
///     weight'        = weight * factor
///     weight_scale'  = weight_scale * |factor|
///     bias'          = (bias - mean) * factor + beta
/// weight' and bias' are those of torch.nn.utils.fusion.fuse_conv_bn_weights; the scale follows
/// since weight = weight_scale * code. In binary64; var + eps that is not above 0 gives infinity or
/// NaN, as the formula says. Requires: one ConvChannel a channel.
std::vector<FoldedChannel> fold(const BatchNormLayer& layer, const std::vector<ConvChannel>& conv);

/// channel, conv_weight_scale, conv_bias, factor, folded_weight_scale, folded_bias.
Table fold_table(const BatchNormLayer& layer, const std::vector<ConvChannel>& conv);

} // namespace qbn
