#include "core/paste/log_prefix.h"

#include "core/text/characters.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Cuts the time, level and place that a logger puts in front of a line.
class LogPrefix
{
public:
    explicit LogPrefix(std::string_view line)
        : line_(line)
    { }

    std::size_t size()
    {
        skip_bracket();
        const bool has_time = skip_time();
        if (has_time)
            skip_separators();
        else
            *this = LogPrefix(line_);
        if (!skip_level(has_time))
            return has_time ? position_ : 0;
        skip_place();
        return position_;
    }

private:
    void skip_bracket()
    {
        is_open_ = line_.substr(position_).starts_with('[');
        position_ += is_open_ ? 1U : 0U;
    }

    // "] ", ": ", " - " and " | ", and no minus of a number and no bracket of an array.
    void skip_separators()
    {
        if (is_open_ && line_.substr(position_).starts_with(']')) {
            ++position_;
            is_open_ = false;
        }
        skip(" \t");
        const std::string_view rest = line_.substr(position_);
        if (rest.starts_with(':') || rest.starts_with('|') || rest.starts_with("- "))
            ++position_;
        skip(" \t");
    }

    void skip(std::string_view characters)
    {
        position_ = std::min(line_.find_first_not_of(characters, position_), line_.size());
    }

    // Digits as in "0000-00-00", any digit for a 0; '-' stands for '/' too.
    bool skip_form(std::string_view form)
    {
        const std::string_view rest = line_.substr(position_);
        if (rest.size() < form.size())
            return false;
        for (std::size_t i = 0; i < form.size(); ++i) {
            const char c = rest[i];
            const bool fits = form[i] == '0' ? is_digit(c)
                : form[i] == '-'             ? c == '-' || c == '/'
                                             : c == form[i];
            if (!fits)
                return false;
        }
        position_ += form.size();
        return true;
    }

    // "2024-01-01 12:00:00,123", "12:00:00", "2024-01-01T12:00:00.123456Z"
    bool skip_time()
    {
        if (skip_form("0000-00-00"))
            skip(" T");
        if (!skip_form("00:00:00"))
            return false;
        skip(".,0123456789");
        skip("Z");
        if (!skip_form("+00:00"))
            skip_form("-00:00");
        return true;
    }

    // INFO, behind a logger's name if a time stands before it. Without a time it has to look like a
    // logger's: "INFO: ", "[INFO] ", "INFO:root:".
    bool skip_level(bool has_time)
    {
        constexpr std::array levels{std::string_view("DEBUG"),   std::string_view("INFO"),
                                    std::string_view("WARNING"), std::string_view("WARN"),
                                    std::string_view("ERROR"),   std::string_view("CRITICAL"),
                                    std::string_view("NOTICE"),  std::string_view("TRACE")};
        const LogPrefix before = *this;
        const std::size_t name_end = name_end_at(position_);
        if (has_time && line_.substr(name_end).starts_with(" - "))
            position_ = name_end + 3;
        skip_bracket();
        for (const std::string_view level : levels) {
            const std::string_view rest = line_.substr(position_);
            if (!rest.starts_with(level))
                continue;
            const std::string_view behind = rest.substr(level.size());
            const bool is_level = has_time ? behind.empty() || !is_letter(behind.front())
                : is_open_                 ? behind.starts_with(']')
                                           : behind.starts_with(':') || behind.starts_with(" - ");
            if (!is_level)
                continue;
            position_ += level.size();
            return true;
        }
        *this = before;
        return false;
    }

    // "INFO:root:x" and "INFO [train.py:12] x"; in "INFO: eps:1e-05" eps is none.
    void skip_place()
    {
        const bool is_bare = line_.substr(position_).starts_with(':');
        const std::size_t name = position_ + (is_bare ? 1U : 0U);
        const std::size_t name_end = name_end_at(name);
        if (is_bare && name_end > name && line_.substr(name_end).starts_with(':')) {
            position_ = name_end + 1;
            return;
        }
        skip_separators();
        const LogPrefix before = *this;
        skip_bracket();
        const std::size_t end = name_end_at(position_);
        const bool has_line = line_.substr(position_, end - position_).ends_with(".py")
            && end + 1 < line_.size() && line_[end] == ':' && is_digit(line_[end + 1]);
        if (!has_line) {
            *this = before;
            return;
        }
        position_ = std::min(line_.find_first_not_of("0123456789", end + 1), line_.size());
        skip_separators();
    }

    std::size_t name_end_at(std::size_t place) const
    {
        while (place < line_.size()
               && (is_letter(line_[place]) || is_digit(line_[place]) || line_[place] == '_'
                   || line_[place] == '.'))
            ++place;
        return place;
    }

    std::string_view line_;
    std::size_t position_ = 0;
    bool is_open_ = false; // a bracket
};

} // namespace

std::size_t log_prefix_size(std::string_view line)
{
    return LogPrefix(line).size();
}

} // namespace qbn
