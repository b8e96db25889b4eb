#include "core/formats/json_numbers.h"

#include "core/formats/error_text.h"
#include "core/text_number.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace qbn {

namespace {

constexpr std::string_view number_characters = "+-.0123456789eE";

bool is_zero(std::string_view number)
{
    const std::string_view digits = number.substr(0, number.find_first_of("eE"));
    return digits.find_first_of("123456789") == std::string_view::npos;
}

std::size_t after_string(std::string_view json, std::size_t start)
{
    std::size_t i = start + 1;
    while (i < json.size() && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
    return std::min(i + 1, json.size());
}

// Requires: valid JSON.
QByteArray with_quoted_negative_zeros(std::string_view json)
{
    QByteArray result;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < json.size();) {
        if (json[i] == '"') {
            i = after_string(json, i);
            continue;
        }
        if (number_characters.find(json[i]) == std::string_view::npos) {
            ++i;
            continue;
        }
        const std::size_t end = std::min(json.find_first_not_of(number_characters, i), json.size());
        if (json[i] == '-' && is_zero(json.substr(i, end - i))) {
            result.append(json.data() + copied, static_cast<qsizetype>(i - copied));
            result.append("\"-0\"");
            copied = end;
        }
        i = end;
    }
    result.append(json.data() + copied, static_cast<qsizetype>(json.size() - copied));
    return result;
}

Error syntax_error(std::string_view json, const QJsonParseError& error)
{
    const std::size_t offset
        = std::min(static_cast<std::size_t>(std::max(error.offset, 0)), json.size());
    const std::string_view before = json.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') + 1; // 0 if there is none
    const auto column
        = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                        [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; })
        + 1;
    std::string message = "line " + std::to_string(line) + ", column " + std::to_string(column)
        + ": it is not valid JSON: " + error.errorString().toStdString();
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
    QJsonParseError error;
    QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return syntax_error(view(json), error);
    if (json.contains("-0"))
        document = QJsonDocument::fromJson(with_quoted_negative_zeros(view(json)));
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
        return QString::fromStdString(quoted(value.toString().toStdString()));
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
