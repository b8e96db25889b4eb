#include "core/activations/pair_counter.h"

#include "core/activations/count_codes.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace qbn::activations {

namespace {

constexpr std::size_t looked_up_at_once = 4096;
constexpr std::size_t padding = 320; // loads wait for stores whose addresses end alike
constexpr std::size_t block = 64;

/// What differs between eight outputs and those that are expected beside eight inputs, in eight tables, `step` apart.
template <std::size_t step>
unsigned differing_of_eight(const std::uint16_t* expected, const std::uint8_t* input,
                            const std::uint8_t* output)
{
    std::uint64_t eight = 0;
    std::memcpy(&eight, input, sizeof eight);
    unsigned even = 0;
    unsigned odd = 0;
    for (std::size_t k = 0; k < 8; k += 2, eight >>= 16) {
        even |= static_cast<unsigned>(expected[k * step + (eight & 0xffU)]) ^ output[k];
        odd |= static_cast<unsigned>(expected[(k + 1) * step + (eight >> 8 & 0xffU)])
            ^ output[k + 1];
    }
    return even | odd;
}

/// Calls `add` for each element of those eight, and of those behind the last eight, in which one differs. `ahead`: where bytes are that
/// will be looked at soon.
template <std::size_t step, typename Add>
void each_differing(const std::uint16_t* expected, Bytes input, Bytes output, std::size_t ahead,
                    const Add& add)
{
    std::size_t i = 0;
    for (; i + 8 <= input.size(); i += 8) {
        __builtin_prefetch(&output[i] + ahead);
        if (differing_of_eight<step>(expected + i * step, &input[i], &output[i]) == 0)
            continue;
        for (std::size_t k = i; k < i + 8; ++k)
            add(k);
    }
    for (; i < input.size(); ++i) {
        if (expected[i * step + input[i]] != output[i])
            add(i);
    }
}

} // namespace

PairCounter::PairCounter(const Grid& grid, apply::Kernel kernel)
    : expected_(grid.channels * 256, nothing)
    , firsts_(expected_.size())
    , others_of_(expected_.size())
    , grid_(grid)
    , kernel_(kernel)
    , of_columns_(grid.plane == 1 ? grid.columns * 256 : 0, nothing)
{
    const bool looks_up = grid.plane > 1 && kernel.run_planes != nullptr;
    for (std::uint8_t side = 0; looks_up && side < 2; ++side) {
        tables_[side].resize(grid.channels);
        for (apply::Table& table : tables_[side])
            table.fill(side);
    }
}

void PairCounter::add_planes(std::uint64_t first, Bytes input, Bytes output, std::size_t ahead)
{
    const std::size_t most = kernel_.run_planes != nullptr ? looked_up_at_once : grid_.plane;
    for (std::size_t size = 0; !input.empty(); first += size) {
        const std::uint64_t plane = first / grid_.plane;
        const std::uint64_t end = (plane + 1) * grid_.plane;
        size = std::min<std::uint64_t>(
            {most, input.size(), kernel_.run_planes != nullptr ? most : end - first});
        if (kernel_.run_planes != nullptr)
            look_up(first, input.first(size), output.first(size));
        else
            add_run(plane % grid_.channels, first, input.first(size), output.first(size), ahead);
        input = input.subspan(size);
        output = output.subspan(size);
    }
}

void PairCounter::add_run(std::size_t channel, std::uint64_t first, Bytes input, Bytes output,
                          std::size_t ahead)
{
    each_differing<0>(&expected_[channel * 256], input, output, ahead, [&](std::size_t i) {
        add(static_cast<std::uint32_t>(channel * 256 + input[i]), first + i, output[i]);
    });
}

/// All bytes by both tables, 64 at once, and what is not as expected by itself.
void PairCounter::look_up(std::uint64_t first, Bytes input, Bytes output)
{
    std::array<std::array<std::uint8_t, looked_up_at_once + padding>, 2> expected;
    for (std::size_t side = 0; side < 2; ++side)
        kernel_.run_planes({.tables = tables_[side].data(),
                            .channels = grid_.channels,
                            .channel = first / grid_.plane % grid_.channels,
                            .plane = grid_.plane,
                            .rest = grid_.plane - first % grid_.plane,
                            .common = {.is_clamped = false}},
                           input.data(), expected[side].data(), input.size());
    for (std::size_t begin = 0; begin < input.size(); begin += block) {
        const std::size_t end = std::min(begin + block, input.size());
        std::uint8_t differing = 0;
        for (std::size_t i = begin; i < end; ++i)
            differing |= static_cast<std::uint8_t>((expected[0][i] ^ output[i])
                                                   | (expected[1][i] ^ output[i]));
        for (std::size_t i = begin; differing != 0 && i < end; ++i) {
            const std::uint64_t channel = (first + i) / grid_.plane % grid_.channels;
            if (expected[0][i] != output[i] || expected[1][i] != output[i])
                add(static_cast<std::uint32_t>(channel * 256 + input[i]), first + i, output[i]);
        }
    }
}

void PairCounter::add_row(std::uint64_t column, std::uint64_t first, Bytes input, Bytes output,
                          std::size_t ahead)
{
    std::uint16_t* const expected = &of_columns_[column * 256];
    each_differing<256>(expected, input, output, ahead, [&](std::size_t i) {
        const std::size_t cell = grid_.channel_of(column + i) * 256 + input[i];
        add(static_cast<std::uint32_t>(cell), first + i, output[i]);
        expected[i * 256 + input[i]] = expected_[cell];
    });
}

void PairCounter::add(std::uint32_t cell, std::uint64_t element, std::uint8_t output)
{
    if (expected_[cell] == output)
        return;
    if (expected_[cell] == nothing) {
        expected_[cell] = output;
        firsts_[cell] = element;
        for (auto& tables : tables_) {
            if (!tables.empty())
                tables[cell / 256][cell % 256] = output;
        }
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
    pairs.reserve(expected_.size());
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
