#pragma once

#include "core/formula/kernels.h"
#include "core/formula/program.h"
#include "core/layer/batch_norm.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace qbn::formula {

/// One intermediate of one input code.
struct Step
{
    const Named* named = nullptr;
    Type type = Type::f32;
    double value = 0; ///< exactly, but for i64 beyond 2^53
};

/// A formula and a layer of C channels. What depends on no code is computed for blocks of channels, ahead while channels are asked
/// for in order; what depends on no channel, once. Not for two threads at a time.
/// Domain: any parameters whatever. Rounds to nearest (FE_TONEAREST) only.
class BoundFormula
{
public:
    /// Keeps the formula; refers to the layer.
    BoundFormula(std::shared_ptr<const Program> program, const BatchNormLayer& layer);

    /// Computes a channel for all input codes: lane i is input code qmin + i of the input type.
    void run(int channel);

    /// After run(): y as a code of the output type.
    std::int32_t code(std::size_t lane) const;
    std::vector<std::int32_t> codes() const;
    /// After run(): what an instruction gave, as binary64; exact but for i64 beyond 2^53.
    double value(int instruction, std::size_t lane) const;
    Value raw_value(int instruction, std::size_t lane) const;
    /// After run(): every named value, in the order of the text.
    std::vector<Step> steps(std::size_t lane) const;

    const Program& program() const { return *program_; }

private:
    void prepare(int channel);
    void set_input(std::size_t index);
    void reduce(std::size_t index);
    void execute(std::size_t index);
    std::size_t lanes_of(const Instruction& instruction) const;
    const void* operand(const Instruction& instruction, std::size_t slot);
    std::size_t lane_in(const Instruction& instruction, std::size_t code_lane) const;

    std::shared_ptr<const Program> program_;
    const BatchNormLayer& layer_;
    std::vector<std::vector<std::byte>> registers_; ///< the values of each instruction
    std::vector<Kernel> kernels_;
    std::array<std::vector<std::byte>, 4> splats_; ///< an operand of one value, for many lanes
    std::size_t code_lanes_;
    int first_ = 0, count_ = 0; ///< the block of channels
    int channel_ = 0;
    bool codes_are_ready_ = false; ///< what depends on codes alone
};

} // namespace qbn::formula
