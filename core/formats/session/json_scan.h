#pragma once

#include "core/text/result.h"

#include <QByteArray>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// What QJsonDocument does not tell of a JSON text. All but place_in() go over its strings and
/// numbers alone.

/// "line 3, column 17", both from 1, of a byte.
std::string place_in(std::string_view json, std::size_t offset);

/// A key that stands twice in one object, where QJsonDocument takes the last. Requires: valid JSON.
std::optional<Error> repeated_key(std::string_view json);

/// Numbers that QJsonDocument refuses, as binary64 has none so small, become 0 or -0; the error
/// names one that is too large.
Result<QByteArray> with_tame_numbers(std::string_view json);

/// Negative zeros become the text "-0", as QJsonValue has no room for their sign.
QByteArray with_quoted_negative_zeros(std::string_view json);

} // namespace qbn
