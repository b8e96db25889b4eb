#include "tests/conformance/near_ties.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

namespace qbn::conformance {

namespace {

/// An integer that grows with the number; neighbours differ by 1. Not for NaN.
std::int32_t rankOf(float number)
{
    const auto bits = std::bit_cast<std::int32_t>(number);
    return bits >= 0 ? bits : std::numeric_limits<std::int32_t>::min() - bits;
}

float numberOf(std::int32_t rank)
{
    return std::bit_cast<float>(rank >= 0 ? rank : std::numeric_limits<std::int32_t>::min() - rank);
}

/// Ranks of a parameter.
struct Bracket
{
    std::int32_t below;
    std::int32_t above;
};

/// Searches one channel of a layer, which it changes.
class Search
{
public:
    Search(const Subject& subject, BatchNormLayer& layer, int channel, Random& random)
        : m_subject(subject)
        , m_layer(layer)
        , m_channel(channel)
        , m_random(random)
    { }

    /// One attempt: random parameters, a random input code at a random boundary of output codes.
    bool findsDecidedBy(const Backend& variant);

private:
    std::vector<std::int32_t> codesOf(const Backend& backend) const
    {
        return BoundBackend(backend, m_layer).codes(m_channel);
    }
    double& parameter() const
    {
        if (m_movesProduct)
            return m_layer.intermediate->product.scale;
        if (m_subject.layerScales)
            return m_layer.output.scale;
        return (m_subject.integerWeights ? m_layer.gamma : m_layer.beta)[m_channel];
    }

    std::optional<Bracket> bracketOf(std::int32_t inputCode, double steps);
    std::optional<Bracket> bracketOfGamma(std::int32_t inputCode, double steps);
    std::optional<Bracket> bracketOfOutputScale(std::int32_t inputCode, double steps);
    std::optional<Bracket> bracketOfProductScale(std::int32_t inputCode);
    Bracket bracketOfBeta(std::int32_t inputCode, double steps);
    bool reaches(std::int32_t rank, std::int32_t inputCode, std::int32_t outputCode);
    bool narrow(Bracket& bracket, std::int32_t inputCode, std::int32_t outputCode);

    const Subject& m_subject;
    BatchNormLayer& m_layer;
    int m_channel;
    Random& m_random;
    bool m_movesProduct = false;
};

/// Some binary32 numbers around the beta that exact mathematics asks for.
Bracket Search::bracketOfBeta(std::int32_t inputCode, double steps)
{
    constexpr double manyRoundings = 0x1p-20;
    const double stdDev = std::sqrt(m_layer.var[m_channel] + m_layer.eps);
    const double slope = m_layer.gamma[m_channel] / stdDev;
    const double moved = slope * real_value(m_layer.input, inputCode);
    const double shift = slope * m_layer.mean[m_channel];
    const double beta = steps * m_layer.output.scale - moved + shift;
    const double range = 256 * std::abs(m_layer.output.scale);
    const double reach
        = manyRoundings * (std::abs(moved) + std::abs(shift) + std::abs(beta) + range);
    return {rankOf(static_cast<float>(beta - reach)), rankOf(static_cast<float>(beta + reach))};
}

/// With integer weights gamma and beta together scale the result and leave the accumulator as it
/// is. Nothing where that would need another sign.
std::optional<Bracket> Search::bracketOfGamma(std::int32_t inputCode, double steps)
{
    constexpr std::int32_t manyRoundings = 64;
    const Trace trace = BoundBackend(*m_subject.backend, m_layer).trace(m_channel, inputCode);
    const double factor = steps / trace.result.steps;
    if (!(factor > 0x1p-20 && factor < 0x1p20))
        return std::nullopt;
    m_layer.gamma[m_channel] = static_cast<float>(m_layer.gamma[m_channel] * factor);
    m_layer.beta[m_channel] = static_cast<float>(m_layer.beta[m_channel] * factor);
    const std::int32_t rank = rankOf(static_cast<float>(m_layer.gamma[m_channel]));
    return Bracket{rank - manyRoundings, rank + manyRoundings};
}

/// Where all channels share their scales, the output's moves none of them.
std::optional<Bracket> Search::bracketOfOutputScale(std::int32_t inputCode, double steps)
{
    constexpr std::int32_t manyRoundings = 64;
    const Trace trace = BoundBackend(*m_subject.backend, m_layer).trace(m_channel, inputCode);
    const double factor = trace.result.steps / steps;
    if (!(factor > 0.5 && factor < 2))
        return std::nullopt;
    const std::int32_t rank = rankOf(static_cast<float>(m_layer.output.scale * factor));
    return Bracket{rank - manyRoundings, rank + manyRoundings};
}

/// Around a product half way between two codes, which the file's scale of the products moves.
std::optional<Bracket> Search::bracketOfProductScale(std::int32_t inputCode)
{
    constexpr std::int32_t reach = 1
        << 17; // integers round twice, first by up to a step of their own
    const Trace trace = BoundBackend(*m_subject.backend, m_layer).trace(m_channel, inputCode);
    double product = 1;
    for (const TraceStep& step : trace.steps)
        product *= step.name == "acc" || step.name == "mul_real" ? step.value : 1;
    const double factor = product / (std::floor(product) + 0.5);
    if (!(factor > 0.5 && factor < 2))
        return std::nullopt;
    const std::int32_t rank = rankOf(static_cast<float>(parameter() * factor));
    return Bracket{rank - reach, rank + reach};
}

std::optional<Bracket> Search::bracketOf(std::int32_t inputCode, double steps)
{
    if (m_subject.layerScales)
        return bracketOfOutputScale(inputCode, steps);
    if (m_subject.integerWeights)
        return bracketOfGamma(inputCode, steps);
    return bracketOfBeta(inputCode, steps);
}

bool Search::reaches(std::int32_t rank, std::int32_t inputCode, std::int32_t outputCode)
{
    parameter() = numberOf(rank);
    const auto lane = static_cast<std::size_t>(inputCode - m_layer.input.type.qmin());
    return codesOf(*m_subject.backend)[lane] >= outputCode;
}

/// To two neighbours, on one side of which the code is reached and on the other not.
bool Search::narrow(Bracket& bracket, std::int32_t inputCode, std::int32_t outputCode)
{
    const bool below = reaches(bracket.below, inputCode, outputCode);
    if (below == reaches(bracket.above, inputCode, outputCode))
        return false;
    while (std::int64_t{bracket.above} - bracket.below > 1) {
        const auto middle
            = static_cast<std::int32_t>((std::int64_t{bracket.above} + bracket.below) / 2);
        const bool reached = reaches(middle, inputCode, outputCode);
        (reached == below ? bracket.below : bracket.above) = middle;
    }
    return true;
}

bool Search::findsDecidedBy(const Backend& variant)
{
    const CodeType in = m_layer.input.type;
    const CodeType out = m_layer.output.type;
    const std::int32_t lowest = m_layer.relu ? m_layer.output.zero_point : out.qmin();
    // The sign stays: where a formula sees all channels it chooses what the others run.
    if (!m_subject.layerScales)
        drawChannel(m_subject, m_layer, m_channel, m_layer.gamma[m_channel] < 0 ? -1 : 1, m_random);
    const std::int32_t inputCode = m_random.integer(in.qmin(), in.qmax());
    std::int32_t outputCode = m_random.integer(lowest, out.qmax() - 1) + 1;
    m_movesProduct = m_layer.intermediate && m_random.chance(0.5);
    auto bracket = m_movesProduct
        ? bracketOfProductScale(inputCode)
        : bracketOf(inputCode, outputCode - 0.5 - m_layer.output.zero_point);
    if (!bracket)
        return false;
    if (m_movesProduct) {
        const auto codeAt = [&](std::int32_t rank) {
            parameter() = numberOf(rank);
            return codesOf(*m_subject.backend)[static_cast<std::size_t>(inputCode - in.qmin())];
        };
        outputCode = std::max(codeAt(bracket->below), codeAt(bracket->above));
    }
    if (!narrow(*bracket, inputCode, outputCode))
        return false;
    for (const std::int32_t rank : {bracket->above, bracket->below}) {
        parameter() = numberOf(rank);
        if (codesOf(variant) != codesOf(*m_subject.backend))
            return true;
    }
    return false;
}

} // namespace

BatchNormLayer nearTieLayer(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = ordinaryLayer(subject, channels, random);
    if (layer.relu && layer.output.zero_point == layer.output.type.qmax())
        layer.relu = false; // one output code has no boundary
    std::vector<const Backend*> variants;
    for (const Variant& variant : subject.variants) {
        if (variant.decidesNearTies)
            variants.push_back(variant.backend);
    }
    constexpr int attempts = 20;
    const int first = random.integer(0, static_cast<int>(variants.size()) - 1);
    for (int channel = 0; channel < channels; ++channel) {
        if (layer.gamma[channel] == 0)
            continue; // a dead one
        const auto turn = static_cast<std::size_t>(first + channel) % variants.size();
        Search search(subject, layer, channel, random);
        for (int attempt = 0; attempt < attempts; ++attempt) {
            if (!search.findsDecidedBy(*variants[turn]))
                continue;
            if (subject.layerScales)
                return layer; // another channel's near tie would move this one's
            break;
        }
    }
    return layer;
}

} // namespace qbn::conformance
