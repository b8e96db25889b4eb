#pragma once

#include "core/paste/print_text.h"
#include "core/paste/printed_value.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// Numbers that have no effect, and why.
struct LeftSpan
{
    std::uint32_t begin = 0; ///< in PlainText::text
    std::uint32_t end = 0;
    std::string reason; ///< "source code"
};

/// A text while recognisers take from it what they know (recogniser.h). What one has claimed is
/// blank for those behind it, so that no number is taken twice; places and lines stay the same.
class PasteText
{
public:
    /// At most 8 MiB of the text are read.
    explicit PasteText(std::string_view text);

    const PlainText& plain() const { return plain_; }
    const std::string& utf8() const { return utf8_; }
    bool is_cut_short() const { return is_cut_short_; }

    std::size_t line_count() const { return plain_.lines.size(); }
    const PlainLine& place_of_line(std::size_t line) const { return plain_.lines[line]; }
    /// What is left of a line, counted from 0; claimed characters are spaces.
    std::string_view line(std::size_t line) const;
    /// What is left of the whole text.
    std::string_view rest() const { return rest_; }
    /// The line, counted from 0, of a place in the text.
    std::size_t line_at(std::size_t place) const;

    /// Claims the characters from `begin` to before `end`.
    void claim(std::size_t begin, std::size_t end);
    void claim_line(std::size_t line);
    /// Whether ">> " stood before a line.
    bool is_typed_in_matlab(std::size_t line) const;
    /// Claims a line whose numbers mean nothing.
    void leave_line(std::size_t line, std::string reason);

    std::vector<PrintedValue> values; ///< that recognisers found, in any order
    std::vector<LeftSpan> left;
    std::vector<std::string> assumed; ///< sentences
    std::vector<std::string> missing;
    /// A place in the text at which what it prints is called so: "model.conv1[0]"
    std::string module_expression;
    /// The line, counted from 1, at which the result of a recognised call is printed.
    std::optional<int> result_line;
    struct NamedLine
    {
        int line = 0; ///< counted from 1, where an array begins
        PrintSide side = PrintSide::unknown;
    };
    std::vector<NamedLine> named_lines; ///< arrays of which a recogniser knows what they are
    std::vector<std::int64_t> shape; ///< of flat lists, if the text says it
    bool is_channels_last = false; ///< the text says NHWC or comes from a framework that has it
    bool is_batch_norm = false; ///< a recogniser knows that the text is about one

private:
    std::string utf8_;
    PlainText plain_;
    std::string rest_;
    bool is_cut_short_;
};

/// The numbers between two places of what is left, each with its place. C's suffixes (0.1f) and
/// hexadecimal integers are read; what else stands there is skipped.
std::vector<PrintedNumber> numbers_between(const PasteText& text, std::size_t begin,
                                           std::size_t end);

/// A value of a recogniser that knows what it means. Several numbers make one dimension.
PrintedValue known_value(const PasteText& text, PrintMeaning meaning, std::string label,
                         std::vector<PrintedNumber> numbers);

} // namespace qbn
