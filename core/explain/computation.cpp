#include "core/explain/computation.h"

#include "core/formula/rewrite.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace qbn {

namespace {

const formula::Program& textbook()
{
    static const auto program = *formula::compile(std::string(textbook_text()));
    return *program;
}

/// The statements that a recipe sets, as edits of the textbook's text.
formula::Change change_of(const Recipe& recipe)
{
    const std::string& text = textbook().text();
    formula::Change change;
    for (std::string_view rest = recipe.change; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t equals = line.find(" = ");
        const std::string_view old = textbook().find(line.substr(0, equals))->text;
        change.edits.push_back({.begin = static_cast<std::size_t>(old.data() - text.data()),
                                .length = old.size(),
                                .text = std::string(line.substr(equals + 3))});
    }
    return change;
}

std::optional<std::string> changed_text(const Recipe& recipe, const Recipe& second)
{
    const std::array changes{change_of(recipe), change_of(second)};
    const std::array both{&changes[0], &changes[1]};
    return formula::apply(textbook().text(), both);
}

/// Compiled when it is asked for first, and kept: a few hundred at most.
const formula::PointFormula& compiled(const Recipe& recipe, const Recipe* second)
{
    static std::mutex mutex;
    static std::map<std::pair<const Recipe*, const Recipe*>,
                    std::unique_ptr<const formula::PointFormula>>
        known;
    const std::scoped_lock lock(mutex);
    auto& formula = known[{&recipe, second}];
    if (!formula)
        formula = std::make_unique<formula::PointFormula>(
            **formula::compile(formula_text(recipe, second)), "number");
    return *formula;
}

} // namespace

std::string_view textbook_text()
{
    return R"(title      Batch norm by hand
parameters f64
scales     f64

layer
  half_range = (qmax - qmin + 1) / 2
  codes      = f64(2 * half_range)
  other_min  = f64(qmin + select(qmin < 0, half_range, -half_range))     # of the signed type for an unsigned one, and the other way round
  other_max  = other_min + codes - 1
channel
  center     = mean
  spread     = var
  variance   = spread
  epsilon    = eps
  divisor    = sqrt(variance + epsilon)
code
  code_in     = x
  zero_in     = z_in
  centred     = f64(code_in - zero_in)
  dequantized = centred * s_in
  normalized  = (dequantized - center) / divisor
  affine      = gamma * normalized + beta
  steps       = affine / s_out
  rectified   = select(relu, max(0, steps), steps)     # NaN stays NaN
  zero_out    = f64(z_out)
  rounded     = rint(rectified)
  sum         = rounded + zero_out
  clamped     = clamp(sum, f64(qmin), f64(qmax))       # NaN gives qmin
  number      = clamped
  y           = to_int64_x86(number)
)";
}

std::string formula_text(const Recipe& recipe, const Recipe* second)
{
    return *changed_text(recipe, second ? *second : *find_recipe("batch-norm"));
}

bool compatible(const Recipe& a, const Recipe& b)
{
    const bool computed
        = a.kind >= Recipe::Kind::computation && b.kind >= Recipe::Kind::computation;
    return computed && &a != &b && changed_text(a, b);
}

std::vector<double> computed(const Recipe& recipe, const Recipe* second,
                             const BatchNormLayer& layer, std::span<const formula::Point> points)
{
    std::vector<double> numbers(points.size());
    compiled(recipe, second).run(layer, points, numbers);
    return numbers;
}

} // namespace qbn
