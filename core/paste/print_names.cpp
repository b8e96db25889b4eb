#include "core/paste/print_names.h"

#include <algorithm>
#include <array>

namespace qbn {

std::string_view last_component(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

bool is_array_type(std::string_view type)
{
    return type == "tensor" || type == "array";
}

bool is_scalar_type(std::string_view type)
{
    constexpr std::array types{std::string_view("float16"), std::string_view("float32"),
                               std::string_view("float64"), std::string_view("int8"),
                               std::string_view("uint8"),   std::string_view("int32"),
                               std::string_view("int64")};
    return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_module_type(std::string_view type)
{
    return type.starts_with("Quantize") || type.find("BatchNorm") != std::string_view::npos
        || type.find("BNReLU") != std::string_view::npos;
}

bool reduces(std::string_view function)
{
    constexpr std::array names{
        std::string_view("mean"),   std::string_view("var"),     std::string_view("std"),
        std::string_view("max"),    std::string_view("min"),     std::string_view("sum"),
        std::string_view("amax"),   std::string_view("amin"),    std::string_view("abs"),
        std::string_view("unique"), std::string_view("median"),  std::string_view("argmax"),
        std::string_view("argmin"), std::string_view("histc"),   std::string_view("size"),
        std::string_view("dim"),    std::string_view("numel"),   std::string_view("len"),
        std::string_view("type"),   std::string_view("bincount")};
    return std::find(names.begin(), names.end(), last_component(function)) != names.end();
}

} // namespace qbn
