#pragma once

#include "core/compare/tie_map.h"

#include <QString>

namespace qbn::ui {

/// format_short() of core/text/text_number.h; "not a number", "∞", "-∞" for what is none.
QString shortNumber(double value, int digits = 9);
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
