// Codes a second of a whole tensor through a layer, against memcpy of the same bytes; items_per_second is codes.
//   build/release/bin/apply_speed --benchmark_counters_tabular=true
// tests/benchmarks/torch_apply.py times PyTorch's kernel on the same sizes.

#include "core/apply/applied_layer.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

using namespace qbn;

namespace {

BatchNormLayer made_layer(int channels)
{
    std::mt19937_64 random(2026);
    std::normal_distribution<double> normal;
    BatchNormLayer layer = identity_layer("layer", channels);
    layer.input = {quint8_type, 0.03, 118};
    layer.output = {quint8_type, 0.025, 121};
    for (int channel = 0; channel < channels; ++channel) {
        layer.mean[channel] = 0.4 * normal(random);
        layer.var[channel] = std::exp(0.6 * normal(random));
        layer.gamma[channel] = 0.7 + 0.25 * normal(random);
        layer.beta[channel] = 0.3 * normal(random);
    }
    return layer;
}

std::vector<std::uint8_t> made_codes(std::size_t size)
{
    std::mt19937_64 random(1);
    std::vector<std::uint8_t> codes(size);
    for (std::uint8_t& code : codes)
        code = static_cast<std::uint8_t>(random());
    return codes;
}

void count(benchmark::State& state, std::size_t size)
{
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations())
                            * static_cast<std::int64_t>(size));
}

/// Bytes, channels, whether channels are last, threads, and whether tables alone run.
void apply_layer(benchmark::State& state)
{
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto channels = static_cast<int>(state.range(1));
    AppliedLayer applied(*find_backend("pytorch"), made_layer(channels));
    if (state.range(4) != 0)
        applied.use_kernel(nullptr);
    const auto in = made_codes(size);
    std::vector<std::uint8_t> out(size);
    // Of a batch of 8, or of 1 where that is too small.
    const std::uint64_t pixels = size / static_cast<std::size_t>(channels);
    const std::uint64_t plane = state.range(2) != 0 ? 1 : std::max<std::uint64_t>(pixels / 8, 1);
    for (auto step : state) {
        applied.run(in, out, 0, plane, static_cast<int>(state.range(3)));
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    count(state, size);
    if (applied.arithmetic_channels() < channels)
        state.SetLabel("tables in some channels");
}

/// Bytes and threads.
void copy(benchmark::State& state)
{
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto in = made_codes(size);
    std::vector<std::uint8_t> out(size);
    for (auto step : state) {
        if (state.range(1) == 1) {
            std::memcpy(out.data(), in.data(), size);
        } else {
            std::jthread other([&] { std::memcpy(out.data(), in.data(), size / 2); });
            std::memcpy(out.data() + size / 2, in.data() + size / 2, size - size / 2);
        }
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    count(state, size);
}

constexpr std::int64_t sizes[] = {128 << 10, 8 << 20, 256 << 20};

void add_sizes(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"bytes", "C", "nhwc", "threads", "tables"});
    for (const std::int64_t size : sizes) {
        for (const std::int64_t channels : {3, 64, 1024}) {
            for (const std::int64_t is_nhwc : {0, 1}) {
                for (const std::int64_t threads : {1, 2})
                    benchmark->Args({size, channels, is_nhwc, threads, 0});
            }
        }
        benchmark->Args({size, 64, 0, 1, 1});
        benchmark->Args({size, 64, 1, 1, 1});
    }
}

BENCHMARK(apply_layer)->Apply(add_sizes)->UseRealTime();
BENCHMARK(copy)
    ->ArgNames({"bytes", "threads"})
    ->ArgsProduct({{128 << 10, 8 << 20, 256 << 20}, {1, 2}})
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
