#include "core/formats/observed/csv_fields.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>

namespace qbn {

std::optional<Error> read_lines(const QByteArray& bytes, std::string_view header,
                                const TakeFields& take)
{
    const auto columns = static_cast<qsizetype>(std::count(header.begin(), header.end(), ',')) + 1;
    int number = 0;
    for (qsizetype start = 0; start < bytes.size();) {
        const qsizetype found = bytes.indexOf('\n', start);
        const qsizetype end = found < 0 ? bytes.size() : found;
        const QByteArray text = bytes.mid(start, end - start).trimmed();
        start = end + 1;
        ++number;
        if (number == 1 || text.isEmpty())
            continue;
        const std::string place = "line " + std::to_string(number) + ": ";
        QList<QByteArray> fields = text.split(',');
        if (fields.size() != columns)
            return Error{place + "it has "
                         + counted(static_cast<std::size_t>(fields.size()), "field") + ", "
                         + std::string(header) + " are " + std::to_string(columns)};
        for (QByteArray& field : fields)
            field = field.trimmed();
        if (const auto error = take(fields))
            return Error{place + error->message};
    }
    return std::nullopt;
}

Result<int> parse_channel(const QByteArray& field, const BatchNormLayer& layer)
{
    bool is_number = false;
    const int channel = field.toInt(&is_number);
    if (!is_number || channel < 0 || channel >= layer.channels())
        return Error{in_quotes(view(field)) + " is no channel: they are 0 to "
                     + std::to_string(layer.channels() - 1)};
    return channel;
}

Result<std::int32_t> parse_code(const QByteArray& field, CodeType type, std::string_view noun)
{
    bool is_number = false;
    const int code = field.toInt(&is_number);
    if (!is_number || !type.contains(code))
        return Error{in_quotes(view(field)) + " is no " + std::string(noun) + ": they are "
                     + std::to_string(type.qmin()) + " to " + std::to_string(type.qmax())};
    return code;
}

} // namespace qbn
