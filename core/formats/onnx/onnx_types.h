#pragma once

#include <cstdint>
#include <string>

namespace qbn {

/// TensorProto.data_type and TypeProto.Tensor.elem_type.
enum class OnnxType : std::int32_t
{
    undefined = 0,
    float32 = 1,
    uint8 = 2,
    int8 = 3,
    uint16 = 4,
    int16 = 5,
    int32 = 6,
    int64 = 7,
    string = 8,
    boolean = 9,
    float16 = 10,
    float64 = 11,
    uint32 = 12,
    uint64 = 13,
    bfloat16 = 16,
    uint4 = 21,
    int4 = 22,
};

/// ONNX's name in small letters, "float", "uint8", ...; "type 99" for a number that is not known.
std::string name_of(OnnxType type);

} // namespace qbn
