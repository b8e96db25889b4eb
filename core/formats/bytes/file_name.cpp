#include "core/formats/bytes/file_name.h"

#include <QStringDecoder>

namespace qbn {

namespace {

constexpr char16_t escape = 0xdc00;

/// A byte of 0x80 and above that stands for itself; no surrogate pair begins before it.
bool is_escaped(const QString& name, qsizetype at)
{
    const char16_t unit = name[at].unicode();
    const bool in_pair = at > 0 && name[at - 1].isHighSurrogate();
    return unit >= escape + 0x80 && unit <= escape + 0xff && !in_pair;
}

/// How long a UTF-8 sequence with this first byte is.
qsizetype length_from(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0x80)
        return 1;
    if (byte < 0xe0)
        return 2;
    return byte < 0xf0 ? 3 : 4;
}

} // namespace

QString file_name_text(const QByteArray& bytes)
{
    QString text;
    for (qsizetype i = 0; i < bytes.size();) {
        const QByteArray sequence = bytes.mid(i, length_from(bytes[i]));
        QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString decoded = decode(sequence);
        if (decode.hasError()) {
            text += QChar(static_cast<char16_t>(escape + static_cast<unsigned char>(bytes[i])));
            ++i;
        } else {
            text += decoded;
            i += sequence.size();
        }
    }
    return text;
}

QByteArray file_name_bytes(const QString& name)
{
    QByteArray bytes;
    qsizetype copied = 0;
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (!is_escaped(name, i))
            continue;
        bytes += name.mid(copied, i - copied).toUtf8();
        bytes += static_cast<char>(name[i].unicode() - escape);
        copied = i + 1;
    }
    return bytes + name.mid(copied).toUtf8();
}

bool is_not_utf8(const QString& name)
{
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (is_escaped(name, i))
            return true;
    }
    return false;
}

} // namespace qbn
