#include "core/paste/recogniser.h"
#include "core/paste/recogniser_tools.h"

#include <array>
#include <utility>

namespace qbn {

namespace {

/// The arrays in a list of arrays: [array([1., 2.]), array([..])]
std::vector<std::vector<PrintedNumber>> arrays_from(const PasteText& text, std::size_t begin,
                                                    std::size_t& end)
{
    constexpr std::size_t longest_list = std::size_t{1} << 20;
    const std::string_view rest = text.rest();
    std::vector<std::vector<PrintedNumber>> arrays;
    int depth = 0;
    std::size_t open = begin;
    for (end = begin; end < std::min(rest.size(), begin + longest_list); ++end) {
        const char c = rest[end];
        if (c == '[' && ++depth == 2)
            open = end;
        if (c == ']' && --depth == 1)
            arrays.push_back(numbers_between(text, open, end));
        if (depth == 0)
            return arrays;
    }
    return {};
}

} // namespace

// layer.get_weights() of a BatchNormalization: gamma, beta, moving mean, moving variance.
void read_keras_weights(PasteText& text)
{
    const auto call = text.rest().find("get_weights()");
    if (call == std::string_view::npos)
        return;
    const auto open = text.rest().find('[', call);
    if (open == std::string_view::npos || text.line_at(open) > text.line_at(call) + 2)
        return;
    std::size_t end = open;
    const auto arrays = arrays_from(text, open, end);
    constexpr std::array roles{PrintRole::gamma, PrintRole::beta, PrintRole::mean, PrintRole::var};
    if (arrays.size() != roles.size())
        return;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (arrays[i].empty() || arrays[i].size() != arrays.front().size())
            return;
    }
    constexpr std::array names{"gamma", "beta", "moving mean", "moving variance"};
    for (std::size_t i = 0; i < roles.size(); ++i) {
        PrintedValue value = known_value(text, {.role = roles[i]},
                                         std::string("get_weights(), ") + names[i], arrays[i]);
        value.dimensions = {{.count = static_cast<std::int64_t>(arrays[i].size())}};
        value.form = PrintedValue::Form::array;
        text.values.push_back(std::move(value));
    }
    text.is_batch_norm = true;
    text.is_channels_last = true;
    text.claim(text.place_of_line(text.line_at(call)).begin, end + 1);
    text.assumed.push_back("get_weights() lists gamma, beta, moving mean and moving variance, as "
                           "Keras's BatchNormalization does");
}

} // namespace qbn
