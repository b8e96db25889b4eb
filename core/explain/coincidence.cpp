#include "core/explain/coincidence.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qbn {

namespace {

/// By Stirling's series, to 12 digits; std::lgamma writes a global variable.
double log_factorial(std::size_t number)
{
    const auto n = static_cast<double>(number);
    constexpr std::size_t small = 20;
    if (number < small) {
        double product = 1;
        for (std::size_t k = 2; k <= number; ++k)
            product *= static_cast<double>(k);
        return std::log(product);
    }
    const double square = n * n;
    return n * std::log(n) - n + std::log(2 * std::numbers::pi * n) / 2
        + (1 - (1 - 2 / (7 * square)) / (30 * square)) / (12 * n);
}

} // namespace

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
    const double log_of_first = log_factorial(tries) - log_factorial(wanted)
        - log_factorial(tries - wanted) + s * std::log(chance) + (n - s) * std::log1p(-chance);
    const double odds = chance / (1 - chance);
    double sum = 1; // in units of the first term
    double term = 1;
    for (std::size_t k = wanted; k < tries && term > 1e-17 * sum; ++k) {
        term *= odds * static_cast<double>(tries - k) / static_cast<double>(k + 1);
        sum += term;
    }
    return std::min(std::exp(log_of_first) * sum, 1.0);
}

double chance_of_any(double one, std::size_t tried)
{
    return one >= 1 ? 1 : -std::expm1(static_cast<double>(tried) * std::log1p(-one));
}

} // namespace qbn
