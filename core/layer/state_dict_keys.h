#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

inline constexpr std::string_view mean_key = "running_mean";
inline constexpr std::string_view var_key = "running_var";

/// "conv1.0." for the key "conv1.0.running_mean" and the name "running_mean", empty for a batch
/// norm that was saved alone; nothing if the key does not end so.
std::optional<std::string> prefix_of(std::string_view key, std::string_view name);

/// "conv1.0" for the prefix "conv1.0.", "batch_norm" for none.
std::string layer_name(std::string_view prefix);

/// The keys under which FX stores what goes into a layer: "conv1_0_input_scale_0".
std::string fx_input_scale_key(std::string_view prefix);
std::string fx_input_zero_point_key(std::string_view prefix);

/// The keys of a state_dict in their order, and the rule by which a batch norm is recognised in
/// them, for files as for printed text.
class StateDictKeys
{
public:
    struct Key
    {
        std::string name;
        bool is_single = true; ///< whether it holds one value
    };

    explicit StateDictKeys(std::vector<Key> keys);

    const Key& operator[](std::size_t index) const { return keys_[index]; }
    std::optional<std::size_t> index_of(std::string_view key) const;

    /// The prefix P of each batch norm, in the order of the first key that tells it: P.running_mean
    /// or P.running_var. Where one of the two is missing, reading it says so.
    std::vector<std::string> batch_norm_prefixes() const;

    /// Where the scale stands that is probably the input's: the last single X.scale for which it
    /// and X.zero_point stand before the first key of the batch norm, but for those of weights. A converted module stores its
    /// output's scale only, and modules are stored in the order in which they were made.
    std::optional<std::size_t> preceding_scale(std::string_view prefix) const;

    /// "activation_post_process_3.": what observes the batch norm's output in a graph of FX, and quantizes it while it is trained.
    /// It is the entry right behind, as a graph has its modules in the order in which they are called.
    std::optional<std::string> following_observer(std::string_view prefix) const;

private:
    std::size_t first_key(std::string_view prefix) const;

    std::vector<Key> keys_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::vector<std::optional<std::size_t>> scale_before_; ///< for each position
};

} // namespace qbn
