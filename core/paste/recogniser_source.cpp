#include "core/paste/recogniser.h"
#include "core/paste/source_lines.h"
#include "core/paste/typed_line.h"

#include <algorithm>
#include <array>
#include <vector>

namespace qbn {

namespace {

/// Lines without a blank one between them.
struct Paragraph
{
    std::size_t begin = 0;
    std::size_t end = 0;
    bool has_source = false;
    bool has_literals = false;
    bool has_other = false;
};

class SourceReader
{
public:
    explicit SourceReader(PasteText& text)
        : text_(text)
        , kinds_(kinds_of_lines(text))
    {
        find_paragraphs();
    }

    void read()
    {
        find_expression();
        leave_comments();
        for (std::size_t i = 0; i < paragraphs_.size(); ++i) {
            const Paragraph& paragraph = paragraphs_[i];
            const bool is_between = !paragraph.has_other && stands_between_source(i);
            for (std::size_t line = paragraph.begin; line < paragraph.end; ++line) {
                if (is_source(paragraph, line, is_between))
                    text_.leave_line(line, "source code");
            }
        }
    }

private:
    void find_paragraphs()
    {
        bool is_session = false;
        for (std::size_t line = 0; line < kinds_.size(); ++line)
            is_session = is_session || text_.place_of_line(line).is_prompt;
        for (std::size_t line = 0; line < kinds_.size(); ++line) {
            if (kinds_[line] == LineKind::blank)
                continue;
            const bool continues = !paragraphs_.empty() && paragraphs_.back().end == line;
            if (!continues)
                paragraphs_.push_back({.begin = line});
            Paragraph& paragraph = paragraphs_.back();
            paragraph.end = line + 1;
            const bool is_typed = text_.place_of_line(line).is_prompt;
            // A trace in a session stands among what was printed.
            const bool is_code = kinds_[line] == LineKind::source
                || (kinds_[line] == LineKind::trace && !is_session);
            paragraph.has_source |= is_code && !is_typed && !names_print(line);
            paragraph.has_literals |= kinds_[line] == LineKind::literal;
            paragraph.has_other |= kinds_[line] == LineKind::other || is_typed;
        }
    }

    // Comments of a C++ file tell of numbers too.
    void leave_comments()
    {
        const std::string& plain = text_.plain().text;
        const bool is_file = plain.find("#include") != std::string::npos
            || plain.find("#pragma once") != std::string::npos;
        const bool has_code = std::any_of(paragraphs_.begin(), paragraphs_.end(),
                                          [](const Paragraph& one) { return one.has_source; });
        for (std::size_t line = 0; is_file && has_code && line < text_.line_count(); ++line) {
            const auto comment = text_.line(line).find("//");
            const PlainLine& place = text_.place_of_line(line);
            if (comment == std::string_view::npos)
                continue;
            const auto begin = static_cast<std::uint32_t>(place.begin + comment);
            text_.claim(begin, place.end);
            text_.left.push_back({.begin = begin, .end = place.end, .reason = "a comment"});
        }
    }

    // print(bn.eps), and on the next line what it printed: the name of that. Of a cell of a notebook
    // the last expression is one, and its output stands behind the fence.
    bool names_print(std::size_t line) const
    {
        const std::string_view statement = text_.line(line);
        std::size_t behind = line + 1;
        const bool ends_cell = behind < kinds_.size() && is_fence(behind);
        constexpr std::size_t farthest = 8; // lines
        while (ends_cell && behind < std::min(kinds_.size(), line + farthest)
               && (is_fence(behind) || kinds_[behind] == LineKind::blank))
            ++behind;
        const bool is_named = statement.find("print(") != std::string_view::npos
            || (ends_cell && typed_line(statement) == TypedLine::expression);
        if (!is_named || behind >= kinds_.size())
            return false;
        const std::string_view next = text_.line(behind);
        const auto first = next.find_first_not_of(" \t");
        return first != std::string_view::npos && kinds_[behind] != LineKind::source
            && (next[first] == '[' || next[first] == '(' || next[first] == '-'
                || (next[first] >= '0' && next[first] <= '9') || next.starts_with("tensor(")
                || next.starts_with("array(") || next.starts_with("Parameter"));
    }

    bool is_fence(std::size_t line) const { return text_.line(line).starts_with("```"); }

    // Constants of a script stand between its statements.
    bool stands_between_source(std::size_t paragraph) const
    {
        const bool is_first = paragraph == 0;
        const bool is_last = paragraph + 1 == paragraphs_.size();
        const bool before = !is_first && paragraphs_[paragraph - 1].has_source;
        const bool after = !is_last && paragraphs_[paragraph + 1].has_source;
        return (before && (after || is_last)) || (after && is_first);
    }

    bool is_source(const Paragraph& paragraph, std::size_t line, bool is_between) const
    {
        const LineKind kind = kinds_[line];
        const bool is_typed = text_.place_of_line(line).is_prompt;
        if (kind == LineKind::trace)
            return true;
        if (kind == LineKind::source)
            return !names_print(line) && (!is_typed || is_statement(line));
        if (is_typed && kind == LineKind::literal && calls_other_maker(text_.line(line)))
            return true;
        if (is_typed || kind == LineKind::other || kind == LineKind::blank)
            return false;
        return paragraph.has_source || is_between;
    }

    // What was typed at a prompt names what follows, unless it is a statement without a result.
    bool is_statement(std::size_t line) const
    {
        const std::string_view typed = text_.line(line);
        return typed.starts_with("import ") || typed.starts_with("from ")
            || (typed.find(" = ") != std::string_view::npos
                && typed.find("BatchNorm") == std::string_view::npos);
    }

    // "model.conv1[0]" of print(model.conv1[0].running_mean): what the user calls the module.
    void find_expression()
    {
        constexpr std::array names{std::string_view(".running_mean"),
                                   std::string_view(".running_var"),
                                   std::string_view(".zero_point"), std::string_view(".weight")};
        const std::string& plain = text_.plain().text;
        for (const std::string_view name : names) {
            const auto at = plain.find(name);
            if (at == std::string::npos)
                continue;
            std::size_t begin = at;
            while (begin > 0 && is_of_name(plain[begin - 1]))
                --begin;
            if (begin == at)
                continue;
            text_.module_expression = plain.substr(begin, at - begin);
            return;
        }
    }

    static bool is_of_name(char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == '.' || c == '[' || c == ']';
    }

    PasteText& text_;
    std::vector<LineKind> kinds_;
    std::vector<Paragraph> paragraphs_;
};

} // namespace

void read_source_code(PasteText& text)
{
    SourceReader(text).read();
}

} // namespace qbn
