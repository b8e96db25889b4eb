#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "core/compare/difference.h"
#include "core/compare/tie_map.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn::cli {

namespace {

constexpr std::size_t columns = 7;
using Row = std::array<std::string, columns>;

/// Integers have no use for a hexadecimal float.
std::string hex_text(const std::optional<TraceStep>& step)
{
    return step && step->format != TraceStep::Format::integer ? format_hex(step->value) : "";
}

std::string value_text(const std::optional<TraceStep>& step)
{
    if (!step)
        return "";
    return step->format == TraceStep::Format::binary32
        ? format_number(static_cast<float>(step->value))
        : format_number(step->value);
}

std::string ulp_text(const ComparedStep& step)
{
    return step.ulp ? format_number(static_cast<float>(*step.ulp)) : "";
}

std::vector<Row> rows_of(const Difference& difference)
{
    const std::string first(difference.first->id);
    const std::string second(difference.second->id);
    std::vector<Row> rows{{"step", first, "hex", second, "hex", "ulp", "exact"}};
    for (std::size_t i = 0; i < difference.steps.size(); ++i) {
        const ComparedStep& step = difference.steps[i];
        const std::string mark = difference.first_differing == i ? "* " : "  ";
        rows.push_back({mark + std::string(step.name), value_text(step.first), hex_text(step.first),
                        value_text(step.second), hex_text(step.second), ulp_text(step),
                        step.exact ? format_number(*step.exact) : ""});
    }
    rows.front().front() = "  step";
    return rows;
}

std::string table_text(const std::vector<Row>& rows)
{
    std::array<std::size_t, columns> widths{};
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < columns; ++i) {
            line += row[i];
            line.append(widths[i] - row[i].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

/// The margin in units in the last place of a backend's own steps.
double ulp_of(const Backend& backend, const Difference& difference, const BatchNormLayer& layer)
{
    const auto at = static_cast<std::size_t>(difference.input_code - layer.input.type.qmin());
    return tie_map(backend, layer, difference.channel).codes[at].ulp;
}

std::string margin_text(const Difference& difference, const BatchNormLayer& layer)
{
    const Boundary& boundary = difference.boundary;
    if (boundary.tie || !std::isfinite(boundary.distance))
        return "";
    const auto ulp = [&](const Backend& backend) {
        return format_number(static_cast<float>(ulp_of(backend, difference, layer))) + " ulp of "
            + std::string(backend.id);
    };
    return "Margin: " + format_number(boundary.distance) + " output steps to the boundary "
        + boundary_text(boundary.nearest, layer.output.zero_point) + ", " + ulp(*difference.first)
        + ", " + ulp(*difference.second) + ".\n";
}

std::string text_for(const Difference& difference, const BatchNormLayer& layer)
{
    return printable(layer.name) + ", channel " + std::to_string(difference.channel)
        + ", input code " + std::to_string(difference.input_code) + "\n\n"
        + table_text(rows_of(difference)) + "\n* the first that differs\n\n" + difference.sentence
        + ".\n" + margin_text(difference, layer);
}

QJsonValue step_json(const std::optional<TraceStep>& step)
{
    if (!step)
        return {};
    static constexpr std::array formats{"binary32", "binary64", "integer"};
    return QJsonObject{{QStringLiteral("value"), number_json(step->value)},
                       {QStringLiteral("hex"), QString::fromStdString(format_hex(step->value))},
                       {QStringLiteral("format"),
                        QString::fromLatin1(formats.at(static_cast<std::size_t>(step->format)))},
                       {QStringLiteral("formula"), text_of(step->formula)}};
}

QJsonObject json_for(const Difference& difference, const BatchNormLayer& layer)
{
    QJsonArray steps;
    for (const ComparedStep& step : difference.steps)
        steps.append(QJsonObject{
            {QStringLiteral("name"), text_of(step.name)},
            {QStringLiteral("first"), step_json(step.first)},
            {QStringLiteral("second"), step_json(step.second)},
            {QStringLiteral("exact"), step.exact ? number_json(*step.exact) : QJsonValue()},
            {QStringLiteral("ulp"), step.ulp ? number_json(*step.ulp) : QJsonValue()}});
    QJsonArray causes;
    for (const Cause cause : difference.causes)
        causes.append(text_of(name_of(cause)));
    QJsonArray decisive;
    for (const RoundingSet& set : difference.decisive) {
        QJsonArray names;
        for (const std::string_view name : set)
            names.append(text_of(name));
        decisive.append(names);
    }
    const auto parted = difference.first_differing
        ? QJsonValue(text_of(difference.steps[*difference.first_differing].name))
        : QJsonValue();
    const Boundary& boundary = difference.boundary;
    return {{QStringLiteral("layer"), QString::fromStdString(layer.name)},
            {QStringLiteral("channel"), difference.channel},
            {QStringLiteral("input_code"), difference.input_code},
            {QStringLiteral("backends"),
             QJsonArray{text_of(difference.first->id), text_of(difference.second->id)}},
            {QStringLiteral("output_codes"),
             QJsonArray{difference.first_trace.result.output_code,
                        difference.second_trace.result.output_code}},
            {QStringLiteral("exact_code"), difference.exact_code},
            {QStringLiteral("steps"), steps},
            {QStringLiteral("first_differing"), parted},
            {QStringLiteral("boundary"),
             QJsonObject{{QStringLiteral("exact_steps"), number_json(boundary.steps)},
                         {QStringLiteral("nearest"), number_json(boundary.nearest)},
                         {QStringLiteral("distance"), number_json(boundary.distance)},
                         {QStringLiteral("distance_ulp"),
                          QJsonArray{number_json(ulp_of(*difference.first, difference, layer)),
                                     number_json(ulp_of(*difference.second, difference, layer))}},
                         {QStringLiteral("tie"), boundary.tie}}},
            {QStringLiteral("causes"), causes},
            {QStringLiteral("decisive_roundings"), decisive},
            {QStringLiteral("sentence"), QString::fromStdString(difference.sentence)}};
}

/// Complains and gives nothing if it is no code of the layer's input.
std::optional<std::int32_t> find_code(const QString& text, const BatchNormLayer& layer)
{
    bool is_number = false;
    const int code = text.toInt(&is_number);
    if (is_number && layer.input.type.contains(code))
        return code;
    complain(QStringLiteral("\"%1\" is no input code of %2: they are %3 to %4")
                 .arg(text, QString::fromStdString(layer.name))
                 .arg(layer.input.type.qmin())
                 .arg(layer.input.type.qmax()));
    return std::nullopt;
}

} // namespace

ExitCode run_why(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Shows two backends side by side on one input code, every intermediate in decimal and as a "
        "hexadecimal float, the first one that differs, and the cause in one sentence."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption channel_opt(QStringLiteral("channel"),
                                         QStringLiteral("The channel, from 0; 0 without it."),
                                         QStringLiteral("N"), QStringLiteral("0"));
    const QCommandLineOption code_opt(QStringLiteral("code"), QStringLiteral("The input code."),
                                      QStringLiteral("N"));
    const QCommandLineOption backends_opt
        = backends_option(QStringLiteral("The two backends; exact,pytorch without it"));
    const QCommandLineOption json_opt = json_option();
    parser.addOptions({layer_opt, channel_opt, code_opt, backends_opt, json_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto backends = find_backends_or_complain(
        parser.isSet(backends_opt) ? parser.value(backends_opt) : QStringLiteral("exact,pytorch"));
    if (!backends)
        return usage_error;
    if (backends->size() != 2) {
        complain(QStringLiteral("two backends are compared, %1 given").arg(backends->size()));
        return usage_error;
    }
    if (!parser.isSet(code_opt)) {
        complain(QStringLiteral("--code N is needed; see qbn why --help"));
        return usage_error;
    }
    const OpenedLayer opened = open_layer(parser, layer_opt);
    if (opened.failure)
        return *opened.failure;
    const BatchNormLayer& layer = opened.layer();
    const QString& path = opened.path;
    const auto channel = find_channel(parser.value(channel_opt), layer.channels(), path);
    const auto code = channel ? find_code(parser.value(code_opt), layer) : std::nullopt;
    if (!code)
        return usage_error;

    const Difference difference
        = explain_difference(*(*backends)[0], *(*backends)[1], layer, *channel, *code);
    Output output({});
    output.write(parser.isSet(json_opt) ? json_text(json_for(difference, layer))
                                        : text_for(difference, layer));
    return output.finish();
}

} // namespace qbn::cli
