#pragma once

#include "core/arithmetic/dyadic.h"

namespace qbn {

/// (a / sqrt(v) + b) / c of dyadic numbers: the shape of every intermediate of a channel, of its
/// parameters and of the distance to a boundary. What is asked of it is answered exactly, by signs
/// and squares of integers, however much of the sum cancels. Requires: v > 0, c != 0.
struct RootQuotient
{
    Dyadic a, v;
    Dyadic b;
    Dyadic c{1LL};

    /// -1, 0 or 1.
    int sign() const;

    /// -1, 0 or 1 as it is below, equal to or above t.
    int compare(const Dyadic& t) const;

    /// Rounded once to binary64, half to even: subnormal numbers, zeros and infinities are those
    /// that IEEE 754 gives, but that 0 itself is never negative. Exponents up to those of products of
    /// four binary64 numbers.
    double rounded() const;
};

} // namespace qbn
