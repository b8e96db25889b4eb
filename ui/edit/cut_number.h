#pragma once

#include <QString>

namespace qbn::ui {

/// A number in at most so many characters: all its digits if they fit, else the first of them with an
/// ellipsis behind. Sign and exponent stay, and of a number without one all that stands before the
/// point: "9.99999…e-06", "0.00787…". A number that cannot be said in so few comes with one digit.
QString cutNumber(double value, qsizetype characters);

} // namespace qbn::ui
