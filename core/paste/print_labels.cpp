#include "core/paste/print_labels.h"

#include "core/layer/state_dict_keys.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace qbn {

namespace {

using Words = std::vector<std::string>;

bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool is_alphanumeric(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// "bn.running_mean", "runningMean" and "Running Mean" end in the words running, mean.
Words words_of(std::string_view text)
{
    Words words;
    char previous = ' ';
    for (const char c : text) {
        const bool starts = !is_alphanumeric(previous) || (is_upper(c) && !is_upper(previous));
        if (is_alphanumeric(c) && starts)
            words.emplace_back();
        if (is_alphanumeric(c))
            words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        previous = c;
    }
    return words;
}

bool has_any(const Words& words, std::initializer_list<std::string_view> wanted)
{
    return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    });
}

PrintSide side_of(const Words& words)
{
    const bool is_input = has_any(words,
                                  {"input", "inputs", "inp", "in", "x", "xq", "qx", "xs", "xzp",
                                   "before", "pre", "ifm", "lhs"});
    const bool is_output = has_any(words,
                                   {"output", "outputs", "out", "y", "yq", "qy", "ys", "yzp",
                                    "result", "after", "post", "expected", "expec", "ofm"});
    if (is_input == is_output)
        return PrintSide::unknown;
    return is_input ? PrintSide::input : PrintSide::output;
}

// "model.bn1(qx)" says what a layer gives, whatever its argument is.
bool is_layer_call(std::string_view label)
{
    const std::size_t bracket = label.find('(');
    return bracket != std::string_view::npos && names_layer(label.substr(0, bracket));
}

// What is known and no parameter of the formula: of a label that holds one of these words nothing
// else counts.
bool is_of_something_else(const Words& words)
{
    return has_any(words,
                   {"momentum",  "decay",     "tracked",  "shape",   "grad",      "gradient",
                    "loss",      "lr",        "learning", "rate",    "factor",    "amax",
                    "histogram", "dimension", "axis",     "rescale", "upscale",   "downscale",
                    "scaler",    "absolute",  "squared",  "mse",     "error",     "diff",
                    "accuracy",  "size",      "stride",   "padding", "kernel",    "dilation",
                    "epoch",     "index",     "count",    "shift",   "multiplier"});
}

PrintForm form_of_var(const Words& words)
{
    const bool is_inverse = has_any(words, {"inv", "inverse", "invstd", "rstd", "rsqrt"});
    if (is_inverse)
        return PrintForm::inverse_std;
    return has_any(words, {"std", "stddev", "stdev", "sigma", "deviation"}) ? PrintForm::std_dev
                                                                            : PrintForm::plain;
}

bool names_mean(const Words& words)
{
    const bool is_average = has_any(words, {"avg", "average"})
        && has_any(words, {"mov", "moving", "running", "rolling", "ema"});
    return is_average || has_any(words, {"mean", "means", "mu"});
}

bool names_var(const Words& words)
{
    return has_any(words,
                   {"var", "variance", "vars", "std", "stddev", "stdev", "sigma", "sigma2",
                    "invstd", "rstd", "rsqrt", "deviation"})
        || (has_any(words, {"inv"}) && words.size() == 1);
}

bool names_zero_point(const Words& words)
{
    return has_any(words, {"zp", "zeropoint", "xzp", "yzp", "zeropoints"})
        || (has_any(words, {"zero"}) && has_any(words, {"point", "points"}));
}

// Of words like "mean quant arg scale": the parameter that has codes of its own.
PrintRole owner_of_scale(const Words& words)
{
    if (names_mean(words))
        return PrintRole::mean;
    if (names_var(words))
        return PrintRole::var;
    if (has_any(words, {"gamma"}))
        return PrintRole::gamma;
    return has_any(words, {"beta"}) ? PrintRole::beta : PrintRole::none;
}

PrintRole scale_of(const Words& words)
{
    const bool is_zero_point = names_zero_point(words);
    // s_x, z_out: two words, and the second one is a side.
    const bool is_short = words.size() == 2 && side_of(words) != PrintSide::unknown;
    if (is_short && words.front() == "s")
        return PrintRole::scale;
    if (is_short && words.front() == "z")
        return PrintRole::zero_point;
    const bool is_scale = has_any(words, {"scale", "scales", "xs", "ys"});
    if (!is_scale && !is_zero_point)
        return PrintRole::none;
    const bool is_weights = has_any(words, {"weight", "weights", "kernel", "filter"});
    if (is_scale == is_zero_point || is_weights)
        return PrintRole::other;
    return is_scale ? PrintRole::scale : PrintRole::zero_point;
}

PrintRole statistic_of(const Words& words)
{
    const bool is_mean = names_mean(words);
    const bool is_var = names_var(words);
    if (is_mean && is_var)
        return PrintRole::none;
    return is_mean ? PrintRole::mean : is_var ? PrintRole::var : PrintRole::none;
}

PrintRole parameter_of(const Words& words)
{
    if (is_of_something_else(words))
        return PrintRole::other;
    if (names_mean(words) && names_var(words))
        return PrintRole::none;
    if (const PrintRole scale = scale_of(words); scale != PrintRole::none)
        return scale;
    if (const PrintRole statistic = statistic_of(words); statistic != PrintRole::none)
        return statistic;
    if (has_any(words, {"eps", "epsilon"}))
        return PrintRole::eps;
    const bool is_gamma = has_any(words, {"weight", "gamma"});
    const bool is_beta = has_any(words, {"bias", "biases", "beta"});
    if (is_gamma != is_beta)
        return is_gamma ? PrintRole::gamma : PrintRole::beta;
    return PrintRole::none;
}

PrintRole pixel_of(PrintSide side)
{
    switch (side) {
    case PrintSide::input:
        return PrintRole::input;
    case PrintSide::output:
        return PrintRole::output;
    case PrintSide::unknown:
        break;
    }
    return PrintRole::none;
}

// "bn.weight.data" -> "bn.weight"
std::string_view without_accessors(std::string_view name)
{
    constexpr std::array accessors{std::string_view(".data"),  std::string_view(".detach"),
                                   std::string_view(".cpu"),   std::string_view(".numpy"),
                                   std::string_view(".item"),  std::string_view(".tolist"),
                                   std::string_view(".float"), std::string_view(".double")};
    bool is_found = true;
    while (is_found) {
        is_found = false;
        for (const std::string_view accessor : accessors) {
            if (name.ends_with(accessor)) {
                name.remove_suffix(accessor.size());
                is_found = true;
            }
        }
    }
    return name;
}

// The last word that could be a key: one whose last component names a parameter as PyTorch does.
std::string key_of(std::string_view text)
{
    constexpr std::array names{
        std::string_view("running_mean"), std::string_view("running_var"),
        std::string_view("weight"),       std::string_view("bias"),
        std::string_view("scale"),        std::string_view("zero_point"),
        std::string_view("scale_0"),      std::string_view("zero_point_0"),
        std::string_view("eps"),          std::string_view("num_batches_tracked")};
    while (!text.empty()) {
        const auto space = text.rfind(' ');
        const std::size_t start = space == std::string_view::npos ? 0 : space + 1;
        const std::string_view word = without_accessors(text.substr(start));
        for (const std::string_view name : names) {
            const bool ends = word.ends_with(name);
            const char before
                = ends && word.size() > name.size() ? word[word.size() - name.size() - 1] : '.';
            if (ends && (before == '.' || (before == '_' && name.ends_with("_0"))))
                return std::string(word);
        }
        text = text.substr(0, start == 0 ? 0 : start - 1);
    }
    return {};
}

} // namespace

bool names_layer(std::string_view function)
{
    const Words words = words_of(function.substr(function.rfind('.') + 1));
    const auto is_layer = [](std::string_view word) {
        while (!word.empty() && word.back() >= '0' && word.back() <= '9')
            word.remove_suffix(1); // bn1
        constexpr std::array names{std::string_view("bn"),      std::string_view("net"),
                                   std::string_view("layer"),   std::string_view("module"),
                                   std::string_view("forward"), std::string_view("m"),
                                   std::string_view("run"),     std::string_view("predict")};
        return word.ends_with("norm") || word.ends_with("model")
            || std::find(names.begin(), names.end(), word) != names.end();
    };
    return parameter_of(words) == PrintRole::none
        && std::any_of(words.begin(), words.end(), is_layer);
}

bool names_channel(std::string_view word)
{
    constexpr std::array names{std::string_view("ch"), std::string_view("chan"),
                               std::string_view("channel"), std::string_view("Channel"),
                               std::string_view("CH")};
    return std::find(names.begin(), names.end(), word) != names.end();
}

bool changes_shape(std::string_view label)
{
    return has_any(words_of(label),
                   {"flatten", "ravel", "reshape", "view", "squeeze", "unsqueeze", "permute",
                    "transpose", "swapaxes", "moveaxis"});
}

PrintMeaning meaning_of(const PrintedLabel& label)
{
    if (label.is_reduced)
        return {.role = PrintRole::other};
    const Words words = words_of(label.text);
    PrintMeaning meaning;
    meaning.key = key_of(label.text);
    const Words named = meaning.key.empty() ? words : words_of(meaning.key);
    meaning.role = parameter_of(named);
    if (meaning.role == PrintRole::scale || meaning.role == PrintRole::zero_point)
        meaning.of = owner_of_scale(named);
    if (meaning.role == PrintRole::var)
        meaning.form = form_of_var(named);
    meaning.side = is_layer_call(label.text) ? PrintSide::output : side_of(words);
    if (meaning.role == PrintRole::none)
        meaning.role = pixel_of(meaning.side);
    meaning.is_code = has_any(words, {"code", "codes", "repr", "q", "xq", "qx", "yq", "qy"})
        && !has_any(words, {"dequantize", "dequantized", "float"});
    // x.q_scale()=0.5, bn.scale=0.25: what has a layer's name is not of x.
    const bool has_owner = meaning.key.find('.') != std::string::npos;
    for (const std::string* const around : {&label.before, &label.heading}) {
        const bool is_beside = around == &label.before && has_owner;
        if (meaning.side == PrintSide::unknown && !is_beside)
            meaning.side = side_of(words_of(*around));
    }
    return meaning;
}

bool is_sentence(const PrintedLabel& label)
{
    constexpr std::ptrdiff_t longest_name = 5; // words
    constexpr std::ptrdiff_t longest_label_of_number = 7;
    const std::string& text = label.text;
    const auto spaces = std::count(text.begin(), text.end(), ' ');
    if (spaces < longest_name || spaces >= longest_label_of_number)
        return spaces >= longest_label_of_number;
    const auto before = text.rfind(' ', text.rfind(' ') - 1);
    const PrintMeaning near
        = meaning_of({.text = text.substr(before == std::string::npos ? 0 : before + 1)});
    return near.role != meaning_of(label).role || near.role == PrintRole::none;
}

std::string_view key_name_of(PrintRole role)
{
    switch (role) {
    case PrintRole::mean:
        return mean_key;
    case PrintRole::var:
        return var_key;
    case PrintRole::gamma:
        return "weight";
    case PrintRole::beta:
        return "bias";
    case PrintRole::eps:
        return "eps";
    case PrintRole::scale:
        return "scale";
    case PrintRole::zero_point:
        return "zero_point";
    default:
        return {};
    }
}

} // namespace qbn
