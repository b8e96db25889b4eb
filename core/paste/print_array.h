#pragma once

#include "core/paste/print_lexer.h"
#include "core/paste/printed_value.h"

namespace qbn {

/// Reads numbers in nested brackets into `value`: numbers, dimensions and cut_off; the form is list
/// where commas stand between the numbers and array where none do. Requires: the lexer stands
/// behind the first '[', the value has no dimensions yet. What ends the array too early (a word,
/// the end, brackets that do not match) is left to the lexer. A number that touches the end of the
/// text may lack digits and is dropped.
void read_array(PrintLexer& lexer, PrintedValue& value);

/// Reads what stands in the brackets of tensor(..), array(..) and a module's print: an array or
/// numbers, then name=value. Requires: the lexer stands behind the '('.
void read_call(PrintLexer& lexer, PrintedValue& value);

} // namespace qbn
