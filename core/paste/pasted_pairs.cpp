#include "core/paste/pasted_pairs.h"

#include "core/paste/pixel_channels.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace qbn {

namespace {

// Turns the numbers of one print into codes.
class CodeReader
{
public:
    CodeReader(const PastedPixels& pixels, const QuantizationParameters& of_layer, PrintSide side)
        : pixels_(pixels)
        , parameters_(of_layer)
        , is_output_(side == PrintSide::output)
    {
        if (const auto scale = attribute_fact(pixels.value, "scale"))
            parameters_.scale = scale->value(0);
        if (const auto zero_point = pixels.value.number("zero_point"))
            parameters_.zero_point = static_cast<std::int32_t>(std::clamp<std::int64_t>(
                zero_point->whole(), std::numeric_limits<std::int32_t>::min(),
                std::numeric_limits<std::int32_t>::max()));
        if (const auto type = code_type_of(pixels.value))
            parameters_.type = *type;
    }

    std::optional<std::int32_t> code(std::size_t index)
    {
        const PrintedNumber& number = pixels_.value.numbers[index];
        if (pixels_.are_codes) {
            // A result that somebody calculated may lie outside of the type's range.
            const auto code = quantize_unclamped({.type = parameters_.type}, number.value);
            const bool is_code
                = code && *code == number.value && (is_output_ || parameters_.type.contains(*code));
            return is_code ? code : std::nullopt;
        }
        const auto codes = possible_codes(parameters_, number);
        if (!codes || codes->count == 0)
            return std::nullopt;
        ambiguous_ += codes->count > 1 ? 1U : 0U;
        return codes->nearest;
    }

    std::size_t ambiguous() const { return ambiguous_; }

    // "0.305 in line 1 is the value of no quint8 code at scale 0.0078 and zero point 0"
    std::string mismatch(std::size_t index) const
    {
        const std::string number
            = format_number(pixels_.value.numbers[index].value) + " in " + line_of(pixels_);
        const std::string type = name_of(parameters_.type);
        if (pixels_.are_codes)
            return number + " is no " + type + " code";
        return number + " is the value of no " + type + " code at scale "
            + format_number(parameters_.scale) + " and zero point "
            + std::to_string(parameters_.zero_point);
    }

private:
    const PastedPixels& pixels_;
    QuantizationParameters parameters_;
    bool is_output_;
    std::size_t ambiguous_ = 0;
};

class PairReader
{
public:
    PairReader(const PastedPair& pair, const BatchNormLayer& layer)
        : pair_(pair)
        , layer_(layer)
    { }

    PairReading read()
    {
        if (is_of_wide_type(pair_.input) || is_of_wide_type(pair_.output))
            return std::move(reading_);
        const bool is_known
            = has_parameters(pair_.input, Field::input_scale, Field::input_zero_point)
            && has_parameters(pair_.output, Field::output_scale, Field::output_zero_point);
        if (!is_known || !has_one_shape())
            return std::move(reading_);
        PixelChannels channels(pair_, layer_);
        const auto rule = channels.rule();
        reading_.assumed = std::move(channels.assumed);
        reading_.missing = std::move(channels.missing);
        if (rule)
            read_elements(channels, *rule);
        return std::move(reading_);
    }

private:
    bool is_of_wide_type(const PastedPixels& pixels)
    {
        const auto* const dtype = pixels.value.attribute("dtype");
        if (!dtype || pixels.value.number("scale"))
            return false;
        for (const std::string_view type : {"int16", "int32", "qint32"}) {
            if (!dtype->word.ends_with(type))
                continue;
            reading_.missing.push_back("the " + std::string(type) + " values in " + line_of(pixels)
                                       + " lie outside of the model: its codes have 2 to 8 bits");
            return true;
        }
        return false;
    }

    bool has_parameters(const PastedPixels& pixels, Field scale, Field zero_point)
    {
        return pixels.are_codes
            || (has_parameter(pixels, scale, "scale")
                && has_parameter(pixels, zero_point, "zero_point"));
    }

    bool has_parameter(const PastedPixels& pixels, Field field, std::string_view attribute)
    {
        const bool is_known = pixels.value.number(attribute)
            || layer_.provenance.of(field).origin != Origin::unknown;
        if (!is_known)
            reading_.missing.push_back("the " + spaced_name(field)
                                       + " is not known, so the values in " + line_of(pixels)
                                       + " have no codes");
        return is_known;
    }

    bool has_one_shape()
    {
        const PrintedValue& x = pair_.input.value;
        const PrintedValue& y = pair_.output.value;
        bool is_one = x.dimensions.size() == y.dimensions.size();
        const bool is_cut = x.cut_off || y.cut_off;
        for (std::size_t i = 0; is_one && !is_cut && i < x.dimensions.size(); ++i)
            is_one = x.dimensions[i].count == y.dimensions[i].count
                && x.dimensions[i].elided_after == y.dimensions[i].elided_after;
        const auto* const x_size = x.attribute("size");
        const auto* const y_size = y.attribute("size");
        for (std::size_t i = 0; is_one && x_size && y_size && i < x.dimensions.size(); ++i)
            is_one = printed_extent(x, i) == printed_extent(y, i);
        if (!is_one)
            reading_.missing.push_back("the input and the output in " + lines_of(pair_)
                                       + " have different shapes: no observation is made of them");
        return is_one;
    }

    void read_elements(const PixelChannels& channel_of, const ChannelRule& rule)
    {
        CodeReader input(pair_.input, layer_.input, PrintSide::input);
        CodeReader output(pair_.output, layer_.output, PrintSide::output);
        const std::size_t count
            = std::min(pair_.input.value.numbers.size(), pair_.output.value.numbers.size());
        const std::int64_t channels = layer_.channels();
        std::string first_mismatch;
        std::size_t mismatches = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t channel = channel_of.channel_at(rule, i);
            const auto x = input.code(i);
            const auto y = output.code(i);
            if (x && y && channel < channels && layer_.input.type.contains(*x))
                add({.channel = static_cast<int>(channel), .input_code = *x, .output_code = *y}, i);
            else if (++mismatches == 1)
                first_mismatch = x ? output.mismatch(i) : input.mismatch(i);
        }
        if (mismatches > 0)
            reading_.assumed.push_back(first_mismatch + "; " + counted(mismatches, "such pair")
                                       + (mismatches == 1 ? " is" : " are") + " left out");
        describe(count, input.ambiguous() + output.ambiguous());
    }

    void add(const Observation& seen, std::size_t index)
    {
        reading_.observations.push_back(seen);
        const PrintedNumber& x = pair_.input.value.numbers[index];
        const PrintedNumber& y = pair_.output.value.numbers[index];
        reading_.used.push_back({.place = x.place,
                                 .use = UsedNumber::Use::input,
                                 .channel = seen.channel,
                                 .code = seen.input_code});
        reading_.used.push_back({.place = y.place,
                                 .use = UsedNumber::Use::output,
                                 .channel = seen.channel,
                                 .code = seen.output_code});
    }

    void describe(std::size_t count, std::size_t ambiguous)
    {
        const auto& found = reading_.observations;
        if (ambiguous > 0)
            reading_.assumed.push_back(std::to_string(ambiguous) + " of "
                                       + counted(2 * count, "value") + " in " + lines_of(pair_)
                                       + " could be several codes: the nearest are taken");
        if (found.size() == 1)
            reading_.understood.push_back(
                "input code " + std::to_string(found.front().input_code) + " gives output code "
                + std::to_string(found.front().output_code) + " in channel "
                + std::to_string(found.front().channel) + " (" + lines_of(pair_) + ")");
        if (found.size() < 2)
            return;
        std::set<int> channels;
        for (const Observation& observation : found)
            channels.insert(observation.channel);
        reading_.understood.push_back(counted(found.size(), "observation") + " in "
                                      + counted(channels.size(), "channel") + " (" + lines_of(pair_)
                                      + ")");
    }

    const PastedPair& pair_;
    const BatchNormLayer& layer_;
    PairReading reading_;
};

} // namespace

std::string lines_of(const PastedPair& pair)
{
    return "lines " + std::to_string(pair.input.value.line) + " and "
        + std::to_string(pair.output.value.line);
}

std::int64_t printed_extent(const PrintedValue& value, std::size_t dimension)
{
    const auto* const size = value.attribute("size");
    if (size && size->numbers.size() == value.dimensions.size())
        return size->numbers[dimension].whole();
    return value.dimensions[dimension].count;
}

PairReading read_pair(const PastedPair& pair, const BatchNormLayer& layer)
{
    return PairReader(pair, layer).read();
}

} // namespace qbn
