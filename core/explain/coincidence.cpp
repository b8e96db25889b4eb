#include "core/explain/coincidence.h"

#include <algorithm>
#include <cmath>

namespace qbn {

double chance_of_at_least(std::size_t wanted, std::size_t tries, double chance)
{
    if (wanted == 0 || chance >= 1)
        return 1;
    if (chance <= 0)
        return 0;
    const auto n = static_cast<double>(tries);
    const auto s = static_cast<double>(wanted);
    // What is to be expected is no surprise. Above it each term is less than the one before.
    if (s <= n * chance)
        return 1;
    const double log_of_first = std::lgamma(n + 1) - std::lgamma(s + 1) - std::lgamma(n - s + 1)
        + s * std::log(chance) + (n - s) * std::log1p(-chance);
    const double odds = chance / (1 - chance);
    double sum = 1; // in units of the first term
    double term = 1;
    for (double k = s; k < n && term > 1e-17 * sum; ++k) {
        term *= odds * (n - k) / (k + 1);
        sum += term;
    }
    return std::min(std::exp(log_of_first) * sum, 1.0);
}

double chance_of_any(double one, std::size_t tried)
{
    return one >= 1 ? 1 : -std::expm1(static_cast<double>(tried) * std::log1p(-one));
}

} // namespace qbn
