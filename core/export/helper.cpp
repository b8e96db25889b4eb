#include "core/export/helper.h"

#include <algorithm>

namespace qbn {

namespace {

std::string filled(std::string_view text, const HelperType& type)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            result += text[i];
            continue;
        }
        switch (text[++i]) {
        case 'T':
            result += type.type;
            break;
        case 'U':
            result += type.unsigned_type;
            break;
        case 'S':
            result += type.suffix;
            break;
        case 'W':
            result += type.width;
            break;
        case 'M':
            result += type.least;
            break;
        default:
            result += type.letter;
        }
    }
    return result;
}

} // namespace

void HelperSet::use(std::string_view name, formula::Type type)
{
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [name](const Helper& h) { return h.name == name; });
    if (found == all_.end()) {
        missing_ = name;
        return;
    }
    const bool is_typed = found->text.find('$') != std::string_view::npos;
    bool& used = used_[static_cast<std::size_t>(found - all_.begin())]
                      [is_typed ? static_cast<std::size_t>(type) : 0];
    if (used)
        return;
    used = true;
    std::string_view needs = found->needs;
    while (!needs.empty()) {
        const std::size_t end = std::min(needs.find(' '), needs.size());
        use(needs.substr(0, end), type);
        needs.remove_prefix(std::min(end + 1, needs.size()));
    }
}

std::string HelperSet::text(HelperType (*describe)(formula::Type), std::string_view end) const
{
    std::string result;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        for (std::size_t type = 0; type < used_[i].size(); ++type) {
            if (used_[i][type])
                result += filled(all_[i].text, describe(static_cast<formula::Type>(type)))
                    + std::string(end);
        }
    }
    return result;
}

} // namespace qbn
