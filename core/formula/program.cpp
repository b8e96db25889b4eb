#include "core/formula/program.h"

#include <algorithm>

namespace qbn::formula {

std::string_view name_of(Type type)
{
    constexpr std::array<std::string_view, 7> names{"f64", "f32", "f16", "bf16",
                                                    "i64", "i32", "bool"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view name_of(Input input)
{
    constexpr std::array<std::string_view, input_count> names{
        "mean",     "var",      "gamma",     "beta",      "eps",         "s_in",   "z_in",
        "s_out",    "z_out",    "x",         "x_min",     "x_max",       "qmin",   "qmax",
        "relu",     "channel",  "channels",  "observed",  "has_product", "s_gain", "z_gain",
        "s_offset", "z_offset", "s_product", "z_product",
    };
    return names[static_cast<std::size_t>(input)];
}

std::string_view Program::header(std::string_view key) const
{
    const auto found = std::find_if(syntax_.headers.begin(), syntax_.headers.end(),
                                    [key](const Header& header) { return header.key == key; });
    return found == syntax_.headers.end() ? std::string_view() : found->value;
}

const Named* Program::find(std::string_view name) const
{
    const auto found = std::find_if(names_.begin(), names_.end(),
                                    [name](const Named& named) { return named.name == name; });
    return found == names_.end() ? nullptr : &*found;
}

std::string with_replaced(const Program& program, std::string_view name,
                          std::string_view replacement)
{
    const Named* named = program.find(name);
    const std::string_view old = named ? named->text : program.header(name);
    std::string text = program.text();
    if (!old.empty())
        text.replace(static_cast<std::size_t>(old.data() - program.text().data()), old.size(),
                     replacement);
    return text;
}

std::size_t size_of(Type type)
{
    switch (type) {
    case Type::f64:
    case Type::i64:
        return 8;
    case Type::boolean:
        return 1;
    default:
        return 4;
    }
}

double as_real(Type type, const Value& value)
{
    switch (type) {
    case Type::f64:
        return value.f64;
    case Type::i64:
        return static_cast<double>(value.i64);
    case Type::i32:
        return value.i32;
    case Type::boolean:
        return value.boolean;
    default:
        return static_cast<double>(value.f32);
    }
}

} // namespace qbn::formula
