#pragma once

#include "core/formula/program.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// A function that exported code calls, as a text for one type or for any. In the text $T is the type, $U its unsigned one, $S what
/// names end in, $W its width in bits, $M its least value, $F the letter behind its literals and functions.
struct Helper
{
    std::string_view name;
    std::string_view needs; ///< other helpers of the same type, a space between
    std::string_view text;
};

/// What stands for the dollar names.
struct HelperType
{
    std::string_view type, unsigned_type, suffix, width, least, letter;
};

/// Which helpers a text calls, each once, so that only those are written.
class HelperSet
{
public:
    explicit HelperSet(std::span<const Helper> all)
        : all_(all)
        , used_(all.size())
    { }

    /// Marks it and what it needs.
    void use(std::string_view name, formula::Type type = formula::Type::f32);
    /// The texts in their order, each with `end` behind it. `describe` gives the words of a type.
    std::string text(HelperType (*describe)(formula::Type), std::string_view end) const;

    /// A name that was used and is none of them; empty where there is none.
    const std::string& missing() const { return missing_; }

private:
    std::span<const Helper> all_;
    std::string missing_;
    std::vector<std::array<bool, 7>> used_;
};

} // namespace qbn
