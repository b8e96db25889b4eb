#include "core/formats/torch/pickle_symbols.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace qbn {

namespace {

constexpr std::size_t name_limit = 1024;
constexpr int depth_limit = 100;

Error in_tensor(std::string_view name, const std::string& what)
{
    return {"tensor " + in_quotes(name) + ": " + what};
}

Result<NamedTensor> checked(std::string name, const PickleTensor& tensor,
                            const StorageSource& source)
{
    const PickleStorage& storage = tensor.storage;
    const auto type = parse_storage_type(storage.type);
    if (!type)
        return in_tensor(name,
                         "storages of type " + in_quotes(storage.type) + " are not supported");
    const auto size = source.size(storage.key);
    if (!size)
        return in_tensor(name, "its storage " + in_quotes(storage.key) + " is not in the file");
    const auto numel = static_cast<std::uint64_t>(storage.numel);
    if (*size % size_of(*type) != 0 || *size / size_of(*type) != numel)
        return in_tensor(name,
                         "its storage " + in_quotes(storage.key) + " has " + std::to_string(*size)
                             + " bytes, not those of " + counted(numel, "element") + " of "
                             + std::string(name_of(*type)));
    if (tensor.shape.size() > dimension_limit)
        return in_tensor(name, "it has more than 64 dimensions");
    NamedTensor result{.name = std::move(name),
                       .type = *type,
                       .shape = tensor.shape,
                       .strides = tensor.strides,
                       .offset = tensor.offset,
                       .storage = storage.key,
                       .scale = tensor.scale,
                       .zero_point = tensor.zero_point};
    if (const auto error = place_in_storage(result, numel))
        return in_tensor(result.name, error->message);
    return result;
}

std::optional<std::string> key_text(const PickleNode& key)
{
    if (const auto* const text = key.as<std::string>())
        return *text;
    if (const auto* const number = key.as<std::int64_t>())
        return std::to_string(*number);
    return std::nullopt;
}

// The value of a key that is text; null if there is none.
PickleRef find(const PickleDict& dict, std::string_view key)
{
    for (const auto& [name, value] : dict.items) {
        const auto* const text = name->as<std::string>();
        if (text != nullptr && *text == key)
            return value;
    }
    return nullptr;
}

// The attributes of an object; a class with __slots__ has a tuple of two dicts.
const PickleDict* attributes_of(const PickleObject& object)
{
    if (object.state == nullptr)
        return nullptr;
    const auto* const tuple = object.state->as<PickleTuple>();
    const bool is_pair = tuple != nullptr && !tuple->items.empty();
    return (is_pair ? tuple->items[0] : object.state)->as<PickleDict>();
}

std::optional<double> number(PickleRef value)
{
    if (value == nullptr)
        return std::nullopt;
    if (const auto* const whole = value->as<std::int64_t>())
        return static_cast<double>(*whole);
    const auto* const real = value->as<double>();
    return real != nullptr ? std::optional(*real) : std::nullopt;
}

// torch.quint8, or its place in c10::ScalarType, which is what TorchScript keeps.
std::optional<CodeType> code_type(PickleRef value)
{
    const auto* const name = value != nullptr ? value->as<PickleGlobal>() : nullptr;
    const auto place = number(value);
    if ((name != nullptr && name->name == "torch.quint8") || place == 13)
        return quint8_type;
    if ((name != nullptr && name->name == "torch.qint8") || place == 12)
        return qint8_type;
    return std::nullopt;
}

// A module of torch.nn or of TorchScript; nothing for other objects.
std::optional<ModuleFacts> facts_of(const std::string& class_name, const PickleDict& attributes)
{
    if (find(attributes, "training") == nullptr)
        return std::nullopt;
    ModuleFacts facts{.class_name = class_name};
    const std::string_view type(class_name);
    if (type.substr(type.rfind('.') + 1).find("Quantize") == 0)
        facts.type = code_type(find(attributes, "dtype"));
    else
        facts.eps = number(find(attributes, "eps"));
    // quantized.BatchNorm2d and intrinsic.quantized.BNReLU2d are what PyTorch has of quantized ones
    if (type.find(".quantized.") != std::string_view::npos)
        facts.relu = type.find("BNReLU") != std::string_view::npos;
    facts.note = "the module's class, " + printable(class_name);
    return facts;
}

// A dict or an object is entered once: a file can make it its own descendant, or share it a million times.
class Collector
{
public:
    explicit Collector(const StorageSource& source)
        : source_(source)
    { }

    std::optional<Error> collect(const PickleDict& dict, const std::string& prefix, int depth)
    {
        if (depth > depth_limit)
            return Error{"its dicts are nested more than 100 levels deep"};
        if (!seen_.insert(&dict).second)
            return std::nullopt;
        for (const auto& [key, value] : dict.items) {
            const auto* const tensor = value->as<PickleTensor>();
            const auto* const inner = value->as<PickleDict>();
            const auto* const object = value->as<PickleObject>();
            const bool is_wanted = tensor != nullptr || inner != nullptr || object != nullptr;
            const auto text = is_wanted ? key_text(*key) : std::nullopt;
            if (!text)
                continue;
            if (prefix.size() + text->size() > name_limit)
                return Error{"the name " + in_quotes(*text) + " is longer than 1024 bytes"};
            const std::string name = prefix + *text;
            auto error = tensor != nullptr ? add(name, *tensor)
                : inner != nullptr         ? collect(*inner, name + '.', depth + 1)
                                           : collect(*object, name + '.', depth + 1);
            if (error)
                return error;
        }
        return std::nullopt;
    }

    // A module of Python keeps its tensors and modules in three dicts, one of TorchScript beside its other attributes.
    std::optional<Error> collect(const PickleObject& object, const std::string& prefix, int depth)
    {
        const PickleDict* const attributes = attributes_of(object);
        if (attributes == nullptr)
            return std::nullopt;
        if (auto facts = facts_of(object.type->as<PickleGlobal>()->name, *attributes))
            modules_.emplace(prefix, *std::move(facts));
        bool is_python = false;
        for (const std::string_view part : {"_parameters", "_buffers", "_modules"}) {
            const PickleRef inner = find(*attributes, part);
            const auto* const dict = inner != nullptr ? inner->as<PickleDict>() : nullptr;
            if (dict == nullptr)
                continue;
            is_python = true;
            if (auto error = collect(*dict, prefix, depth))
                return error;
        }
        return is_python ? std::nullopt : collect(*attributes, prefix, depth);
    }

    std::vector<NamedTensor> take() { return std::move(tensors_); }
    Modules take_modules() { return std::move(modules_); }

private:
    std::optional<Error> add(std::string name, const PickleTensor& tensor)
    {
        if (!names_.insert(name).second)
            return Error{"there are two tensors " + in_quotes(name)};
        auto result = checked(std::move(name), tensor, source_);
        if (!result)
            return result.error();
        tensors_.push_back(*std::move(result));
        return std::nullopt;
    }

    const StorageSource& source_;
    std::unordered_set<const PickleDict*> seen_;
    std::unordered_set<std::string> names_;
    std::vector<NamedTensor> tensors_;
    Modules modules_;
};

bool holds_tensors(const PickleDict& dict)
{
    return std::any_of(dict.items.begin(), dict.items.end(),
                       [](const auto& item) { return item.second->template as<PickleTensor>(); });
}

// A training checkpoint keeps the state_dict, or the module itself, beside the epoch and the optimizer's state.
PickleRef unwrapped(PickleRef root)
{
    const auto* const dict = root->as<PickleDict>();
    if (dict == nullptr || holds_tensors(*dict))
        return root;
    for (const std::string_view wrapper : {"state_dict", "model_state_dict", "model"}) {
        const PickleRef value = find(*dict, wrapper);
        if (value == nullptr)
            continue;
        const auto* const inner = value->as<PickleDict>();
        if (value->as<PickleObject>() != nullptr || (inner != nullptr && holds_tensors(*inner)))
            return value;
    }
    return root;
}

} // namespace

Result<Checkpoint> collect_tensors(PickleRef root, std::shared_ptr<const StorageSource> source)
{
    root = unwrapped(root);
    const auto* const dict = root->as<PickleDict>();
    const auto* const object = root->as<PickleObject>();
    if (dict == nullptr && object == nullptr)
        return Error{"it does not hold a state_dict, a dict of names and tensors; save "
                     "model.state_dict()"};
    Collector collector(*source);
    if (auto error
        = dict != nullptr ? collector.collect(*dict, "", 0) : collector.collect(*object, "", 0))
        return *std::move(error);
    Checkpoint checkpoint(collector.take(), std::move(source));
    checkpoint.set_modules(collector.take_modules());
    return checkpoint;
}

} // namespace qbn
