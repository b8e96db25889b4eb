#include "core/paste/pasted_scales.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

namespace qbn {

namespace {

// What binary32 arithmetic adds to the rounding of a print.
constexpr double binary32_slack = 1e-6;

// The real values of a side that have no scale of their own.
std::vector<PrintedNumber> real_values(const Paste& paste, std::size_t layer, bool is_input)
{
    std::vector<PrintedNumber> numbers;
    for (const PastedPair& pair : paste.pairs) {
        const PastedPixels& pixels = is_input ? pair.input : pair.output;
        if (pair.layer != layer || pixels.are_codes)
            continue;
        for (const PrintedNumber& number : pixels.value.numbers) {
            if (std::isfinite(number.value))
                numbers.push_back(number);
        }
    }
    return numbers;
}

class SideSettler
{
public:
    SideSettler(BatchNormLayer& layer, bool is_input, std::vector<PrintedNumber> numbers)
        : layer_(layer)
        , quantization_(is_input ? layer.input : layer.output)
        , scale_(is_input ? Field::input_scale : Field::output_scale)
        , zero_point_(is_input ? Field::input_zero_point : Field::output_zero_point)
        , numbers_(std::move(numbers))
    { }

    std::vector<std::string> settle()
    {
        const bool has_scale = layer_.provenance.of(scale_).origin != Origin::unknown
            && quantization_.scale > 0 && std::isfinite(quantization_.scale);
        if (has_scale && !numbers_.empty()) {
            narrow_scale();
            // That of the output tells which codes are clamped.
            if (zero_point_ == Field::input_zero_point
                && layer_.provenance.of(zero_point_).origin == Origin::unknown)
                place_zero_point();
        }
        return std::move(sentences_);
    }

private:
    void narrow_scale()
    {
        Provenance provenance = layer_.provenance.of(scale_);
        const double printed = quantization_.scale;
        if (provenance.rounding <= 0 || provenance.rounding >= printed)
            return;
        const auto range = narrowed(
            {.low = printed - provenance.rounding, .high = printed + provenance.rounding},
            numbers_);
        if (!range)
            return;
        quantization_.scale = std::midpoint(range->low, range->high);
        provenance.rounding = (range->high - range->low) / 2;
        provenance.note += ", narrowed by the values";
        layer_.provenance.set(scale_, provenance);
        sentences_.push_back(spaced_name(scale_) + " " + format_number(printed)
                             + " was printed rounded; the values leave " + format_number(range->low)
                             + " to " + format_number(range->high));
    }

    // The least that gives every value a code of the type, 0 if it does.
    void place_zero_point()
    {
        constexpr double largest = 1e6;
        double least = 0;
        for (const PrintedNumber& number : numbers_)
            least = std::min(least, std::nearbyint(number.value / quantization_.scale));
        const double zero_point = quantization_.type.qmin() - std::max(least, -largest);
        const bool is_signed = quantization_.type.is_signed;
        quantization_.zero_point = is_signed && least >= quantization_.type.qmin()
            ? 0
            : static_cast<std::int32_t>(zero_point);
        layer_.provenance.set(
            zero_point_,
            {.origin = Origin::defaulted, .note = "not printed; real values do not need it"});
        sentences_.push_back(spaced_name(zero_point_) + " "
                             + std::to_string(quantization_.zero_point)
                             + ": not printed, and real values do not need it");
    }

    BatchNormLayer& layer_;
    QuantizationParameters& quantization_;
    Field scale_, zero_point_;
    std::vector<PrintedNumber> numbers_;
    std::vector<std::string> sentences_;
};

} // namespace

std::optional<ScaleRange> narrowed(ScaleRange range, const std::vector<PrintedNumber>& numbers)
{
    constexpr int most_rounds = 8;
    bool is_changed = true;
    for (int round = 0; is_changed && round < most_rounds; ++round) {
        is_changed = false;
        for (const PrintedNumber& number : numbers) {
            const double size = std::abs(number.value);
            const double half_unit = number.half_unit + size * binary32_slack;
            if (size <= half_unit)
                continue;
            const double fewest = std::ceil((size - half_unit) / range.high);
            const double most = std::floor((size + half_unit) / range.low);
            if (fewest > most || most < 1)
                return std::nullopt;
            if (fewest < most || fewest < 1)
                continue;
            const ScaleRange left{.low = std::max(range.low, (size - half_unit) / most),
                                  .high = std::min(range.high, (size + half_unit) / most)};
            if (left.low > left.high)
                return std::nullopt;
            is_changed = is_changed || left.low > range.low || left.high < range.high;
            range = left;
        }
    }
    return range;
}

std::vector<std::string> settle_scales(BatchNormLayer& layer, const Paste& paste, std::size_t index)
{
    std::vector<std::string> sentences;
    for (const bool is_input : {true, false}) {
        const auto settled
            = SideSettler(layer, is_input, real_values(paste, index, is_input)).settle();
        sentences.insert(sentences.end(), settled.begin(), settled.end());
    }
    return sentences;
}

} // namespace qbn
