#pragma once

#include "core/formula/program.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// The instructions of a formula as lines of a text: each has a name, that of its statement or one made of it, "gain_1".
class Listing
{
public:
    /// `is_reserved` tells the words that no line may be called; "int" becomes "v_int_".
    Listing(const formula::Program& program,
            const std::function<bool(std::string_view)>& is_reserved);

    const std::string& name_of(int instruction) const
    {
        return names_[static_cast<std::size_t>(instruction)];
    }
    /// The statement that an instruction belongs to, as one line: "gain = gamma * inv_std".
    std::string statement_of(int instruction) const;
    /// An operation, or a number that has a name: what stands on a line of its own.
    bool is_line(int instruction) const;

    /// The targets and all that they depend on, in order. What `is_known` accepts is listed, its operands are not.
    std::vector<int> needed(std::span<const int> targets,
                            const std::function<bool(int)>& is_known = {}) const;

private:
    const formula::Program& program_;
    std::vector<std::string> names_;
    std::vector<int> statements_; ///< of each instruction, an index in Program::names()
};

/// What formulas call an operation: "+", "negate", "to_code". Empty for a cast and what is no function.
std::string_view function_name(formula::Op op);

/// A formula's text in one line, without comments.
std::string in_one_line(std::string_view text);

/// Of a layer's name an identifier of C and Python, "bn_" in front where it has no such beginning: "conv1.0" gives bn_conv1_0.
std::string identifier_of(std::string_view layer_name);

} // namespace qbn
