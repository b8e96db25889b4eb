#include "core/formula/trial.h"
#include "tests/fuzz/support.h"

#include <cstdint>
#include <limits>
#include <string>

using namespace qbn;

/// Any text as a formula: refused with a sentence, or computed on a layer of all kinds of numbers, where a trial that leaves no
/// rounding out gives the same codes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto program = formula::compile(std::string(reinterpret_cast<const char*>(data), size));
    if (!program) {
        if (program.error().message.empty())
            __builtin_trap();
        return 0;
    }
    BatchNormLayer layer = identity_layer("fuzz", 9);
    layer.output.zero_point = 200;
    layer.var = {1,
                 0,
                 -1,
                 1e30,
                 std::numeric_limits<double>::infinity(),
                 std::numeric_limits<double>::quiet_NaN(),
                 1e-40,
                 2,
                 3};
    layer.gamma[7] = -1e30;
    formula::BoundFormula bound(*program, layer);
    for (int channel = 0; channel < layer.channels(); ++channel) {
        bound.run(channel);
        for (const std::int32_t code : bound.codes()) {
            if (!layer.output.type.contains(code))
                __builtin_trap();
        }
        formula::Trial trial(bound, layer, channel, 17);
        if (trial.code_without({}) != bound.code(17))
            __builtin_trap();
        static_cast<void>(trial.code_without(trial.roundings()));
    }
    return 0;
}
