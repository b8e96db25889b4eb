#pragma once

#include "core/formula/syntax.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::formula {

/// A kind of change to a formula that may give other codes: what an implementation does otherwise than the text says.
struct Rewrite
{
    std::string_view id; ///< "halves-away"
    std::string_view title; ///< "halves are rounded away from zero"
};

/// All of them. Those that stand first are the usual ones.
std::span<const Rewrite> all_rewrites();

/// A piece of the text and what stands in its place; of length 0: an insertion.
struct Edit
{
    std::size_t begin = 0;
    std::size_t length = 0;
    std::string text;
    /// Of insertions at one place those that close come first, the narrow ones before the wide ones, then those that open.
    bool opens = false;
    std::size_t width = 0; ///< of what an insertion encloses
};

/// A rewrite at one place of a text.
struct Change
{
    const Rewrite* rewrite = nullptr;
    std::string_view where; ///< the name of the statement; empty: the whole text
    std::vector<Edit> edits;
};

/// Every change that can be made to a text, in its order. They are proposals: one whose text does not compile, because its types
/// do not agree, is none.
std::vector<Change> find_changes(const Syntax& syntax, std::string_view text);

/// The text with several changes made. Nothing where two of them change the same piece.
std::optional<std::string> apply(std::string_view text, std::span<const Change* const> changes);

/// The text under another title, without the headers that say who checked it and what it is of.
std::string with_title(const Syntax& syntax, std::string_view text, std::string_view title);

} // namespace qbn::formula
