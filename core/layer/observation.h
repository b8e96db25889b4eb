#pragma once

#include <cstdint>

namespace qbn {

/// One measured pair: what a framework put into a channel and what came out of it, as codes.
/// `channel` is the index in dimension 1 of an NCHW tensor. Printed reals are turned into codes
/// through the scale and zero point of their tensor; where a print was rounded so that several
/// codes are possible, the nearest one stands here and Understanding::assumed says so. The output
/// code is what was observed, which somebody's own calculation may have outside of the type's
/// range.
struct Observation
{
    int channel = 0;
    std::int32_t input_code = 0;
    std::int32_t output_code = 0;

    bool operator==(const Observation&) const = default;
};

} // namespace qbn
