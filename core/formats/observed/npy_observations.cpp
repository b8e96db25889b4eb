#include "core/formats/bytes/read_file.h"
#include "core/formats/npy/npy.h"
#include "core/formats/observed/observation_collector.h"
#include "core/formats/observed/observation_file.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <span>

namespace qbn {

namespace {

constexpr std::size_t chunk_size = 4096; // elements, in the first cache
constexpr int block_size = 64; // channels whose pairs of codes are marked side by side
constexpr std::size_t code_count = 256;

/// The codes of some elements, as a file has them.
class CodeReader
{
public:
    enum class Side
    {
        input,
        output,
    };

    CodeReader(const NpyArray& array, const QuantizationParameters& parameters, Side side)
        : array_(array)
        , parameters_(parameters)
        , side_(side)
    { }

    /// From `first` on, as many as there is room for. The first element that is no code otherwise.
    std::optional<std::size_t> read(std::size_t first, std::span<std::int32_t> codes)
    {
        if (array_.holds_reals()) {
            array_.read_reals(first, std::span(reals_).first(codes.size()));
            return find_codes(first, codes, reals_, [this](double value) {
                return side_ == Side::input ? quantize(parameters_, value)
                                            : quantize_unclamped(parameters_, value);
            });
        }
        array_.read_integers(first, std::span(integers_).first(codes.size()));
        using Limits = std::numeric_limits<std::int32_t>;
        const bool is_input = side_ == Side::input;
        const std::int64_t low = is_input ? parameters_.type.qmin() : Limits::min();
        const std::int64_t high = is_input ? parameters_.type.qmax() : Limits::max();
        return find_codes(first, codes, integers_, [low, high](std::int64_t value) {
            return value >= low && value <= high ? std::optional(static_cast<std::int32_t>(value))
                                                 : std::nullopt;
        });
    }

private:
    template <typename Values, typename Find>
    static std::optional<std::size_t> find_codes(std::size_t first, std::span<std::int32_t> codes,
                                                 const Values& values, Find find)
    {
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const std::optional<std::int32_t> code = find(values[i]);
            if (!code)
                return first + i;
            codes[i] = *code;
        }
        return std::nullopt;
    }

    const NpyArray& array_;
    QuantizationParameters parameters_;
    Side side_;
    std::array<double, chunk_size> reals_{};
    std::array<std::int64_t, chunk_size> integers_{};
};

/// Goes over two arrays of one shape and order, a block of channels at a time, so that the marks
/// for its pairs of codes stay in the cache. In memory the channel's number is
/// place / inner % channels.
class PairReader
{
public:
    PairReader(const NpyArray& input, const NpyArray& output, const BatchNormLayer& layer)
        : layer_(layer)
        , input_(input, layer.input, CodeReader::Side::input)
        , output_(output, layer.output, CodeReader::Side::output)
        , channels_(static_cast<std::size_t>(layer.channels()))
        , inner_(input.fortran_order ? static_cast<std::size_t>(input.shape[0]) : plane_of(input))
        , outer_(input.count / channels_ / inner_)
    { }

    /// What stands in the error: the first element that is no code, and whether it is an input.
    struct Fault
    {
        std::size_t element = 0;
        bool is_input = true;
    };

    std::optional<Fault> read()
    {
        for (std::size_t block = 0; block < channels_; block += block_size) {
            const std::size_t wide = std::min<std::size_t>(block_size, channels_ - block);
            for (auto& marks : *marks_)
                marks.reset();
            for (std::size_t o = 0; o < outer_; ++o) {
                const std::size_t begin = (o * channels_ + block) * inner_;
                const std::size_t end = begin + wide * inner_;
                for (std::size_t at = begin; at < end; at += chunk_size) {
                    if (auto fault = read_chunk(at, std::min(chunk_size, end - at)))
                        return fault;
                }
            }
        }
        return std::nullopt;
    }

    LoadedObservations take() { return collector_.take(); }

private:
    static std::size_t plane_of(const NpyArray& array)
    {
        return static_cast<std::size_t>(std::accumulate(array.shape.begin() + 2, array.shape.end(),
                                                        std::int64_t{1}, std::multiplies<>()));
    }

    std::optional<Fault> read_chunk(std::size_t first, std::size_t count)
    {
        if (const auto bad = input_.read(first, std::span(from_).first(count)))
            return Fault{.element = *bad, .is_input = true};
        if (const auto bad = output_.read(first, std::span(to_).first(count)))
            return Fault{.element = *bad, .is_input = false};
        for (std::size_t i = 0; i < count;) {
            const std::size_t place = first + i;
            const std::size_t run = std::min(count - i, inner_ - place % inner_);
            mark(place, place / inner_ % channels_, i, i + run);
            i += run;
        }
        return std::nullopt;
    }

    void mark(std::size_t place, std::size_t channel, std::size_t begin, std::size_t end)
    {
        auto& marks = (*marks_)[channel % block_size];
        for (std::size_t i = begin; i < end; ++i) {
            const Observation seen{.channel = static_cast<int>(channel),
                                   .input_code = from_[i],
                                   .output_code = to_[i]};
            const std::size_t at = place + i - begin;
            if (!layer_.output.type.contains(to_[i])) {
                collector_.add(at, seen);
                continue;
            }
            const auto row = static_cast<std::size_t>(from_[i] - layer_.input.type.qmin());
            const auto column = static_cast<std::size_t>(to_[i] - layer_.output.type.qmin());
            auto is_known = marks[row * code_count + column];
            if (is_known)
                continue;
            is_known = true;
            collector_.add_new(at, seen);
        }
    }

    using Marks = std::bitset<code_count * code_count>;

    const BatchNormLayer& layer_;
    CodeReader input_;
    CodeReader output_;
    std::size_t channels_;
    std::size_t inner_;
    std::size_t outer_;
    std::array<std::int32_t, chunk_size> from_{};
    std::array<std::int32_t, chunk_size> to_{};
    std::unique_ptr<std::array<Marks, block_size>> marks_
        = std::make_unique<std::array<Marks, block_size>>();
    ObservationCollector collector_;
};

std::optional<Error> check_channels(const NpyArray& array, const BatchNormLayer& layer)
{
    if (array.shape.size() >= 2 && array.shape[1] == layer.channels())
        return std::nullopt;
    return Error{"dimension 1 is the channel and has to be " + std::to_string(layer.channels())
                 + " long"};
}

Result<NpyArray> read_array(const Result<MappedFile>& file, const BatchNormLayer& layer)
{
    if (!file)
        return file.error();
    auto array = read_npy(file->bytes());
    if (!array)
        return array;
    if (auto error = check_channels(*array, layer))
        return *std::move(error);
    return array;
}

} // namespace

Result<LoadedObservations> read_observations(const QString& input_path, const QString& output_path,
                                             const BatchNormLayer& layer)
{
    const std::string input_name = input_path.toStdString();
    const std::string output_name = output_path.toStdString();
    const auto input_file = map_file(input_path);
    const auto input = read_array(input_file, layer);
    if (!input)
        return Error{input_name + ": " + input.error().message};
    const auto output_file = map_file(output_path);
    auto output = read_array(output_file, layer);
    if (!output)
        return Error{output_name + ": " + output.error().message};
    if (input->shape != output->shape)
        return Error{output_name + ": its shape is not that of " + input_name};
    if (input->count == 0)
        return LoadedObservations{};
    if (input->fortran_order != output->fortran_order)
        *output = reordered(*output);
    PairReader pairs(*input, *output, layer);
    if (const auto fault = pairs.read())
        return Error{(fault->is_input ? input_name : output_name) + ": element "
                     + std::to_string(fault->element) + " is no code of the layer's"};
    return pairs.take();
}

} // namespace qbn
