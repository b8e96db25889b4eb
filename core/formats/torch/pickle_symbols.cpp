#include "core/formats/torch/pickle_symbols.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace qbn {

namespace {

using Arguments = std::vector<PickleRef>;

constexpr std::string_view ordered_dict = "collections.OrderedDict";
constexpr std::string_view rebuild_tensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view rebuild_qtensor = "torch._utils._rebuild_qtensor";
constexpr std::string_view rebuild_parameter = "torch._utils._rebuild_parameter";
constexpr std::string_view get_layout = "torch.serialization._get_layout";

constexpr std::array callables{ordered_dict, rebuild_tensor, rebuild_qtensor, rebuild_parameter,
                               get_layout};

constexpr std::array inert_functions{
    std::string_view("__builtin__.set"),
    std::string_view("builtins.set"),
    std::string_view("_codecs.encode"),
    std::string_view("numpy.dtype"),
    std::string_view("numpy.core.multiarray.scalar"),
    std::string_view("numpy._core.multiarray.scalar"),
    std::string_view("torch.Size"),
    std::string_view("torch.device"),
    std::string_view("torch.jit._pickle.build_boollist"),
    std::string_view("torch.jit._pickle.build_doublelist"),
    std::string_view("torch.jit._pickle.build_intlist"),
    std::string_view("torch.jit._pickle.build_tensorlist"),
    std::string_view("torch.jit._pickle.restore_type_tag"),
};

// Of the module torch.
constexpr std::array plain_names{
    std::string_view("DoubleStorage"),
    std::string_view("FloatStorage"),
    std::string_view("HalfStorage"),
    std::string_view("BFloat16Storage"),
    std::string_view("LongStorage"),
    std::string_view("IntStorage"),
    std::string_view("ShortStorage"),
    std::string_view("CharStorage"),
    std::string_view("ByteStorage"),
    std::string_view("BoolStorage"),
    std::string_view("ComplexFloatStorage"),
    std::string_view("ComplexDoubleStorage"),
    std::string_view("QUInt8Storage"),
    std::string_view("QInt8Storage"),
    std::string_view("QInt32Storage"),
    std::string_view("float64"),
    std::string_view("float32"),
    std::string_view("float16"),
    std::string_view("bfloat16"),
    std::string_view("int64"),
    std::string_view("int32"),
    std::string_view("int16"),
    std::string_view("int8"),
    std::string_view("uint8"),
    std::string_view("bool"),
    std::string_view("complex64"),
    std::string_view("complex128"),
    std::string_view("quint8"),
    std::string_view("qint8"),
    std::string_view("qint32"),
    std::string_view("strided"),
    std::string_view("per_tensor_affine"),
    std::string_view("per_tensor_symmetric"),
    std::string_view("per_channel_affine"),
    std::string_view("per_channel_symmetric"),
    std::string_view("per_channel_affine_float_qparams"),
};

// What is copied has to be short, since a few bytes of a pickle can ask for the same copy again.
constexpr std::size_t text_limit = 256;

std::optional<std::int64_t> integer(PickleRef node)
{
    const auto* const value = node->as<std::int64_t>();
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> integers(PickleRef node)
{
    const auto* const tuple = node->as<PickleTuple>();
    if (tuple == nullptr || tuple->items.size() > dimension_limit)
        return std::nullopt;
    std::vector<std::int64_t> result;
    for (const PickleRef item : tuple->items) {
        const auto value = integer(item);
        if (!value)
            return std::nullopt;
        result.push_back(*value);
    }
    return result;
}

// (storage, offset, size, stride, ...), the common start of both kinds of tensor
std::optional<PickleTensor> tensor_of(const Arguments& arguments)
{
    const auto* const storage = arguments[0]->as<PickleStorage>();
    const auto offset = integer(arguments[1]);
    auto shape = integers(arguments[2]);
    auto strides = integers(arguments[3]);
    if (storage == nullptr || !offset || !shape || !strides)
        return std::nullopt;
    return PickleTensor{.storage = *storage,
                        .offset = *offset,
                        .shape = *std::move(shape),
                        .strides = *std::move(strides),
                        .quantized = false,
                        .scale = {},
                        .zero_point = {}};
}

// The quantizer is (torch.per_tensor_affine, scale, zero_point) or (torch.per_channel_affine,
// tensors, axis).
std::optional<PickleTensor> qtensor_of(const Arguments& arguments)
{
    auto tensor = tensor_of(arguments);
    const auto* const quantizer = arguments[4]->as<PickleTuple>();
    if (!tensor || quantizer == nullptr || quantizer->items.size() < 3)
        return std::nullopt;
    const auto* const scheme = quantizer->items[0]->as<PickleGlobal>();
    if (scheme == nullptr)
        return std::nullopt;
    tensor->quantized = true;
    const auto* const scale = quantizer->items[1]->as<double>();
    const auto zero_point = integer(quantizer->items[2]);
    if (scheme->name == "torch.per_tensor_affine" && scale != nullptr && zero_point) {
        tensor->scale = *scale;
        tensor->zero_point = zero_point;
    }
    return tensor;
}

const Arguments* items_of(PickleRef node)
{
    if (const auto* const list = node->as<PickleList>())
        return &list->items;
    const auto* const tuple = node->as<PickleTuple>();
    return tuple != nullptr ? &tuple->items : nullptr;
}

const std::string* short_text(PickleRef node)
{
    const auto* const text = node->as<std::string>();
    return text != nullptr && text->size() <= text_limit ? text : nullptr;
}

// OrderedDict() as Python 3 pickles it, OrderedDict([[key, value], ...]) as Python 2 did.
std::optional<PickleDict> dict_of(const Arguments& arguments)
{
    PickleDict dict;
    if (arguments.empty())
        return dict;
    const auto* const pairs = arguments.size() == 1 ? arguments[0]->as<PickleList>() : nullptr;
    if (pairs == nullptr)
        return std::nullopt;
    for (const PickleRef item : pairs->items) {
        const Arguments* const pair = items_of(item);
        if (pair == nullptr || pair->size() != 2)
            return std::nullopt;
        dict.items.emplace_back((*pair)[0], (*pair)[1]);
    }
    return dict;
}

template <typename T> std::optional<PickleNode::Value> as_value(std::optional<T> value)
{
    return value ? std::optional<PickleNode::Value>(*std::move(value)) : std::nullopt;
}

} // namespace

std::string_view opcode_name(unsigned char opcode)
{
    struct Named
    {
        unsigned char opcode;
        std::string_view name;
    };
    static constexpr std::array names{
        Named{'(', "MARK"},          Named{'.', "STOP"},
        Named{'0', "POP"},           Named{'1', "POP_MARK"},
        Named{'2', "DUP"},           Named{'F', "FLOAT"},
        Named{'I', "INT"},           Named{'J', "BININT"},
        Named{'K', "BININT1"},       Named{'L', "LONG"},
        Named{'M', "BININT2"},       Named{'N', "NONE"},
        Named{'P', "PERSID"},        Named{'Q', "BINPERSID"},
        Named{'R', "REDUCE"},        Named{'S', "STRING"},
        Named{'T', "BINSTRING"},     Named{'U', "SHORT_BINSTRING"},
        Named{'V', "UNICODE"},       Named{'X', "BINUNICODE"},
        Named{'B', "BINBYTES"},      Named{'C', "SHORT_BINBYTES"},
        Named{'a', "APPEND"},        Named{'b', "BUILD"},
        Named{'c', "GLOBAL"},        Named{'d', "DICT"},
        Named{'e', "APPENDS"},       Named{'g', "GET"},
        Named{'h', "BINGET"},        Named{'i', "INST"},
        Named{'j', "LONG_BINGET"},   Named{'l', "LIST"},
        Named{'o', "OBJ"},           Named{'p', "PUT"},
        Named{'q', "BINPUT"},        Named{'r', "LONG_BINPUT"},
        Named{'s', "SETITEM"},       Named{'t', "TUPLE"},
        Named{'u', "SETITEMS"},      Named{'}', "EMPTY_DICT"},
        Named{']', "EMPTY_LIST"},    Named{')', "EMPTY_TUPLE"},
        Named{'G', "BINFLOAT"},      Named{0x80, "PROTO"},
        Named{0x81, "NEWOBJ"},       Named{0x82, "EXT1"},
        Named{0x83, "EXT2"},         Named{0x84, "EXT4"},
        Named{0x85, "TUPLE1"},       Named{0x86, "TUPLE2"},
        Named{0x87, "TUPLE3"},       Named{0x88, "NEWTRUE"},
        Named{0x89, "NEWFALSE"},     Named{0x8a, "LONG1"},
        Named{0x8b, "LONG4"},        Named{0x8c, "SHORT_BINUNICODE"},
        Named{0x8d, "BINUNICODE8"},  Named{0x8e, "BINBYTES8"},
        Named{0x8f, "EMPTY_SET"},    Named{0x90, "ADDITEMS"},
        Named{0x91, "FROZENSET"},    Named{0x92, "NEWOBJ_EX"},
        Named{0x93, "STACK_GLOBAL"}, Named{0x94, "MEMOIZE"},
        Named{0x95, "FRAME"},        Named{0x96, "BYTEARRAY8"},
    };
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [opcode](const Named& n) { return n.opcode == opcode; });
    return found == names.end() ? std::string_view() : found->name;
}

bool is_known_global(std::string_view name)
{
    if (std::find(callables.begin(), callables.end(), name) != callables.end())
        return true;
    constexpr std::string_view module = "torch.";
    return name.substr(0, module.size()) == module
        && std::find(plain_names.begin(), plain_names.end(), name.substr(module.size()))
        != plain_names.end();
}

bool is_inert_function(std::string_view name)
{
    return std::find(inert_functions.begin(), inert_functions.end(), name) != inert_functions.end();
}

bool is_graph_module(std::string_view name)
{
    return name == "torch.fx.graph_module.reduce_graph_module";
}

std::string refuse_global(std::string_view name)
{
    return "it asks Python to load " + in_quotes(name)
        + ", which a state_dict has no need of, so the file is refused; nothing of it was run";
}

std::optional<PickleNode::Value> call_global(std::string_view name, const PickleTuple& arguments)
{
    const Arguments& items = arguments.items;
    if (name == ordered_dict)
        return as_value(dict_of(items));
    if (name == rebuild_tensor && items.size() >= 6)
        return as_value(tensor_of(items));
    if (name == rebuild_qtensor && items.size() >= 7)
        return as_value(qtensor_of(items));
    if (name == rebuild_parameter && items.size() == 3) {
        const auto* const data = items[0]->as<PickleTensor>();
        return data != nullptr ? std::optional<PickleNode::Value>(*data) : std::nullopt;
    }
    if (name == get_layout && items.size() == 1 && short_text(items[0]) != nullptr)
        return PickleGlobal{.name = *short_text(items[0])};
    return std::nullopt;
}

PickleRef module_class_of(const PickleNode& persistent_id)
{
    const auto* const tuple = persistent_id.as<PickleTuple>();
    if (tuple == nullptr || tuple->items.size() != 4)
        return nullptr;
    const auto* const kind = tuple->items[0]->as<std::string>();
    const PickleRef type = tuple->items[1];
    return kind != nullptr && *kind == "module" && type->as<PickleGlobal>() != nullptr ? type
                                                                                       : nullptr;
}

Result<PickleStorage> storage_of(const PickleNode& persistent_id)
{
    const auto* const tuple = persistent_id.as<PickleTuple>();
    const std::string* const kind
        = tuple != nullptr && !tuple->items.empty() ? tuple->items[0]->as<std::string>() : nullptr;
    if (kind == nullptr || *kind != "storage" || tuple->items.size() < 5)
        return Error{"a persistent id does not name a storage"};
    const auto* const type = tuple->items[1]->as<PickleGlobal>();
    const auto* const key = short_text(tuple->items[2]);
    const auto numel = integer(tuple->items[4]);
    constexpr std::string_view module = "torch.";
    if (type == nullptr || key == nullptr || !numel || *numel < 0
        || type->name.find("Storage") == std::string::npos)
        return Error{"a persistent id does not describe a storage as torch.save does"};
    // In the old form a sixth item, (key, offset, numel), makes it a part of another storage.
    if (tuple->items.size() > 5 && tuple->items[5]->as<PickleNone>() == nullptr)
        return Error{"a storage is a view of another one, which PyTorch stopped writing in 2017"};
    return PickleStorage{.type = type->name.substr(module.size()), .key = *key, .numel = *numel};
}

} // namespace qbn
