#pragma once

#include "core/layer/batch_norm.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace qbn {

/// How often each input code of each channel occurs; need not be normalized.
class CodeDistribution
{
public:
    /// Inputs of channel c drawn from N(mean[c], var[c]) and quantized: what the layer's own
    /// statistics say of its input. A channel whose var is not above 0, or whose mean is no number,
    /// is drawn evenly from all codes.
    static CodeDistribution normal(const BatchNormLayer& layer);

    /// The weights of one channel of normal(), one for each code.
    static void normal(const BatchNormLayer& layer, int channel, std::span<double> weights);

    /// Every code is as likely as any other.
    static CodeDistribution even(const BatchNormLayer& layer);

    /// Counted elsewhere: channels() * count() of them, channel by channel, codes ascending.
    /// Requires: none is negative or infinite.
    CodeDistribution(int codes, std::vector<double> weights);

    /// The weights of a channel's codes, qmin first; they sum to 1, or are all 0 if nothing was
    /// counted.
    std::span<const double> weights(int channel) const
    {
        const auto codes = static_cast<std::size_t>(codes_);
        return std::span(weights_).subspan(static_cast<std::size_t>(channel) * codes, codes);
    }

private:
    int codes_ = 0;
    std::vector<double> weights_;
};

struct ChannelAudit
{
    bool is_sampled = true; ///< some input counts; without one saturation, signal and noise are NaN
    double saturation = 0; ///< share of the inputs whose output code is clamped, 0 to 1
    int used_codes = 0; ///< different output codes that some input code gives
    int dead_codes = 0; ///< output codes that none gives
    int merged_codes = 0; ///< input codes that share their output code with the one before
    double signal = 0; ///< mean square of the exact output, real units
    double noise = 0; ///< mean square of what quantizing the output adds, real units
    double sqnr() const; ///< signal to quantization noise in dB; infinity without noise

    /// Worth a look: more than 1 % of the inputs are clamped.
    bool saturates() const { return saturation > 0.01; }
    /// Worth a look: fewer than a sixteenth of the output codes are used, 16 of 256.
    bool wastes_codes() const { return 16 * used_codes < used_codes + dead_codes; }
};

/// Scale and zero point of the output with the least mean squared error over all channels.
struct OutputProposal
{
    QuantizationParameters output;
    double noise = 0; ///< mean square error with it, over all channels
    double saturation = 0; ///< share of the inputs that it clamps
    double gain = 0; ///< in dB, of the SQNR over the present output parameters; 0 if none is better
    std::string_view none_as; ///< why there is none, a clause for a person; empty if there is one
};

struct LayerAudit
{
    std::vector<ChannelAudit> channels; ///< C of them
    double saturation = 0; ///< mean of the channels
    double signal = 0; ///< mean of the channels
    double noise = 0; ///< mean of the channels
    OutputProposal proposal;

    double sqnr() const;
};

/// By exact mathematics (core/arithmetic/exact.h): an audit is about the parameters, backends differ from it
/// by single codes. Signal is the layer's real output for a dequantized input code, after a fused
/// ReLU; noise is what the output code stands for less that. Channels without a real answer have
/// NaN for both and do not count in the layer's means, nor do those without samples; where no
/// channel counts, the means are NaN.
/// When a stop is requested it returns within a few channels' time, and what it returns means
/// nothing. Several layers, or the channels of a large one, are spread over threads by audit_all()
/// (core/evaluate/audit_run.h).
LayerAudit audit(const BatchNormLayer& layer, const CodeDistribution& distribution,
                 const std::stop_token& stop = {});

/// Its parts, for audit_all() and the search of better parameters.
struct WeightedValue
{
    double value = 0;
    double weight = 0;
};

/// One channel. Its outputs for the search of better parameters go to `outputs`, one for each input
/// code; those that do not count have a weight of 0.
ChannelAudit audit_channel(const BatchNormLayer& layer, int channel,
                           std::span<const double> weights, std::span<WeightedValue> outputs);

/// The means and the proposal of a layer whose channels are audited.
void finish_audit(LayerAudit& audit, const BatchNormLayer& layer,
                  const std::vector<WeightedValue>& outputs);

} // namespace qbn
