// All codes of 4,096 channels by every formula, 256 codes a channel.

#include "core/backends/bound_backend.h"
#include "core/compare/code_comparison.h"
#include "tests/benchmarks/trained_like_layer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

using namespace qbn;

namespace {

constexpr int channels = 4096;
constexpr int runs = 10;

/// The least of several runs, in milliseconds: what else the machine did is not of interest.
template <typename Work> double leastTime(const Work& work)
{
    double least = HUGE_VAL;
    for (int run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work();
        least = std::min(
            least,
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    return least;
}

} // namespace

int main()
{
    const BatchNormLayer layer = test::trainedLikeLayer(channels);
    double sum = 0;
    std::int64_t check = 0;
    for (const Backend& backend : all_backends()) {
        if (!backend.program)
            continue;
        const double time = leastTime([&] {
            formula::BoundFormula bound(backend.program, layer);
            for (int channel = 0; channel < channels; ++channel) {
                bound.run(channel);
                check += bound.codes()[17];
            }
        });
        sum += time;
        std::printf("%-24.*s %6.1f ms\n", static_cast<int>(backend.id.size()), backend.id.data(),
                    time);
    }
    std::vector<const Backend*> all;
    for (const Backend& backend : all_backends())
        all.push_back(&backend);
    for (const int threads : {1, 0}) {
        const double time = leastTime([&] { check += compare(layer, all, 5, threads).codes; });
        std::printf("%-24s %6.1f ms, on %s\n", "all compared, ties told", time,
                    threads == 1 ? "one thread" : "all threads");
    }
    std::printf("%-24s %6.1f ms for %d channels of 256 codes (check %lld)\n", "all formulas", sum,
                channels, static_cast<long long>(check));
}
