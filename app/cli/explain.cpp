#include "app/cli/explain_observations.h"
#include "app/cli/explain_output.h"
#include "app/cli/explain_subject.h"
#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "core/formats/session/question_card.h"

#include <algorithm>

namespace qbn::cli {

namespace {

struct ExplainOptions
{
    QCommandLineOption print{
        QStringLiteral("print"),
        QStringLiteral("A text that Python printed, or a question card; - is standard "
                       "input."),
        QStringLiteral("FILE|-")};
    QCommandLineOption layer = layer_option();
    QCommandLineOption backend = backend_option();
    ObservationOptions observations;
    QCommandLineOption unknowns{
        QStringLiteral("unknowns"),
        QStringLiteral("The two parameters to solve for, of gamma, beta, mean, input_scale (or "
                       "scale) and output_scale; slope,offset for what codes tell of gamma, beta, "
                       "mean, var and eps together. Without it gamma,beta unless others are "
                       "missing."),
        QStringLiteral("A,B")};
    QCommandLineOption channel{
        QStringLiteral("channel"),
        QStringLiteral("The observed channel whose region is given, and which a question card is "
                       "about; without it the regions of all observed channels."),
        QStringLiteral("N")};
    QCommandLineOption json = json_option();
    QCommandLineOption markdown{
        QStringLiteral("markdown"),
        QStringLiteral("Write a question card, which opens again as the same state.")};
};

std::optional<UnknownPair> parse_unknowns(const QString& text)
{
    const QStringList names = text.split(QLatin1Char(','));
    if (names.size() != 2) {
        complain(
            QStringLiteral("--unknowns \"%1\" does not name two parameters, such as gamma,beta")
                .arg(text));
        return std::nullopt;
    }
    const auto pair
        = parse_unknown_pair(names[0].trimmed().toStdString(), names[1].trimmed().toStdString());
    if (pair)
        return *pair;
    complain(QStringLiteral("--unknowns \"%1\": %2")
                 .arg(text, QString::fromStdString(pair.error().message)));
    return std::nullopt;
}

/// The channels whose regions are wanted; complains and gives nothing where one cannot be.
std::optional<std::vector<int>> channels_wanted(const QCommandLineParser& parser,
                                                const ExplainOptions& options,
                                                const BatchNormLayer& layer)
{
    std::vector<int> observed = observed_channels(layer);
    if (!parser.isSet(options.channel))
        return observed;
    bool is_number = false;
    const int channel = parser.value(options.channel).toInt(&is_number);
    if (is_number && std::find(observed.begin(), observed.end(), channel) != observed.end())
        return std::vector{channel};
    complain(QStringLiteral("--channel \"%1\" is no channel that was observed")
                 .arg(parser.value(options.channel)));
    return std::nullopt;
}

bool has_code(const BatchNormLayer& layer, const SavedView& view)
{
    return view.channel >= 0 && view.channel < layer.channels()
        && layer.input.type.contains(view.input_code);
}

/// About what a card was about before, unless --channel says another; else about the first
/// observation.
std::string card_of(const Subject& subject, const Backend& backend, const Report& report,
                    bool is_channel_given)
{
    const BatchNormLayer& layer = subject.layer;
    Question question{
        .layer = &layer, .backend = &backend, .report = &report, .channel = report.region_channel};
    const auto first = std::find_if(
        layer.observations.begin(), layer.observations.end(),
        [&report](const Observation& seen) { return seen.channel == report.region_channel; });
    if (first != layer.observations.end())
        question.input_code = first->input_code;
    const auto& view = subject.view;
    if (view && has_code(layer, *view)
        && (!is_channel_given || view->channel == report.region_channel)) {
        question.channel = view->channel;
        question.input_code = view->input_code;
    }
    return question_card(question);
}

/// What the options say, else what the card was about. The channel is one of channels_wanted().
std::optional<ReportOptions> report_options(const QCommandLineParser& parser,
                                            const ExplainOptions& options, const Subject& subject)
{
    ReportOptions wanted{.unknowns = default_unknowns(subject.layer)};
    if (subject.view && subject.view->unknowns)
        wanted.unknowns = subject.view->unknowns;
    if (parser.isSet(options.unknowns)) {
        wanted.unknowns = parse_unknowns(parser.value(options.unknowns));
        if (!wanted.unknowns)
            return std::nullopt;
    }
    const std::vector<int> observed = observed_channels(subject.layer);
    if (parser.isSet(options.channel))
        wanted.region_channel = parser.value(options.channel).toInt();
    else if (subject.view
             && std::binary_search(observed.begin(), observed.end(), subject.view->channel))
        wanted.region_channel = subject.view->channel;
    return wanted;
}

/// A layer's explanation; complains and gives the exit code where it cannot be made.
struct Explained
{
    std::string text;
    QJsonObject json;
};

Result<Explained> failed()
{
    return Error{{}};
}

Result<Explained> explained(const QCommandLineParser& parser, const ExplainOptions& options,
                            Subject& subject, ExitCode& code)
{
    code = usage_error;
    if (const auto wrong
        = add_observations(parser, options.observations, subject.layer, subject.reading.assumed)) {
        code = *wrong;
        return failed();
    }
    const Backend* backend = chosen_backend(parser, options.backend, subject.backend);
    const auto channels = channels_wanted(parser, options, subject.layer);
    const auto wanted = report_options(parser, options, subject);
    if (!backend || !channels || !wanted)
        return failed();
    const auto report = make_report(subject.layer, *backend, *wanted);
    if (!report) {
        complain(QString::fromStdString(report.error().message));
        code = bad_input;
        return failed();
    }
    Explained explained;
    if (parser.isSet(options.markdown))
        explained.text = card_of(subject, *backend, *report, parser.isSet(options.channel));
    else if (parser.isSet(options.json))
        explained.json = explain_json(subject.reading, subject.layer, *report, *channels);
    else
        explained.text = explain_text(subject.reading, subject.layer, *report, *channels);
    return explained;
}

/// Sentences on a text without a layer.
QJsonObject answers_json(const PrintSubjects& subjects)
{
    QJsonArray sentences;
    for (const std::string& sentence : subjects.answers)
        sentences.append(QString::fromStdString(sentence));
    return {{QStringLiteral("understood"), QJsonObject{{QStringLiteral("sentences"), sentences}}},
            {QStringLiteral("layers"), QJsonArray()},
            {QStringLiteral("claims"), claims_json(subjects.claims)}};
}

/// Of several layers the one that was observed stands first in JSON, and all in `layers`.
ExitCode write_explanations(const QCommandLineParser& parser, const ExplainOptions& options,
                            PrintSubjects& subjects)
{
    Output output({});
    if (subjects.layers.empty()) {
        std::string text;
        for (const std::string& sentence : subjects.answers)
            text += sentence + "\n";
        output.write(parser.isSet(options.json) ? json_text(answers_json(subjects)) : text);
        return output.finish();
    }
    if (parser.isSet(options.markdown) && subjects.layers.size() > 1) {
        complain(QStringLiteral("%1: it has %2 layers: choose one with --layer")
                     .arg(parser.value(options.print))
                     .arg(subjects.layers.size()));
        return usage_error;
    }
    QJsonArray layers;
    QJsonObject first;
    std::string text;
    for (Subject& subject : subjects.layers) {
        ExitCode code = done;
        auto one = explained(parser, options, subject, code);
        if (!one)
            return code;
        const bool is_observed = !subject.layer.observations.empty();
        if (first.isEmpty()
            || (is_observed && first[QStringLiteral("observations")].toArray().isEmpty()))
            first = one->json;
        layers.append(one->json);
        text += (text.empty() ? "" : "\n") + one->text;
    }
    if (!parser.isSet(options.json)) {
        output.write(text);
        return output.finish();
    }
    if (parser.isSet(options.print)) {
        first[QStringLiteral("layers")] = layers;
        first[QStringLiteral("claims")] = claims_json(subjects.claims);
    }
    output.write(json_text(first));
    return output.finish();
}

} // namespace

ExitCode run_explain(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Explains measured codes: reads a text that Python printed, a session with observations or "
        "both, and says which backend or which known mistake gives the codes, what to measure "
        "next, "
        "and which values two missing parameters can have."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A session, a question card or a state_dict."),
                                 QStringLiteral("[FILE]"));
    const ExplainOptions options;
    parser.addOptions({options.print, options.layer, options.backend});
    parser.addOptions(options.observations.all());
    parser.addOptions({options.unknowns, options.channel, options.json, options.markdown});
    if (const auto code = parse(parser, arguments, 0, 1))
        return *code;
    if (parser.positionalArguments().isEmpty() && !parser.isSet(options.print)) {
        complain(QStringLiteral("--print FILE or a session is needed; see qbn explain --help"));
        return usage_error;
    }
    if (parser.isSet(options.json) && parser.isSet(options.markdown)) {
        complain(QStringLiteral("--json and --markdown exclude each other"));
        return usage_error;
    }

    ExitCode code = done;
    std::optional<Subject> base;
    if (!parser.positionalArguments().isEmpty()) {
        base = subject_of_file(parser, options.layer, code);
        if (!base)
            return code;
    }
    auto subjects = parser.isSet(options.print)
        ? subjects_of_print(parser, options.print, options.layer, base, code)
        : only(std::move(base));
    if (!subjects)
        return code;
    return write_explanations(parser, options, *subjects);
}

} // namespace qbn::cli
