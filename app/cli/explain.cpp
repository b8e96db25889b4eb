#include "app/cli/command.h"
#include "app/cli/explain_observations.h"
#include "app/cli/explain_output.h"
#include "app/cli/output.h"
#include "core/explain/understanding.h"
#include "core/formats/question_card.h"
#include "core/formats/read_file.h"
#include "core/formats/session_json.h"

#include <QFile>

#include <algorithm>
#include <cstdio>

namespace qbn::cli {

namespace {

/// A layer to be explained, and what was read to get it.
struct Subject
{
    BatchNormLayer layer;
    Reading reading;
    std::string backend; ///< that the session was saved with; may be empty
};

struct Options
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
        QStringLiteral("The two parameters to solve for, of gamma, beta, mean, input_scale and "
                       "output_scale; gamma,beta without it unless others are missing."),
        QStringLiteral("A,B")};
    QCommandLineOption json = json_option();
    QCommandLineOption markdown{
        QStringLiteral("markdown"),
        QStringLiteral("Write a question card, which opens again as the same state.")};
};

std::optional<QByteArray> read_print(const QString& path)
{
    if (path == QStringLiteral("-")) {
        QFile input;
        if (input.open(stdin, QIODevice::ReadOnly))
            return input.readAll();
        complain(QStringLiteral("standard input cannot be read"));
        return std::nullopt;
    }
    auto bytes = read_file(path);
    if (bytes)
        return std::move(*bytes);
    complain(path + QStringLiteral(": ") + QString::fromStdString(bytes.error().message));
    return std::nullopt;
}

/// The layer of a session that --layer names; complains and gives nothing if there is none.
std::optional<Subject> subject_of_model(const Model& model, const QString& path,
                                        const QCommandLineParser& parser, const Options& options,
                                        ExitCode& code)
{
    code = usage_error;
    const auto index = find_only_layer(model, parser, options.layer, path);
    if (!index)
        return std::nullopt;
    return Subject{.layer = *model.layers[static_cast<std::size_t>(*index)],
                   .reading = {},
                   .backend = model.backend};
}

std::optional<Subject> subject_of_file(const QCommandLineParser& parser, const Options& options,
                                       ExitCode& code)
{
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    code = bad_input;
    return model ? subject_of_model(*model, path, parser, options, code) : std::nullopt;
}

/// A card is a whole layer with observations; what it predicts is not what was measured.
std::optional<Subject> subject_of_card(const Result<QByteArray>& session, bool has_base,
                                       const QCommandLineParser& parser, const Options& options,
                                       ExitCode& code)
{
    const QString path = parser.value(options.print);
    if (has_base) {
        code = usage_error;
        complain(path
                 + QStringLiteral(": it holds a session of its own; leave the other one away"));
        return std::nullopt;
    }
    code = bad_input;
    const auto model = session ? read_session(*session, path) : Result<Model>(session.error());
    if (model)
        return subject_of_model(*model, path, parser, options, code);
    complain((session ? QString() : path + QStringLiteral(": "))
             + QString::fromStdString(model.error().message));
    return std::nullopt;
}

/// What the text says, filled into the session's layer if there is one.
std::optional<Subject> subject_of_print(const QCommandLineParser& parser, const Options& options,
                                        std::optional<Subject> base, ExitCode& code)
{
    const QString path = parser.value(options.print);
    code = bad_input;
    const auto text = read_print(path);
    if (!text)
        return std::nullopt;
    if (const auto session = session_in(*text))
        return subject_of_card(*session, base.has_value(), parser, options, code);
    const Paste paste = read_paste({text->constData(), static_cast<std::size_t>(text->size())});
    Understanding read = base ? merge(base->layer, paste) : understand(paste);
    if (read.model.layers.empty() || (paste.layers.empty() && paste.pairs.empty())) {
        complain(path
                 + QStringLiteral(": nothing in it looks like a batch norm's parameters, "
                                  "input or output"));
        return std::nullopt;
    }
    code = usage_error;
    const auto index = find_only_layer(read.model, parser, options.layer, path);
    if (!index)
        return std::nullopt;
    const auto at = static_cast<std::size_t>(*index);
    Subject subject{
        .layer = *read.model.layers[at],
        .reading = {std::move(read.understood), std::move(read.assumed), std::move(read.missing)},
        .backend = base ? base->backend : std::string()};
    if (at < read.observations.size() && !read.observations[at].empty())
        subject.layer.observations = read.observations[at];
    return subject;
}

std::optional<UnknownPair> parse_unknowns(const QString& text)
{
    const QStringList names = text.split(QLatin1Char(','));
    if (names.size() == 2) {
        const auto first = parse_field(names[0].trimmed().toStdString());
        const auto second = parse_field(names[1].trimmed().toStdString());
        if (first && second)
            return UnknownPair{*first, *second};
    }
    complain(QStringLiteral("--unknowns \"%1\" does not name two parameters, such as gamma,beta")
                 .arg(text));
    return std::nullopt;
}

std::string card_of(const BatchNormLayer& layer, const Backend& backend, const Report& report)
{
    Question question{.layer = &layer, .backend = &backend, .report = &report};
    if (!layer.observations.empty()) {
        question.channel = layer.observations.front().channel;
        question.input_code = layer.observations.front().input_code;
    }
    return question_card(question);
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
    const Options options;
    parser.addOptions({options.print, options.layer, options.backend});
    parser.addOptions(options.observations.all());
    parser.addOptions({options.unknowns, options.json, options.markdown});
    if (const auto code = parse(parser, arguments, 0, 1))
        return *code;
    if (parser.positionalArguments().isEmpty() && !parser.isSet(options.print)) {
        complain(QStringLiteral("--print FILE or a session is needed; see qbn explain --help"));
        return usage_error;
    }

    ExitCode code = done;
    std::optional<Subject> subject;
    if (!parser.positionalArguments().isEmpty()) {
        subject = subject_of_file(parser, options, code);
        if (!subject)
            return code;
    }
    if (parser.isSet(options.print)) {
        subject = subject_of_print(parser, options, std::move(subject), code);
        if (!subject)
            return code;
    }
    if (const auto wrong
        = add_observations(parser, options.observations, subject->layer, subject->reading.assumed))
        return *wrong;
    const bool of_session = !parser.isSet(options.backend) && find_backend(subject->backend);
    const Backend* backend = of_session ? find_backend(subject->backend)
                                        : find_backend_or_complain(parser.value(options.backend));
    auto unknowns = std::optional(default_unknowns(subject->layer));
    if (parser.isSet(options.unknowns))
        unknowns = parse_unknowns(parser.value(options.unknowns));
    if (!backend || !unknowns)
        return usage_error;
    const auto report = make_report(subject->layer, *backend, *unknowns);
    if (!report) {
        complain(QString::fromStdString(report.error().message));
        return bad_input;
    }
    Output output({});
    if (parser.isSet(options.markdown))
        output.write(card_of(subject->layer, *backend, *report));
    else if (parser.isSet(options.json))
        output.write(json_text(explain_json(subject->reading, subject->layer, *report)));
    else
        output.write(explain_text(subject->reading, subject->layer, *report));
    return output.finish();
}

} // namespace qbn::cli
