#pragma once

#include "core/layer/state_dict_keys.h"
#include "core/paste/parameter_facts.h"
#include "core/paste/paste.h"
#include "core/paste/print_labels.h"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qbn {

/// Sorts parameters and modules into layers; a part of read_paste().
class LayerGrouping
{
public:
    /// Requires: the values outlive the grouping.
    LayerGrouping(std::vector<PrintedParameter> parameters,
                  std::vector<const PrintedValue*> modules, Paste& paste);

    /// Makes the layers of the paste and gives them what is theirs. With pixels there is a layer
    /// even if no parameter was printed.
    void group(bool has_pixels);

    /// Adds a fact; where it contradicts one that is there, says so once for each field.
    void add(std::size_t layer, Field field, PastedFact fact);

    /// Gives the layers without an input scale that of the module before them, marked as inferred,
    /// and counts the parameters that belong to no layer.
    void infer_inputs();

private:
    void make_layers(bool has_pixels);
    void make_layer(const std::string& prefix);
    void make_module_layers();
    std::vector<std::string> prefixes_without_statistics() const;
    void adopt_loose_prefix();
    std::optional<std::string> namesake_of_loose() const;
    bool is_same(const std::string& loose, const std::string& named) const;
    void add_parameters();
    void add_scales_of_only_layer();
    bool add_parameter(std::size_t index);
    std::size_t most_channels_of(const std::string& prefix) const;
    void add_module(const PrintedValue& module, const PrintedValue* before);
    std::size_t layer_of_module(const PrintedValue& module) const;
    bool infer_from_keys(std::size_t layer, const std::string& prefix);
    void infer_from_module(std::size_t layer, const PrintedValue& module);

    std::vector<PrintedParameter> parameters_;
    std::deque<PrintedValue> joined_; // of those, what was printed a channel at a time
    ParameterFacts facts_;
    std::vector<const PrintedValue*> modules_;
    std::vector<const PrintedValue*> batch_norms_; // of the modules
    Paste& paste_;
    std::vector<std::string> prefixes_; // of the parameters
    StateDictKeys keys_; // of the parameters
    std::map<std::string, std::size_t> layer_of_; // by prefix, and by FX's keys
    std::map<std::size_t, const PrintedValue*> module_before_; // by layer
    std::vector<std::string> layer_prefixes_;
    std::set<std::pair<std::size_t, Field>> contradicted_;
    std::set<std::size_t> unused_; // of the parameters
};

} // namespace qbn
