#pragma once

#include "core/text/text_number.h"

#include <QString>

namespace qbn::test {

/// QCOMPARE of two floating-point numbers is fuzzy; of their shortest digits it is bit for bit.
inline QString exactly(double value)
{
    return QString::fromStdString(format_number(value));
}

} // namespace qbn::test
