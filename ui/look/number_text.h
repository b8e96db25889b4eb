#pragma once

#include "core/compare/tie_map.h"

#include <QString>

namespace qbn::ui {

/// A number cut to what a person reads: `digits` digits in all, the 0 before the point counted, but
/// at least six that matter: 0.29906651, -110.886795, 1.23457e-12. A number whose shortest digits
/// need no more is shown whole (117.5, 1e-05), so an end of zeros says that there is more to it.
/// "not a number", "∞", "-∞" for what is none. C locale.
QString shortNumber(double value, int digits = 9);
/// The same, but a binary32 with few digits is shown whole: 0.1F gives 0.1.
QString shortNumber(float value, int digits = 9);

/// The shortest digits that read back to the same double, with its bits as a hex float behind:
/// 0.1 (0x1.999999999999ap-4). Nothing behind for whole numbers that need none, NaN and infinities.
QString fullNumber(double value);
QString fullNumber(float value);

/// shortNumber() as an operand behind a sign: in brackets if it begins with a minus; NaN
/// in short.
QString operandText(double value, int digits);

/// With a sign in any case: +0.013, -0.250, 0. `decimals` behind the point.
QString signedNumber(double value, int decimals);

/// "margin 0.487 steps (3.28e+05 ulp)", "a tie"; with "near tie" before it where it is one. Empty
/// where the output code never changes or there is no answer.
QString marginText(const CodeMargin& margin);

} // namespace qbn::ui
