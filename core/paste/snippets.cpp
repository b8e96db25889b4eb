#include "core/paste/snippets.h"

#include "core/text/characters.h"

#include <array>

namespace qbn {

namespace {

struct Attribute
{
    Field field;
    std::string_view name;
};

constexpr std::array module_attributes{Attribute{Field::mean, "running_mean"},
                                       Attribute{Field::var, "running_var"},
                                       Attribute{Field::gamma, "weight"},
                                       Attribute{Field::beta, "bias"},
                                       Attribute{Field::eps, "eps"},
                                       Attribute{Field::output_scale, "scale"},
                                       Attribute{Field::output_zero_point, "zero_point"}};

// "conv1.0" of a state_dict is conv1[0] in Python.
std::string python_name(std::string_view expression)
{
    std::string name;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const bool is_index
            = expression[i] == '.' && i + 1 < expression.size() && is_digit(expression[i + 1]);
        if (!is_index) {
            name += expression[i];
            continue;
        }
        name += '[';
        while (i + 1 < expression.size() && is_digit(expression[i + 1]))
            name += expression[++i];
        name += ']';
    }
    return name.empty() ? "bn" : name;
}

bool is_missing(const BatchNormLayer& layer, Field field)
{
    const Origin origin = layer.provenance.of(field).origin;
    const bool is_assumed_eps = field == Field::eps && origin == Origin::defaulted;
    return (origin == Origin::unknown && layer.provenance.channels(field).empty())
        || is_assumed_eps;
}

} // namespace

std::vector<std::string> snippets_for(const BatchNormLayer& layer, std::string_view expression)
{
    const std::string module = python_name(expression);
    std::vector<std::string> lines;
    for (const Attribute& attribute : module_attributes) {
        if (is_missing(layer, attribute.field))
            lines.push_back("print(\"" + std::string(attribute.name) + "\", " + module + "."
                            + std::string(attribute.name) + ")");
    }
    if (is_missing(layer, Field::input_scale))
        lines.emplace_back("print(\"input scale\", x.q_scale(), \"zero_point\", x.q_zero_point())");
    return lines;
}

std::string_view notebook_snippet()
{
    return R"python(# bn is the quantized batch norm, x what goes into it. Paste what this prints.
y = bn(x)
print(bn)
for name in ["running_mean", "running_var", "weight", "bias"]:
    print(name, "=", getattr(bn, name).tolist())
print("eps =", bn.eps)
for name, t in [("input", x), ("output", y)]:
    codes = t[:1].int_repr().flatten(2)[..., :256]
    print(f"{name} scale: {t.q_scale()} zero_point: {t.q_zero_point()}")
    print(f"{name}.int_repr() tensor({codes.tolist()}, dtype={codes.dtype})")
)python";
}

} // namespace qbn
