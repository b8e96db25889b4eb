#pragma once

#include "core/formats/torch/pickle_value.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace qbn {

/// Names of a pickle that Python would import and that are not ours to know. Such a name may only be the class of an object,
/// which is never made; in modules also an attribute, such as torch.nn.functional.relu. Of all others the pickle is refused.
class ForeignNames
{
public:
    /// A name without a use yet, and the offset of the operation that put it there.
    using Place = std::pair<const PickleRef, std::size_t>;

    void add(PickleRef global, std::size_t offset) { unused_.emplace(global, offset); }
    void use_as_class(PickleRef global) { unused_.erase(global); }

    /// The name while it has no use; null for one that has, or is ours.
    const Place* find(PickleRef global) const
    {
        const auto found = unused_.find(global);
        return found != unused_.end() ? &*found : nullptr;
    }

    /// Another node stands for the same name from now on.
    void move(PickleRef from, PickleRef to)
    {
        if (const Place* const place = find(from)) {
            const std::size_t offset = place->second;
            unused_.erase(from);
            unused_.emplace(to, offset);
        }
    }

    /// The first that is neither a class nor an attribute of a module; null if there is none.
    const Place* first_refused() const
    {
        const Place* first = nullptr;
        for (const Place& place : unused_) {
            if (!is_attribute(place.first->as<PickleGlobal>()->name)
                && (first == nullptr || place.second < first->second))
                first = &place;
        }
        return first;
    }

private:
    static bool is_attribute(std::string_view name)
    {
        return name.starts_with("torch.nn.") || name.starts_with("torch.ao.")
            || name.starts_with("torch.fx.");
    }

    std::unordered_map<PickleRef, std::size_t> unused_;
};

} // namespace qbn
