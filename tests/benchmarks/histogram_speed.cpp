// Gigabytes a second of a whole activation as counts of its codes, from memory: an input alone, and with its output beside it.
//   build/release/bin/histogram_speed [MiB]
// The best of several runs; with two tensors the bytes of both count. Seconds of processor time of one thread, and of the clock for two.

#include "core/activations/count_codes.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <thread>
#include <vector>

using namespace qbn;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Data
{
    const char* name;
    std::function<std::uint8_t(std::uint64_t)> byte; ///< of a random number
};

Bytes made(std::size_t size, const Data& data)
{
    std::mt19937_64 random(1);
    Bytes bytes(size);
    std::generate(bytes.begin(), bytes.end(), [&] { return data.byte(random()); });
    return bytes;
}

double gigabytes_a_second(const CodeTensors& tensors, int threads)
{
    constexpr int runs = 5;
    double best = 1e9;
    for (int run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t processor = std::clock();
        const auto counts = count_codes(tensors, {.progress = {}, .stop = {}, .threads = threads});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (!std::holds_alternative<CodeCounts>(counts))
            std::exit(1);
        best = std::min(best,
                        threads > 1
                            ? took.count()
                            : static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
    }
    const std::size_t bytes = tensors.input->size() + (tensors.output ? tensors.output->size() : 0);
    return static_cast<double>(bytes) / best / 1e9;
}

void print(const Data& data, const std::vector<std::int64_t>& shape, ChannelOrder order)
{
    std::size_t size = 1;
    for (const std::int64_t length : shape)
        size *= static_cast<std::size_t>(length);
    const bool is_last = order == ChannelOrder::nhwc;
    const auto channels = static_cast<int>(is_last ? shape.back() : shape[1]);
    const Bytes input = made(size, data);
    Bytes output(input);
    std::for_each(output.begin(), output.end(), [](std::uint8_t& code) { code ^= 0x55U; });
    CodeTensors tensors{.layout = *find_layout(shape, channels, order),
                        .input_type = quint8_type,
                        .output_type = quint8_type,
                        .input = input,
                        .output = std::nullopt};
    std::printf("%-10s %s %-22s", data.name, is_last ? "NHWC" : "NCHW", shape_text(shape).c_str());
    for (const bool has_output : {false, true}) {
        if (has_output)
            tensors.output = output;
        for (const int threads : {1, 2})
            std::printf("  %6.2f", gigabytes_a_second(tensors, threads));
    }
    std::printf("\n");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    const std::int64_t mebibytes = argc > 1 ? std::atoll(argv[1]) : 64;
    const std::vector<Data> all{
        {"random", [](std::uint64_t number) { return static_cast<std::uint8_t>(number); }},
        {"60 % zero",
         [](std::uint64_t number) {
             return static_cast<std::uint8_t>((number >> 8) % 10 < 6 ? 0 : number);
         }},
        {"constant", [](std::uint64_t) { return std::uint8_t{117}; }}};
    std::printf("GB/s                                     input alone     input and output\n"
                "                                      1 thread       2       1       2\n");
    for (const Data& data : all) {
        for (const auto& [channels, side] :
             {std::pair{3, 224}, std::pair{64, 112}, std::pair{256, 14}, std::pair{1024, 7}}) {
            const std::int64_t batch
                = std::max<std::int64_t>((mebibytes << 20) / (channels * side * side), 1);
            print(data, {batch, channels, side, side}, ChannelOrder::nchw);
            print(data, {batch, side, side, channels}, ChannelOrder::nhwc);
        }
    }
}
