#include "core/formats/session/json_numbers.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/session/json_scan.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace qbn {

namespace {

Error syntax_error(std::string_view json, const QJsonParseError& error)
{
    const std::size_t offset
        = std::min(static_cast<std::size_t>(std::max(error.offset, 0)), json.size());
    const std::string message
        = place_in(json, offset) + ": it is not valid JSON: " + error.errorString().toStdString();
    // QJsonDocument stops at the first letter or at the sign before it.
    const std::string_view rest = json.substr(offset).substr(0, 9);
    for (const std::string_view word : {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"}) {
        if (rest.substr(0, word.size()) == word)
            return {
                message
                + R"x( (not-a-number and infinity are written as text: "nan", "inf", "-inf"))x"};
    }
    return {message};
}

std::optional<double> nan_of(std::string_view text)
{
    constexpr std::string_view head = "nan(0x";
    if (text.size() != head.size() + 17 || text.substr(0, head.size()) != head
        || text.back() != ')')
        return std::nullopt;
    std::uint64_t bits = 0;
    const char* const end = text.data() + text.size() - 1;
    if (std::from_chars(text.data() + head.size(), end, bits, 16).ptr != end)
        return std::nullopt;
    const auto value = std::bit_cast<double>(bits);
    return std::isnan(value) ? std::optional(value) : std::nullopt;
}

} // namespace

Result<QJsonDocument> parse_json(const QByteArray& json)
{
    QByteArray text = json;
    QJsonParseError error;
    QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error == QJsonParseError::IllegalNumber) {
        auto tame = with_tame_numbers(view(json));
        if (!tame)
            return tame.error();
        text = *tame;
        document = QJsonDocument::fromJson(text, &error);
    }
    if (error.error != QJsonParseError::NoError)
        return syntax_error(view(text), error);
    if (const auto repeated = repeated_key(view(json)))
        return *repeated;
    if (text.contains("-0"))
        document = QJsonDocument::fromJson(with_quoted_negative_zeros(view(text)));
    return document;
}

std::optional<double> json_number(const QJsonValue& value)
{
    if (value.isDouble())
        return value.toDouble();
    if (!value.isString())
        return std::nullopt;
    const QString text = value.toString();
    if (text == QLatin1String("inf"))
        return std::numeric_limits<double>::infinity();
    if (text == QLatin1String("-inf"))
        return -std::numeric_limits<double>::infinity();
    if (text == QLatin1String("nan"))
        return std::numeric_limits<double>::quiet_NaN();
    if (text == QLatin1String("-0"))
        return -0.0;
    return nan_of(text.toStdString());
}

QJsonValue number_json(double value)
{
    if (std::isfinite(value) && !(value == 0 && std::signbit(value)))
        return value;
    return QString::fromStdString(format_number(value));
}

QString describe(const QJsonValue& value)
{
    switch (value.type()) {
    case QJsonValue::String:
        return QString::fromStdString(in_quotes(value.toString().toStdString()));
    case QJsonValue::Double:
        return QString::fromStdString(format_number(value.toDouble()));
    case QJsonValue::Bool:
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Array:
        return QStringLiteral("an array");
    case QJsonValue::Object:
        return QStringLiteral("an object");
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return QStringLiteral("null");
}

} // namespace qbn
