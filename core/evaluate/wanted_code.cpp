#include "core/evaluate/wanted_code.h"

#include "core/arithmetic/exact.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace qbn {

namespace {

constexpr int wavering = 16; ///< steps that are looked through
constexpr double farthest = std::numeric_limits<float>::max();

/// Neighbouring numbers have neighbouring places, 0 and -0 the same.
std::int64_t place_of(double value)
{
    const auto bits = std::bit_cast<std::int64_t>(value);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double number_at(std::int64_t place)
{
    return std::bit_cast<double>(place < 0 ? std::numeric_limits<std::int64_t>::min() - place
                                           : place);
}

/// One channel with a value of the field tried.
class Trial
{
public:
    Trial(const Backend& backend, const BatchNormLayer& layer, int channel, Field field,
          std::int32_t input_code)
        : backend_(backend)
        , layer_(layer)
        , channel_(channel)
        , slot_((field == Field::gamma ? layer_.gamma
                                       : layer_.beta)[static_cast<std::size_t>(channel)])
        , input_code_(input_code)
        , index_(static_cast<std::size_t>(input_code - layer.input.type.qmin()))
    { }

    std::int32_t operator()(double value)
    {
        slot_ = value;
        if (backend_.is_exact()) // all codes of it cost much
            return ExactChannel(layer_, channel_).requantize(input_code_).output_code;
        return codes(backend_, layer_, channel_)[index_];
    }

    double present() const { return slot_; }

private:
    const Backend& backend_;
    BatchNormLayer layer_;
    int channel_;
    double& slot_;
    std::int32_t input_code_;
    std::size_t index_;
};

/// How far the exact value before rounding goes, in codes, for each 1 that the value grows.
double slope_of(const BatchNormLayer& layer, int channel, Field field, std::int32_t input_code)
{
    const double factor
        = field == Field::gamma ? ExactChannel(layer, channel).stages(input_code).normalized : 1;
    return factor / layer.output.scale;
}

/// The value nearest to the present one that gives the code.
std::optional<double> nearest(Trial& code_of, double direction, bool up, std::int32_t wanted)
{
    const double present = code_of.present();
    const auto reached = [&](double value) {
        const std::int32_t code = code_of(value);
        return up ? code >= wanted : code <= wanted;
    };
    // Farther and farther, until it is enough.
    double enough = present;
    for (double step = std::max(std::abs(present), 1e-30) * 1e-3; !reached(enough); step *= 4) {
        if (std::abs(enough) >= farthest)
            return std::nullopt;
        enough = std::clamp(present + direction * step, -farthest, farthest);
    }
    std::int64_t short_of = place_of(present);
    std::int64_t first = place_of(enough);
    // Of neighbours it is the first; their difference might not fit.
    for (std::int64_t middle = std::midpoint(short_of, first); middle != short_of;
         middle = std::midpoint(short_of, first))
        (reached(number_at(middle)) ? first : short_of) = middle;

    // Nearer ones behind which it wavered, first the farthest from the found one.
    const auto nearer = [&](double value) {
        return (value - present) * direction > 0 && code_of(value) == wanted;
    };
    for (int i = wavering; i > 0; --i) {
        auto narrow = static_cast<float>(number_at(first));
        for (int j = 0; j < i; ++j)
            narrow = std::nextafter(narrow, static_cast<float>(-direction) * HUGE_VALF);
        if (nearer(narrow))
            return static_cast<double>(narrow);
    }
    const std::int64_t back = direction > 0 ? -1 : 1;
    for (int i = wavering; i > 0; --i)
        if (const double value = number_at(first + back * i); nearer(value))
            return value;
    return code_of(number_at(first)) == wanted ? std::optional(number_at(first)) : std::nullopt;
}

/// Where the code is left again, to a part in 1000; one code farther where it is not, as behind the last code.
double end_of(Trial& code_of, double begin, double one_code, bool up, std::int32_t wanted)
{
    constexpr int halvings = 12;
    constexpr double most_codes = 4; // roundings make one broader, but not by so much
    const auto passed = [&](double value) {
        const std::int32_t code = code_of(value);
        return up ? code > wanted : code < wanted;
    };
    double inside = begin;
    double outside = begin + most_codes * one_code;
    if (!passed(outside))
        return begin + one_code;
    for (int i = 0; i < halvings; ++i) {
        const double middle = std::midpoint(inside, outside);
        (passed(middle) ? outside : inside) = middle;
    }
    return inside;
}

/// The decimal with the fewest digits in the middle half between two numbers, of those the one nearest to the middle.
double shortest_inside(double begin, double end)
{
    const double middle = std::midpoint(begin, end);
    const double reach = std::abs(end - begin) / 4;
    if (std::abs(middle) <= reach)
        return 0;
    for (int digits = 0; digits < std::numeric_limits<double>::max_digits10; ++digits) {
        std::array<char, 32> text{};
        const auto written = std::to_chars(text.data(), text.data() + text.size(), middle,
                                           std::chars_format::scientific, digits);
        const auto value = parse_number({text.data(), written.ptr});
        if (value && std::abs(*value - middle) <= reach)
            return *value;
    }
    return middle;
}

} // namespace

std::optional<double> value_giving(const Backend& backend, const BatchNormLayer& layer, int channel,
                                   Field field, std::int32_t input_code, std::int32_t wanted)
{
    assert(field == Field::gamma || field == Field::beta);
    Trial code_of(backend, layer, channel, field, input_code);
    const double present = code_of.present();
    const std::int32_t now = code_of(present);
    if (now == wanted)
        return present;
    const double slope = slope_of(layer, channel, field, input_code);
    if (slope == 0 || std::isnan(slope) || !std::isfinite(present))
        return std::nullopt;
    const bool up = wanted > now;
    const double direction = up == (slope > 0) ? 1 : -1;
    const auto begin = nearest(code_of, direction, up, wanted);
    if (!begin)
        return std::nullopt;
    const double end = end_of(code_of, *begin, direction / std::abs(slope), up, wanted);
    // Of a code that is a few steps of binary32 broad the middle may give another.
    for (const double value : {shortest_inside(*begin, end), std::midpoint(*begin, end)})
        if (std::abs(value) <= farthest && code_of(value) == wanted)
            return value;
    return begin;
}

} // namespace qbn
