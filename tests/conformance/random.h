#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <span>

namespace qbn::conformance {

/// Seeded random numbers of the kinds that parameters have: a run can be repeated.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_engine(seed)
    { }

    /// Both ends included.
    int integer(int low, int high) { return std::uniform_int_distribution(low, high)(m_engine); }
    double uniform(double low, double high)
    {
        return std::uniform_real_distribution(low, high)(m_engine);
    }
    /// As many between 0.1 and 1 as between 1 and 10.
    double logUniform(double low, double high)
    {
        return std::exp(uniform(std::log(low), std::log(high)));
    }
    double sign() { return chance(0.5) ? 1.0 : -1.0; }
    bool chance(double probability) { return uniform(0, 1) < probability; }

    template <typename Value> Value oneOf(std::span<const Value> values)
    {
        return values[static_cast<std::size_t>(integer(0, static_cast<int>(values.size()) - 1))];
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace qbn::conformance
