#include "core/formats/observed/code_histogram.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/observed/csv_fields.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <cmath>

namespace qbn {

namespace {

constexpr std::string_view header = "channel,input_code,count";

} // namespace

Result<CodeDistribution> read_code_histogram(const QString& path, const BatchNormLayer& layer)
{
    const std::string name = path.toStdString();
    const auto file = map_file(path);
    if (!file)
        return Error{name + ": " + file.error().message};
    const QByteArray& bytes = file->bytes();
    const QByteArray first = bytes.left(bytes.indexOf('\n')).trimmed();
    if (view(first) != header)
        return Error{name + ", line 1: " + '"' + std::string(header) + "\" is expected, not "
                     + in_quotes(view(first))};
    const auto codes = static_cast<std::size_t>(layer.input.type.count());
    std::vector<double> weights(codes * static_cast<std::size_t>(layer.channels()));
    const auto error
        = read_lines(bytes, header, [&](const QList<QByteArray>& fields) -> std::optional<Error> {
              const auto channel = parse_channel(fields[0], layer);
              if (!channel)
                  return channel.error();
              const auto code = parse_code(fields[1], layer.input.type, "input code");
              if (!code)
                  return code.error();
              const auto count = parse_number(view(fields[2]));
              if (!count || !(*count >= 0) || !std::isfinite(*count))
                  return Error{in_quotes(view(fields[2])) + " is no count"};
              weights[static_cast<std::size_t>(*channel) * codes
                      + static_cast<std::size_t>(*code - layer.input.type.qmin())]
                  += *count;
              return std::nullopt;
          });
    if (error)
        return Error{name + ", " + error->message};
    return CodeDistribution(layer.input.type.count(), std::move(weights));
}

} // namespace qbn
