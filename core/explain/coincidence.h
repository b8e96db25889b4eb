#pragma once

#include <cstddef>

namespace qbn {

/// How likely it is that at least `wanted` of `tries` independent tries succeed, of which each does
/// with `chance`; 1 where no more are wanted than are to be expected. Domain: a chance of 0 to 1,
/// wanted <= tries. Time grows with the tries at most.
double chance_of_at_least(std::size_t wanted, std::size_t tries, double chance);

/// How likely it is that one of several explanations fits, of which each does with `one`:
/// 1 - (1 - one)^tried without the loss of small numbers.
double chance_of_any(double one, std::size_t tried);

} // namespace qbn
