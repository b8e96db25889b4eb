#include "core/paste/print_text.h"

#include "core/paste/log_prefix.h"
#include "core/text/characters.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace qbn {

namespace {

void append_utf8(std::string& text, std::uint32_t point)
{
    const auto byte = [&text](std::uint32_t value) { text += static_cast<char>(value); };
    const auto tail = [&](int shift) { byte(0x80U | ((point >> shift) & 0x3fU)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xc0U | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        byte(0xe0U | (point >> 12));
        tail(6);
        tail(0);
    } else {
        byte(0xf0U | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string from_utf16(std::string_view text, bool is_big_endian)
{
    constexpr std::uint32_t replacement = 0xfffd;
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const auto first = static_cast<unsigned char>(text[at]);
        const auto second = static_cast<unsigned char>(text[at + 1]);
        return is_big_endian ? first * 256U + second : second * 256U + first;
    };
    std::string utf8;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const std::uint32_t first = unit(at);
        const std::uint32_t second = at + 3 < text.size() ? unit(at + 2) : 0;
        const bool is_pair = first >> 10 == 0xd800U >> 10 && second >> 10 == 0xdc00U >> 10;
        if (is_pair)
            at += 2;
        const bool is_half = !is_pair && first >> 11 == 0xd800U >> 11;
        append_utf8(utf8,
                    is_pair       ? 0x10000U + ((first & 0x3ffU) << 10) + (second & 0x3ffU)
                        : is_half ? replacement
                                  : first);
    }
    return utf8;
}

// Whether nearly all characters at the start have a zero byte at `offset` and none beside it.
bool is_padded(std::string_view text, std::size_t offset)
{
    constexpr std::size_t looked_at = 512;
    const std::size_t pairs = std::min(looked_at, text.size()) / 2;
    std::size_t ascii = 0;
    for (std::size_t i = 0; i < pairs; ++i) {
        const bool is_ascii = text[2 * i + offset] == '\0' && text[2 * i + 1 - offset] > '\0';
        ascii += is_ascii ? 1U : 0U;
    }
    return pairs > 1 && ascii * 10 >= pairs * 9;
}

struct Replacement
{
    std::string_view from;
    std::string_view to;
    bool only_before_number = false; // a dash in prose stays one
};

constexpr std::array replacements{
    Replacement{"\xc2\xa0", " "}, // no-break space
    Replacement{"\xe2\x80\x80", " "},
    Replacement{"\xe2\x80\x81", " "},
    Replacement{"\xe2\x80\x82", " "},
    Replacement{"\xe2\x80\x83", " "},
    Replacement{"\xe2\x80\x84", " "},
    Replacement{"\xe2\x80\x85", " "},
    Replacement{"\xe2\x80\x86", " "},
    Replacement{"\xe2\x80\x87", " "}, // figure space
    Replacement{"\xe2\x80\x88", " "},
    Replacement{"\xe2\x80\x89", " "}, // thin space
    Replacement{"\xe2\x80\x8a", " "},
    Replacement{"\xe2\x80\xaf", " "}, // narrow no-break space
    Replacement{"\xe3\x80\x80", " "}, // ideographic space
    Replacement{"\xe2\x80\x8b", ""}, // zero width space
    Replacement{"\xe2\x81\xa0", ""}, // word joiner
    Replacement{"\xef\xbb\xbf", ""}, // byte order mark
    Replacement{"\xe2\x88\x92", "-"}, // minus sign
    Replacement{"\xe2\x80\x90", "-", true}, // hyphen
    Replacement{"\xe2\x80\x91", "-", true}, // no-break hyphen
    Replacement{"\xe2\x80\x92", "-", true}, // figure dash
    Replacement{"\xe2\x80\x93", "-", true}, // en dash
    Replacement{"\xef\xb9\xa3", "-", true}, // small hyphen-minus
    Replacement{"\xef\xbc\x8d", "-", true}, // fullwidth hyphen-minus
    Replacement{"\xe2\x80\x98", "'"},
    Replacement{"\xe2\x80\x99", "'"},
    Replacement{"\xe2\x80\x9c", "\""},
    Replacement{"\xe2\x80\x9d", "\""},
    Replacement{"\xe2\x80\xa6", "..."}, // ellipsis
    Replacement{"\xcf\x83\xc2\xb2", "var"}, // sigma squared
    Replacement{"\xcf\x83^2", "var"},
    Replacement{"\xcf\x83", "sigma"},
    Replacement{"\xce\xb3", "gamma"},
    Replacement{"\xce\xb2", "beta"},
    Replacement{"\xce\xbc", "mu"},
    Replacement{"\xc2\xb5", "mu"}, // micro sign
    Replacement{"\xce\xb5", "eps"}, // epsilon
    Replacement{"\xcf\xb5", "eps"}, // lunate epsilon
    Replacement{"<br>", ""},
    Replacement{"<br/>", ""},
    Replacement{"<br />", ""},
};

// "In [4]: " of IPython, with digits, a space or an asterisk.
std::size_t ipython_prompt_size(std::string_view line)
{
    constexpr std::string_view start = "In [";
    if (!line.starts_with(start))
        return 0;
    const std::size_t end = line.find_first_not_of("0123456789 *", start.size());
    if (end == std::string_view::npos || end == start.size() || !line.substr(end).starts_with("]:"))
        return 0;
    return std::min(line.find_first_not_of(' ', end + 2), line.size());
}

// "... " and, of IPython, "   ...: ". An array that is cut goes on with a comma behind the dots.
bool is_continuation(std::string_view line)
{
    return line == "..." || line.starts_with("... ") || line.starts_with("...:");
}

// The size of the ANSI escape at the start, 0 where none stands.
std::size_t escape_size(std::string_view text)
{
    constexpr std::size_t longest = 64;
    text = text.substr(0, longest);
    const bool has_escape = text.starts_with('\x1b');
    if (has_escape)
        text.remove_prefix(1);
    const std::size_t before = has_escape ? 1 : 0;
    if (!text.starts_with('['))
        return before; // ESC alone, or one that no printing program writes
    const std::size_t end = std::min(text.find_first_not_of("0123456789;?", 1), text.size());
    // "[0;32m" where the escape character was lost; "[1, 2]" is a list.
    const bool is_colour = end > 1 && end < text.size() && text[end] == 'm';
    const bool is_escape = has_escape && end < text.size();
    return is_colour || is_escape ? before + end + 1 : before;
}

// A line while it is changed.
struct ChangedLine
{
    std::string text;
    std::vector<std::uint32_t> origins;

    void append(std::string_view added, std::uint32_t origin)
    {
        text += added;
        origins.insert(origins.end(), added.size(), origin);
    }
};

const Replacement* replacement_at(std::string_view rest)
{
    const auto* const found = std::find_if(
        replacements.begin(), replacements.end(), [rest](const Replacement& one) {
            if (!rest.starts_with(one.from))
                return false;
            const std::string_view behind = rest.substr(one.from.size());
            const bool is_number = !behind.empty()
                && (is_digit(behind.front()) || behind.front() == '.' || behind.starts_with("inf"));
            return is_number || !one.only_before_number;
        });
    return found == replacements.end() ? nullptr : found;
}

// `start` is the line's place in its text.
void change_typography(ChangedLine& changed, std::string_view line, std::size_t start)
{
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at];
        const auto origin = static_cast<std::uint32_t>(start + at);
        if (c == '\x1b' || c == '[') {
            const std::size_t size = escape_size(line.substr(at));
            if (size == 0)
                changed.append("[", origin);
            at += std::max<std::size_t>(size, 1);
            continue;
        }
        const bool may_change = c == '<' || static_cast<unsigned char>(c) >= 0x80;
        const Replacement* const found = may_change ? replacement_at(line.substr(at)) : nullptr;
        changed.append(found ? found->to : line.substr(at, 1), origin);
        at += found ? found->from.size() : 1;
    }
}

} // namespace

std::string utf8_text(std::string_view text)
{
    if (text.starts_with("\xff\xfe"))
        return from_utf16(text.substr(2), false);
    if (text.starts_with("\xfe\xff"))
        return from_utf16(text.substr(2), true);
    if (is_padded(text, 1))
        return from_utf16(text, false);
    if (is_padded(text, 0))
        return from_utf16(text, true);
    return std::string(text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0));
}

PlainText plain_text(std::string_view utf8)
{
    PlainText plain;
    plain.text.reserve(utf8.size());
    plain.origins.reserve(utf8.size());
    ChangedLine changed;
    for (std::size_t start = 0; start <= utf8.size();) {
        const std::size_t end = std::min(utf8.find('\n', start), utf8.size());
        changed.text.clear();
        changed.origins.clear();
        change_typography(changed, utf8.substr(start, end - start), start);
        std::string_view line = changed.text;
        const std::size_t indent = std::min(line.find_first_not_of("> \t"), line.size());
        PlainLine& added = plain.lines.emplace_back();
        added.is_prompt = line.substr(0, indent).find(">>>") != std::string_view::npos;
        added.quotes
            = static_cast<std::uint32_t>(std::count(line.begin(), line.begin() + indent, '>'));
        added.indent = static_cast<std::uint32_t>(indent);
        line.remove_prefix(indent);
        if (const std::size_t prompt = ipython_prompt_size(line); prompt > 0) {
            added.is_prompt = true;
            line.remove_prefix(prompt);
        }
        added.is_continuation = is_continuation(line) && plain.lines.size() > 1
            && (plain.lines.rbegin()[1].is_prompt || plain.lines.rbegin()[1].is_continuation);
        line.remove_prefix(log_prefix_size(line));
        added.begin = static_cast<std::uint32_t>(plain.text.size());
        plain.text.append(line);
        added.end = static_cast<std::uint32_t>(plain.text.size());
        const auto kept = static_cast<std::ptrdiff_t>(line.size());
        plain.origins.insert(plain.origins.end(), changed.origins.end() - kept,
                             changed.origins.end());
        if (end < utf8.size()) {
            plain.text += '\n';
            plain.origins.push_back(static_cast<std::uint32_t>(end));
        }
        start = end + 1;
    }
    return plain;
}

} // namespace qbn
