#include "core/layer/state_dict_keys.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace qbn {

namespace {

constexpr std::array own_keys{mean_key,
                              var_key,
                              std::string_view("weight"),
                              std::string_view("bias"),
                              std::string_view("num_batches_tracked"),
                              std::string_view("scale"),
                              std::string_view("zero_point")};

std::string without_dot(std::string_view prefix)
{
    return std::string(prefix.substr(0, prefix.empty() ? 0 : prefix.size() - 1));
}

std::string fx_key(std::string_view prefix, std::string_view name)
{
    std::string key = without_dot(prefix);
    std::replace(key.begin(), key.end(), '.', '_');
    return key.append(name);
}

} // namespace

std::optional<std::string> prefix_of(std::string_view key, std::string_view name)
{
    if (!key.ends_with(name))
        return std::nullopt;
    const std::string_view prefix = key.substr(0, key.size() - name.size());
    if (!prefix.empty() && prefix.back() != '.')
        return std::nullopt;
    return std::string(prefix);
}

std::string layer_name(std::string_view prefix)
{
    return prefix.empty() ? "batch_norm" : without_dot(prefix);
}

std::string fx_input_scale_key(std::string_view prefix)
{
    return fx_key(prefix, "_input_scale_0");
}

std::string fx_input_zero_point_key(std::string_view prefix)
{
    return fx_key(prefix, "_input_zero_point_0");
}

StateDictKeys::StateDictKeys(std::vector<Key> keys)
    : keys_(std::move(keys))
{
    for (std::size_t i = 0; i < keys_.size(); ++i)
        index_.emplace(keys_[i].name, i);
    // A pair of scale and zero point is there once both of its keys have passed.
    std::vector<std::optional<std::size_t>> complete(keys_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto owner = prefix_of(keys_[i].name, "scale");
        const auto zero_point = owner ? index_of(*owner + "zero_point") : std::nullopt;
        // A module that is still trained keeps one of its weights too.
        if (zero_point && keys_[i].is_single && !owner->ends_with("weight_fake_quant.")) {
            auto& scale = complete[std::max(i, *zero_point)];
            scale = std::max(scale, std::optional(i));
        }
    }
    std::optional<std::size_t> last;
    for (const auto& scale : complete) {
        scale_before_.push_back(last);
        last = std::max(last, scale);
    }
    scale_before_.push_back(last);
}

std::optional<std::size_t> StateDictKeys::index_of(std::string_view key) const
{
    const auto found = index_.find(key);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> StateDictKeys::batch_norm_prefixes() const
{
    std::vector<std::string> prefixes;
    std::set<std::string> seen;
    for (const Key& key : keys_) {
        auto prefix = prefix_of(key.name, mean_key);
        if (!prefix)
            prefix = prefix_of(key.name, var_key);
        if (prefix && seen.insert(*prefix).second)
            prefixes.push_back(*std::move(prefix));
    }
    return prefixes;
}

std::optional<std::size_t> StateDictKeys::preceding_scale(std::string_view prefix) const
{
    return scale_before_[first_key(prefix)];
}

std::optional<std::string> StateDictKeys::following_observer(std::string_view prefix) const
{
    std::size_t behind = 0;
    for (const std::string_view name : own_keys)
        if (const auto at = index_of(std::string(prefix).append(name)))
            behind = std::max(behind, *at + 1);
    if (behind >= keys_.size() || !keys_[behind].name.starts_with("activation_post_process_"))
        return std::nullopt;
    const std::string& next = keys_[behind].name;
    return next.substr(0, next.find('.') + 1);
}

std::size_t StateDictKeys::first_key(std::string_view prefix) const
{
    std::size_t first = keys_.size();
    for (const std::string_view name : own_keys)
        first = std::min(first, index_of(std::string(prefix).append(name)).value_or(first));
    return first;
}

} // namespace qbn
