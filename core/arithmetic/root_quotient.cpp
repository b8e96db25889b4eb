#include "core/arithmetic/root_quotient.h"

#include "core/arithmetic/bounded.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace qbn {

namespace {

/// |x|, near enough to leave two neighbours of binary64 to choose from.
Bounded magnitude(const RootQuotient& x)
{
    const Bounded divisor = abs(x.c.bounded());
    if (x.a.sign() == 0)
        return abs(x.b.bounded()) / divisor;
    const Bounded sum = abs(x.a.bounded()) / sqrt(x.v.bounded()) + abs(x.b.bounded());
    if (x.a.sign() * x.b.sign() >= 0)
        return sum / divisor;
    // The two cancel; their conjugate does not, and the product of both is rational.
    return abs((x.a * x.a - x.b * x.b * x.v).bounded()) / x.v.bounded() / sum / divisor;
}

/// Half way between a binary64 that is not negative and the next, which is 2^1024 after the last.
Dyadic above_by_half(double value)
{
    const int exponent = value == 0 ? -1022 : std::max(std::ilogb(value), -1022);
    return Dyadic(value) + Dyadic(std::ldexp(1.0, exponent - 52)) * Dyadic(0.5);
}

} // namespace

int RootQuotient::sign() const
{
    return compare(Dyadic());
}

int RootQuotient::compare(const Dyadic& t) const
{
    return compare_over_root(a, v, t * c - b) * c.sign();
}

double RootQuotient::rounded() const
{
    const int side = sign();
    if (side == 0)
        return 0;
    const Bounded near = magnitude(*this);
    // Numbers that are not negative are ordered as their bits are.
    auto low = std::bit_cast<std::uint64_t>(std::max(near.least(), 0.0));
    auto high = std::bit_cast<std::uint64_t>(near.most());
    const Dyadic sign(static_cast<long long>(side));
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const int beyond = side * compare(sign * above_by_half(std::bit_cast<double>(middle)));
        if (beyond > 0 || (beyond == 0 && middle % 2 != 0))
            low = middle + 1;
        else
            high = middle;
    }
    return std::copysign(std::bit_cast<double>(low), side);
}

} // namespace qbn
