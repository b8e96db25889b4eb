#pragma once

#include "core/paste/print_lexer.h"

#include <string>
#include <vector>

namespace qbn {

/// Keeps where a print of modules is: "(conv1): Sequential(" and "(0): BatchNorm2d(..)" in it are conv1 and conv1.0. Other
/// parentheses are only counted. A part of the print parser.
class ModulePaths
{
public:
    /// Behind an opening parenthesis, past "conv1):" where that names a module.
    void open(PrintLexer& lexer);
    void close();
    /// A name counts for its line.
    void end_line() { pending_.clear(); }

    bool is_open() const { return !open_.empty(); }
    /// The path of the module that was named last.
    std::string take();

private:
    std::vector<std::string> open_; // by parenthesis
    std::string pending_;
};

} // namespace qbn
