#pragma once

#include "core/text/printable.h"
#include "core/text/result.h"

#include <QString>

#include <string_view>

namespace qbn::check {

inline QString text_of(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

inline QString quoted(const QString& text)
{
    return QString::fromStdString(in_quotes(text.toStdString()));
}

inline Error error_of(const QString& sentence)
{
    return Error{sentence.toStdString()};
}

} // namespace qbn::check
