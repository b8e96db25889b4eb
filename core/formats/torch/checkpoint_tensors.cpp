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

// The storage's last index that the tensor uses; nothing if a number is negative or the sum does
// not fit.
std::optional<std::int64_t> last_index(const PickleTensor& tensor)
{
    std::int64_t last = tensor.offset;
    if (tensor.shape.size() != tensor.strides.size() || last < 0)
        return std::nullopt;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::int64_t reach = 0;
        if (tensor.shape[i] < 0 || tensor.strides[i] < 0
            || __builtin_mul_overflow(std::max<std::int64_t>(tensor.shape[i] - 1, 0),
                                      tensor.strides[i], &reach)
            || __builtin_add_overflow(last, reach, &last))
            return std::nullopt;
    }
    return last;
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
    const auto last = last_index(tensor);
    const auto count = element_count(tensor.shape);
    if (!last || !count)
        return in_tensor(name, "its shape, strides or offset are not possible");
    if (*count > 0 && *last >= storage.numel)
        return in_tensor(name, "it reaches beyond its storage of " + counted(numel, "element"));
    return NamedTensor{.name = std::move(name),
                       .type = *type,
                       .shape = tensor.shape,
                       .strides = tensor.strides,
                       .offset = tensor.offset,
                       .element_count = *count,
                       .storage = storage.key,
                       .scale = tensor.scale,
                       .zero_point = tensor.zero_point};
}

std::optional<std::string> key_text(const PickleNode& key)
{
    if (const auto* const text = key.as<std::string>())
        return *text;
    if (const auto* const number = key.as<std::int64_t>())
        return std::to_string(*number);
    return std::nullopt;
}

// A dict is entered once: a file can make it its own descendant, or share it a million times.
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
            const auto text = tensor != nullptr || inner != nullptr ? key_text(*key) : std::nullopt;
            if (!text)
                continue;
            if (prefix.size() + text->size() > name_limit)
                return Error{"the name " + in_quotes(*text) + " is longer than 1024 bytes"};
            auto error = tensor != nullptr ? add(prefix + *text, *tensor)
                                           : collect(*inner, prefix + *text + '.', depth + 1);
            if (error)
                return error;
        }
        return std::nullopt;
    }

    std::vector<NamedTensor> take() { return std::move(tensors_); }

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
};

bool holds_tensors(const PickleDict& dict)
{
    return std::any_of(dict.items.begin(), dict.items.end(),
                       [](const auto& item) { return item.second->template as<PickleTensor>(); });
}

// A training checkpoint keeps the state_dict beside the epoch and the optimizer's state.
const PickleDict& unwrapped(const PickleDict& root)
{
    if (holds_tensors(root))
        return root;
    for (const std::string_view wrapper : {"state_dict", "model_state_dict", "model"}) {
        for (const auto& [key, value] : root.items) {
            const auto* const text = key->as<std::string>();
            const auto* const inner = value->as<PickleDict>();
            if (text != nullptr && *text == wrapper && inner != nullptr && holds_tensors(*inner))
                return *inner;
        }
    }
    return root;
}

} // namespace

Result<Checkpoint> collect_tensors(PickleRef root, std::shared_ptr<const StorageSource> source)
{
    const auto* const dict = root->as<PickleDict>();
    if (dict == nullptr)
        return Error{"it does not hold a state_dict, a dict of names and tensors; save "
                     "model.state_dict()"};
    Collector collector(*source);
    if (auto error = collector.collect(unwrapped(*dict), "", 0))
        return *std::move(error);
    return Checkpoint(collector.take(), std::move(source));
}

} // namespace qbn
