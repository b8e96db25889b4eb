#include "core/formats/tensors/layer_finder.h"

#include "core/formats/bytes/cancelled.h"
#include "core/formats/tensors/range_proposal.h"
#include "core/layer/state_dict_keys.h"
#include "core/text/integer.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace qbn {

namespace {

// 64 MiB of parameters; a small file can repeat a storage without end.
constexpr std::size_t channel_limit = 1 << 21;

// Of the codes that a layer gives, by its prefix, as far as known.
using KnownTypes = std::map<std::string, CodeType>;

const std::string keeps_type = "PyTorch's batch norm keeps its input's type";
const std::string no_scales = "a float checkpoint has no scales";

// The module that quantizes what a module of quantization-aware training gives, and in it the one that observes
// (torch.ao.quantization.FakeQuantize).
constexpr std::string_view fake_quantizer = "activation_post_process.";

// Reads one layer. The first failure is kept, every later step is skipped.
class LayerReader
{
public:
    LayerReader(const Checkpoint& checkpoint, const StateDictKeys& keys, KnownTypes& types,
                std::string prefix)
        : checkpoint_(checkpoint)
        , keys_(keys)
        , types_(types)
        , prefix_(std::move(prefix))
    { }

    Result<BatchNormLayer> read()
    {
        layer_.name = layer_name(prefix_);
        layer_.mean = statistic(mean_key, Field::mean);
        layer_.var = statistic(var_key, Field::var);
        read_affine();
        read_module();
        if (error_)
            return *std::move(error_);
        check_lengths();
        if (error_) // what follows looks at one channel after the other in all of them
            return *std::move(error_);
        read_output();
        read_input();
        if (error_)
            return *std::move(error_);
        return std::move(layer_);
    }

    // Once it was read: whether its codes are those of quantization-aware training.
    bool is_trained() const { return trained_output().has_value(); }

private:
    struct Fields
    {
        Field type, scale, zero_point;
    };
    static constexpr Fields input_fields{Field::input_type, Field::input_scale,
                                         Field::input_zero_point};
    static constexpr Fields output_fields{Field::output_type, Field::output_scale,
                                          Field::output_zero_point};

    std::string key(std::string_view name) const { return prefix_ + std::string(name); }
    bool has(const std::string& name) const { return checkpoint_.index_of(name).has_value(); }
    bool has_single(const std::string& name) const
    {
        const auto index = checkpoint_.index_of(name);
        return index && checkpoint_.tensors()[*index].element_count == 1;
    }

    void fail(std::string message)
    {
        if (!error_)
            error_ = Error{std::move(message)};
    }

    void mark(Field field, Origin origin, std::string note)
    {
        layer_.provenance.set(field, {.origin = origin, .note = std::move(note)});
    }

    std::vector<double> values(const std::string& name)
    {
        const auto index = checkpoint_.index_of(name);
        if (!index) {
            fail("the key " + in_quotes(name) + " is missing");
            return {};
        }
        auto result = checkpoint_.values(checkpoint_.tensors()[*index]);
        if (!result) {
            fail(result.error().message);
            return {};
        }
        return *std::move(result);
    }

    std::vector<double> statistic(std::string_view name, Field field)
    {
        mark(field, Origin::file, key(name));
        return values(key(name));
    }

    void read_affine()
    {
        if (has(key("weight")) || has(key("bias"))) {
            layer_.gamma = statistic("weight", Field::gamma);
            layer_.beta = statistic("bias", Field::beta);
            return;
        }
        layer_.gamma.assign(layer_.mean.size(), 1);
        layer_.beta.assign(layer_.mean.size(), 0);
        mark(Field::gamma, Origin::defaulted, "no weight in the file (affine=False?)");
        mark(Field::beta, Origin::defaulted, "no bias in the file (affine=False?)");
    }

    // What a whole module, a program or a graph says beside its tensors.
    void read_module()
    {
        static const ModuleFacts nothing;
        const ModuleFacts* const found = checkpoint_.module(prefix_);
        facts_ = found != nullptr ? found : &nothing;
        if (facts_->eps) {
            layer_.eps = *facts_->eps;
            mark(Field::eps, Origin::file, facts_->note);
        } else
            mark(Field::eps, Origin::defaulted, "PyTorch's default; a state_dict holds no eps");
        if (facts_->relu) {
            layer_.relu = *facts_->relu;
            mark(Field::relu, Origin::file, facts_->note);
        } else
            mark(Field::relu, Origin::defaulted,
                 "a state_dict does not say whether a ReLU is fused");
    }

    void set_known(const Fields& fields, QuantizationParameters& target,
                   const QuantizationParameters& known)
    {
        target = known;
        for (const Field field : {fields.type, fields.scale, fields.zero_point})
            mark(field, Origin::file, facts_->note);
    }

    void check_lengths()
    {
        if (layer_.mean.empty())
            return fail(in_quotes(key(mean_key)) + " has no values");
        const auto count
            = [](const std::vector<double>& array) { return counted(array.size(), "value"); };
        const std::array<std::pair<std::string_view, const std::vector<double>*>, 3> others{
            std::pair(var_key, &layer_.var), std::pair("weight", &layer_.gamma),
            std::pair("bias", &layer_.beta)};
        for (const auto& [name, array] : others) {
            if (array->size() != layer_.mean.size())
                return fail(in_quotes(key(mean_key)) + " has " + count(layer_.mean) + ", but "
                            + in_quotes(key(name)) + " has " + count(*array));
        }
    }

    double single(const std::string& name)
    {
        const std::vector<double> source = values(name);
        if (!error_ && source.size() != 1)
            fail(in_quotes(name) + " has " + counted(source.size(), "value")
                 + "; one is needed, quantization per channel is not supported");
        return error_ ? 0 : source.front();
    }

    std::int32_t zero_point(const std::string& name)
    {
        const auto value = checked_integer<std::int32_t>(single(name));
        if (!value)
            fail(in_quotes(name) + " is not a whole number of 32 bits");
        return value.value_or(0);
    }

    // The origin belongs to scale and zero point; the type is nowhere in the file.
    void set(const Fields& fields, QuantizationParameters& target, const std::string& scale_key,
             const std::string& zero_point_key)
    {
        target.scale = single(scale_key);
        target.zero_point = zero_point(zero_point_key);
        mark(fields.scale, Origin::file, scale_key);
        mark(fields.zero_point, Origin::file, zero_point_key);
        set_type(fields, target);
    }

    void set_type(const Fields& fields, QuantizationParameters& target)
    {
        target.type = target.zero_point < 0 ? qint8_type : quint8_type;
        if (target.zero_point < 0)
            mark(fields.type, Origin::inferred,
                 "a state_dict does not say the type; the zero point is negative");
        else
            mark(fields.type, Origin::defaulted, "a state_dict does not say the type");
    }

    bool has_output() const { return has(key("scale")) || has(key("zero_point")); }

    // The prefix of what quantizes the output while it is trained: of the batch norm, or of the pair of it and a ReLU.
    std::optional<std::string> trained_output() const
    {
        if (has_output() || facts_->output)
            return std::nullopt;
        const auto quantizes = [this](const std::string& owner) {
            return has_single(owner + "scale") && has_single(owner + "zero_point");
        };
        const std::string own = key(fake_quantizer);
        if (quantizes(own))
            return own;
        if (is_first_of_pair()) {
            const std::string of_pair
                = prefix_.substr(0, prefix_.size() - 2) + std::string(fake_quantizer);
            if (quantizes(of_pair))
                return of_pair;
        }
        const auto next = keys_.following_observer(prefix_);
        return checkpoint_.is_in_model_order() && next && quantizes(*next) ? next : std::nullopt;
    }

    void read_trained_output(const std::string& owner)
    {
        set(output_fields, layer_.output, owner + "scale", owner + "zero_point");
        read_trained_type(owner, output_fields, layer_.output);
        const bool is_own = owner == key(fake_quantizer);
        const bool is_of_graph = !owner.ends_with(fake_quantizer);
        if (is_of_graph)
            for (const Field field : {Field::output_scale, Field::output_zero_point})
                mark(field, Origin::inferred,
                     owner.substr(0, owner.size() - 1)
                         + ", the entry behind; key order suggests it");
        // Without a ReLU some output would lie below 0.
        const std::string lowest = owner + std::string(fake_quantizer) + "min_val";
        if (is_own || (is_of_graph && (!has_single(lowest) || single(lowest) != 0)))
            return;
        layer_.relu = true;
        mark(Field::relu, Origin::inferred,
             is_of_graph
                 ? "nothing below 0 was seen behind it"
                 : "what quantizes the output stands behind a pair, of batch norm and ReLU");
    }

    // "bn.0." within BNReLU2d, a Sequential.
    bool is_first_of_pair() const { return prefix_.ends_with(".0."); }

    // What its observer saw tells how many codes there are: a scale is of max - min over them.
    void read_trained_type(const std::string& owner, const Fields& fields,
                           QuantizationParameters& target)
    {
        const std::string observer = owner + std::string(fake_quantizer);
        if (!has_single(observer + "min_val") || !has_single(observer + "max_val"))
            return;
        const double low = std::min(0.0, single(observer + "min_val"));
        const double high = std::max(0.0, single(observer + "max_val"));
        const double first = target.zero_point + std::nearbyint(low / target.scale);
        const double last = first + std::nearbyint((high - low) / target.scale);
        for (const CodeType type : {quint8_type, qint8_type, CodeType{false, 7}, CodeType{true, 7}})
            if (first == type.qmin() && last == type.qmax()) {
                target.type = type;
                mark(fields.type, Origin::inferred,
                     "the range that " + observer.substr(0, observer.size() - 1)
                         + " saw has that many steps");
            }
    }

    void read_output()
    {
        if (facts_->output)
            set_known(output_fields, layer_.output, *facts_->output);
        else if (has_output())
            set(output_fields, layer_.output, key("scale"), key("zero_point"));
        else if (const auto owner = trained_output())
            read_trained_output(*owner);
        else {
            propose_output(layer_, no_scales);
            set_type(output_fields, layer_.output);
        }
    }

    void read_input()
    {
        const std::string scale = fx_input_scale_key(prefix_);
        const std::string zero_point_name = fx_input_zero_point_key(prefix_);
        if (facts_->input)
            set_known(input_fields, layer_.input, *facts_->input);
        else if (has(scale) || has(zero_point_name))
            set(input_fields, layer_.input, scale, zero_point_name);
        else if (has_output() || is_trained())
            infer_input();
        else {
            propose_input(layer_, no_scales);
            set_type(input_fields, layer_.input);
        }
    }

    void infer_input()
    {
        const bool is_ordered = checkpoint_.is_in_model_order();
        const auto scale = is_ordered ? keys_.preceding_scale(prefix_) : std::nullopt;
        if (!scale) {
            const std::string note = is_ordered
                ? "no scale and zero point stand before this layer"
                : "the file has its tensors in an order that says nothing of the model";
            mark(Field::input_scale, Origin::unknown, note);
            mark(Field::input_zero_point, Origin::unknown, note);
            return set_type(input_fields, layer_.input);
        }
        const std::string owner = *prefix_of(keys_[*scale].name, "scale");
        set(input_fields, layer_.input, keys_[*scale].name, owner + "zero_point");
        const bool is_of_training = owner.ends_with(fake_quantizer);
        if (is_trained())
            read_trained_type(owner, input_fields, layer_.input);
        const std::string module = owner.substr(
            0, owner.size() - (is_of_training ? fake_quantizer.size() : std::size_t{0}));
        const std::string name = module.substr(0, module.empty() ? 0 : module.size() - 1);
        const std::string note
            = "output of " + in_quotes(name) + ", the entry before; key order suggests it";
        mark(Field::input_scale, Origin::inferred, note);
        mark(Field::input_zero_point, Origin::inferred, note);
        read_type_of(owner);
    }

    // Where the file says of what type the codes of the module before are, or it is a batch norm of which that is known.
    void read_type_of(const std::string& owner)
    {
        const ModuleFacts* const module = checkpoint_.module(owner);
        const auto before = types_.find(owner);
        if (module != nullptr && module->type) {
            layer_.input.type = *module->type;
            mark(Field::input_type, Origin::file, module->note);
        } else if (before != types_.end()) {
            layer_.input.type = before->second;
            mark(Field::input_type, Origin::inferred, keeps_type);
        } else
            return;
        layer_.output.type = layer_.input.type;
        mark(Field::output_type, Origin::inferred, keeps_type);
        types_.emplace(prefix_, layer_.output.type);
    }

    const Checkpoint& checkpoint_;
    const StateDictKeys& keys_;
    KnownTypes& types_;
    std::string prefix_;
    const ModuleFacts* facts_ = nullptr;
    BatchNormLayer layer_;
    std::optional<Error> error_;
};

StateDictKeys keys_of(const Checkpoint& checkpoint)
{
    std::vector<StateDictKeys::Key> keys;
    for (const NamedTensor& tensor : checkpoint.tensors())
        keys.push_back({.name = tensor.name, .is_single = tensor.element_count == 1});
    return StateDictKeys(std::move(keys));
}

} // namespace

Result<Model> find_layers(const Checkpoint& checkpoint, const std::string& model_name,
                          const std::stop_token& stop)
{
    Model model;
    model.name = model_name;
    std::size_t channels = 0;
    const StateDictKeys keys = keys_of(checkpoint);
    KnownTypes types;
    for (const std::string& prefix : keys.batch_norm_prefixes()) {
        if (stop.stop_requested())
            return reading_cancelled();
        LayerReader reader(checkpoint, keys, types, prefix);
        auto layer = reader.read();
        if (!layer)
            return layer.error();
        if (reader.is_trained())
            model.backend = "pytorch-fake-quantize";
        channels += static_cast<std::size_t>(layer->channels());
        if (channels > channel_limit)
            return Error{"its batch norms have more than 2097152 channels together"};
        model.layers.push_back(std::make_shared<const BatchNormLayer>(*std::move(layer)));
    }
    if (model.layers.empty())
        return Error{"no batch norm found: it has " + counted(checkpoint.tensors().size(), "tensor")
                     + ", none named *.running_mean"};
    return model;
}

} // namespace qbn
