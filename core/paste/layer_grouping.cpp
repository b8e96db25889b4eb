#include "core/paste/layer_grouping.h"

#include "core/paste/indexed_parameters.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

namespace qbn {

namespace {

constexpr std::size_t most_layers = 4096;
constexpr std::size_t no_layer = most_layers;

bool is_batch_norm(const PrintedValue& module)
{
    return module.type.find("BatchNorm") != std::string::npos
        || module.type.find("BNReLU") != std::string::npos;
}

bool is_affine(const PrintMeaning& meaning)
{
    return meaning.role == PrintRole::gamma || meaning.role == PrintRole::beta;
}

// "bn." for bn.weight; FX's keys have none.
std::string prefix_of_parameter(const PrintMeaning& meaning)
{
    return prefix_of(meaning.key, key_name_of(meaning.role)).value_or(std::string());
}

StateDictKeys keys_of(const std::vector<PrintedParameter>& parameters)
{
    std::vector<StateDictKeys::Key> keys;
    for (const auto& [value, meaning] : parameters) {
        std::string key = meaning.key;
        if (key.empty()) // "Running Mean"
            key = (meaning.side == PrintSide::input ? "input_" : "")
                + std::string(key_name_of(meaning.role));
        keys.push_back({.name = std::move(key), .is_single = value->numbers.size() == 1});
    }
    return StateDictKeys(std::move(keys));
}

} // namespace

LayerGrouping::LayerGrouping(std::vector<PrintedParameter> parameters,
                             std::vector<const PrintedValue*> modules, Paste& paste)
    : parameters_(std::move(parameters))
    , modules_(std::move(modules))
    , paste_(paste)
    , keys_({})
{
    for (std::string& sentence : join_indexed_parameters(parameters_, joined_))
        paste_.assumed.push_back(std::move(sentence));
    facts_.take_quantized(parameters_);
    keys_ = keys_of(parameters_);
    for (const PrintedParameter& parameter : parameters_)
        prefixes_.push_back(prefix_of_parameter(parameter.meaning));
    std::copy_if(modules_.begin(), modules_.end(), std::back_inserter(batch_norms_),
                 [](const PrintedValue* module) { return is_batch_norm(*module); });
}

void LayerGrouping::group(bool has_pixels)
{
    make_layers(has_pixels);
    add_parameters();
    const PrintedValue* before = nullptr;
    for (const PrintedValue* module : modules_) {
        if (is_batch_norm(*module))
            add_module(*module, before);
        before = module->attribute("scale") ? module : nullptr;
    }
}

void LayerGrouping::make_layer(const std::string& prefix)
{
    const std::size_t layer = paste_.layers.size();
    if (layer == most_layers || !layer_of_.emplace(prefix, layer).second)
        return;
    layer_of_.emplace(fx_input_scale_key(prefix), layer);
    layer_of_.emplace(fx_input_zero_point_key(prefix), layer);
    layer_prefixes_.push_back(prefix);
    paste_.layers.push_back({.name = layer_name(prefix)});
}

void LayerGrouping::make_layers(bool has_pixels)
{
    const auto namesake = namesake_of_loose();
    for (const std::string& prefix : keys_.batch_norm_prefixes()) {
        if (!prefix.empty() || !namesake)
            make_layer(prefix);
    }
    if (const auto named = namesake ? layer_of_.find(*namesake) : layer_of_.end();
        named != layer_of_.end()) {
        layer_of_.emplace(std::string(), named->second);
        paste_.assumed.push_back("what has no name belongs to " + layer_name(*namesake)
                                 + ": the statistics are the same");
    }
    if (paste_.layers.empty() && parameters_.empty())
        make_module_layers();
    if (paste_.layers.empty()) {
        const std::vector<std::string> prefixes = prefixes_without_statistics();
        if (prefixes.size() == 1)
            make_layer(prefixes.front());
        else if (has_pixels || !batch_norms_.empty())
            make_layer({});
    }
    if (paste_.layers.size() == 1) {
        adopt_loose_prefix();
        layer_of_.emplace(std::string(), 0);
    }
}

// bn.running_mean as it was set and the keys of bn.state_dict(): one layer, if only one has these
// statistics.
std::optional<std::string> LayerGrouping::namesake_of_loose() const
{
    const std::vector<std::string> prefixes = keys_.batch_norm_prefixes();
    if (std::find(prefixes.begin(), prefixes.end(), std::string()) == prefixes.end())
        return std::nullopt;
    std::optional<std::string> found;
    for (const std::string& prefix : prefixes) {
        if (prefix.empty() || !is_same({}, prefix))
            continue;
        if (found)
            return std::nullopt;
        found = prefix;
    }
    return found;
}

// Whether both have a mean or a variance, and no parameter of each channel is another.
bool LayerGrouping::is_same(const std::string& loose, const std::string& named) const
{
    std::map<PrintRole, const PrintedValue*> of_loose;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (prefixes_[i] == loose && is_per_channel(field_of(parameters_[i].meaning)))
            of_loose.emplace(parameters_[i].meaning.role, parameters_[i].value);
    }
    bool has_statistic = false;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const auto& [value, meaning] = parameters_[i];
        const auto other = of_loose.find(meaning.role);
        if (prefixes_[i] != named || other == of_loose.end())
            continue;
        const auto& a = value->numbers;
        const auto& b = other->second->numbers;
        const bool agrees = std::equal(
            a.begin(), a.end(), b.begin(), b.end(),
            [](const PrintedNumber& x, const PrintedNumber& y) { return x.agrees_with(y); });
        if (!agrees)
            return false;
        has_statistic = has_statistic || !is_affine(meaning);
    }
    return has_statistic;
}

void LayerGrouping::make_module_layers()
{
    for (const PrintedValue* module : batch_norms_)
        make_layer(module->path.empty() ? std::string() : module->path + '.');
}

// Those that could be a batch norm's although neither mean nor variance was printed: none of a
// convolution, whose weight has more than one dimension.
std::vector<std::string> LayerGrouping::prefixes_without_statistics() const
{
    std::set<std::string> possible;
    std::set<std::string> excluded;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const auto& [value, meaning] = parameters_[i];
        if (value->dimensions.size() > 1)
            excluded.insert(prefixes_[i]);
        else if (prefixes_[i].empty() || is_affine(meaning) || meaning.role == PrintRole::eps)
            possible.insert(prefixes_[i]);
    }
    std::vector<std::string> prefixes;
    std::set_difference(possible.begin(), possible.end(), excluded.begin(), excluded.end(),
                        std::back_inserter(prefixes));
    return prefixes;
}

// "Running Mean" beside bn.weight: one layer.
void LayerGrouping::adopt_loose_prefix()
{
    if (!layer_prefixes_.front().empty())
        return;
    std::vector<std::string> prefixes = prefixes_without_statistics();
    std::erase(prefixes, std::string());
    if (prefixes.size() != 1)
        return;
    layer_of_.emplace(prefixes.front(), 0);
    layer_prefixes_.front() = prefixes.front();
    paste_.layers.front().name = layer_name(prefixes.front());
    paste_.assumed.push_back("what has no name belongs to " + paste_.layers.front().name
                             + ", the only layer that is named");
}

void LayerGrouping::add(std::size_t layer, Field field, PastedFact fact)
{
    const std::vector<PrintedNumber> numbers = fact.numbers;
    const auto sentence = paste_.layers[layer].add(field, std::move(fact));
    if (sentence && contradicted_.emplace(layer, field).second)
        paste_.assumed.push_back(*sentence);
    // Where this one is used all the same, that is what is said of it.
    for (const PrintedNumber& number : numbers) {
        if (number.place != PrintedNumber::no_place)
            paste_.left.push_back(
                {.begin = number.place,
                 .end = number.place + 1,
                 .reason = sentence ? *sentence : spaced_name(field) + " is printed twice"});
    }
}

void LayerGrouping::add_parameters()
{
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        if (!add_parameter(i))
            unused_.insert(i);
    }
    // input.scale of the only layer is its input's.
    std::erase_if(unused_, [this](std::size_t i) {
        const PrintMeaning& meaning = parameters_[i].meaning;
        const bool is_sided = meaning.side != PrintSide::unknown && meaning.role >= PrintRole::scale
            && paste_.layers.size() == 1 && prefixes_[i].find('.') + 1 == prefixes_[i].size();
        const bool is_free = is_sided && !paste_.layers.front().fact(field_of(meaning));
        if (is_free)
            add(0, field_of(meaning), facts_.of(parameters_[i]));
        return is_free;
    });
    add_scales_of_only_layer();
}

// bn.scale beside labels without a prefix, where nothing else has one.
void LayerGrouping::add_scales_of_only_layer()
{
    if (paste_.layers.size() != 1)
        return;
    std::erase_if(unused_, [&](std::size_t i) {
        const auto& [value, meaning] = parameters_[i];
        const bool is_scale
            = meaning.role == PrintRole::scale || meaning.role == PrintRole::zero_point;
        const std::string& owner = prefixes_[i];
        const bool is_ours
            = owner == paste_.layers.front().name + '.' || owner == "bn." || owner == "norm.";
        const bool is_free = is_scale && is_ours && value->dimensions.size() <= 1
            && !paste_.layers.front().fact(field_of(meaning));
        if (is_free)
            add(0, field_of(meaning), facts_.of(parameters_[i]));
        return is_free;
    });
}

bool LayerGrouping::add_parameter(std::size_t index)
{
    const auto& [value, meaning] = parameters_[index];
    const bool is_fx = layer_of_.contains(meaning.key) && !meaning.key.empty();
    const auto layer = layer_of_.find(is_fx ? meaning.key : prefixes_[index]);
    if (layer == layer_of_.end() || value->dimensions.size() > 1)
        return false;
    // "mean=3" of a sentence beside lists of several channels.
    if (is_per_channel(field_of(meaning)) && value->dimensions.empty()
        && most_channels_of(prefixes_[index]) > 1)
        return false;
    add(layer->second, field_of(meaning), facts_.of(parameters_[index]));
    return true;
}

std::size_t LayerGrouping::most_channels_of(const std::string& prefix) const
{
    std::size_t most = 0;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const auto& [value, meaning] = parameters_[i];
        const bool is_list = is_per_channel(field_of(meaning)) && value->dimensions.size() == 1
            && prefixes_[i] == prefix;
        most = std::max(most, is_list ? value->numbers.size() : 0);
    }
    return most;
}

std::size_t LayerGrouping::layer_of_module(const PrintedValue& module) const
{
    const auto named = layer_of_.find(module.path + '.');
    if (!module.path.empty() && named != layer_of_.end())
        return named->second;
    // bn = nn.BatchNorm2d(3, eps=0.001) as it was typed and its print are one module.
    const auto is_same = [&module](const PrintedValue* other) {
        const auto a = module.number("eps");
        const auto b = other->number("eps");
        return other->path == module.path && a && b && a->value == b->value
            && !other->numbers.empty() && !module.numbers.empty()
            && other->numbers.front().value == module.numbers.front().value;
    };
    const bool is_only = batch_norms_.size() == 1
        || std::all_of(batch_norms_.begin(), batch_norms_.end(), is_same);
    return is_only && paste_.layers.size() == 1 ? 0 : no_layer;
}

void LayerGrouping::add_module(const PrintedValue& module, const PrintedValue* before)
{
    const std::size_t layer = layer_of_module(module);
    if (layer == no_layer) {
        ++paste_.skipped_values;
        return;
    }
    PastedLayer& target = paste_.layers[layer];
    if (layer_prefixes_[layer].empty() && !module.path.empty())
        target.name = module.path;
    if (auto eps = attribute_fact(module, "eps"))
        add(layer, Field::eps, *std::move(eps));
    if (!module.numbers.empty())
        target.features = module.numbers.front().whole();
    const PrintedValue::Attribute* const affine = module.attribute("affine");
    target.has_affine = !affine || affine->word != "False";
    // A float module may still be fused.
    if (module.type.starts_with("Quantized")) {
        PastedFact relu;
        relu.numbers = {{.value = module.type.find("ReLU") != std::string::npos ? 1.0 : 0.0}};
        relu.provenance = {.origin = Origin::pasted, .note = place_of(module)};
        add(layer, Field::relu, std::move(relu));
    }
    if (before)
        module_before_[layer] = before;
}

void LayerGrouping::infer_inputs()
{
    for (std::size_t layer = 0; layer < paste_.layers.size(); ++layer) {
        if (paste_.layers[layer].fact(Field::input_scale))
            continue;
        if (infer_from_keys(layer, layer_prefixes_[layer]))
            continue;
        if (const auto before = module_before_.find(layer); before != module_before_.end())
            infer_from_module(layer, *before->second);
    }
    paste_.skipped_values += unused_.size();
    for (const std::size_t parameter : unused_) {
        for (const PrintedNumber& number : parameters_[parameter].value->numbers) {
            if (number.place != PrintedNumber::no_place)
                paste_.left.push_back({.begin = number.place,
                                       .end = number.place + 1,
                                       .reason = "it belongs to no batch norm"});
        }
    }
}

bool LayerGrouping::infer_from_keys(std::size_t layer, const std::string& prefix)
{
    const auto scale = keys_.preceding_scale(prefix);
    if (!scale || !paste_.layers[layer].fact(Field::output_scale))
        return false;
    const std::string owner = *prefix_of(keys_[*scale].name, "scale");
    const std::size_t zero = *keys_.index_of(owner + "zero_point");
    PastedFact scale_fact = facts_.of(parameters_[*scale]);
    PastedFact zero_point = facts_.of(parameters_[zero]);
    unused_.erase(*scale);
    unused_.erase(zero);
    const Provenance inferred{.origin = Origin::inferred,
                              .note = "output of " + layer_name(owner)
                                  + ", the entry before; key order suggests it"};
    scale_fact.provenance = inferred;
    zero_point.provenance = inferred;
    add(layer, Field::input_scale, std::move(scale_fact));
    add(layer, Field::input_zero_point, std::move(zero_point));
    return true;
}

void LayerGrouping::infer_from_module(std::size_t layer, const PrintedValue& module)
{
    const std::pair<Field, std::string_view> attributes[]{{Field::input_scale, "scale"},
                                                          {Field::input_zero_point, "zero_point"}};
    for (const auto& [field, name] : attributes) {
        auto fact = attribute_fact(module, name);
        if (!fact || paste_.layers[layer].fact(field))
            continue;
        fact->provenance
            = {.origin = Origin::inferred, .note = place_of(module) + ", the module before"};
        add(layer, field, *std::move(fact));
    }
    if (const auto type = code_type_of(module); type && !paste_.layers[layer].input_type)
        paste_.layers[layer].input_type = type;
}

} // namespace qbn
