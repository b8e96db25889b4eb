#pragma once

#include "core/layer/provenance.h"
#include "core/text/result.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qbn {

/// What can be one of two unknowns.
inline constexpr std::array solvable_fields{Field::gamma, Field::beta, Field::mean,
                                            Field::input_scale, Field::output_scale};

/// Two parameters of a channel that are not known: gamma, beta, mean, input_scale or output_scale,
/// in any order. gamma with mean or input_scale is no pair: their product enters the formula.
struct UnknownPair
{
    Field first = Field::gamma; ///< x
    Field second = Field::beta; ///< y
    /// The two stand for slope and offset of output = slope * dequantized + offset:
    ///     slope  = gamma / sqrt(var + eps)
    ///     offset = beta - mean * slope
    /// They are all that codes tell of gamma, beta, mean, var and eps where more than two of these,
    /// or var, are not known. Requires: gamma and beta.
    bool effective = false;

    bool operator==(const UnknownPair&) const = default;
};

inline constexpr UnknownPair slope_and_offset{Field::gamma, Field::beta, true};

/// Every pair that can be solved for, the more usual first.
std::span<const UnknownPair> all_unknown_pairs();

/// The same parameters, in any order.
bool is_same_pair(const UnknownPair& a, const UnknownPair& b);

/// "gamma" and "beta", "slope" and "offset": as files and options write them.
std::string_view first_name(const UnknownPair& pair);
std::string_view second_name(const UnknownPair& pair);

/// Why two parameters are no pair, in words; nothing where they are one.
std::optional<Error> why_not_a_pair(const UnknownPair& pair);

/// "gamma and beta", "output scale and beta"
std::string names_of(const UnknownPair& pair);

/// Whether nothing of a field enters where the pair is solved for.
bool covers(const UnknownPair& pair, Field field);

/// The pair of two such names; `scale` stands for input_scale. Fails where they name no pair that
/// can be solved for.
Result<UnknownPair> parse_unknown_pair(std::string_view first, std::string_view second);

} // namespace qbn
