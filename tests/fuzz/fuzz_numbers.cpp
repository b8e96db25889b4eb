#include "core/text/number_list.h"
#include "core/text/text_number.h"
#include "tests/fuzz/support.h"

#include <bit>
#include <cmath>
#include <cstdlib>

namespace {

using namespace qbn;

bool sameNumber(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b)
        || (std::isnan(a) && std::isnan(b));
}

/// What strtod reads and parse_number need not: white space and plus signs in front, words.
bool isBeyondGrammar(const std::string& text)
{
    return text.find_first_not_of("0123456789abcdefABCDEFxXpP.+-") != std::string::npos
        || text.starts_with('+');
}

void compareWithStrtod(const std::string& text)
{
    char* end = nullptr;
    const double expected = std::strtod(text.c_str(), &end);
    const bool isWhole = !text.empty() && end == text.c_str() + text.size();
    const auto value = parse_number(text);
    if (value)
        fuzz::require(isWhole && sameNumber(*value, expected),
                      "parse_number reads what strtod reads: " + text);
    else
        fuzz::require(!isWhole || isBeyondGrammar(text), "parse_number reads " + text);
}

void requireRoundTrip(double value)
{
    const std::string shortest = format_number(value);
    const auto decimal = parse_number(shortest);
    const auto hex = parse_number(format_hex(value));
    const auto typed = parse_typed_number(shortest);
    fuzz::require(decimal && sameNumber(*decimal, value), shortest + " reads back");
    fuzz::require(hex && sameNumber(*hex, value), format_hex(value) + " reads back");
    fuzz::require(typed && sameNumber(*typed, value), shortest + " reads back where it is typed");
    if (std::isnan(value))
        return;
    const auto narrow = static_cast<float>(value);
    const auto single = parse_number(format_number(narrow));
    fuzz::require(single && static_cast<float>(*single) == narrow,
                  format_number(narrow) + " reads back as binary32");
}

void requireListRoundTrip(std::string_view text)
{
    const auto values = parse_number_list(text);
    if (!values)
        return;
    fuzz::require(!values->empty(), "a list has numbers");
    std::string listed = "[";
    for (const double value : *values)
        listed += format_number(value) + ", ";
    const auto again = parse_number_list(listed + "]");
    fuzz::require(again && again->size() == values->size(), "a list reads back as long");
    for (std::size_t i = 0; i < values->size(); ++i)
        fuzz::require(sameNumber((*again)[i], (*values)[i]), "a list reads back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    compareWithStrtod(std::string(text.substr(0, text.find('\0'))));
    for (const auto& value : {parse_number(text), parse_typed_number(text)})
        if (value)
            requireRoundTrip(*value);
    if (size >= sizeof(double)) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < sizeof bits; ++i)
            bits = bits << 8 | data[i];
        requireRoundTrip(std::bit_cast<double>(bits));
    }
    requireListRoundTrip(text);
    return 0;
}
