#include "app/cli/explain_observations.h"

#include "core/formats/observed/observation_file.h"
#include "core/paste/printed_value.h"
#include "core/text/text_number.h"

#include <QRegularExpression>

namespace qbn::cli {

namespace {

enum class Side
{
    input,
    output,
};

/// One --observation.
class SingleReader
{
public:
    SingleReader(const QString& text, const BatchNormLayer& layer,
                 std::vector<std::string>& assumed)
        : text_(text)
        , layer_(layer)
        , assumed_(assumed)
    { }

    /// Whether the layer has such a channel and code, core says.
    std::optional<Observation> read()
    {
        static const QRegularExpression form(
            QStringLiteral(R"(^\s*(\d{1,9})\s*:\s*([^=\s]+)\s*=\s*([^=\s]+)\s*$)"));
        const QRegularExpressionMatch match = form.match(text_);
        if (!match.hasMatch())
            return refuse("is not CHANNEL:IN=OUT, such as 0:38=52 or 0:0.299=-110.89");
        const auto in = code(match.captured(2), Side::input);
        const auto out = in ? code(match.captured(3), Side::output) : std::nullopt;
        if (!in || !out)
            return std::nullopt;
        return Observation{
            .channel = match.captured(1).toInt(), .input_code = *in, .output_code = *out};
    }

private:
    std::nullopt_t refuse(const std::string& reason) const
    {
        complain(QStringLiteral("--observation \"%1\" ").arg(text_)
                 + QString::fromStdString(reason));
        return std::nullopt;
    }

    std::optional<std::int32_t> code(const QString& number, Side side)
    {
        bool is_code = false;
        const int code = number.toInt(&is_code);
        if (is_code)
            return code;
        const auto value = read_printed_number(number.toStdString());
        if (!value)
            return refuse("is not CHANNEL:IN=OUT: " + number.toStdString()
                          + " is no code and no value");
        return code_of_value(number.toStdString(), *value, side);
    }

    std::optional<std::int32_t> code_of_value(const std::string& number, const PrintedNumber& value,
                                              Side side)
    {
        const bool is_input = side == Side::input;
        const std::string name = is_input ? "input" : "output";
        const QuantizationParameters& parameters = is_input ? layer_.input : layer_.output;
        const Field scale = is_input ? Field::input_scale : Field::output_scale;
        if (layer_.provenance.of(scale).origin == Origin::unknown)
            return refuse("has a value, but the " + name + " scale is not known");
        const auto possible = possible_codes(parameters, value);
        const auto unclamped = quantize_unclamped(parameters, value.value);
        if (!possible || !unclamped)
            return refuse("has a value that is no code's: " + number);
        const bool is_outside = possible->count == 0 && !parameters.type.contains(*unclamped);
        if (is_outside && is_input)
            return refuse("has an input that no " + name_of(parameters.type)
                          + " code stands for: " + number);
        const std::int32_t code = is_outside ? *unclamped : possible->nearest;
        const std::string note = is_outside ? ", outside of " + name_of(parameters.type)
            : possible->count == 0          ? ", the nearest; no code has that value"
            : possible->count > 1
            ? ", the nearest of " + std::to_string(possible->count) + " that it may be"
            : std::string();
        assumed_.push_back("--observation " + text_.toStdString() + ": " + name + " " + number
                           + " is taken for code " + std::to_string(code) + " ("
                           + format_number(dequantize(parameters, code)) + ")" + note);
        return code;
    }

    const QString& text_;
    const BatchNormLayer& layer_;
    std::vector<std::string>& assumed_;
};

std::optional<ExitCode> add_loaded(const Result<LoadedObservations>& loaded, BatchNormLayer& layer,
                                   std::vector<std::string>& assumed)
{
    if (!loaded) {
        complain(QString::fromStdString(loaded.error().message));
        return bad_input;
    }
    const auto& added = loaded->observations;
    layer.observations.insert(layer.observations.end(), added.begin(), added.end());
    if (loaded->different > added.size())
        assumed.push_back((loaded->different == different_limit ? "of at least " : "of ")
                          + std::to_string(loaded->different) + " different observations the first "
                          + std::to_string(added.size()) + " are taken");
    return std::nullopt;
}

} // namespace

std::optional<ExitCode> add_observations(const QCommandLineParser& parser,
                                         const ObservationOptions& options, BatchNormLayer& layer,
                                         std::vector<std::string>& assumed)
{
    const bool has_input = parser.isSet(options.input);
    if (has_input != parser.isSet(options.output)) {
        complain(QStringLiteral("--input and --output are given together"));
        return usage_error;
    }
    for (const QString& text : parser.values(options.single)) {
        const auto observation = SingleReader(text, layer, assumed).read();
        if (!observation)
            return usage_error;
        layer.observations.push_back(*observation);
    }
    std::optional<ExitCode> code;
    if (parser.isSet(options.file))
        code = add_loaded(read_observations(parser.value(options.file), layer), layer, assumed);
    if (!code && has_input)
        code = add_loaded(
            read_observations(parser.value(options.input), parser.value(options.output), layer),
            layer, assumed);
    return code;
}

} // namespace qbn::cli
