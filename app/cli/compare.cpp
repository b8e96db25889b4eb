#include "app/cli/command.h"
#include "app/cli/compare_output.h"
#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "core/compare/proof.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace qbn::cli {

namespace {

/// Those of `fixed-point` among the backends; gemmlowp's form chooses its bits otherwise.
std::vector<FractionBits> bits_of(const BatchNormLayer& layer,
                                  const std::vector<const Backend*>& backends)
{
    std::vector<FractionBits> bits;
    for (const auto accumulator : {Accumulator::int32, Accumulator::int64}) {
        const bool used = std::any_of(backends.begin(), backends.end(), [&](const Backend* b) {
            const auto fixed = fixed_point_of(b->id);
            return fixed && fixed->accumulator == accumulator;
        });
        if (used)
            bits.push_back(fraction_bits_for(layer, accumulator));
    }
    return bits;
}

ComparedLayer compared(const Model& model, int index, const std::vector<const Backend*>& backends,
                       bool list_ties)
{
    const BatchNormLayer& layer = *model.layers[static_cast<std::size_t>(index)];
    ComparedLayer result{.index = index,
                         .layer = &layer,
                         .comparison = compare(layer, backends),
                         .proved = {},
                         .uncovered = {},
                         .bits = bits_of(layer, backends),
                         .ulp_of = backends.front(),
                         .list_ties = list_ties};
    const bool certified = result.comparison.certified();
    for (const Backend* backend : backends) {
        if (!backend->is_sound())
            (certified && is_proved(*backend, layer) ? result.proved : result.uncovered)
                .push_back(backend);
    }
    return result;
}

} // namespace

ExitCode run_compare(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Compares backends on every code of every channel: how many codes differ, by "
        "how much, and where first; how near the codes lie to a tie. Exits with 1 if "
        "any code differs."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption backends_opt = backends_option(
        QStringLiteral("The backends to compare, two at least; without it all but fixed point"));
    const QCommandLineOption json_opt = json_option();
    const QCommandLineOption ties_opt(
        QStringLiteral("ties"),
        QStringLiteral("List every tie and near tie with its distance in output steps and in ulp "
                       "of the first backend; with --json the distances of all codes."));
    parser.addOptions({layer_opt, backends_opt, ties_opt, json_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto backends = parser.isSet(backends_opt)
        ? find_backends_or_complain(parser.value(backends_opt))
        : std::optional(compared_by_default());
    if (!backends)
        return usage_error;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    std::optional<int> only;
    if (parser.isSet(layer_opt)) {
        only = find_layer(*model, parser.value(layer_opt), path);
        if (!only)
            return usage_error;
    }
    note_guesses(path, *model, only);

    Output output({});
    std::vector<ComparedLayer> layers;
    for (int index = 0; index < static_cast<int>(model->layers.size()); ++index) {
        if (only && *only != index)
            continue;
        layers.push_back(compared(*model, index, *backends, parser.isSet(ties_opt)));
        if (!parser.isSet(json_opt))
            output.write(layer_text(layers.back()));
    }
    const bool differs = std::any_of(layers.begin(), layers.end(), [](const ComparedLayer& layer) {
        return layer.comparison.differs();
    });
    if (parser.isSet(json_opt)) {
        QJsonArray json;
        for (const ComparedLayer& layer : layers)
            json.append(layer_json(layer));
        output.write(
            json_text({{QStringLiteral("layers"), json}, {QStringLiteral("differs"), differs}}));
    } else {
        output.write(summary_text(layers));
    }
    const ExitCode code = output.finish();
    return code == done && differs ? found : code;
}

} // namespace qbn::cli
