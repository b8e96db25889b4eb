#include "core/evaluate/fold.h"

#include <cassert>
#include <cmath>

namespace qbn {

std::vector<FoldedChannel> fold(const BatchNormLayer& layer, const std::vector<ConvChannel>& conv)
{
    assert(conv.size() == static_cast<std::size_t>(layer.channels()));
    std::vector<FoldedChannel> folded;
    folded.reserve(conv.size());
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const ConvChannel& from = conv[static_cast<std::size_t>(channel)];
        const double factor = layer.gamma[channel] / std::sqrt(layer.var[channel] + layer.eps);
        folded.push_back(
            {.factor = factor,
             .weight_scale = from.weight_scale * std::abs(factor),
             .bias = (from.bias - layer.mean[channel]) * factor + layer.beta[channel]});
    }
    return folded;
}

Table fold_table(const BatchNormLayer& layer, const std::vector<ConvChannel>& conv)
{
    const std::vector<FoldedChannel> folded = fold(layer, conv);
    Table table{.columns = {"channel", "conv_weight_scale", "conv_bias", "factor",
                            "folded_weight_scale", "folded_bias"},
                .rows = {}};
    for (std::size_t i = 0; i < folded.size(); ++i) {
        table.rows.push_back({static_cast<std::int64_t>(i), conv[i].weight_scale, conv[i].bias,
                              folded[i].factor, folded[i].weight_scale, folded[i].bias});
    }
    return table;
}

} // namespace qbn
