#include "core/formats/session/json_scan.h"
#include "core/text/printable.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <vector>

namespace qbn {

namespace {

constexpr std::string_view number_characters = "+-.0123456789eE";
constexpr std::string_view::size_type none = std::string_view::npos;

std::size_t after_string(std::string_view json, std::size_t start)
{
    std::size_t i = start + 1;
    while (i < json.size() && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
    return std::min(i + 1, json.size());
}

/// Copies the text with each number replaced by what `change` gives for it; nothing keeps it.
QByteArray with_numbers(
    std::string_view json,
    const std::function<std::optional<QByteArray>(std::string_view, std::size_t)>& change)
{
    QByteArray result;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < json.size();) {
        if (json[i] == '"') {
            i = after_string(json, i);
            continue;
        }
        if (json[i] != '-' && (json[i] < '0' || json[i] > '9')) {
            ++i;
            continue;
        }
        const std::size_t end = std::min(json.find_first_not_of(number_characters, i), json.size());
        if (const auto other = change(json.substr(i, end - i), i)) {
            result.append(json.data() + copied, static_cast<qsizetype>(i - copied));
            result.append(*other);
            copied = end;
        }
        i = end;
    }
    result.append(json.data() + copied, static_cast<qsizetype>(json.size() - copied));
    return result;
}

bool is_zero(std::string_view number)
{
    const std::string_view digits = number.substr(0, number.find_first_of("eE"));
    return digits.find_first_of("123456789") == none;
}

/// Of a number that binary64 does not hold: it is beyond its largest, not below its smallest. The
/// power of ten of its first digit that is not 0 tells.
bool is_large(std::string_view number)
{
    const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
    const std::string_view digits = number.substr(0, exponent_at);
    std::string_view exponent_text = number.substr(std::min(exponent_at + 1, number.size()));
    if (exponent_text.starts_with('+'))
        exponent_text.remove_prefix(1);
    long long exponent = 0;
    const auto read = std::from_chars(exponent_text.data(),
                                      exponent_text.data() + exponent_text.size(), exponent);
    if (read.ec == std::errc::result_out_of_range)
        return !exponent_text.starts_with('-');
    const auto point = static_cast<long long>(std::min(digits.find('.'), digits.size()));
    const auto first = static_cast<long long>(digits.find_first_of("123456789"));
    return exponent + point - first > 0;
}

/// The key as it is meant: "\u0061" is "a".
std::string meaning_of(std::string_view quoted_key)
{
    if (quoted_key.find('\\') == none)
        return std::string(quoted_key.substr(1, quoted_key.size() - 2));
    const QByteArray array
        = '[' + QByteArray(quoted_key.data(), static_cast<qsizetype>(quoted_key.size())) + ']';
    return QJsonDocument::fromJson(array).array().at(0).toString().toStdString();
}

} // namespace

std::string place_in(std::string_view json, std::size_t offset)
{
    const std::string_view before = json.substr(0, std::min(offset, json.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') + 1; // 0 if there is none
    const auto column
        = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                        [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; })
        + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::optional<Error> repeated_key(std::string_view json)
{
    std::vector<std::set<std::string>> objects; // those that are open, arrays as empty sets
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '"') {
            const std::size_t end = after_string(json, i);
            const std::size_t next = json.find_first_not_of(" \t\r\n", end);
            const bool is_key = next != none && json[next] == ':'; // what a colon follows
            const std::string_view token = json.substr(i, end - i);
            if (is_key && !objects.empty() && !objects.back().insert(meaning_of(token)).second)
                return Error{place_in(json, i) + ": the key " + in_quotes(meaning_of(token))
                             + " stands twice in one object"};
            i = end - 1;
        } else if (c == '{' || c == '[') {
            objects.emplace_back();
        } else if ((c == '}' || c == ']') && !objects.empty()) {
            objects.pop_back();
        }
    }
    return std::nullopt;
}

Result<QByteArray> with_tame_numbers(std::string_view json)
{
    std::optional<Error> error;
    QByteArray tame = with_numbers(
        json, [&](std::string_view number, std::size_t at) -> std::optional<QByteArray> {
            double value = 0;
            const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
            if (read.ec != std::errc::result_out_of_range)
                return std::nullopt;
            if (!is_large(number))
                return QByteArray(number.front() == '-' ? "-0" : "0");
            if (!error)
                error = Error{place_in(json, at) + ": " + in_quotes(number)
                              + " is too large for a number of 64 bits (infinity is written as "
                                "text: \"inf\", \"-inf\")"};
            return std::nullopt;
        });
    if (error)
        return *std::move(error);
    return tame;
}

QByteArray with_quoted_negative_zeros(std::string_view json)
{
    return with_numbers(
        json, [](std::string_view number, std::size_t /*at*/) -> std::optional<QByteArray> {
            if (number.front() == '-' && is_zero(number))
                return QByteArray("\"-0\"");
            return std::nullopt;
        });
}

} // namespace qbn
