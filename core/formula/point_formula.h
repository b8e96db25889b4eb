#pragma once

#include "core/formula/kernels.h"
#include "core/formula/program.h"
#include "core/layer/batch_norm.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace qbn::formula {

/// An input code in a channel.
struct Point
{
    int channel = 0;
    std::int32_t code = 0;
};

/// One statement of a formula at any points of any layer, each in a channel of its own: what few observations of many channels
/// want, where BoundFormula computes all codes of a channel. For any number of threads at a time.
class PointFormula
{
public:
    /// Requires: the formula has a statement of that name, an f64, and gathers nothing over the channels.
    PointFormula(const Program& program, std::string_view statement);

    /// Writes a value for each point. Domain: channels that the layer has, any parameters whatever.
    void run(const BatchNormLayer& layer, std::span<const Point> points,
             std::span<double> values) const;

private:
    /// An instruction that the statement is computed from; operands are steps before it.
    struct Step
    {
        Instruction instruction;
        Kernel kernel = nullptr;
    };

    std::vector<Step> steps_;
};

} // namespace qbn::formula
