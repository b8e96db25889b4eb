#include "core/layer/unknown_pair.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace qbn {

namespace {

constexpr std::array pairs{
    UnknownPair{Field::gamma, Field::beta},
    UnknownPair{Field::mean, Field::beta},
    UnknownPair{Field::input_scale, Field::beta},
    UnknownPair{Field::output_scale, Field::beta},
    UnknownPair{Field::output_scale, Field::gamma},
    UnknownPair{Field::output_scale, Field::mean},
    UnknownPair{Field::input_scale, Field::mean},
    UnknownPair{Field::input_scale, Field::output_scale},
    slope_and_offset,
};

bool has(const UnknownPair& unknowns, Field field)
{
    return unknowns.first == field || unknowns.second == field;
}

/// What an option means by a name.
std::optional<Field> parse_unknown(std::string_view name)
{
    return name == "scale" ? Field::input_scale : parse_field(name);
}

} // namespace

std::span<const UnknownPair> all_unknown_pairs()
{
    return pairs;
}

bool is_same_pair(const UnknownPair& a, const UnknownPair& b)
{
    return a == b || a == UnknownPair{b.second, b.first, b.effective};
}

std::string_view first_name(const UnknownPair& pair)
{
    return pair.effective ? "slope" : name_of(pair.first);
}

std::string_view second_name(const UnknownPair& pair)
{
    return pair.effective ? "offset" : name_of(pair.second);
}

std::optional<Error> why_not_a_pair(const UnknownPair& unknowns)
{
    for (const Field field : {unknowns.first, unknowns.second}) {
        if (std::find(solvable_fields.begin(), solvable_fields.end(), field)
            == solvable_fields.end())
            return Error{spaced_name(field) + " cannot be solved for"};
    }
    if (unknowns.first == unknowns.second)
        return Error{spaced_name(unknowns.first) + " stands for both unknowns"};
    for (const Field factor : {Field::mean, Field::input_scale}) {
        if (has(unknowns, Field::gamma) && has(unknowns, factor))
            return Error{"gamma and " + spaced_name(factor)
                         + " cannot be solved for together: their product enters the formula"};
    }
    return std::nullopt;
}

std::string names_of(const UnknownPair& pair)
{
    return pair.effective ? "slope and offset"
                          : spaced_name(pair.first) + " and " + spaced_name(pair.second);
}

bool covers(const UnknownPair& pair, Field field)
{
    if (pair.effective)
        return is_per_channel(field) || field == Field::eps;
    return field == pair.first || field == pair.second;
}

Result<UnknownPair> parse_unknown_pair(std::string_view first, std::string_view second)
{
    if (first == "slope" && second == "offset")
        return slope_and_offset;
    const auto x = parse_unknown(first);
    const auto y = parse_unknown(second);
    for (const auto& [field, name] : {std::pair(x, first), std::pair(y, second)}) {
        if (!field)
            return Error{"\"" + std::string(name) + "\" is no parameter"};
    }
    const UnknownPair pair{*x, *y};
    if (auto reason = why_not_a_pair(pair))
        return *std::move(reason);
    return pair;
}

} // namespace qbn
