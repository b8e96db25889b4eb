#pragma once

#include "core/text/result.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonValue>
#include <QString>

#include <optional>

namespace qbn {

/// Parses JSON by QJsonDocument and keeps the sign of a negative zero, which QJsonValue has no room
/// for: "-0" and
/// "-0.0" come out as the text "-0", which json_number reads. A number that is too small for
/// binary64 is 0; one that is too large, and a key that stands twice in an object, are errors. An
/// error names line and column, both from 1.
Result<QJsonDocument> parse_json(const QByteArray& json);

/// A number, or one of the texts that stand for what JSON has no number for: "inf", "-inf", "nan",
/// "-0", "nan(0x7ff8000000000001)". Nothing for anything else.
std::optional<double> json_number(const QJsonValue& value);

/// What json_number reads back to the same number (of any NaN, a NaN).
QJsonValue number_json(double value);

/// What stands there, for an error's sentence: "abc" in quotes, 1.5, true, null, an array, an
/// object.
QString describe(const QJsonValue& value);

} // namespace qbn
