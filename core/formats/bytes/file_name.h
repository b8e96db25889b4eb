#pragma once

#include <QByteArray>
#include <QString>

namespace qbn {

/// A file name may be any bytes; a QString holds text. Bytes that are not UTF-8 become the lone
/// surrogates U+DC80 to U+DCFF, as Python's "surrogateescape" has it (PEP 383), which no UTF-8 text
/// contains, so that the name is not lost.
QString file_name_text(const QByteArray& bytes);

/// The bytes again.
QByteArray file_name_bytes(const QString& name);

/// QFile cannot open a file of this name.
bool is_not_utf8(const QString& name);

} // namespace qbn
