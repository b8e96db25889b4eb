#pragma once

#include "core/paste/print_lexer.h"
#include "core/paste/printed_value.h"

#include <optional>
#include <vector>

namespace qbn {

/// What stands in the brackets of x[0, :, 1:3].
struct PrintedBrackets
{
    std::vector<PrintedIndex> index;
    std::vector<PrintToken> keys; ///< of state["conv1.weight"]
};

/// Reads them. The lexer stands in front of '[' and is moved behind ']'; it stays where it is where
/// the brackets hold no index, such as the numbers of a list or what is too long.
std::optional<PrintedBrackets> read_brackets(PrintLexer& lexer);

/// x[0, :] and then [1]: the second one counts the dimensions that the first one leaves.
void append_index(std::vector<PrintedIndex>& index, const std::vector<PrintedIndex>& next);

} // namespace qbn
