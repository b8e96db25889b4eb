#include "core/formats/observed/observation_file.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/observed/csv_fields.h"
#include "core/formats/observed/observation_collector.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

namespace qbn {

namespace {

constexpr std::string_view codes_header = "channel,input_code,output_code";
constexpr std::string_view values_header = "channel,input,output";

/// quantize, or for an output quantize_unclamped
using FindCode = std::optional<std::int32_t> (*)(const QuantizationParameters&, double);

Result<std::int32_t> code_of_value(const QByteArray& field,
                                   const QuantizationParameters& parameters, FindCode find_code)
{
    const auto value = parse_number(view(field));
    const auto code = value ? find_code(parameters, *value) : std::nullopt;
    if (!code)
        return Error{in_quotes(view(field)) + " is no value of a code"};
    return *code;
}

/// A result that somebody calculated may lie outside of the type's range.
Result<std::int32_t> parse_output_code(const QByteArray& field)
{
    bool is_number = false;
    const int code = field.toInt(&is_number);
    if (!is_number)
        return Error{in_quotes(view(field))
                     + " is no output code: it is a whole number of 32 bits"};
    return code;
}

} // namespace

Result<LoadedObservations> read_observations(const QString& path, const BatchNormLayer& layer)
{
    const std::string name = path.toStdString();
    const auto file = map_file(path);
    if (!file)
        return Error{name + ": " + file.error().message};
    const QByteArray& bytes = file->bytes();
    const QByteArray first = bytes.left(bytes.indexOf('\n')).trimmed();
    const bool are_codes = view(first) == codes_header;
    if (!are_codes && view(first) != values_header)
        return Error{name + ", line 1: \"" + std::string(codes_header) + "\" or \""
                     + std::string(values_header) + "\" is expected, not "
                     + in_quotes(view(first))};
    ObservationCollector collector;
    std::size_t place = 0;
    const auto error
        = read_lines(bytes, are_codes ? codes_header : values_header,
                     [&](const QList<QByteArray>& fields) -> std::optional<Error> {
                         const auto channel = parse_channel(fields[0], layer);
                         if (!channel)
                             return channel.error();
                         const auto input = are_codes
                             ? parse_code(fields[1], layer.input.type, "input code")
                             : code_of_value(fields[1], layer.input, quantize);
                         if (!input)
                             return input.error();
                         const auto output = are_codes
                             ? parse_output_code(fields[2])
                             : code_of_value(fields[2], layer.output, quantize_unclamped);
                         if (!output)
                             return output.error();
                         collector.add(place++, {*channel, *input, *output});
                         return std::nullopt;
                     });
    if (error)
        return Error{name + ", " + error->message};
    return collector.take();
}

} // namespace qbn
