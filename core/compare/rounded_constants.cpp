#include "core/compare/rounded_constants.h"

#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace qbn {

namespace {

using formula::Op;

bool rounds(Op op)
{
    return (op >= Op::floor && op <= Op::round_up) || op == Op::to_int32_x86
        || op == Op::to_int64_x86;
}

/// What a statement rounds; nothing for one that rounds nothing to a whole number, or part of itself only.
std::optional<int> rounded_operand(const formula::Program& program, int index)
{
    const auto at = [&](int i) { return program.instructions()[static_cast<std::size_t>(i)]; };
    const auto has_name = [&](int i) {
        return std::ranges::any_of(program.names(),
                                   [i](const auto& named) { return named.instruction == i; });
    };
    bool has_rounded = false;
    for (;;) {
        const formula::Instruction of = at(index);
        has_rounded = has_rounded || rounds(of.op);
        if (!rounds(of.op) && of.op != Op::clamp && of.op != Op::convert)
            return has_rounded ? std::optional(index) : std::nullopt;
        index = of.operands[0];
        if (has_name(index)) // rounded there, if at all
            return has_rounded && !formula::is_integer(at(index).type) ? std::optional(index)
                                                                       : std::nullopt;
    }
}

/// The steps of a code by a formula.
class Steps
{
public:
    Steps(const BatchNormLayer& layer, int channel, std::int32_t input_code)
        : layer_(layer)
        , channel_(channel)
        , lane_(static_cast<std::size_t>(input_code - layer.input.type.qmin()))
    { }

    double of(const std::shared_ptr<const formula::Program>& program) const
    {
        formula::BoundFormula bound(program, layer_);
        bound.run(channel_);
        return bound.value(program->find("requantized")->instruction, lane_);
    }

private:
    const BatchNormLayer& layer_;
    int channel_;
    std::size_t lane_;
};

} // namespace

std::vector<RoundedConstant> decisive_constants(const Backend& backend, const BatchNormLayer& layer,
                                                int channel, std::int32_t input_code,
                                                std::int32_t wanted)
{
    const auto& program = backend.program;
    if (!program || !program->find("requantized"))
        return {};
    const Steps steps(layer, channel, input_code);
    formula::BoundFormula bound(program, layer);
    bound.run(channel);
    const double own = steps.of(program);
    std::vector<RoundedConstant> all;
    for (const formula::Named& named : program->names()) {
        const auto& instruction
            = program->instructions()[static_cast<std::size_t>(named.instruction)];
        const auto real = rounded_operand(*program, named.instruction);
        if (instruction.per_code || !real)
            continue;
        RoundedConstant constant{.name = named.name,
                                 .whole = bound.value(named.instruction, 0),
                                 .real = bound.value(*real, 0)};
        const formula::Exchange one_more{.kind = formula::Exchange::Kind::value,
                                         .name = named.name,
                                         .value = constant.whole + 1};
        if (const auto moved = formula::mixed(program, nullptr, std::array{one_more}))
            constant.steps = (constant.whole - constant.real) * (steps.of(moved) - own);
        if (std::isfinite(constant.steps) && constant.steps != 0)
            all.push_back(constant);
    }
    const auto gives = [&](double moved) {
        const double code = std::nearbyint(own - moved) + layer.output.zero_point;
        return std::clamp<double>(code, layer.output.type.qmin(), layer.output.type.qmax())
            == wanted;
    };
    if (gives(0))
        return {}; // it is what comes after the steps
    double together = 0;
    for (const RoundedConstant& constant : all) {
        if (gives(constant.steps))
            return {constant};
        together += constant.steps;
    }
    return gives(together) ? all : std::vector<RoundedConstant>();
}

} // namespace qbn
