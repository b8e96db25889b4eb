#include "core/formats/observed/observation_file.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/observed/csv_fields.h"
#include "core/formats/observed/npy.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <numeric>
#include <set>
#include <tuple>

namespace qbn {

namespace {

constexpr std::string_view codes_header = "channel,input_code,output_code";
constexpr std::string_view values_header = "channel,input,output";

/// Keeps the first of equal observations.
class Collector
{
public:
    void add(const Observation& seen)
    {
        const bool is_new = known_.insert({seen.channel, seen.input_code, seen.output_code}).second;
        if (is_new && known_.size() <= observation_limit)
            loaded_.observations.push_back(seen);
    }

    LoadedObservations take()
    {
        loaded_.different = known_.size();
        return std::move(loaded_);
    }

private:
    LoadedObservations loaded_;
    std::set<std::tuple<int, std::int32_t, std::int32_t>> known_;
};

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

Result<NpyArray> read_array(const QString& path, const BatchNormLayer& layer)
{
    const std::string name = path.toStdString() + ": ";
    const auto bytes = read_file(path);
    if (!bytes)
        return Error{name + bytes.error().message};
    auto array = read_npy(*bytes);
    if (!array)
        return Error{name + array.error().message};
    if (array->shape.size() < 2 || array->shape[1] != layer.channels())
        return Error{name + "dimension 1 is the channel and has to be "
                     + std::to_string(layer.channels()) + " long"};
    return array;
}

/// Nothing for a number that is no code and for a value that has none.
std::optional<std::int32_t> input_code_of(const NpyArray& array, std::size_t index,
                                          const QuantizationParameters& parameters)
{
    const double number = array.values[index];
    if (array.descr.find('f') != std::string::npos)
        return quantize(parameters, number);
    const auto code = static_cast<std::int64_t>(number);
    return parameters.type.contains(code) ? std::optional(static_cast<std::int32_t>(code))
                                          : std::nullopt;
}

std::optional<std::int32_t> output_code_of(const NpyArray& array, std::size_t index,
                                           const QuantizationParameters& parameters)
{
    if (array.descr.find('f') != std::string::npos)
        return quantize_unclamped(parameters, array.values[index]);
    return quantize_unclamped({.type = parameters.type}, array.values[index]);
}

} // namespace

Result<LoadedObservations> read_observations(const QString& path, const BatchNormLayer& layer)
{
    const std::string name = path.toStdString();
    const auto bytes = read_file(path);
    if (!bytes)
        return Error{name + ": " + bytes.error().message};
    const QByteArray first = bytes->left(bytes->indexOf('\n')).trimmed();
    const bool are_codes = view(first) == codes_header;
    if (!are_codes && view(first) != values_header)
        return Error{name + ", line 1: \"" + std::string(codes_header) + "\" or \""
                     + std::string(values_header) + "\" is expected, not "
                     + in_quotes(view(first))};
    Collector collector;
    const auto error
        = read_lines(*bytes, are_codes ? codes_header : values_header,
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
                         collector.add({*channel, *input, *output});
                         return std::nullopt;
                     });
    if (error)
        return Error{name + ", " + error->message};
    return collector.take();
}

Result<LoadedObservations> read_observations(const QString& input_path, const QString& output_path,
                                             const BatchNormLayer& layer)
{
    const auto input = read_array(input_path, layer);
    if (!input)
        return input.error();
    const auto output = read_array(output_path, layer);
    if (!output)
        return output.error();
    if (input->shape != output->shape)
        return Error{output_path.toStdString() + ": its shape is not that of "
                     + input_path.toStdString()};
    const std::size_t plane = static_cast<std::size_t>(std::accumulate(
        input->shape.begin() + 2, input->shape.end(), std::int64_t{1}, std::multiplies<>()));
    const auto channels = static_cast<std::size_t>(layer.channels());
    Collector collector;
    for (std::size_t i = 0; i < input->values.size(); ++i) {
        const auto from = input_code_of(*input, i, layer.input);
        const auto to = output_code_of(*output, i, layer.output);
        if (!from || !to)
            return Error{(from ? output_path : input_path).toStdString() + ": element "
                         + std::to_string(i) + " is no code of the layer's"};
        collector.add({static_cast<int>(i / plane % channels), *from, *to});
    }
    return collector.take();
}

} // namespace qbn
