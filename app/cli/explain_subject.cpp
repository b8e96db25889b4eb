#include "app/cli/explain_subject.h"

#include "core/formats/bytes/read_file.h"
#include "core/formats/session/session_json.h"
#include "core/paste/apply_paste.h"

#include <QFile>

#include <cstdio>
#include <utility>

namespace qbn::cli {

namespace {

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
                                        const QCommandLineParser& parser,
                                        const QCommandLineOption& layer, ExitCode& code)
{
    code = usage_error;
    const auto index = find_only_layer(model, parser, layer, path);
    if (!index)
        return std::nullopt;
    const bool is_asked_about = model.view && model.view->layer == *index;
    return Subject{.layer = *model.layers[static_cast<std::size_t>(*index)],
                   .reading = {},
                   .backend = model.backend,
                   .view = is_asked_about ? model.view : std::nullopt};
}

/// A card is a whole layer with observations; what it predicts is not what was measured.
std::optional<Subject> subject_of_card(const Result<QByteArray>& session, const QString& path,
                                       bool has_base, const QCommandLineParser& parser,
                                       const QCommandLineOption& layer, ExitCode& code)
{
    if (has_base) {
        code = usage_error;
        complain(path
                 + QStringLiteral(": it holds a session of its own; leave the other one away"));
        return std::nullopt;
    }
    code = bad_input;
    const auto model = session ? read_session(*session, path) : Result<Model>(session.error());
    if (model)
        return subject_of_model(*model, path, parser, layer, code);
    complain((session ? QString() : path + QStringLiteral(": "))
             + QString::fromStdString(model.error().message));
    return std::nullopt;
}

Subject subject_of_layer(const Understanding& read, std::size_t index,
                         const std::optional<Subject>& base)
{
    Subject subject{.layer = *read.model.layers[index],
                    .reading = {sentences_about(read.understood, read.model, index),
                                sentences_about(read.assumed, read.model, index),
                                sentences_about(read.missing, read.model, index), read.snippets},
                    .backend = base ? base->backend : std::string(),
                    .view = base ? base->view : std::nullopt};
    return subject;
}

} // namespace

std::optional<PrintSubjects> only(std::optional<Subject> subject)
{
    if (!subject)
        return std::nullopt;
    PrintSubjects subjects;
    subjects.layers.push_back(std::move(*subject));
    return subjects;
}

std::optional<Subject> subject_of_file(const QCommandLineParser& parser,
                                       const QCommandLineOption& layer, ExitCode& code)
{
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    code = bad_input;
    return model ? subject_of_model(*model, path, parser, layer, code) : std::nullopt;
}

std::optional<PrintSubjects> subjects_of_print(const QCommandLineParser& parser,
                                               const QCommandLineOption& print,
                                               const QCommandLineOption& layer,
                                               const std::optional<Subject>& base, ExitCode& code)
{
    const QString path = parser.value(print);
    code = bad_input;
    const auto text = read_print(path);
    if (!text)
        return std::nullopt;
    if (const auto session = session_in(*text))
        return only(subject_of_card(*session, path, base.has_value(), parser, layer, code));
    const Understanding read
        = apply_paste({text->constData(), static_cast<std::size_t>(text->size())},
                      {.merge_into = base ? &base->layer : nullptr, .corrections = {}});
    PrintSubjects subjects{.layers = {}, .claims = read.claims, .answers = {}};
    if (!read.found) {
        subjects.answers = read.understood;
        if (!read.missing.empty() || read.understood.empty()) {
            complain(path
                     + QStringLiteral(": nothing in it looks like a batch norm's parameters, "
                                      "input or output"));
            return std::nullopt;
        }
        return subjects;
    }
    if (read.model.layers.size() > 1 && !parser.isSet(layer)) {
        for (std::size_t i = 0; i < read.model.layers.size(); ++i)
            subjects.layers.push_back(subject_of_layer(read, i, base));
        return subjects;
    }
    code = usage_error;
    const auto index = find_only_layer(read.model, parser, layer, path);
    if (!index)
        return std::nullopt;
    subjects.layers.push_back(subject_of_layer(read, static_cast<std::size_t>(*index), base));
    return subjects;
}

} // namespace qbn::cli
