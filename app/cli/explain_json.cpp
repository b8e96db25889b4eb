#include "app/cli/command.h"
#include "app/cli/explain_output.h"
#include "core/explain/outside_cause.h"
#include "core/text/text_number.h"

#include <algorithm>

namespace qbn::cli {

namespace {

QJsonArray texts_json(const std::vector<std::string>& texts)
{
    QJsonArray json;
    for (const std::string& text : texts)
        json.append(QString::fromStdString(text));
    return json;
}

QJsonObject parameters_json(const BatchNormLayer& layer)
{
    QJsonObject json;
    for (const Field field : all_fields) {
        QJsonObject entry{
            {QStringLiteral("from"), text_of(name_of(layer.provenance.of(field).origin))}};
        if (is_per_channel(field)) {
            QJsonArray values;
            for (int channel = 0; channel < layer.channels(); ++channel)
                values.append(number_json(value_of(layer, field, channel)));
            entry[QStringLiteral("value")] = values;
        } else if (field == Field::input_type || field == Field::output_type) {
            const CodeType type = field == Field::input_type ? layer.input.type : layer.output.type;
            entry[QStringLiteral("value")] = QString::fromStdString(name_of(type));
        } else if (field == Field::relu) {
            entry[QStringLiteral("value")] = layer.relu;
        } else {
            entry[QStringLiteral("value")] = number_json(value_of(layer, field, 0));
        }
        json[text_of(name_of(field))] = entry;
    }
    return json;
}

QJsonArray observations_json(const Report& report)
{
    // Nothing is predicted from placeholders.
    const bool is_predicted = report.verdict != Verdict::parameters_missing;
    QJsonArray json;
    for (const ExplainedObservation& one : report.diagnosis.observations) {
        QJsonArray ids;
        for (const std::size_t index : one.explained_by)
            ids.append(QString::fromStdString(id_of(report.diagnosis.explanations[index])));
        QJsonArray backends;
        for (const Backend* backend : one.backends)
            backends.append(text_of(backend->id));
        QJsonObject entry{
            {QStringLiteral("channel"), one.observation.channel},
            {QStringLiteral("input_code"), one.observation.input_code},
            {QStringLiteral("output_code"), one.observation.output_code},
            {QStringLiteral("predicted"), is_predicted ? QJsonValue(one.predicted) : QJsonValue()},
            {QStringLiteral("backends"), backends},
            {QStringLiteral("explained_by"), ids}};
        if (one.is_within_rounding()) {
            entry[QStringLiteral("within_rounding")] = true;
            entry[QStringLiteral("possible")]
                = QJsonArray{one.possible.lowest, one.possible.highest};
        }
        json.append(entry);
    }
    return json;
}

QJsonArray recipes_json(const Report& report)
{
    QJsonArray json;
    for (const Explanation& one : report.diagnosis.explanations) {
        QJsonArray codes;
        for (const double code : one.codes)
            codes.append(number_json(code));
        QJsonObject entry{{QStringLiteral("id"), QString::fromStdString(id_of(one))},
                          {QStringLiteral("title"), QString::fromStdString(title_of(one))},
                          {QStringLiteral("formula"), QString::fromStdString(formula_of(one))},
                          {QStringLiteral("gives"), codes},
                          {QStringLiteral("explains"), one.explains},
                          {QStringLiteral("of"), one.of},
                          {QStringLiteral("coincidence"), number_json(one.coincidence)}};
        if (one.within_rounding > 0)
            entry[QStringLiteral("within_rounding")] = one.within_rounding;
        if (one.channel)
            entry[QStringLiteral("channel")] = *one.channel;
        json.append(entry);
    }
    return json;
}

QJsonArray point_json(const FeasibleRegion::Point& point)
{
    return {number_json(point.x), number_json(point.y)};
}

QJsonObject region_json(const BatchNormLayer& layer, int channel, const UnknownPair& unknowns)
{
    QJsonObject json{{QStringLiteral("unknowns"),
                      QJsonArray{text_of(first_name(unknowns)), text_of(second_name(unknowns))}},
                     {QStringLiteral("channel"), channel}};
    const auto region = sought_region(layer, channel, unknowns);
    if (!region) {
        json[QStringLiteral("because")] = QString::fromStdString(region.error().message);
        return json;
    }
    QJsonArray corners;
    for (const FeasibleRegion::Point& corner : region->corners)
        corners.append(point_json(corner));
    QJsonArray edges;
    for (const FeasibleRegion::Edge& edge : region->edges)
        edges.append(QJsonObject{{QStringLiteral("a"), number_json(edge.a)},
                                 {QStringLiteral("b"), number_json(edge.b)},
                                 {QStringLiteral("c"), number_json(edge.c)},
                                 {QStringLiteral("closed"), edge.closed}});
    QJsonArray contradiction;
    for (const std::size_t index : region->contradiction)
        contradiction.append(static_cast<qint64>(index));
    if (const std::string equation = strip_equation(*region, unknowns); !equation.empty())
        json[QStringLiteral("equation")] = QString::fromStdString(equation);
    json[QStringLiteral("kind")] = text_of(name_of(region->kind));
    json[QStringLiteral("corners")] = corners;
    json[QStringLiteral("edges")] = edges;
    json[QStringLiteral("centre")] = region->centre ? point_json(*region->centre) : QJsonValue();
    json[QStringLiteral("contradiction")] = contradiction;
    return json;
}

/// The region of the report's channel, and those of all asked for beside it.
QJsonObject feasible_json(const BatchNormLayer& layer, const Report& report,
                          const std::vector<int>& channels)
{
    if (channels.empty())
        return {{QStringLiteral("because"), QStringLiteral("nothing was observed")}};
    QJsonArray all;
    QJsonObject json;
    for (const int channel : channels) {
        const QJsonObject region = region_json(layer, channel, report.unknowns);
        if (channel == report.region_channel)
            json = region;
        all.append(region);
    }
    json[QStringLiteral("channels")] = all;
    return json;
}

QJsonArray single_unknowns_json(const BatchNormLayer& layer, const Report& report)
{
    QJsonArray json;
    for (const SingleUnknown& solved : report.single_unknowns)
        json.append(QJsonObject{
            {QStringLiteral("id"), text_of(id_of(solved.number))},
            {QStringLiteral("value"), number_json(solved.simplest)},
            {QStringLiteral("low"), number_json(solved.low)},
            {QStringLiteral("high"), number_json(solved.high)},
            {QStringLiteral("sentence"), QString::fromStdString(sentence_of(solved, layer))}});
    return json;
}

QJsonValue next_json(const Report& report)
{
    if (!report.next)
        return {};
    QJsonArray predictions;
    for (const NextMeasurement::Prediction& prediction : report.next->predictions)
        predictions.append(QJsonObject{
            {QStringLiteral("id"),
             QString::fromStdString(id_of(report.diagnosis.explanations[prediction.explanation]))},
            {QStringLiteral("gives"), number_json(prediction.code)}});
    return QJsonObject{{QStringLiteral("channel"), report.next->channel},
                       {QStringLiteral("input_code"), report.next->input_code},
                       {QStringLiteral("predictions"), predictions}};
}

} // namespace

QJsonObject explain_json(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels)
{
    return {{QStringLiteral("understood"),
             QJsonObject{{QStringLiteral("layer"), QString::fromStdString(layer.name)},
                         {QStringLiteral("channels"), layer.channels()},
                         {QStringLiteral("parameters"), parameters_json(layer)},
                         {QStringLiteral("sentences"), texts_json(reading.understood)}}},
            {QStringLiteral("assumed"), texts_json(reading.assumed)},
            {QStringLiteral("missing"), texts_json(reading.missing)},
            {QStringLiteral("verdict"), text_of(name_of(report.verdict))},
            {QStringLiteral("sentence"), QString::fromStdString(report.sentence)},
            {QStringLiteral("observations"), observations_json(report)},
            {QStringLiteral("recipes"), recipes_json(report)},
            {QStringLiteral("single_unknowns"), single_unknowns_json(layer, report)},
            {QStringLiteral("snippets"), texts_json(reading.snippets)},
            {QStringLiteral("next"), next_json(report)},
            {QStringLiteral("feasible"), feasible_json(layer, report, channels)}};
}

QJsonArray claims_json(const std::vector<Claim>& claims)
{
    QJsonArray json;
    for (const Claim& claim : claims) {
        const bool is_left = claim.use == Claim::Use::left;
        QJsonObject entry{{QStringLiteral("line"), claim.line},
                          {QStringLiteral("column"), claim.column},
                          {QStringLiteral("text"), QString::fromStdString(claim.text)},
                          {QStringLiteral("used"), !is_left}};
        entry[is_left ? QStringLiteral("because") : QStringLiteral("meaning")]
            = QString::fromStdString(claim.meaning);
        json.append(entry);
    }
    return json;
}

} // namespace qbn::cli
