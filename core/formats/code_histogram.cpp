#include "core/formats/code_histogram.h"

#include "core/formats/error_text.h"
#include "core/formats/read_file.h"
#include "core/text_number.h"

#include <QList>

#include <cmath>

namespace qbn {

namespace {

struct Line
{
    int channel = 0;
    int input_code = 0;
    double count = 0;
};

Result<Line> parse_line(const QByteArray& text, const BatchNormLayer& layer)
{
    const QList<QByteArray> fields = text.split(',');
    if (fields.size() != 3)
        return Error{"it has " + counted(static_cast<std::size_t>(fields.size()), "field")
                     + ", channel,input_code,count are 3"};
    Line line;
    bool is_number = false;
    line.channel = fields[0].trimmed().toInt(&is_number);
    if (!is_number || line.channel < 0 || line.channel >= layer.channels())
        return Error{quoted(view(fields[0])) + " is no channel: they are 0 to "
                     + std::to_string(layer.channels() - 1)};
    line.input_code = fields[1].trimmed().toInt(&is_number);
    if (!is_number || !layer.input.type.contains(line.input_code))
        return Error{quoted(view(fields[1])) + " is no input code: they are "
                     + std::to_string(layer.input.type.qmin()) + " to "
                     + std::to_string(layer.input.type.qmax())};
    const auto count = parse_number(view(fields[2].trimmed()));
    if (!count || !(*count >= 0) || !std::isfinite(*count))
        return Error{quoted(view(fields[2])) + " is no count"};
    line.count = *count;
    return line;
}

} // namespace

Result<CodeDistribution> read_code_histogram(const QString& path, const BatchNormLayer& layer)
{
    const std::string name = path.toStdString();
    const auto bytes = read_file(path);
    if (!bytes)
        return Error{name + ": " + bytes.error().message};
    const auto codes = static_cast<std::size_t>(layer.input.type.count());
    std::vector<double> weights(codes * static_cast<std::size_t>(layer.channels()));
    int number = 0;
    for (QByteArray text : bytes->split('\n')) {
        ++number;
        text = text.trimmed();
        const std::string place = name + ", line " + std::to_string(number) + ": ";
        if (number == 1) {
            if (text != "channel,input_code,count")
                return Error{place + "\"channel,input_code,count\" is expected, not "
                             + quoted(view(text))};
            continue;
        }
        if (text.isEmpty())
            continue;
        const auto line = parse_line(text, layer);
        if (!line)
            return Error{place + line.error().message};
        weights[static_cast<std::size_t>(line->channel) * codes
                + static_cast<std::size_t>(line->input_code - layer.input.type.qmin())]
            += line->count;
    }
    return CodeDistribution(layer.input.type.count(), std::move(weights));
}

} // namespace qbn
