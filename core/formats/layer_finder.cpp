#include "core/formats/layer_finder.h"

#include "core/formats/error_text.h"
#include "core/formats/range_proposal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace qbn {

namespace {

constexpr std::string_view mean_key = "running_mean";
constexpr std::string_view var_key = "running_var";
constexpr std::array own_keys{mean_key,
                              var_key,
                              std::string_view("weight"),
                              std::string_view("bias"),
                              std::string_view("num_batches_tracked"),
                              std::string_view("scale"),
                              std::string_view("zero_point")};
// 512 MiB of parameters; a small file can repeat a storage without end.
constexpr std::size_t channel_limit = 1 << 24;

// "conv1.0." for the key "conv1.0.running_mean", empty for a batch norm that was saved alone.
std::optional<std::string> prefix_of(std::string_view key, std::string_view suffix)
{
    if (key.size() < suffix.size() || key.substr(key.size() - suffix.size()) != suffix)
        return std::nullopt;
    const std::string_view prefix = key.substr(0, key.size() - suffix.size());
    if (!prefix.empty() && prefix.back() != '.')
        return std::nullopt;
    return std::string(prefix);
}

// Reads one layer. The first failure is kept, every later step is skipped.
class LayerReader
{
public:
    LayerReader(const Checkpoint& checkpoint, std::string prefix)
        : checkpoint_(checkpoint)
        , prefix_(std::move(prefix))
    { }

    Result<BatchNormLayer> read()
    {
        layer_.name = prefix_.empty() ? "batch_norm" : prefix_.substr(0, prefix_.size() - 1);
        layer_.mean = statistic(mean_key, Field::mean);
        layer_.var = statistic(var_key, Field::var);
        read_affine();
        mark(Field::eps, Origin::defaulted, "PyTorch's default; a state_dict holds no eps");
        mark(Field::relu, Origin::defaulted, "a state_dict does not say whether a ReLU is fused");
        if (error_)
            return *std::move(error_);
        check_lengths();
        read_output();
        read_input();
        if (error_)
            return *std::move(error_);
        return std::move(layer_);
    }

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
            fail("the key " + quoted(name) + " is missing");
            return {};
        }
        auto result = checkpoint_.values(checkpoint_.tensors()[*index]);
        if (!result) {
            fail(result.error().message);
            return {};
        }
        return *std::move(result);
    }

    Eigen::ArrayXd statistic(std::string_view name, Field field)
    {
        const std::vector<double> source = values(key(name));
        mark(field, Origin::file, key(name));
        return Eigen::Map<const Eigen::ArrayXd>(source.data(),
                                                static_cast<Eigen::Index>(source.size()));
    }

    void read_affine()
    {
        if (has(key("weight")) || has(key("bias"))) {
            layer_.gamma = statistic("weight", Field::gamma);
            layer_.beta = statistic("bias", Field::beta);
            return;
        }
        layer_.gamma = Eigen::ArrayXd::Ones(layer_.mean.size());
        layer_.beta = Eigen::ArrayXd::Zero(layer_.mean.size());
        mark(Field::gamma, Origin::defaulted, "no weight in the file (affine=False?)");
        mark(Field::beta, Origin::defaulted, "no bias in the file (affine=False?)");
    }

    void check_lengths()
    {
        if (layer_.mean.size() == 0)
            return fail(quoted(key(mean_key)) + " has no values");
        const auto count = [](const Eigen::ArrayXd& array) {
            return counted(static_cast<std::size_t>(array.size()), "value");
        };
        const std::array<std::pair<std::string_view, const Eigen::ArrayXd*>, 3> others{
            std::pair(var_key, &layer_.var), std::pair("weight", &layer_.gamma),
            std::pair("bias", &layer_.beta)};
        for (const auto& [name, array] : others) {
            if (array->size() != layer_.mean.size())
                return fail(quoted(key(mean_key)) + " has " + count(layer_.mean) + ", but "
                            + quoted(key(name)) + " has " + count(*array));
        }
    }

    double single(const std::string& name)
    {
        const std::vector<double> source = values(name);
        if (!error_ && source.size() != 1)
            fail(quoted(name) + " has " + counted(source.size(), "value")
                 + "; one is needed, quantization per channel is not supported");
        return error_ ? 0 : source.front();
    }

    std::int32_t zero_point(const std::string& name)
    {
        const double value = single(name);
        constexpr double low = std::numeric_limits<std::int32_t>::min();
        constexpr double high = std::numeric_limits<std::int32_t>::max();
        if (value >= low && value <= high && std::nearbyint(value) == value)
            return static_cast<std::int32_t>(value);
        fail(quoted(name) + " is not a whole number of 32 bits");
        return 0;
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

    void set_proposal(const Fields& fields, QuantizationParameters& target, const Range& range,
                      const std::string& rule)
    {
        if (const auto proposal = propose(range)) {
            target = *proposal;
            const std::string note = "from " + rule + "; a float checkpoint has no scales";
            mark(fields.scale, Origin::proposed, note);
            mark(fields.zero_point, Origin::proposed, note);
        } else {
            const std::string note = "no channel has finite statistics to propose it from";
            mark(fields.scale, Origin::unknown, note);
            mark(fields.zero_point, Origin::unknown, note);
        }
        set_type(fields, target);
    }

    bool has_output() const { return has(key("scale")) || has(key("zero_point")); }

    void read_output()
    {
        if (has_output())
            set(output_fields, layer_.output, key("scale"), key("zero_point"));
        else
            set_proposal(output_fields, layer_.output, affine_range(layer_), "beta +- 4 |gamma|");
    }

    void read_input()
    {
        std::string fx = prefix_.substr(0, prefix_.empty() ? 0 : prefix_.size() - 1);
        std::replace(fx.begin(), fx.end(), '.', '_');
        const std::string scale = fx + "_input_scale_0";
        const std::string zero_point_name = fx + "_input_zero_point_0";
        if (has(scale) || has(zero_point_name))
            set(input_fields, layer_.input, scale, zero_point_name);
        else if (has_output())
            infer_input();
        else
            set_proposal(input_fields, layer_.input, input_range(layer_), "mean +- 4 sqrt(var)");
    }

    std::size_t first_key() const
    {
        std::size_t first = checkpoint_.tensors().size();
        for (const std::string_view name : own_keys)
            first = std::min(first, checkpoint_.index_of(key(name)).value_or(first));
        return first;
    }

    void infer_input()
    {
        for (std::size_t i = first_key(); i-- > 0;) {
            const NamedTensor& scale = checkpoint_.tensors()[i];
            const auto owner = prefix_of(scale.name, "scale");
            const auto zero = owner ? checkpoint_.index_of(*owner + "zero_point") : std::nullopt;
            if (!zero || *zero >= first_key() || scale.element_count != 1)
                continue;
            set(input_fields, layer_.input, scale.name, *owner + "zero_point");
            const std::string name = owner->substr(0, owner->empty() ? 0 : owner->size() - 1);
            const std::string note
                = "output of " + quoted(name) + ", the entry before; key order suggests it";
            mark(Field::input_scale, Origin::inferred, note);
            mark(Field::input_zero_point, Origin::inferred, note);
            return;
        }
        const std::string note = "no scale and zero point stand before this layer";
        mark(Field::input_scale, Origin::unknown, note);
        mark(Field::input_zero_point, Origin::unknown, note);
        set_type(input_fields, layer_.input);
    }

    const Checkpoint& checkpoint_;
    std::string prefix_;
    BatchNormLayer layer_;
    std::optional<Error> error_;
};

// In the order of the first key that tells a batch norm; with only one of the two, reading says
// what is missing.
std::vector<std::string> batch_norm_prefixes(const Checkpoint& checkpoint)
{
    std::vector<std::string> prefixes;
    std::set<std::string> seen;
    for (const NamedTensor& tensor : checkpoint.tensors()) {
        auto prefix = prefix_of(tensor.name, mean_key);
        if (!prefix)
            prefix = prefix_of(tensor.name, var_key);
        if (prefix && seen.insert(*prefix).second)
            prefixes.push_back(*prefix);
    }
    return prefixes;
}

} // namespace

Result<Model> find_layers(const Checkpoint& checkpoint, const std::string& model_name)
{
    Model model;
    model.name = model_name;
    std::size_t channels = 0;
    for (const std::string& prefix : batch_norm_prefixes(checkpoint)) {
        auto layer = LayerReader(checkpoint, prefix).read();
        if (!layer)
            return layer.error();
        channels += static_cast<std::size_t>(layer->channels());
        if (channels > channel_limit)
            return Error{"its batch norms have more than 16777216 channels together"};
        model.layers.push_back(std::make_shared<const BatchNormLayer>(*std::move(layer)));
    }
    if (model.layers.empty())
        return Error{"no batch norm found: it has " + counted(checkpoint.tensors().size(), "tensor")
                     + ", none named *.running_mean"};
    return model;
}

} // namespace qbn
