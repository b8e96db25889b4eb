#include "core/formats/torch/exported_program.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/cancelled.h"
#include "core/formats/json/json_document.h"
#include "core/formats/torch/export_graph.h"
#include "core/formats/torch/zip_storages.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/integer.h"
#include "core/text/printable.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace qbn {

namespace {

// torch/_export/serde/schema.py, ScalarType, by its numbers.
constexpr std::array scalar_types{
    TensorType::other,   TensorType::uint8,    TensorType::int8,      TensorType::int16,
    TensorType::int32,   TensorType::int64,    TensorType::float16,   TensorType::float32,
    TensorType::float64, TensorType::other,    TensorType::complex64, TensorType::complex128,
    TensorType::boolean, TensorType::bfloat16,
};

std::optional<std::int64_t> whole(const std::optional<JsonValue>& value)
{
    const auto number = value ? value->number() : std::nullopt;
    return number ? checked_integer<std::int64_t>(*number) : std::nullopt;
}

// [{"as_int": 4}, ...]; nothing where one is an expression or negative
std::optional<std::vector<std::int64_t>> sizes(const std::optional<JsonValue>& array)
{
    if (!array || array->type() != JsonType::array)
        return std::nullopt;
    std::vector<std::int64_t> result;
    for (auto item = array->first(); item; item = item->next()) {
        const auto size = whole(item->find("as_int"));
        if (!size || *size < 0)
            return std::nullopt;
        result.push_back(*size);
    }
    return result;
}

Result<NamedTensor> read_tensor(const std::string& name, const JsonValue& entry,
                                const StorageSource& source)
{
    const auto fail = [&name](const std::string& what) {
        return Error{"tensor " + in_quotes(name) + ": " + what};
    };
    const auto path = entry.find("path_name");
    const auto meta = entry.find("tensor_meta");
    const auto dtype = meta ? whole(meta->find("dtype")) : std::nullopt;
    const auto offset = meta && meta->find("storage_offset")
        ? whole(meta->find("storage_offset")->find("as_int"))
        : std::nullopt;
    const auto shape = meta ? sizes(meta->find("sizes")) : std::nullopt;
    const auto strides = meta ? sizes(meta->find("strides")) : std::nullopt;
    if (!path || !dtype || !offset || !shape || !strides)
        return fail("its entry has no path_name, dtype, sizes, strides and storage_offset as they "
                    "have to be");
    const bool is_known = *dtype >= 0 && *dtype < static_cast<std::int64_t>(scalar_types.size());
    NamedTensor tensor{.name = name,
                       .type = is_known ? scalar_types[static_cast<std::size_t>(*dtype)]
                                        : TensorType::other,
                       .shape = *shape,
                       .strides = *strides,
                       .offset = *offset,
                       .storage = path->text()};
    const auto size = source.size(tensor.storage);
    if (!size)
        return fail("its storage " + in_quotes(tensor.storage) + " is not in the file");
    if (auto error = place_in_storage(tensor, *size / size_of(tensor.type)))
        return fail(error->message);
    return tensor;
}

Result<JsonDocument> parse_member(const std::string& path, const QByteArray& json,
                                  const std::stop_token& stop)
{
    auto document = JsonDocument::parse(view(json), stop);
    if (!document)
        return Error{"zip member " + in_quotes(path) + ": " + document.error().message};
    return document;
}

} // namespace

Result<Checkpoint> read_exported_program(const ZipArchive& archive, const std::string& top,
                                         const std::stop_token& stop)
{
    const std::string graph_path = top + "models/model.json";
    const std::string weights_path = top + "data/weights/model_weights_config.json";
    if (archive.find(graph_path) == nullptr || archive.find(weights_path) == nullptr)
        return Error{"it is an exported program of a form that is not known (PyTorch 2.8 and later "
                     "write "
                     + in_quotes(graph_path)
                     + "); save model.state_dict() with "
                       "torch.save instead"};
    const auto weights_json = archive.read(weights_path);
    const auto graph_json = archive.read(graph_path);
    if (!weights_json || !graph_json)
        return weights_json ? graph_json.error() : weights_json.error();
    const auto weights = parse_member(weights_path, *weights_json, stop);
    const auto graph = parse_member(graph_path, *graph_json, stop);
    if (!weights || !graph)
        return weights ? graph.error() : weights.error();

    const auto storages = std::make_shared<ZipStorages>(archive, top + "data/weights/");
    std::vector<NamedTensor> tensors;
    const auto config = weights->root().find("config");
    for (auto key = config ? config->first() : std::nullopt; key;) {
        if (stop.stop_requested())
            return reading_cancelled();
        const auto entry = key->next();
        if (!entry)
            break;
        auto tensor = read_tensor(key->text(), *entry, *storages);
        if (!tensor)
            return tensor.error();
        tensors.push_back(*std::move(tensor));
        key = entry->next();
    }
    Checkpoint checkpoint(std::move(tensors), storages);
    checkpoint.set_is_in_model_order(false); // all parameters stand before all buffers
    checkpoint.set_modules(modules_of_graph(graph->root(), printable(graph_path)));
    return checkpoint;
}

} // namespace qbn
