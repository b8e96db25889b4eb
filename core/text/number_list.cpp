#include "core/text/number_list.h"

#include "core/text/text_number.h"

#include <algorithm>

namespace qbn {

std::optional<std::vector<double>> parse_number_list(std::string_view text)
{
    const std::size_t open = text.find('[');
    const std::size_t close = text.rfind(']');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close)
        text = text.substr(open, close - open + 1);

    constexpr std::string_view separators = " \t\r\n,;[]";
    std::vector<double> numbers;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty())
            break;
        const std::string_view word = text.substr(0, text.find_first_of(separators));
        const std::optional<double> number = parse_typed_number(word);
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
        text.remove_prefix(word.size());
    }
    if (numbers.empty())
        return std::nullopt;
    return numbers;
}

} // namespace qbn
