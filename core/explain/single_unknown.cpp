#include "core/explain/single_unknown.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace qbn {

namespace {

struct NumberName
{
    LayerNumber number;
    std::string_view id;
    std::string_view title;
};

// The more usual first.
constexpr std::array number_names{
    NumberName{LayerNumber::output_scale, "output-scale", "output scale"},
    NumberName{LayerNumber::input_scale, "input-scale", "input scale"},
    NumberName{LayerNumber::output_zero_point, "output-zero-point", "output zero point"},
    NumberName{LayerNumber::input_zero_point, "input-zero-point", "input zero point"},
    NumberName{LayerNumber::eps, "eps", "eps"},
    NumberName{LayerNumber::common_factor, "common-factor", "factor over mean and var"},
    NumberName{LayerNumber::variance_factor, "variance-factor", "factor over var"},
};

const NumberName& name_of_number(LayerNumber number)
{
    return *std::find_if(number_names.begin(), number_names.end(),
                         [number](const NumberName& one) { return one.number == number; });
}

bool is_factor(LayerNumber number)
{
    return number == LayerNumber::common_factor || number == LayerNumber::variance_factor;
}

bool is_whole(LayerNumber number)
{
    return number == LayerNumber::output_zero_point || number == LayerNumber::input_zero_point;
}

double number_of(const BatchNormLayer& layer, LayerNumber number)
{
    switch (number) {
    case LayerNumber::output_scale:
        return layer.output.scale;
    case LayerNumber::input_scale:
        return layer.input.scale;
    case LayerNumber::output_zero_point:
        return layer.output.zero_point;
    case LayerNumber::input_zero_point:
        return layer.input.zero_point;
    case LayerNumber::eps:
        return layer.eps;
    default:
        return 1;
    }
}

class SingleSolver
{
public:
    SingleSolver(const BatchNormLayer& layer, std::span<const Observation> observations,
                 LayerNumber number)
        : layer_(layer)
        , seen_(observations.begin(), observations.end())
        , number_(number)
    { }

    std::optional<SingleUnknown> solve(const std::stop_token& stop)
    {
        return is_whole(number_) ? solve_whole() : solve_real(stop);
    }

private:
    // The code of an observation with another value for the number, by the textbook.
    double code_with(const Observation& seen, double value) const
    {
        const auto channel = static_cast<std::size_t>(seen.channel);
        QuantizationParameters input = layer_.input;
        QuantizationParameters output = layer_.output;
        double mean = layer_.mean[channel];
        double var = layer_.var[channel];
        double eps = layer_.eps;
        switch (number_) {
        case LayerNumber::output_scale:
            output.scale = value;
            break;
        case LayerNumber::input_scale:
            input.scale = value;
            break;
        case LayerNumber::output_zero_point:
            output.zero_point = static_cast<std::int32_t>(value);
            break;
        case LayerNumber::input_zero_point:
            input.zero_point = static_cast<std::int32_t>(value);
            break;
        case LayerNumber::eps:
            eps = value;
            break;
        case LayerNumber::common_factor:
            mean /= value;
            var /= value;
            break;
        case LayerNumber::variance_factor:
            var /= value;
            break;
        }
        const double normalized
            = (real_value(input, seen.input_code) - mean) / std::sqrt(var + eps);
        double steps = (layer_.gamma[channel] * normalized + layer_.beta[channel]) / output.scale;
        if (layer_.relu)
            steps = std::max(steps, 0.0);
        const double code = std::nearbyint(steps) + output.zero_point;
        return std::isnan(code) ? output.type.qmin()
                                : std::clamp<double>(code, output.type.qmin(), output.type.qmax());
    }

    // One that failed is asked first the next time.
    bool explains_all(double value)
    {
        for (std::size_t i = 0; i < seen_.size(); ++i) {
            if (code_with(seen_[i], value) == seen_[i].output_code)
                continue;
            std::swap(seen_[i], seen_.front());
            return false;
        }
        return true;
    }

    std::optional<SingleUnknown> solve_whole()
    {
        constexpr int farthest = 512;
        std::optional<SingleUnknown> solved;
        for (int value = -farthest; value <= farthest; ++value) {
            if (!explains_all(value))
                continue;
            if (!solved)
                solved = SingleUnknown{.number = number_,
                                       .low = static_cast<double>(value),
                                       .high = static_cast<double>(value),
                                       .simplest = static_cast<double>(value)};
            solved->high = value;
        }
        return solved;
    }

    std::optional<SingleUnknown> solve_real(const std::stop_token& stop)
    {
        constexpr double step = 5e-5;
        constexpr int asked_at_once = 4096;
        const double now = number_of(layer_, number_);
        double low = now / 1e3;
        double high = now * 1e3;
        if (is_factor(number_)) {
            low = 1e-3;
            high = 1e6;
        }
        if (number_ == LayerNumber::eps) {
            low = 1e-12;
            high = 0.1;
        }
        if (!(low > 0) || !std::isfinite(high))
            return std::nullopt;
        // eps matters little: coarse steps find its range.
        const double ratio = 1 + (number_ == LayerNumber::eps ? 20 * step : step);
        double before = low;
        int asked = 0;
        for (double value = low; value <= high; before = value, value *= ratio) {
            if (++asked % asked_at_once == 0 && stop.stop_requested())
                return std::nullopt;
            if (explains_all(value))
                return range_from(before, value, high, ratio);
        }
        return std::nullopt;
    }

    SingleUnknown range_from(double outside, double inside, double limit, double ratio)
    {
        double last = inside;
        while (last * ratio <= limit && explains_all(last * ratio))
            last *= ratio;
        SingleUnknown solved{.number = number_,
                             .low = boundary(outside, inside),
                             .high = boundary(last * ratio, last)};
        solved.simplest = simplest_in(solved.low, solved.high);
        return solved;
    }

    double boundary(double outside, double inside)
    {
        constexpr int halvings = 40;
        for (int i = 0; i < halvings; ++i) {
            const double middle = (outside + inside) / 2;
            (explains_all(middle) ? inside : outside) = middle;
        }
        return inside;
    }

    static double simplest_in(double low, double high)
    {
        constexpr int most_digits = 17;
        const double middle = (low + high) / 2;
        for (int digits = 1; digits < most_digits; ++digits) {
            std::array<char, 40> text{};
            const auto end = std::to_chars(text.data(), text.data() + text.size(), middle,
                                           std::chars_format::scientific, digits - 1);
            double rounded = middle;
            std::from_chars(text.data(), end.ptr, rounded);
            if (rounded >= low && rounded <= high)
                return rounded;
        }
        return middle;
    }

    const BatchNormLayer& layer_;
    std::vector<Observation> seen_;
    LayerNumber number_;
};

bool says_enough(const BatchNormLayer& layer, std::span<const Observation> observations)
{
    constexpr std::size_t fewest = 3;
    std::set<std::pair<std::int32_t, std::int32_t>> different;
    for (const Observation& seen : observations) {
        const bool is_inside = seen.output_code > layer.output.type.qmin()
            && seen.output_code < layer.output.type.qmax();
        if (is_inside)
            different.emplace(seen.channel, seen.output_code);
    }
    return different.size() >= fewest;
}

} // namespace

std::string_view title_of(LayerNumber number)
{
    return name_of_number(number).title;
}

std::string_view id_of(LayerNumber number)
{
    return name_of_number(number).id;
}

std::string sentence_of(const SingleUnknown& solved, const BatchNormLayer& layer)
{
    std::string text = std::string(title_of(solved.number)) + " " + format_number(solved.simplest);
    if (!is_factor(solved.number))
        text += " instead of " + format_number(number_of(layer, solved.number));
    return text;
}

std::vector<SingleUnknown> solve_single_unknowns(const BatchNormLayer& layer,
                                                 std::span<const Observation> observations,
                                                 const std::stop_token& stop)
{
    std::vector<SingleUnknown> found;
    if (!says_enough(layer, observations))
        return found;
    for (const NumberName& name : number_names) {
        if (auto solved = SingleSolver(layer, observations, name.number).solve(stop))
            found.push_back(*solved);
    }
    return found;
}

} // namespace qbn
