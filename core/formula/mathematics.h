#pragma once

#include "core/formula/program.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::formula {

/// An expression as it is set in print. Texts are UTF-8.
struct Mathematics
{
    enum class Kind : std::uint8_t
    {
        symbol, ///< a letter, slanted: x, γ
        word, ///< a name or a function, upright: std_dev, fma
        number,
        sign, ///< an operator between two parts: +, ≤, with space around it
        mark, ///< what stands close: a minus before a number, a comma
        row, ///< parts side by side
        fraction, ///< parts: above, below
        root, ///< parts: what stands under it
        script, ///< parts: base, below, above; either of these may be an empty row
        fence, ///< text: the two brackets, apart by a space; parts: what stands between
        choice, ///< parts: value, condition, value, condition, .., value otherwise
    };
    Kind kind = Kind::row;
    std::string text = {};
    std::vector<Mathematics> parts = {};
};

/// Of an expression: quotients are fractions, sqrt a root, select a choice, the inputs have the letters that the cards have. Casts
/// and every other function keep their names, for they round. Brackets stand where the precedence wants them.
/// With the program that it is of, a quotient of whole numbers is one that truncates.
Mathematics mathematics(const Expression& expression, const Program* program = nullptr);

/// Of a name: "s_in" is s with an index, "std_dev" a word.
Mathematics mathematics(std::string_view name);

/// name = expression, of a program.
Mathematics mathematics(const Statement& statement, const Program& program);

/// As LaTeX, for its mathematical mode, with amsmath.
std::string latex(const Mathematics& shown);

/// All statements, aligned at the equals signs, with the formula's title, as lines to paste into a paper.
std::string latex(const Program& program);

} // namespace qbn::formula
