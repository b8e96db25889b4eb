#pragma once

#include "core/formula/bound_formula.h"

#include <vector>

namespace qbn::formula {

/// How far roundings can have moved the number that the last rounding makes a code of, for each input code of a channel: a bound
/// on its distance from what the same statements give in real numbers, from the parameters as the layer has them. In output steps.
/// After BoundFormula::run() of the channel.
///
/// It is a running error analysis (Wilkinson; Higham, "Accuracy and Stability of Numerical Algorithms", 3.3): with e(a) of the
/// operands, u half a unit in the last place of the result's type and v what was computed,
///     a + b      e(a) + e(b) + u |v|
///     a * b      |a| e(b) + |b| e(a) + e(a) e(b) + u |v|
///     fma        both, and u |v| once
///     a / b      (e(a) + |v| e(b)) / (|b| - e(b)) + u |v|
///     sqrt a     e(a) / v + u |v|
///     min, max   the larger error; a choice has that of what it chose
///     casts, roundings to whole numbers, products and shifts of integers: that of the exact result, and how far v lies from it
/// What is chosen by a comparison, how many fraction bits there are and the like stay as they were. Infinity where a number is not
/// finite, where one that is written in the text was chosen in place of what did not fit, where a whole number is cut off before the
/// last rounding, and for what is gathered over all channels as a number.
std::vector<double> error_bounds(const BoundFormula& bound, const BatchNormLayer& layer,
                                 int channel);

} // namespace qbn::formula
