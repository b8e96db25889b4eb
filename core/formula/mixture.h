#pragma once

#include "core/formula/bound_formula.h"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string_view>

namespace qbn::formula {

/// What a mixture has otherwise than its first formula.
struct Exchange
{
    enum class Kind : std::uint8_t
    {
        statement, ///< the second formula's expression for a name that both have
        value, ///< a number in place of a statement, of the statement's type, which is no bool
        flip, ///< the contrary of a bool
        fuse, ///< each sum of a product, of floats that depend on the code, in one rounding
        unfuse, ///< each such fma in two
    };
    Kind kind = Kind::statement;
    std::string_view name = {}; ///< of statement, value and flip
    double value = 0;
};

/// The first formula but for the exchanges. What an exchanged expression names is taken from the first formula too if it has a
/// statement of that name and like type that is not exchanged itself, else from the second; where float types differ the value is
/// rounded to the one that is wanted. `distinct` are names that mean something else in each. Nothing if statements come to depend
/// on themselves. Its names are those of the first. May be null second for exchanges that are no statement's.
std::shared_ptr<const Program> mixed(const std::shared_ptr<const Program>& first,
                                     const std::shared_ptr<const Program>& second,
                                     std::span<const Exchange> exchanges,
                                     const std::set<std::string_view>& distinct = {});

/// The formula with what it gathers over all channels as the numbers that these are in a layer, the same instructions otherwise: a
/// channel is computed from itself alone. After BoundFormula::run().
std::shared_ptr<const Program> gathered(const BoundFormula& bound);

/// By instruction: the first name of each. A parameter is known by its own and is not among them.
using Names = std::map<int, std::string_view>;
Names names_of(const Program& program);

/// Statements of one name that can stand for one another: of one type, or both floats; y always.
bool are_alike(const Program& first, const Program& second, std::string_view name);

/// The instructions that one is computed from, itself included; that y is.
std::vector<bool> ancestors(const Program& program, int instruction);
std::vector<bool> ancestors_of_output(const Program& program);

} // namespace qbn::formula
