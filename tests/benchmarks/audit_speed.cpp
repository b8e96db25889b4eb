// An audit of many layers of plausible parameters, as `qbn audit` runs it for a checkpoint: on one thread and on all,
// with the answer to a stop in between.

#include "core/evaluate/audit_run.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

using namespace qbn;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<BatchNormLayer> made_layers(int count, int channels)
{
    std::mt19937_64 random(2026);
    std::normal_distribution<double> normal;
    const auto narrow = [](double value) { return static_cast<double>(static_cast<float>(value)); };
    std::vector<BatchNormLayer> layers;
    for (int i = 0; i < count; ++i) {
        BatchNormLayer layer = identity_layer("layer", channels);
        layer.input = {quint8_type, narrow(0.03 * std::exp(0.3 * normal(random))), 118};
        layer.output = {quint8_type, narrow(0.025 * std::exp(0.3 * normal(random))), 121};
        for (int channel = 0; channel < channels; ++channel) {
            layer.mean[channel] = narrow(0.4 * normal(random));
            layer.var[channel] = narrow(std::exp(0.6 * normal(random)));
            layer.gamma[channel] = narrow(0.7 + 0.25 * normal(random));
            layer.beta[channel] = narrow(0.3 * normal(random));
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

} // namespace

int main(int argc, char* argv[])
{
    const int count = argc > 1 ? std::atoi(argv[1]) : 500;
    const int channels = argc > 2 ? std::atoi(argv[2]) : 512;
    const std::vector<BatchNormLayer> layers = made_layers(count, channels);
    std::vector<AuditTask> tasks;
    for (const BatchNormLayer& layer : layers)
        tasks.push_back({.layer = &layer});

    for (const int threads : {1, 0}) {
        const auto start = Clock::now();
        const auto audits = audit_all(tasks, {.progress = {}, .stop = {}, .threads = threads});
        std::printf("%d layers of %d channels %s: %.0f ms; the last has %.4f dB, +%.4f dB\n", count,
                    channels, threads == 1 ? "on one thread" : "on all threads",
                    milliseconds_since(start), audits->back().sqnr(), audits->back().proposal.gain);
    }

    std::stop_source stop;
    Clock::time_point stopped;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stopped = Clock::now();
        stop.request_stop();
    });
    std::atomic<int> done = 0;
    const auto result = audit_all(
        tasks, {.progress = [&](int channel) { done = channel; }, .stop = stop.get_token()});
    if (!result)
        std::printf("stopped after %d channels within %.1f ms\n", done.load(),
                    milliseconds_since(stopped));
    return 0;
}
