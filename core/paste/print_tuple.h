#pragma once

#include "core/paste/printed_value.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// The longest text of a label; of a longer one the end is kept, which stands next to the value.
inline constexpr std::size_t longest_label = 60;
void append_word(std::string& words, std::string_view word);

/// Gives the values of a tuple the names that stand before them:
///     >>> bn.scale, bn.zero_point            scale, zero_point = 5.28, 73
///     (5.280323505401611, 73)
/// Names are words apart by commas; they count where each says what its value is. Of fewer values
/// than names those in brackets are the first ones; without brackets nobody knows. A part of the
/// print parser.
class PrintTuple
{
public:
    void clear_names();
    /// A word of the last name, or the first of another one behind a comma.
    void add_word(std::string_view word);
    /// Of the last name: the index of x[0, 1, 0, 0], and whether it is x.mean().
    void set_place(const PrintedLabel& label);
    void take_comma() { is_next_name_ = !names_.empty(); }
    /// Whether the names are those of a tuple, and the first one.
    bool has_names() const;
    const std::string& first_name() const { return names_.front().text; }
    bool has_words() const { return !names_.empty(); }
    /// Requires: has_words().
    const std::string& last_name() const { return names_.back().text; }

    /// The value at `first`, which comes now, is the first one behind the names. Requires:
    /// has_names().
    void open(std::size_t first, const std::string& before, bool is_bracketed);
    bool is_open() const { return open_.has_value(); }
    /// Closes the tuple if the values have all that belongs to it.
    void close_if_complete(std::vector<PrintedValue>& values);
    /// Closes the tuple, of which all values are there.
    void close(std::vector<PrintedValue>& values);

private:
    struct Open
    {
        std::vector<PrintedLabel> names;
        std::string before; // labels before them in the line
        std::size_t first = 0; // of the values
        bool is_bracketed = false;
    };

    bool is_complete(const std::vector<PrintedValue>& values) const;

    std::vector<PrintedLabel> names_; // text and index
    bool is_next_name_ = false;
    std::optional<Open> open_;
};

} // namespace qbn
