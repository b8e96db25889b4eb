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
/// for in order; what depends on no channel, once; what y does not need, when it is asked for. Not for two threads at a time.
/// Domain: any parameters whatever. Rounds to nearest (FE_TONEAREST) only.
class BoundFormula
{
public:
    /// Keeps the formula; refers to the layer.
    BoundFormula(std::shared_ptr<const Program> program, const BatchNormLayer& layer);
    BoundFormula(BoundFormula&&) = default;

    /// Computes a channel for all input codes: lane i is input code qmin + i of the input type.
    void run(int channel);

    /// After run(): y as a code of the output type.
    std::int32_t code(std::size_t lane) const;
    std::vector<std::int32_t> codes() const;
    /// The same as bytes, signed ones in two's complement. Requires: room for all.
    void bytes(std::span<std::uint8_t> codes) const;
    /// After run(): what an instruction gave, as binary64; exact but for i64 beyond 2^53.
    double value(int instruction, std::size_t lane) const;
    Value raw_value(int instruction, std::size_t lane) const;
    /// The same of all codes, the first of them first.
    std::array<double, 256> values(int instruction) const;
    /// After run(): every named value, in the order of the text.
    std::vector<Step> steps(std::size_t lane) const;

    /// After run(): the bits of what is gathered from all channels, in the order of the text.
    std::vector<std::uint64_t> gathered() const;

    const Program& program() const { return *program_; }

private:
    /// Not cleared, as all of it is written before it is read.
    struct Line
    {
        Line() { } // NOLINT(modernize-use-equals-default): that would clear it
        std::array<std::uint64_t, 8> bytes;
    };
    /// The values of an instruction, and for all codes the one in the channel of what depends on none. The values are those of
    /// `source`: a choice that all codes share copies nothing.
    struct Register
    {
        std::byte* values = nullptr; ///< in memory_, as wide
        std::byte* wide = nullptr;
        std::uint64_t done_in = 0, wide_in = 0; ///< the run that computed them
        std::size_t source = 0;
        bool is_gathered = false; ///< from all channels: all are here, not a block
    };

    struct Channels
    {
        int first = 0, count = 0;
    };
    /// A part of a run: an instruction for all codes, or the value of one in the channel given for all codes.
    struct Action
    {
        Kernel kernel = nullptr;
        void* result = nullptr;
        std::array<const void*, 4> operands{};
        std::size_t index = 0;
        bool is_splat = false;
    };
    /// Of a choice that all codes share.
    struct Choice
    {
        int condition = 0;
        bool is_first = false;
    };
    /// What a run did: another channel with the same choices takes the same actions.
    struct Plan
    {
        std::vector<Action> actions;
        std::vector<Choice> choices;
        bool is_begun = false; ///< by the run under way
    };

    void find_gathered();
    void lay_out();
    Channels channels_of(std::size_t index) const;
    void prepare(int channel);
    void set_input(std::size_t index) const;
    void reduce(std::size_t index) const;
    void execute(std::size_t index) const;
    void need(std::size_t index) const;
    bool repeats() const;
    void repeat() const;
    void choose(std::size_t index) const;
    std::size_t lanes_of(std::size_t index) const;
    const void* operand(std::size_t index, std::size_t slot) const;
    std::size_t lane_in(std::size_t index, std::size_t code_lane) const;

    std::shared_ptr<const Program> program_;
    const BatchNormLayer& layer_;
    mutable std::vector<Register> registers_;
    std::vector<Kernel> kernels_;
    std::vector<Line> memory_; ///< of all registers
    mutable std::array<std::vector<Line>, 4> splats_; ///< of one value, for many channels
    mutable Plan plan_;
    std::size_t code_lanes_;
    int first_ = 0, count_ = 0; ///< the block of channels
    int channel_ = -1;
    std::uint64_t run_ = 0; ///< counts the channels that were run
};

} // namespace qbn::formula
