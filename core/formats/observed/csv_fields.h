#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <optional>
#include <string_view>

namespace qbn {

/// Takes the fields of one line, or says what is wrong with them.
using TakeFields = std::function<std::optional<Error>(const QList<QByteArray>& fields)>;

/// Calls `take` for each line below the header that is not empty, with as many fields, spaces
/// around them cut off, as the header has; stops at the first error and puts the line's number in
/// front: "line 3: ...". Fields hold no quotes and no commas.
std::optional<Error> read_lines(const QByteArray& bytes, std::string_view header,
                                const TakeFields& take);

Result<int> parse_channel(const QByteArray& field, const BatchNormLayer& layer);
/// `noun` is "input code" or "output code".
Result<std::int32_t> parse_code(const QByteArray& field, CodeType type, std::string_view noun);

} // namespace qbn
