#pragma once

#include "core/backends/backend.h"

namespace qbn {

/// Integer-only hardware (core/arithmetic/fixed_point.h), with the most fraction bits that keep the channel's
/// accumulator in int32.
Backend fixed_point();

/// The same with a 31 bit multiplier and gemmlowp's two roundings.
Backend fixed_point_gemmlowp();

/// `fixed_point` with a number of fraction bits of one's own, the same for all channels:
/// "fixed-point:16", and "fixed-point:16:int64" in an accumulator of 64 bits. Requires:
/// min_fraction_bits <= bits <= max_fraction_bits. The backend lives as long as the program.
const Backend& fixed_point_with(int bits, Arithmetic::Integer::Accumulator accumulator);

} // namespace qbn
