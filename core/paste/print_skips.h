#pragma once

#include "core/paste/print_lexer.h"

#include <string_view>

namespace qbn {

// Each moves the lexer, which stands behind `word`, past what is neither label nor value, or leaves
// it where it is and gives false. Parts of the print parser.

/// "In [4]:" and "Out[4]:" of IPython.
bool skip_prompt(PrintLexer& lexer, std::string_view word);

/// "Parameter containing:"
bool skip_containing(PrintLexer& lexer, std::string_view word);

/// <tf.Variable 'bn/gamma:0' shape=(3,) dtype=float32, numpy=array([..])>: what stands before the
/// array says nothing of its meaning. "numpy=" alone is skipped, the array is not.
bool skip_attribute(PrintLexer& lexer, std::string_view word);

/// The ":0" of TensorFlow's bn/gamma:0, which is output 0 of bn/gamma.
void skip_output_index(PrintLexer& lexer);

} // namespace qbn
