#pragma once

#include "core/layer/quantization.h"
#include "core/paste/print_meaning.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// A number as it stands in a print: for a rounded one not a number but the interval
/// [value - half_unit, value + half_unit].
struct PrintedNumber
{
    double value = 0;
    /// Half of 10^k where k is the place of the last digit: 0.00005 for 0.2991 and 1.234e0. 0 for
    /// numbers without a digit behind the point: integers, and "117." as PyTorch and NumPy print
    /// when every value is whole. A whole unit for a number that was cut by hand: 0.2990...
    double half_unit = 0;
    /// Where it stands in the text as it is read (print_text.h), in bytes.
    std::uint32_t place = no_place;

    bool is_integer = false; ///< printed without a point and without an exponent

    static constexpr std::uint32_t no_place = UINT32_MAX;

    /// Whether the two may be prints of one number.
    bool agrees_with(const PrintedNumber& other) const;
    /// The integer in it, cut to +-10^15; 0 for NaN.
    std::int64_t whole() const;
};

/// Reads what Python prints for a float or an integer: 0.2991, -1.0000e-05, 117., 73, nan, -inf.
std::optional<PrintedNumber> read_printed_number(std::string_view text);

/// The one binary32 number in the interval, exactly; nothing where it holds none or several.
/// 0.56534761 and 0.5653476119041443 both are 0x1.21753cp-1; 0.5653 is not told.
std::optional<double> only_binary32(const PrintedNumber& number);

/// The codes whose value, dequantized in binary32 or in binary64, lies in the interval: `count` of
/// them, of which `nearest` is the one nearest to the printed value. Where there is none, a code
/// counts that alone is within 1e-6 of it, relatively, or within a unit of the last place: another
/// arithmetic gave the value, or digits were cut away. Without any, `nearest` is the code that
/// quantize() gives. Nothing if quantize() gives none.
struct PossibleCodes
{
    std::int32_t nearest = 0;
    std::int64_t count = 0;
};
std::optional<PossibleCodes> possible_codes(const QuantizationParameters& parameters,
                                            const PrintedNumber& number);

/// An entry of the brackets in x[0, :, 1:3].
struct PrintedIndex
{
    enum class Kind : std::uint8_t
    {
        one, ///< 0; -1 is the last
        range, ///< : and 1:3, from `first` on
        rest, ///< ...
        unclear, ///< a variable, None, a mask
    };

    int first = 0;
    Kind kind = Kind::one;
    int step = 1; ///< of a range

    bool operator==(const PrintedIndex&) const = default;
};

/// The text in front of a value that says what it is.
struct PrintedLabel
{
    std::string text; ///< its words, ASCII, at most 60 characters: "Running Mean"
    std::string before; ///< labels that stand before it in the same line
    std::string heading; ///< of the lines below "Input:", the innermost last
    int line = 0;
    /// Of x[0, 2, 0, 3] and of x[0][2][0, 3], as far as the brackets are the last that changes shape.
    std::vector<PrintedIndex> index;
    bool is_reduced = false; ///< x.mean(): of the values of x none
};

/// A dimension of a printed array.
struct PrintedDimension
{
    std::int64_t count = 0; ///< entries that were printed
    std::optional<std::int64_t> elided_after; ///< how many of them stand before "..."
};

/// One value of a print: a tensor, an array, a list, a number, or a module such as
/// QuantizedBatchNorm2d(3, eps=1e-05).
struct PrintedValue
{
    enum class Form : std::uint8_t
    {
        number, ///< 1e-05
        list, ///< [0.5, 0.25], Python's digits
        array, ///< tensor(..), array(..) and [0.5 0.25]: rounded to the digits that are printed
        module,
    };
    struct Attribute
    {
        std::string name; ///< "scale"
        std::string word; ///< of dtype=torch.quint8: "torch.quint8"; may be empty
        std::vector<PrintedNumber> numbers;
    };

    Form form = Form::number;
    std::string type; ///< "tensor", "QuantizedBatchNorm2d"
    std::string path; ///< of a module: "conv1.0"
    PrintedLabel label;
    std::optional<PrintMeaning> meaning; ///< of one whose recogniser knows; else the label says it
    int line = 0;
    std::vector<PrintedNumber> numbers; ///< the last index fastest
    std::vector<PrintedDimension> dimensions; ///< none for a scalar
    std::vector<Attribute> attributes;
    bool cut_off = false; ///< the text ends or changes before its last bracket

    const Attribute* attribute(std::string_view name) const;
    /// The first number of an attribute.
    std::optional<PrintedNumber> number(std::string_view name) const;
    /// Whether some entries were printed as "...".
    bool is_elided() const;
    /// The index of a printed number in a dimension, "..." counted where `size` is the true extent.
    std::int64_t index_of(std::size_t number, std::size_t dimension, std::int64_t size) const;
};

} // namespace qbn
