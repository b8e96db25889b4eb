#include "core/paste/paste.h"

#include "core/paste/layer_grouping.h"
#include "core/paste/naming.h"
#include "core/paste/outside_of_model.h"
#include "core/paste/paste_evidence.h"
#include "core/paste/print_labels.h"
#include "core/paste/print_parser.h"
#include "core/paste/recogniser.h"
#include "core/paste/text_headings.h"

#include <algorithm>
#include <iterator>
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

// bn.weight[c] of a loop
bool is_of_some_channel(const PrintedValue& value, const PrintMeaning& meaning)
{
    const bool is_of_channels = meaning.role >= PrintRole::mean && meaning.role <= PrintRole::beta;
    return is_of_channels && value.dimensions.empty()
        && std::any_of(value.label.index.begin(), value.label.index.end(),
                       [](const PrintedIndex& entry) {
                           return entry.kind == PrintedIndex::Kind::unclear || entry.first < 0;
                       });
}

class PasteReader
{
public:
    PasteReader(std::string_view text, const std::vector<Correction>& corrections)
        : source_(text)
    {
        for (const Recogniser& recogniser : all_recognisers())
            recogniser.read(source_);
        text_ = parse_print(source_);
        collect_values();
        apply(corrections);
        paste_.text_size = text.size();
        paste_.skipped_lines = text_.skipped_lines;
        paste_.stopped_at_line = text_.stopped_at_line;
    }

    Paste read()
    {
        paste_.answers = quantizer_answer(text_.values);
        if (!paste_.answers.empty())
            leave_all("of a quantizer alone: no batch norm");
        else if (tells_of_batch_norm(source_, text_.values))
            read_layers();
        else
            leave_all("nothing in the text belongs to a batch norm");
        paste_.utf8 = source_.utf8();
        paste_.text = source_.plain();
        paste_.left.insert(paste_.left.end(), source_.left.begin(), source_.left.end());
        paste_.module_expression = std::move(source_.module_expression);
        return std::move(paste_);
    }

private:
    void read_layers()
    {
        paste_.assumed = source_.assumed;
        paste_.missing = source_.missing;
        sort();
        name_unlabelled();
        LayerGrouping layers(std::move(parameters_), std::move(modules_), paste_);
        layers.group(!inputs_.empty() || !outputs_.empty());
        for (const PastedPixels& pixels : inputs_)
            take_parameters(pixels, PrintSide::input, layers);
        for (const PastedPixels& pixels : outputs_)
            take_parameters(pixels, PrintSide::output, layers);
        for (const PrintedParameter& type : types_)
            take_type(type);
        layers.infer_inputs();
        make_pairs();
    }

    // Those of the recognisers and those of the print, in the order of the text.
    void collect_values()
    {
        std::vector<PrintedValue>& values = text_.values;
        values.insert(values.end(), std::make_move_iterator(source_.values.begin()),
                      std::make_move_iterator(source_.values.end()));
        std::stable_sort(
            values.begin(), values.end(),
            [](const PrintedValue& a, const PrintedValue& b) { return a.line < b.line; });
        const std::vector<std::string> headings = headings_of(source_);
        for (PrintedValue& value : values) {
            const auto line = static_cast<std::size_t>(std::max(value.line - 1, 0));
            if (line < headings.size())
                value.label.heading = headings[line];
            for (const PasteText::NamedLine& named : source_.named_lines) {
                if (named.line == value.line && !value.meaning)
                    value.meaning
                        = PrintMeaning{.role = named.side == PrintSide::input ? PrintRole::input
                                                                              : PrintRole::output,
                                       .side = named.side};
            }
            if (value.line == source_.result_line && value.label.text.empty())
                value.meaning = PrintMeaning{.role = PrintRole::output, .side = PrintSide::output};
            take_shape(value);
        }
        give_conventions(values, source_);
    }

    // A flat list of as many numbers as the text's shape has.
    void take_shape(PrintedValue& value) const
    {
        const std::vector<std::int64_t>& shape = source_.shape;
        std::int64_t product = shape.empty() ? 0 : 1;
        constexpr std::int64_t largest = 1 << 24;
        for (const std::int64_t extent : shape)
            product = std::clamp<std::int64_t>(extent, 0, largest) * product % largest;
        if (value.dimensions.size() != 1 || shape.size() != 4 || value.cut_off
            || static_cast<std::int64_t>(value.numbers.size()) != product)
            return;
        value.dimensions.clear();
        for (const std::int64_t extent : shape)
            value.dimensions.push_back({.count = extent});
    }

    void apply(const std::vector<Correction>& corrections)
    {
        for (const Correction& correction : corrections) {
            for (PrintedValue& value : text_.values) {
                const bool is_meant = std::any_of(
                    value.numbers.begin(), value.numbers.end(), [&](const PrintedNumber& number) {
                        return number.place < source_.plain().origins.size()
                            && source_.plain().origins[number.place] == correction.offset;
                    });
                if (is_meant)
                    value.meaning = correction.meaning;
            }
        }
    }

    void leave_all(const std::string& reason)
    {
        const auto end = static_cast<std::uint32_t>(source_.plain().text.size());
        paste_.left.push_back({.begin = 0, .end = end, .reason = reason});
    }

    void leave(const PrintedValue& value, const std::string& reason)
    {
        for (const PrintedNumber& number : value.numbers) {
            if (number.place != PrintedNumber::no_place)
                paste_.left.push_back(
                    {.begin = number.place, .end = number.place + 1, .reason = reason});
        }
    }

    void sort()
    {
        for (PrintedValue& value : text_.values) {
            const PrintMeaning meaning = value.meaning ? *value.meaning : meaning_of(value.label);
            if (value.form == PrintedValue::Form::module)
                modules_.push_back(&value);
            else if (meaning.role == PrintRole::code_type)
                types_.push_back({.value = &value, .meaning = meaning});
            else if (meaning.role == PrintRole::input)
                add_pixels(value, meaning, inputs_);
            else if (meaning.role == PrintRole::output)
                add_pixels(value, meaning, outputs_);
            else if (meaning.role == PrintRole::none && is_quantized(value))
                add_pixels(value, meaning, unlabelled_);
            else if (meaning.role == PrintRole::none) {
                ++paste_.skipped_values;
                leave(value, "its label does not say what it is");
            } else if (is_of_some_channel(value, meaning))
                leave(value, "its index does not say the channel");
            else if (meaning.role == PrintRole::other)
                leave(value, "no parameter of the formula: " + value.label.text);
            else
                parameters_.push_back({.value = &value, .meaning = meaning});
        }
    }

    void add_pixels(PrintedValue& value, const PrintMeaning& meaning,
                    std::vector<PastedPixels>& target)
    {
        const bool are_codes = holds_codes(value, meaning) || are_bare_codes(value);
        if (target.size() < most_pixels)
            target.push_back({.value = std::move(value), .are_codes = are_codes});
        else {
            ++paste_.skipped_values;
            leave(value, "there are too many tensors");
        }
    }

    // Python's list of integers has no dtype. A real value that is whole would have a point.
    static bool are_bare_codes(const PrintedValue& value)
    {
        constexpr double least = -128;
        constexpr double largest = 255;
        return !value.attribute("dtype") && !value.attribute("scale") && !value.dimensions.empty()
            && !value.numbers.empty()
            && std::all_of(
                value.numbers.begin(), value.numbers.end(), [](const PrintedNumber& number) {
                    return number.is_integer && number.value >= least && number.value <= largest;
                });
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
        } else {
            paste_.skipped_values += unlabelled_.size();
            for (const PastedPixels& pixels : unlabelled_)
                leave(pixels.value, "it has no label that says whether it goes in or comes out");
        }
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

    void take_type(const PrintedParameter& type)
    {
        if (paste_.layers.empty())
            return;
        PastedLayer& layer = paste_.layers.front();
        const bool is_input = type.meaning.side == PrintSide::input;
        auto& target = is_input ? layer.input_type : layer.output_type;
        if (!target)
            target = code_type_of(*type.value);
    }

    // Codes of a list without a dtype: below 0 those of qint8.
    void take_type_of_codes(const PastedPixels& pixels, std::size_t index, PrintSide side)
    {
        PastedLayer& layer = paste_.layers[index];
        const bool is_input = side == PrintSide::input;
        auto& type = is_input ? layer.input_type : layer.output_type;
        const bool are_negative
            = std::any_of(pixels.value.numbers.begin(), pixels.value.numbers.end(),
                          [](const PrintedNumber& number) { return number.value < 0; });
        if (type || !pixels.are_codes || pixels.value.dimensions.empty())
            return;
        paste_.assumed.push_back("the whole numbers in " + line_of(pixels)
                                 + " have no dtype: they are taken for codes, of "
                                 + (are_negative ? "qint8" : "quint8"));
        if (are_negative)
            type = qint8_type;
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
            if (!paste_.layers.empty()) {
                take_type_of_codes(inputs_[i], layer.value_or(0), PrintSide::input);
                take_type_of_codes(outputs_[i], layer.value_or(0), PrintSide::output);
            }
            paste_.pairs.push_back({.input = std::move(inputs_[i]),
                                    .output = std::move(outputs_[i]),
                                    .layer = layer.value_or(0),
                                    .is_channels_last = source_.is_channels_last});
        }
        if (inputs_.size() > count)
            paste_.missing.push_back("the output for the input in " + line_of(inputs_[count]));
        if (outputs_.size() > count)
            paste_.missing.push_back("the input for the output in " + line_of(outputs_[count]));
    }

    PasteText source_;
    PrintedText text_;
    Paste paste_;
    std::vector<PrintedParameter> types_;
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

Paste read_paste(std::string_view text, const std::vector<Correction>& corrections)
{
    return PasteReader(text, corrections).read();
}

} // namespace qbn
