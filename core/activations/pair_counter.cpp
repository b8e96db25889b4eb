#include "core/activations/pair_counter.h"

#include "core/activations/count_codes.h"

#include <algorithm>
#include <tuple>

namespace qbn::activations {

namespace {

constexpr std::size_t block = 64; // elements that are looked at again if one of them differs

} // namespace

PairCounter::PairCounter(int channels)
    : expected_(static_cast<std::size_t>(channels) * 256, nothing)
    , firsts_(expected_.size())
    , others_of_(expected_.size())
{ }

void PairCounter::add_run(std::size_t channel, std::uint64_t first,
                          std::span<const std::uint8_t> input, std::span<const std::uint8_t> output)
{
    const std::uint16_t* const expected = &expected_[channel * 256];
    for (std::size_t begin = 0; begin < input.size(); begin += block) {
        const std::size_t end = std::min(begin + block, input.size());
        unsigned differing = 0;
        for (std::size_t i = begin; i < end; ++i)
            differing |= static_cast<unsigned>(expected[input[i]]) ^ output[i];
        if (differing == 0)
            continue;
        for (std::size_t i = begin; i < end; ++i)
            add(static_cast<std::uint32_t>(channel * 256 + input[i]), first + i, output[i]);
    }
}

void PairCounter::add_row(std::span<const std::uint32_t> cells, std::uint64_t first,
                          std::span<const std::uint8_t> input, std::span<const std::uint8_t> output)
{
    unsigned differing = 0;
    for (std::size_t i = 0; i < input.size(); ++i)
        differing |= static_cast<unsigned>(expected_[cells[i] + input[i]]) ^ output[i];
    if (differing == 0)
        return;
    for (std::size_t i = 0; i < input.size(); ++i)
        add(cells[i] + input[i], first + i, output[i]);
}

void PairCounter::add(std::uint32_t cell, std::uint64_t element, std::uint8_t output)
{
    if (expected_[cell] == output)
        return;
    if (expected_[cell] == nothing) {
        expected_[cell] = output;
        firsts_[cell] = element;
        return;
    }
    if (others_of_[cell] == 0) {
        is_full_ = is_full_ || others_.size() == several_outputs_limit;
        if (is_full_)
            return;
        others_.emplace_back();
        others_of_[cell] = static_cast<std::uint32_t>(others_.size());
    }
    Others& others = others_[others_of_[cell] - 1];
    if (others.counts[output]++ == 0)
        others.firsts[output] = element;
}

std::vector<BytePair> PairCounter::take(std::span<const std::uint64_t> inputs) const
{
    std::vector<BytePair> pairs;
    for (std::uint32_t cell = 0; cell < expected_.size(); ++cell) {
        if (expected_[cell] == nothing)
            continue;
        const auto expected = static_cast<std::uint8_t>(expected_[cell]);
        BytePair usual{
            .cell = cell, .output = expected, .count = inputs[cell], .first = firsts_[cell]};
        if (others_of_[cell] == 0) {
            pairs.push_back(usual);
            continue;
        }
        const Others& others = others_[others_of_[cell] - 1];
        for (const std::uint64_t count : others.counts)
            usual.count -= count;
        for (std::size_t output = 0; output < 256; ++output) {
            if (output == expected)
                pairs.push_back(usual);
            else if (others.counts[output] > 0)
                pairs.push_back({.cell = cell,
                                 .output = static_cast<std::uint8_t>(output),
                                 .count = others.counts[output],
                                 .first = others.firsts[output]});
        }
    }
    return pairs;
}

std::vector<BytePair> merged(const std::vector<BytePair>& a, const std::vector<BytePair>& b)
{
    std::vector<BytePair> all(a.size() + b.size());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), all.begin(),
               [](const BytePair& left, const BytePair& right) {
                   return std::tie(left.cell, left.output) < std::tie(right.cell, right.output);
               });
    std::vector<BytePair> result;
    for (const BytePair& pair : all) {
        if (result.empty() || result.back().cell != pair.cell
            || result.back().output != pair.output) {
            result.push_back(pair);
            continue;
        }
        result.back().count += pair.count;
        result.back().first = std::min(result.back().first, pair.first);
    }
    return result;
}

} // namespace qbn::activations
