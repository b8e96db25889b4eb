#include "core/paste/text_headings.h"

#include "core/paste/recogniser_tools.h"

#include <algorithm>
#include <string_view>

namespace qbn {

namespace {

constexpr std::size_t longest_heading = 40;
constexpr std::size_t most_words_of_heading = 4;

struct OpenHeading
{
    std::string text;
    std::uint32_t indent = 0;
    bool is_section = false;
    bool has_indented = false; // lines below it stand farther in
};

// Letters, digits, '_', '.', '-' and few spaces.
std::string heading_words(std::string_view text)
{
    std::string words;
    std::size_t count = 1;
    bool has_letter = false;
    for (const char c : text) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_allowed = is_letter || (c >= '0' && c <= '9') || c == '_' || c == '.'
            || c == '-' || c == ' ' || c == '/';
        if (c == '"' || c == '\'' || c == '`' || c == '*')
            continue;
        if (!is_allowed)
            return {};
        has_letter = has_letter || is_letter;
        count += c == ' ' ? 1 : 0;
        words += c;
    }
    return has_letter && count <= most_words_of_heading && words.size() <= longest_heading
        ? words
        : std::string();
}

std::string section_of(std::string_view line)
{
    const bool is_markdown = line.starts_with("# ") || line.starts_with("## ")
        || line.starts_with("### ") || line.starts_with("#### ");
    const bool is_ruled = (line.starts_with("==") && line.ends_with("=="))
        || (line.starts_with("--") && line.ends_with("--"));
    const bool is_bracketed = line.size() > 2 && line.front() == '[' && line.back() == ']'
        && line.find_first_of(" ,0123456789") == std::string_view::npos;
    if (!is_markdown && !is_ruled && !is_bracketed)
        return {};
    const auto begin = line.find_first_not_of("#=-[ ");
    const auto end = line.find_last_not_of("=-] :");
    return begin == std::string_view::npos || end < begin
        ? std::string()
        : heading_words(line.substr(begin, end - begin + 1));
}

std::string opened_by(std::string_view line)
{
    while (line.ends_with('{') || line.ends_with(' '))
        line.remove_suffix(1);
    return line.ends_with(':') ? heading_words(line.substr(0, line.size() - 1)) : std::string();
}

class HeadingReader
{
public:
    explicit HeadingReader(const PasteText& text)
        : text_(text)
    { }

    std::vector<std::string> read()
    {
        std::vector<std::string> headings;
        headings.reserve(text_.line_count());
        for (std::size_t i = 0; i < text_.line_count(); ++i) {
            take(i);
            headings.push_back(joined_);
        }
        return headings;
    }

private:
    void take(std::size_t index)
    {
        const std::string_view line = trimmed(text_.line(index));
        const std::uint32_t indent = text_.place_of_line(index).indent;
        if (line.empty())
            return close(
                [](const OpenHeading& one) { return !one.is_section && !one.has_indented; });
        std::string section = section_of(line);
        std::string opened = section.empty() ? opened_by(line) : std::string();
        if (!section.empty())
            close([](const OpenHeading&) { return true; });
        else
            close([&](const OpenHeading& one) {
                const bool is_left = one.has_indented ? indent <= one.indent : indent < one.indent;
                // "A:" behind the lines of "B:" is another one beside it.
                const bool is_sibling = !opened.empty() && indent == one.indent;
                return !one.is_section && (is_left || is_sibling);
            });
        if (!open_.empty() && indent > open_.back().indent)
            open_.back().has_indented = true;
        constexpr std::size_t deepest = 6;
        if (open_.size() == deepest)
            return;
        if (!section.empty())
            open_.push_back({.text = std::move(section), .indent = 0, .is_section = true});
        else if (!opened.empty())
            open_.push_back({.text = std::move(opened), .indent = indent});
        else
            return;
        join();
    }

    // From the first heading that is left on.
    template <typename IsLeft> void close(IsLeft is_left)
    {
        const auto first = std::find_if(open_.begin(), open_.end(), is_left);
        if (first == open_.end())
            return;
        open_.erase(first, open_.end());
        join();
    }

    void join()
    {
        joined_.clear();
        for (const OpenHeading& one : open_)
            joined_ += (joined_.empty() ? "" : " ") + one.text;
    }

    const PasteText& text_;
    std::vector<OpenHeading> open_;
    std::string joined_;
};

} // namespace

std::vector<std::string> headings_of(const PasteText& text)
{
    return HeadingReader(text).read();
}

} // namespace qbn
