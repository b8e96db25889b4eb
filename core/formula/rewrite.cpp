#include "core/formula/rewrite.h"

#include <algorithm>
#include <array>

namespace qbn::formula {

namespace {

// In the order of RewriteId.
constexpr std::array rewrites{
    Rewrite{"halves-away", "halves are rounded away from zero"},
    Rewrite{"halves-up", "halves are rounded up"},
    Rewrite{"halves-even", "halves are rounded to even"},
    Rewrite{"truncate", "fractions are cut off"},
    Rewrite{"floor", "it is rounded down"},
    Rewrite{"shift-away", "the shift rounds halves away from zero"},
    Rewrite{"shift-up", "the shift rounds halves up"},
    Rewrite{"shift-down", "the shift rounds down"},
    Rewrite{"zero-inside", "the zero point is added before the rounding"},
    Rewrite{"reciprocal", "it multiplies by the reciprocal"},
    Rewrite{"division", "it divides instead of multiplying by the reciprocal"},
    Rewrite{"fused", "product and sum are fused, rounded once"},
    Rewrite{"unfused", "product and sum are rounded apart"},
    Rewrite{"other-order", "products and quotients are taken in another order"},
    Rewrite{"binary64", "it is computed in binary64 and rounded once"},
    Rewrite{"binary16", "it is kept in binary16"},
    Rewrite{"bfloat16", "it is kept in bfloat16"},
    Rewrite{"eps-outside", "eps is added to the root, not under it"},
    Rewrite{"no-eps", "eps is left out"},
    Rewrite{"wrap", "a code out of range wraps around instead of being clamped"},
    Rewrite{"narrow-range", "the lowest code is not used"},
    Rewrite{"other-relu", "ReLU is the other way: left out, or added where the layer has none"},
};

bool overlap(const Edit& a, const Edit& b)
{
    const std::size_t a_end = a.begin + a.length, b_end = b.begin + b.length;
    if (a.length == 0 && b.length == 0)
        return false;
    return a.begin < b_end && b.begin < a_end;
}

/// Where edits begin at one place: what closes, what opens, what is replaced.
bool comes_before(const Edit& a, const Edit& b)
{
    if (a.begin != b.begin)
        return a.begin < b.begin;
    const auto rank = [](const Edit& edit) { return edit.length > 0 ? 2 : edit.opens ? 1 : 0; };
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    return a.opens ? a.width > b.width : a.width < b.width;
}

} // namespace

std::span<const Rewrite> all_rewrites()
{
    return rewrites;
}

std::optional<std::string> apply(std::string_view text, std::span<const Change* const> changes)
{
    std::vector<const Edit*> edits;
    for (const Change* change : changes) {
        for (const Edit& edit : change->edits)
            edits.push_back(&edit);
    }
    for (std::size_t i = 0; i < edits.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (overlap(*edits[i], *edits[j]))
                return std::nullopt;
        }
    }
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit* a, const Edit* b) { return comes_before(*a, *b); });
    std::string result;
    std::size_t at = 0;
    for (const Edit* edit : edits) {
        result += text.substr(at, edit->begin - at);
        result += edit->text;
        at = edit->begin + edit->length;
    }
    return result.append(text.substr(at));
}

std::string with_title(const Syntax& syntax, std::string_view text, std::string_view title)
{
    std::string result = "title " + std::string(title) + "\n";
    for (const Header& header : syntax.headers) {
        if (header.key == "parameters" || header.key == "scales")
            result += std::string(header.key) + " " + std::string(header.value) + "\n";
    }
    std::size_t begin = 0;
    for (const Header& header : syntax.headers) {
        const auto end
            = static_cast<std::size_t>(header.value.data() + header.value.size() - text.data());
        begin = std::max(begin, std::min(text.find('\n', end), text.size() - 1) + 1);
    }
    return result.append(text.substr(std::min(begin, text.size())));
}

} // namespace qbn::formula
