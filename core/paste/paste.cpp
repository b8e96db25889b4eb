#include "core/paste/paste.h"

#include "core/paste/layer_grouping.h"
#include "core/paste/print_labels.h"
#include "core/paste/print_parser.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t most_pixels = 1024; // tensors and numbers, of each side

bool is_quantized(const PrintedValue& value)
{
    const PrintedValue::Attribute* const scheme = value.attribute("quantization_scheme");
    return value.number("scale")
        && (!scheme || scheme->word.find("per_channel") == std::string::npos);
}

// A tensor of integers is what int_repr() gives; one of quint8 without a scale was cut. Somebody
// may call a tensor of reals x_q.
bool holds_codes(const PrintedValue& value, const PrintMeaning& meaning)
{
    const PrintedValue::Attribute* const dtype = value.attribute("dtype");
    const bool is_quantized_type = dtype && dtype->word.find('q') != std::string::npos;
    const bool are_whole
        = std::all_of(value.numbers.begin(), value.numbers.end(),
                      [](const PrintedNumber& number) { return number.half_unit == 0; });
    return !is_quantized_type && ((meaning.is_code && are_whole) || code_type_of(value));
}

class PasteReader
{
public:
    explicit PasteReader(std::string_view text)
        : text_(parse_print(text))
    {
        paste_.text_size = text.size();
        paste_.skipped_lines = text_.skipped_lines;
        paste_.stopped_at_line = text_.stopped_at_line;
    }

    Paste read()
    {
        sort();
        name_unlabelled();
        LayerGrouping layers(std::move(parameters_), std::move(modules_), paste_);
        layers.group(!inputs_.empty() || !outputs_.empty());
        for (const PastedPixels& pixels : inputs_)
            take_parameters(pixels, PrintSide::input, layers);
        for (const PastedPixels& pixels : outputs_)
            take_parameters(pixels, PrintSide::output, layers);
        layers.infer_inputs();
        make_pairs();
        return std::move(paste_);
    }

private:
    void sort()
    {
        for (PrintedValue& value : text_.values) {
            const PrintMeaning meaning = meaning_of(value.label);
            if (value.form == PrintedValue::Form::module)
                modules_.push_back(&value);
            else if (meaning.role == PrintRole::input)
                add_pixels(value, meaning, inputs_);
            else if (meaning.role == PrintRole::output)
                add_pixels(value, meaning, outputs_);
            else if (meaning.role == PrintRole::none && is_quantized(value))
                add_pixels(value, meaning, unlabelled_);
            else if (meaning.role == PrintRole::none)
                ++paste_.skipped_values;
            else if (meaning.role != PrintRole::other)
                parameters_.push_back({.value = &value, .meaning = meaning});
        }
    }

    void add_pixels(PrintedValue& value, const PrintMeaning& meaning,
                    std::vector<PastedPixels>& target)
    {
        const bool are_codes = holds_codes(value, meaning);
        if (target.size() < most_pixels)
            target.push_back({.value = std::move(value), .are_codes = are_codes});
        else
            ++paste_.skipped_values;
    }

    // Where one side is labelled, as many without label are the other; where none is, they take
    // turns.
    void name_unlabelled()
    {
        if (unlabelled_.empty())
            return;
        const bool is_bare = inputs_.empty() && outputs_.empty();
        const std::size_t wanted = std::max(inputs_.size(), outputs_.size());
        const bool completes
            = (inputs_.empty() || outputs_.empty()) && unlabelled_.size() == wanted;
        if (is_bare && (unlabelled_.size() == 1 || unlabelled_.size() % 2 == 0)) {
            for (std::size_t i = 0; i < unlabelled_.size(); ++i)
                (i % 2 == 0 ? inputs_ : outputs_).push_back(std::move(unlabelled_[i]));
            paste_.assumed.push_back("the quantized tensor in " + line_of(inputs_.front())
                                     + " has no label: it is taken for the input"
                                     + (outputs_.empty() ? "" : ", the next for the output"));
        } else if (completes) {
            std::vector<PastedPixels>& other = inputs_.empty() ? inputs_ : outputs_;
            other = std::move(unlabelled_);
            paste_.assumed.push_back("the quantized tensor in " + line_of(other.front())
                                     + " has no label: it is taken for the "
                                     + (&other == &inputs_ ? "input" : "output"));
        } else
            paste_.skipped_values += unlabelled_.size();
    }

    // Whether a tensor's scale and zero point fit a side of the layer.
    static bool fit(const PrintedNumber& own_scale, const std::optional<PrintedNumber>& own_zero,
                    const PastedLayer& layer, PrintSide side)
    {
        const bool is_input = side == PrintSide::input;
        const auto& scale = layer.fact(is_input ? Field::input_scale : Field::output_scale);
        const auto& zero
            = layer.fact(is_input ? Field::input_zero_point : Field::output_zero_point);
        return scale && scale->numbers.front().agrees_with(own_scale)
            && (!zero || !own_zero || zero->numbers.front().agrees_with(*own_zero));
    }

    // Nothing where several layers are there and none or several fit.
    std::optional<std::size_t> layer_of(const PastedPixels& pixels, PrintSide side) const
    {
        if (paste_.layers.size() == 1)
            return 0;
        const auto scale = pixels.value.number("scale");
        const auto zero = pixels.value.number("zero_point");
        std::optional<std::size_t> found;
        for (std::size_t i = 0; scale && i < paste_.layers.size(); ++i) {
            if (!fit(*scale, zero, paste_.layers[i], side))
                continue;
            if (found)
                return std::nullopt;
            found = i;
        }
        return found;
    }

    void take_parameters(const PastedPixels& pixels, PrintSide side, LayerGrouping& layers)
    {
        const auto layer = layer_of(pixels, side);
        if (!layer)
            return;
        const bool is_input = side == PrintSide::input;
        if (auto scale = attribute_fact(pixels.value, "scale"))
            layers.add(*layer, is_input ? Field::input_scale : Field::output_scale,
                       *std::move(scale));
        if (auto zero_point = attribute_fact(pixels.value, "zero_point"))
            layers.add(*layer, is_input ? Field::input_zero_point : Field::output_zero_point,
                       *std::move(zero_point));
        PastedLayer& target = paste_.layers[*layer];
        auto& type = is_input ? target.input_type : target.output_type;
        if (!type)
            type = code_type_of(pixels.value);
    }

    void make_pairs()
    {
        const std::size_t count = std::min(inputs_.size(), outputs_.size());
        for (std::size_t i = 0; i < count; ++i) {
            auto layer = layer_of(outputs_[i], PrintSide::output);
            if (!layer)
                layer = layer_of(inputs_[i], PrintSide::input);
            if (!layer)
                paste_.assumed.push_back("the output in " + line_of(outputs_[i])
                                         + " fits no layer by its scale alone: the first is taken");
            paste_.pairs.push_back({.input = std::move(inputs_[i]),
                                    .output = std::move(outputs_[i]),
                                    .layer = layer.value_or(0)});
        }
        if (inputs_.size() > count)
            paste_.missing.push_back("the output for the input in " + line_of(inputs_[count]));
        if (outputs_.size() > count)
            paste_.missing.push_back("the input for the output in " + line_of(outputs_[count]));
    }

    PrintedText text_;
    Paste paste_;
    std::vector<PrintedParameter> parameters_;
    std::vector<const PrintedValue*> modules_;
    std::vector<PastedPixels> inputs_;
    std::vector<PastedPixels> outputs_;
    std::vector<PastedPixels> unlabelled_;
};

} // namespace

std::string line_of(const PastedPixels& pixels)
{
    return "line " + std::to_string(pixels.value.line);
}

Paste read_paste(std::string_view text)
{
    return PasteReader(text).read();
}

} // namespace qbn
