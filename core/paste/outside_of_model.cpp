#include "core/paste/outside_of_model.h"

#include "core/paste/pasted_scales.h"
#include "core/paste/print_labels.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace qbn {

namespace {

constexpr std::size_t most_told = 12;

bool is_given(const BatchNormLayer& layer, Field field)
{
    return layer.provenance.of(field).origin != Origin::unknown
        || !layer.provenance.channels(field).empty();
}

bool has_quantization(const PastedLayer& layer)
{
    return layer.fact(Field::input_scale) || layer.fact(Field::output_scale)
        || layer.fact(Field::input_zero_point) || layer.fact(Field::output_zero_point)
        || layer.input_type || layer.output_type;
}

// Eight digits, as many as binary32 has.
std::string short_number(double value)
{
    std::array<char, 40> text{};
    constexpr int digits = 8;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::general, digits);
    return {text.data(), end.ptr};
}

struct FloatCheck
{
    std::string values;
    std::size_t agreeing = 0;
    std::size_t count = 0;
};

void check_pair(const PastedPair& pair, const BatchNormLayer& layer, FloatCheck& check)
{
    const PrintedValue& x = pair.input.value;
    const PrintedValue& y = pair.output.value;
    const auto channels = static_cast<std::int64_t>(layer.channels());
    for (std::size_t i = 0; i < std::min(x.numbers.size(), y.numbers.size()); ++i) {
        std::int64_t channel = 0;
        if (channels > 1 && x.dimensions.size() == 4) {
            const bool is_last = x.dimensions[1].count != channels || pair.is_channels_last;
            channel = x.index_of(i, is_last ? 3 : 1, channels);
        }
        if (channel >= channels)
            continue;
        const auto at = static_cast<std::size_t>(channel);
        const double result = layer.gamma[at] * (x.numbers[i].value - layer.mean[at])
                / std::sqrt(layer.var[at] + layer.eps)
            + layer.beta[at];
        constexpr double binary32 = 1e-6;
        const double tolerance = y.numbers[i].half_unit
            + binary32 * std::max(std::abs(result), std::abs(layer.beta[at]));
        check.agreeing += std::abs(result - y.numbers[i].value) <= tolerance ? 1 : 0;
        if (check.count++ < most_told)
            check.values += (check.values.empty() ? "" : ", ") + short_number(result);
    }
}

struct Quantizer
{
    const PrintedValue* scale = nullptr;
    const PrintedValue* input = nullptr;
    const PrintedValue* output = nullptr;
};

// Nothing but one scale, an input and as long an output.
std::optional<Quantizer> quantizer_of(const std::vector<PrintedValue>& values)
{
    Quantizer found;
    for (const PrintedValue& value : values) {
        const PrintMeaning meaning = value.meaning ? *value.meaning : meaning_of(value.label);
        const bool is_attributed
            = value.form == PrintedValue::Form::module || value.attribute("scale");
        if (is_attributed || (meaning.role >= PrintRole::mean && meaning.role <= PrintRole::eps))
            return std::nullopt;
        if (meaning.role == PrintRole::scale && meaning.of == PrintRole::none) {
            if (found.scale)
                return std::nullopt;
            found.scale = &value;
        }
        if (meaning.role == PrintRole::input && !found.input)
            found.input = &value;
        if (meaning.role == PrintRole::output && !found.output)
            found.output = &value;
    }
    const bool is_whole = found.scale && found.input && found.output
        && found.scale->numbers.size() == 1 && found.scale->numbers.front().value > 0
        && found.input->numbers.size() == found.output->numbers.size()
        && std::any_of(found.input->numbers.begin(), found.input->numbers.end(),
                       [](const PrintedNumber& number) { return !number.is_integer; });
    return is_whole ? std::optional(found) : std::nullopt;
}

// "-0.2156 is -19.42 steps (-19.52 to -19.33 as printed), the output -0.2101 -18.93: ..."
std::string steps_sentence(const PrintedNumber& x, const PrintedNumber& y,
                           const PrintedNumber& scale)
{
    const auto steps = [](double value) {
        constexpr double hundred = 100;
        return format_number(std::round(value * hundred) / hundred);
    };
    const double size = std::abs(x.value);
    const double most = (size + x.half_unit) / (scale.value - scale.half_unit);
    const double least = std::max(size - x.half_unit, 0.0) / (scale.value + scale.half_unit);
    const double sign = x.value < 0 ? -1 : 1;
    const double in = x.value / scale.value;
    const double out = y.value / scale.value;
    std::string text = format_number(x.value) + " is " + steps(in) + " steps, "
        + steps(sign * least) + " to " + steps(sign * most)
        + " within the rounding of the print; the output " + format_number(y.value) + " is "
        + steps(out);
    const double half = std::floor(std::abs(in)) + 0.5;
    const bool is_nearest = std::nearbyint(in) == std::nearbyint(out);
    text += is_nearest ? ": the nearest code, " + format_number(std::nearbyint(out))
                       : ": code " + format_number(std::nearbyint(out)) + ", where rounding gives "
            + format_number(std::nearbyint(in));
    if (half >= least && half <= most)
        text += "; half way between two codes only if the scale is " + short_number(size / half);
    return text;
}

} // namespace

std::optional<std::string> float_answer(const BatchNormLayer& layer, const Paste& paste,
                                        std::size_t index)
{
    if (has_quantization(paste.layers[index]) || !is_given(layer, Field::mean)
        || !is_given(layer, Field::var))
        return std::nullopt;
    FloatCheck check;
    for (const PastedPair& pair : paste.pairs) {
        if (pair.input.are_codes || pair.output.are_codes || pair.input.value.number("scale"))
            return std::nullopt;
        if (pair.layer == index)
            check_pair(pair, layer, check);
    }
    if (check.count == 0)
        return std::nullopt;
    std::string absent;
    for (const Field field : {Field::gamma, Field::beta}) {
        if (!is_given(layer, field))
            absent += (absent.empty() ? ", without " : " and ") + spaced_name(field);
    }
    return "no quantization in the text: in floating point the formula" + absent + " gives "
        + check.values + (check.count > most_told ? ", .." : "") + "; "
        + std::to_string(check.agreeing) + " of " + counted(check.count, "printed output")
        + (check.agreeing == 1 ? " agrees" : " agree");
}

std::vector<std::string> quantizer_answer(const std::vector<PrintedValue>& values)
{
    const auto found = quantizer_of(values);
    if (!found)
        return {};
    std::vector<std::string> sentences{
        "the text is of a quantizer alone, no batch norm: each value divided by the scale "
        + format_number(found->scale->numbers.front().value)};
    PrintedNumber scale = found->scale->numbers.front();
    if (found->scale->form != PrintedValue::Form::array)
        scale.half_unit = 0;
    for (std::size_t i = 0; i < std::min(most_told, found->input->numbers.size()); ++i)
        sentences.push_back(
            steps_sentence(found->input->numbers[i], found->output->numbers[i], scale));
    return sentences;
}

} // namespace qbn
