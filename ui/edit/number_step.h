#pragma once

namespace qbn::ui {

/// How far one step goes.
enum class StepSize : unsigned char
{
    Fine, ///< a tenth of normal
    Normal, ///< one unit of the third significant digit: 0.0795 -> 0.0796, 117.5 -> 118.5
    Coarse, ///< ten times normal
};

/// `value` after `count` steps up (or down, if negative). The other digits stay as they are:
/// the sum is taken in decimals, so 0.1 + 0.001 is 0.101. From 0 a normal step goes to `zeroStep`.
/// NaN and infinities stay; a result beyond the largest double is that largest double.
double stepped(double value, int count, StepSize size, double zeroStep);

} // namespace qbn::ui
