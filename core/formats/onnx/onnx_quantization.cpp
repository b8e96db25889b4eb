#include "core/formats/onnx/onnx_quantization.h"

#include "core/text/integer.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <utility>

namespace qbn {

namespace {

struct CodeKind
{
    bool is_signed = false;
    int bits = 8;
};

std::optional<CodeKind> kind_of(OnnxType type)
{
    switch (type) {
    case OnnxType::uint8:
        return CodeKind{false, 8};
    case OnnxType::int8:
        return CodeKind{true, 8};
    case OnnxType::uint16:
        return CodeKind{false, 16};
    case OnnxType::int16:
        return CodeKind{true, 16};
    case OnnxType::uint4:
        return CodeKind{false, 4};
    case OnnxType::int4:
        return CodeKind{true, 4};
    default:
        return std::nullopt;
    }
}

// Without a zero point the type stands in the attribute output_dtype, or where the codes come from.
std::pair<OnnxType, Provenance> type_without_zero_point(const OnnxGraph& graph,
                                                        const onnx::NodeProto& node)
{
    const auto* const attribute = attribute_of(node, "output_dtype");
    if (attribute != nullptr && attribute->i() > 0 && attribute->i() < 100)
        return {static_cast<OnnxType>(attribute->i()),
                {.origin = Origin::file, .note = "output_dtype"}};
    if (is_operator(node, "DequantizeLinear")) {
        const auto known = graph.types.find(input_of(node, 0));
        if (known != graph.types.end())
            return {known->second, {.origin = Origin::file, .note = known->first}};
    }
    return {OnnxType::uint8,
            {.origin = Origin::defaulted, .note = "no zero point; ONNX's default"}};
}

// The program has codes of 8 bits at most.
OnnxQuantization narrowed(CodeKind kind, OnnxType type, double scale, std::int32_t zero_point)
{
    const double low = kind.is_signed ? -32768 : 0;
    const double high = kind.is_signed ? 32767 : 65535;
    const Provenance proposed{
        .origin = Origin::proposed,
        .note = "the model has " + name_of(type) + " codes, scale "
            + format_number(static_cast<float>(scale)) + ", zero point "
            + std::to_string(zero_point)
            + "; no more than 8 bits are computed here, so these cover the same range"};
    return {.parameters
            = choose_quantization(kind.is_signed ? qint8_type : quint8_type,
                                  scale * (low - zero_point), scale * (high - zero_point)),
            .type = proposed,
            .scale = proposed,
            .zero_point = proposed};
}

} // namespace

Result<OnnxQuantization> read_onnx_quantization(const OnnxGraph& graph, const onnx::NodeProto& node,
                                                OnnxConstants& constants)
{
    const std::string scale_name = input_of(node, 1);
    const std::string zero_point_name = input_of(node, 2);
    const auto scale = constants.of(scale_name);
    if (!scale)
        return scale.error();
    if ((*scale)->values.size() != 1)
        return Error{"its " + node.op_type() + " has " + counted((*scale)->values.size(), "scale")
                     + ", one for each channel or block; one for the tensor is needed"};
    std::int32_t zero_point = 0;
    auto [type, type_origin] = type_without_zero_point(graph, node);
    Provenance zero_origin{.origin = Origin::defaulted, .note = "no zero point; ONNX's default"};
    if (!zero_point_name.empty()) {
        const auto given = constants.of(zero_point_name);
        if (!given)
            return given.error();
        const auto whole = (*given)->values.size() == 1
            ? checked_integer<std::int32_t>((*given)->values.front())
            : std::nullopt;
        if (!whole)
            return Error{"its zero point " + in_quotes(zero_point_name)
                         + " is not one whole number"};
        zero_point = *whole;
        type = (*given)->type;
        type_origin = zero_origin = {.origin = Origin::file, .note = zero_point_name};
    }
    const auto kind = kind_of(type);
    if (!kind)
        return Error{"its " + node.op_type() + " has codes of type " + name_of(type)
                     + "; integers of 4 or 8 bits are needed"};
    const double value = (*scale)->values.front();
    if (kind->bits == 16)
        return narrowed(*kind, type, value, zero_point);
    Provenance scale_origin{.origin = Origin::file, .note = scale_name};
    if ((*scale)->type != OnnxType::float32)
        scale_origin.note += ", a " + name_of((*scale)->type)
            + ": the model computes in that type, which no backend here does";
    return OnnxQuantization{.parameters = {.type = {.is_signed = kind->is_signed,
                                                    .bits = static_cast<std::uint8_t>(kind->bits)},
                                           .scale = value,
                                           .zero_point = zero_point},
                            .type = std::move(type_origin),
                            .scale = std::move(scale_origin),
                            .zero_point = std::move(zero_origin)};
}

} // namespace qbn
