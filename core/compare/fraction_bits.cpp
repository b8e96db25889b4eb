#include "core/compare/fraction_bits.h"

#include "core/arithmetic/exact.h"
#include "core/backends/bound_backend.h"

#include <algorithm>
#include <string>

namespace qbn {

namespace {

const Backend& fixed_point_with(int bits, Accumulator accumulator)
{
    return *find_backend("fixed-point:" + std::to_string(bits)
                         + (accumulator == Accumulator::int64 ? ":int64" : ""));
}

/// Which agreement every channel reaches with one number of bits. Not simply the most of the
/// channels' fewest, as a channel that agrees with n bits need not agree with n + 1.
void look_for_exact(const BatchNormLayer& layer, FractionBits& bits)
{
    std::vector<Agreement> all(max_fraction_bits + 1, Agreement::complete);
    std::fill_n(all.begin(), min_fraction_bits, Agreement::none);
    std::optional<int> hopeless;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto own = agreement_with_exact(layer, channel, bits.accumulator);
        const bool any
            = std::any_of(own.begin(), own.end(), [](Agreement a) { return a != Agreement::none; });
        if (!any && !hopeless)
            hopeless = channel;
        std::transform(all.begin(), all.end(), own.begin(), all.begin(),
                       [](Agreement a, Agreement b) { return std::min(a, b); });
    }
    const auto found = std::find(all.begin(), all.end(), Agreement::complete);
    if (found != all.end()) {
        bits.smallest_exact = static_cast<int>(found - all.begin());
        return;
    }
    bits.obstacle_channel = hopeless.value_or(0);
    if (std::find(all.begin(), all.end(), Agreement::but_for_ties) != all.end())
        bits.obstacle = FractionBits::Obstacle::ties;
    else if (!hopeless)
        bits.obstacle = FractionBits::Obstacle::no_common;
    else
        bits.obstacle = largest_safe_fraction_bits(layer, *hopeless, Accumulator::int64)
            ? FractionBits::Obstacle::room
            : FractionBits::Obstacle::unfit;
}

} // namespace

std::optional<int> largest_safe_fraction_bits(const BatchNormLayer& layer, int channel,
                                              Accumulator accumulator)
{
    const formula::Program& program = *find_backend("fixed-point")->program;
    formula::BoundFormula bound(find_backend("fixed-point")->program, layer);
    bound.run(channel);
    const auto value
        = [&](std::string_view name) { return bound.value(program.find(name)->instruction, 0); };
    const int bits = most_fraction_bits(
        {.multiplier = value("real_multiplier"),
         .offset = value("real_offset"),
         .first = std::int64_t{layer.input.type.qmin()} - layer.input.zero_point,
         .last = std::int64_t{layer.input.type.qmax()} - layer.input.zero_point},
        accumulator);
    return bits == 0 ? std::nullopt : std::optional(bits);
}

std::vector<Agreement> agreement_with_exact(const BatchNormLayer& layer, int channel,
                                            Accumulator accumulator)
{
    const std::vector<Requantized> exact = exact_requantized(layer, channel);
    std::vector<Agreement> agreement(max_fraction_bits + 1, Agreement::none);
    for (int bits = min_fraction_bits; bits <= max_fraction_bits; ++bits) {
        const auto fixed = codes(fixed_point_with(bits, accumulator), layer, channel);
        Agreement all = Agreement::complete;
        for (std::size_t i = 0; i < exact.size(); ++i) {
            if (fixed[i] == exact[i].output_code)
                continue;
            all = exact[i].tie ? Agreement::but_for_ties : Agreement::none;
            if (all == Agreement::none)
                break;
        }
        agreement[static_cast<std::size_t>(bits)] = all;
    }
    return agreement;
}

std::vector<bool> exact_fraction_bits(const BatchNormLayer& layer, int channel,
                                      Accumulator accumulator)
{
    const std::vector<Agreement> agreement = agreement_with_exact(layer, channel, accumulator);
    std::vector<bool> exact(agreement.size());
    std::transform(agreement.begin(), agreement.end(), exact.begin(),
                   [](Agreement a) { return a == Agreement::complete; });
    return exact;
}

FractionBits fraction_bits_for(const BatchNormLayer& layer, Accumulator accumulator)
{
    FractionBits bits{.accumulator = accumulator, .largest_safe = max_fraction_bits};
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto safe = largest_safe_fraction_bits(layer, channel, accumulator);
        bits.largest_safe = safe && bits.largest_safe
            ? std::optional(std::min(*bits.largest_safe, *safe))
            : std::nullopt;
    }
    look_for_exact(layer, bits);
    return bits;
}

} // namespace qbn
