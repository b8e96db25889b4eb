// A whole tensor through a layer beside PyTorch's own kernel and operator, memcpy and a streaming copy, all in this process:
//   build/release/bin/apply_speed --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true
// The table at the end, as README.md has it, is of the fastest repetition of each, of one thread in its processor time. PyTorch is there in a build with
//   cmake --preset release -DQBN_TORCH=SITE-PACKAGES/torch

#include "core/apply/applied_layer.h"
#include "tests/benchmarks/trained_like_layer.h"
#ifdef QBN_TORCH
#include "tests/benchmarks/torch_batch_norm.h"
#endif

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

using namespace qbn;

namespace {

constexpr std::size_t largest = std::size_t{256} << 20;

/// One line of the table.
struct Case
{
    std::size_t bytes = 0;
    int channels = 0;
    bool isNhwc = false;
    int threads = 1;

    std::string text() const
    {
        char line[64];
        const bool mebi = bytes >= std::size_t{1} << 20;
        std::snprintf(line, sizeof line, "%zu %s, C = %d, %s", bytes >> (mebi ? 20 : 10),
                      mebi ? "MiB" : "KiB", channels, isNhwc ? "NHWC" : "NCHW");
        return line;
    }

    /// Of a benchmark.
    std::string name(const char* of) const
    {
        return text() + ", " + std::to_string(threads) + (threads == 1 ? " thread, " : " threads, ")
            + of;
    }

    /// All pixels of a batch of 8, or of 1 where that is too small; whole ones.
    std::size_t batch() const { return bytes / static_cast<std::size_t>(channels) >= 8 ? 8 : 1; }
    std::size_t size() const
    {
        const std::size_t image = static_cast<std::size_t>(channels) * batch();
        return bytes / image * image;
    }
    std::size_t plane() const
    {
        return isNhwc ? 1 : size() / static_cast<std::size_t>(channels) / batch();
    }
};

/// As memory allocators of frameworks give it: from a line of the caches on.
struct alignas(64) Line
{
    std::uint8_t bytes[64];
};

std::span<std::uint8_t> buffer(std::vector<Line>& lines)
{
    lines.resize(largest / sizeof(Line));
    return {lines.front().bytes, largest};
}

std::span<const std::uint8_t> input()
{
    static std::vector<Line> lines;
    static const std::span<std::uint8_t> codes = [] {
        const auto all = buffer(lines);
        std::mt19937_64 random(1);
        for (std::size_t i = 0; i < all.size(); i += 8) {
            const std::uint64_t eight = random();
            std::memcpy(all.data() + i, &eight, 8);
        }
        return all;
    }();
    return codes;
}

std::span<std::uint8_t> output()
{
    static std::vector<Line> lines;
    static const std::span<std::uint8_t> codes = buffer(lines);
    return codes;
}

/// A copy past the caches, which is what a kernel bound by memory can reach.
void streamingCopy(std::uint8_t* to, const std::uint8_t* from, std::size_t size)
{
#ifdef __SSE2__
    for (std::size_t i = 0; i < size; i += 64) {
        for (std::size_t k = i; k < i + 64; k += 16)
            _mm_stream_si128(reinterpret_cast<__m128i*>(to + k),
                             _mm_load_si128(reinterpret_cast<const __m128i*>(from + k)));
    }
    _mm_sfence();
#else
    std::memcpy(to, from, size);
#endif
}

template <typename Copy> void byThreads(int threads, std::size_t size, const Copy& copy)
{
    const std::size_t half = size / 2 / 64 * 64;
    if (threads == 1)
        return copy(0, size);
    std::jthread other([&] { copy(half, size - half); });
    copy(0, half);
}

/// Of each benchmark the fastest repetition, in seconds an iteration: what else the machine does is no part of the processor time.
class Fastest : public benchmark::BenchmarkReporter
{
public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override
    {
        for (const Run& run : runs) {
            if (run.error_occurred)
                std::printf("%s: %s\n", run.run_name.function_name.c_str(),
                            run.error_message.c_str());
            if (run.run_type != Run::RT_Iteration)
                continue;
            const std::string& name = run.run_name.function_name;
            const bool isAlone = name.find(", 1 thread,") != std::string::npos;
            const double seconds = (isAlone ? run.cpu_accumulated_time : run.real_accumulated_time)
                / static_cast<double>(run.iterations);
            const auto [found, is_new] = m_seconds.emplace(name, seconds);
            found->second = std::min(found->second, seconds);
        }
    }

    double seconds(const std::string& name) const
    {
        const auto found = m_seconds.find(name);
        return found == m_seconds.end() ? std::nan("") : found->second;
    }

private:
    std::map<std::string, double> m_seconds;
};

void add(const std::string& name, const std::function<void()>& work)
{
    benchmark::RegisterBenchmark(name.c_str(),
                                 [work](benchmark::State& state) {
                                     for (auto step : state) {
                                         work();
                                         benchmark::ClobberMemory();
                                     }
                                 })
        ->UseRealTime()
        ->MinTime(0.05);
}

void addCase(const Case& of)
{
    const auto codes = input().first(of.size());
    const auto out = output().first(of.size());
    const auto layer = std::make_shared<const BatchNormLayer>(test::trainedLikeLayer(of.channels));
    const auto applied = std::make_shared<AppliedLayer>(*find_backend("pytorch"), *layer);
    add(of.name("qbn"), [=] { applied->run(codes, out, 0, of.plane(), of.threads); });
    add(of.name("memcpy"), [=] {
        byThreads(of.threads, of.size(), [&](std::size_t from, std::size_t size) {
            std::memcpy(out.data() + from, codes.data() + from, size);
        });
    });
    add(of.name("stream"), [=] {
        byThreads(of.threads, of.size() / 64 * 64, [&](std::size_t from, std::size_t size) {
            streamingCopy(out.data() + from, codes.data() + from, size);
        });
    });
#ifdef QBN_TORCH
    // Made when it runs: all cases at once would fill the memory.
    const auto withTorch = [=](const char* what, void (TorchBatchNorm::*work)()) {
        benchmark::RegisterBenchmark(
            of.name(what).c_str(),
            [=](benchmark::State& state) {
                TorchBatchNorm torch(*layer, codes, of.batch(), of.isNhwc, of.threads);
                for (auto step : state)
                    (torch.*work)();
                applied->run(codes, out, 0, of.plane(), 1);
                if (!std::equal(out.begin(), out.end(), torch.codes().begin(), torch.codes().end()))
                    state.SkipWithError("PyTorch gives other codes");
            })
            ->UseRealTime()
            ->MinTime(0.05);
    };
    withTorch("operator", &TorchBatchNorm::run_operator);
    if (of.isNhwc)
        withTorch("kernel", &TorchBatchNorm::run_kernel);
#endif
}

/// A cell; an empty one of what was filtered out.
void print(double value, int decimals)
{
    std::isnan(value) ? std::printf("  |") : std::printf(" %.*f |", decimals, value);
}

void printHalf(const Case& of, const char* copy, const Fastest& fastest)
{
    const double own = fastest.seconds(of.name("qbn"));
    print(static_cast<double>(of.size()) / own / 1e9, 1);
    for (const char* const other : {"kernel", "operator", copy}) {
        const double ratio = fastest.seconds(of.name(other)) / own;
        print(ratio, ratio >= 9.95 ? 0 : ratio >= 1.95 ? 1 : 2);
    }
}

void printTable(const std::vector<Case>& cases, const Fastest& fastest)
{
#ifdef QBN_TORCH
    std::printf("%s\n", TorchBatchNorm::version().c_str());
#endif
    std::printf(
        "| | 1 thread, G codes/s | kernel | operator | memcpy | 2 threads, G codes/s | kernel "
        "| operator | streaming copy |\n|---|---|---|---|---|---|---|---|---|\n");
    for (Case of : cases) {
        std::printf("| %s |", of.text().c_str());
        printHalf(of, "memcpy", fastest);
        of.threads = 2;
        printHalf(of, "stream", fastest);
        std::printf("\n");
    }
}

} // namespace

int main(int argc, char* argv[])
{
    benchmark::Initialize(&argc, argv);
    std::vector<Case> cases;
    for (const std::size_t bytes : {std::size_t{128} << 10, std::size_t{8} << 20, largest}) {
        for (const int channels : {3, 64, 1024}) {
            for (const bool isNhwc : {false, true})
                cases.push_back({bytes, channels, isNhwc});
        }
    }
    for (Case of : cases) {
        for (of.threads = 1; of.threads <= 2; ++of.threads)
            addCase(of);
    }
    Fastest fastest;
    benchmark::RunSpecifiedBenchmarks(&fastest);
    printTable(cases, fastest);
}
