#include "core/paste/naming.h"

#include "core/paste/print_labels.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace qbn {

namespace {

std::string_view last_word(const std::string& label)
{
    const auto at = label.find_last_of(" .");
    return at == std::string::npos ? std::string_view(label)
                                   : std::string_view(label).substr(at + 1);
}

bool any_label(const std::vector<PrintedValue>& values, std::string_view word)
{
    return std::any_of(values.begin(), values.end(), [word](const PrintedValue& value) {
        return last_word(value.label.text).find(word) != std::string_view::npos;
    });
}

bool is_array_value(const PrintedValue& value)
{
    return value.dimensions.size() == 1;
}

PrintMeaning meaning_so_far(const PrintedValue& value)
{
    return value.meaning ? *value.meaning : meaning_of(value.label);
}

// With "B" beside it; a scale of one channel could be that of the codes.
void name_onnx(std::vector<PrintedValue>& values)
{
    const bool has_b = std::any_of(values.begin(), values.end(), [](const PrintedValue& value) {
        return last_word(value.label.text) == "B" && is_array_value(value);
    });
    const bool has_gamma = std::any_of(values.begin(), values.end(), [](const PrintedValue& value) {
        return meaning_so_far(value).role == PrintRole::gamma;
    });
    for (PrintedValue& value : values) {
        const std::string_view word = last_word(value.label.text);
        const bool is_many = is_array_value(value) && value.numbers.size() > 1;
        if (!is_array_value(value) || value.meaning)
            continue;
        PrintMeaning meaning = meaning_of(value.label);
        const bool is_scale
            = word == "scale" || word == "scales" || word == "Scale" || word == "bn_scale";
        if (is_scale && meaning.side == PrintSide::unknown && !has_gamma && (has_b || is_many))
            value.meaning = PrintMeaning{.role = PrintRole::gamma};
        else if (has_b && word == "B")
            value.meaning = PrintMeaning{.role = PrintRole::beta};
        else if ((word == "offset" || word == "Offset" || word == "bn_bias" || word == "shift")
                 && meaning.role != PrintRole::beta)
            value.meaning = PrintMeaning{.role = PrintRole::beta};
    }
}

struct SuffixName
{
    std::string_view suffix;
    PrintRole role;
};

// By the ends of labels, where the ends of the statistics are among them.
void name_by_suffixes(std::vector<PrintedValue>& values, std::span<const SuffixName> names)
{
    const auto role_of = [names](const PrintedValue& value) {
        const auto found = std::find_if(names.begin(), names.end(), [&](const SuffixName& name) {
            return value.label.text.ends_with(name.suffix);
        });
        return found == names.end() || !is_array_value(value) ? PrintRole::none : found->role;
    };
    const bool has_var = std::any_of(values.begin(), values.end(), [&](const PrintedValue& value) {
        return role_of(value) == PrintRole::var;
    });
    for (PrintedValue& value : values) {
        const PrintRole role = role_of(value);
        if (has_var && role != PrintRole::none && !value.meaning)
            value.meaning = PrintMeaning{.role = role};
    }
}

constexpr std::array caffe2_names{
    SuffixName{"_s", PrintRole::gamma}, SuffixName{"_b", PrintRole::beta},
    SuffixName{"_rm", PrintRole::mean}, SuffixName{"_riv", PrintRole::var}};
constexpr std::array paddle_names{
    SuffixName{".w_0", PrintRole::gamma}, SuffixName{".b_0", PrintRole::beta},
    SuffixName{".w_1", PrintRole::mean}, SuffixName{".w_2", PrintRole::var}};

bool is_parameter_role(PrintRole role)
{
    return role >= PrintRole::mean && role <= PrintRole::zero_point;
}

// "MyBatchNorm" and "TorchBatchNorm" with a mean each are two layers.
void name_layers_by_headings(std::vector<PrintedValue>& values)
{
    std::set<std::string> layers;
    for (const PrintedValue& value : values) {
        const PrintMeaning meaning = meaning_so_far(value);
        const bool is_statistic = meaning.role == PrintRole::mean || meaning.role == PrintRole::var;
        const bool is_bare = meaning.key.find('.') == std::string::npos;
        if (is_statistic && is_bare && !value.label.heading.empty())
            layers.insert(value.label.heading);
    }
    if (layers.size() < 2)
        return;
    for (PrintedValue& value : values) {
        PrintMeaning meaning = meaning_so_far(value);
        const auto layer = std::find_if(layers.begin(), layers.end(), [&](const std::string& one) {
            return value.label.heading.starts_with(one);
        });
        if (layer == layers.end() || value.form == PrintedValue::Form::module
            || !is_parameter_role(meaning.role))
            continue;
        std::string prefix = *layer;
        std::replace(prefix.begin(), prefix.end(), ' ', '_');
        meaning.key = prefix + "." + std::string(key_name_of(meaning.role));
        value.meaning = std::move(meaning);
    }
}

} // namespace

void give_conventions(std::vector<PrintedValue>& values, PasteText& text)
{
    name_onnx(values);
    name_by_suffixes(values, caffe2_names);
    name_by_suffixes(values, paddle_names);
    name_layers_by_headings(values);
    if (any_label(values, "moving_"))
        text.is_channels_last = true;
}

} // namespace qbn
