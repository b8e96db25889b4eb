#include "core/formats/onnx/onnx_types.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace qbn {

namespace {

constexpr std::array<std::pair<OnnxType, std::string_view>, 17> names{{
    {OnnxType::undefined, "undefined"},
    {OnnxType::float32, "float"},
    {OnnxType::uint8, "uint8"},
    {OnnxType::int8, "int8"},
    {OnnxType::uint16, "uint16"},
    {OnnxType::int16, "int16"},
    {OnnxType::int32, "int32"},
    {OnnxType::int64, "int64"},
    {OnnxType::string, "string"},
    {OnnxType::boolean, "bool"},
    {OnnxType::float16, "float16"},
    {OnnxType::float64, "double"},
    {OnnxType::uint32, "uint32"},
    {OnnxType::uint64, "uint64"},
    {OnnxType::bfloat16, "bfloat16"},
    {OnnxType::uint4, "uint4"},
    {OnnxType::int4, "int4"},
}};

} // namespace

std::string name_of(OnnxType type)
{
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [type](const auto& n) { return n.first == type; });
    return found != names.end() ? std::string(found->second)
                                : "type " + std::to_string(static_cast<std::int32_t>(type));
}

} // namespace qbn
