#include "app/cli/command.h"

#include "app/cli/output.h"

#include "core/evaluate/experiment.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/format_list.h"
#include "core/formats/open_model.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>
#include <tuple>

namespace qbn::cli {

void complain(const QString& sentence)
{
    std::fprintf(stderr, "qbn: %s\n", printable(sentence.toStdString()).c_str());
}

std::optional<ExitCode> parse(QCommandLineParser& parser, const QStringList& arguments,
                              int positional)
{
    return parse(parser, arguments, positional, positional);
}

std::optional<ExitCode> parse(QCommandLineParser& parser, const QStringList& arguments, int least,
                              int most)
{
    const QCommandLineOption help = parser.addHelpOption();
    const QString name = QStringLiteral("qbn ") + arguments.front();
    const QString hint = QStringLiteral("; see %1 --help").arg(name);
    if (!parser.parse(arguments)) {
        complain(parser.errorText() + hint);
        return usage_error;
    }
    if (parser.isSet(help)) {
        QString text = parser.helpText();
        // QCommandLineParser puts the program's path first; people type the subcommand.
        const qsizetype first = text.indexOf(QStringLiteral(" ["));
        text = QStringLiteral("Usage: ") + name + text.mid(first);
        Output output({});
        output.write(text.toStdString());
        return output.finish();
    }
    const auto given = parser.positionalArguments().size();
    if (given < least || given > most) {
        complain(QStringLiteral("%1 argument(s) expected, %2 given%3")
                     .arg(least == most ? QString::number(least)
                                        : QStringLiteral("%1 to %2").arg(least).arg(most))
                     .arg(given)
                     .arg(hint));
        return usage_error;
    }
    return std::nullopt;
}

QString model_argument()
{
    QStringList names;
    for (const Format& format : all_formats())
        names << text_of(format.name);
    return QStringLiteral("A file with layers: %1.").arg(names.join(QStringLiteral(", ")));
}

QCommandLineOption layer_option()
{
    return {
        QStringLiteral("layer"),
        QStringLiteral("The layer, by its name, or by its index from 0 if no layer has that name."),
        QStringLiteral("NAME|INDEX")};
}

QCommandLineOption channel_option()
{
    return {QStringLiteral("channel"), QStringLiteral("Only this channel, from 0."),
            QStringLiteral("N")};
}

QString text_of(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonValue number_json(double value)
{
    if (std::isfinite(value) && !(value == 0 && std::signbit(value)))
        return value;
    return text_of(format_number(value));
}

std::string json_text(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

QCommandLineOption backends_option(const QString& what)
{
    return {QStringLiteral("backends"), what + QStringLiteral(", by their ids and commas."),
            QStringLiteral("A,B,..")};
}

QCommandLineOption json_option()
{
    return {QStringLiteral("json"), QStringLiteral("Write JSON instead of text.")};
}

namespace {

/// "exact, textbook, ...; fixed-point:N and ..."
QString backend_ids()
{
    QStringList ids;
    for (const Backend& backend : all_backends())
        ids << text_of(backend.id);
    return ids.join(QStringLiteral(", "))
        + QStringLiteral("; fixed-point:N and fixed-point:N:int64 have N fraction bits, 4 to 30; "
                         "or a FILE.formula "
                         "of your own, see qbn formula");
}

} // namespace

QCommandLineOption backend_option()
{
    return {QStringLiteral("backend"),
            QStringLiteral("The arithmetic: %1. Default: the one that FILE is for or was saved "
                           "with, else pytorch.")
                .arg(backend_ids()),
            QStringLiteral("ID")};
}

std::optional<Model> load(const QString& path)
{
    Result<Model> model = open_model(path);
    if (!model) {
        complain(QString::fromStdString(model.error().message));
        return std::nullopt;
    }
    for (const UserFormula& formula : model->formulas)
        std::ignore = add_backend(formula.id, formula.text); // find_backend() knows it from now on
    return std::move(*model);
}

std::optional<int> find_layer(const Model& model, const QString& name_or_index, const QString& path)
{
    const std::string name = name_or_index.toStdString();
    const auto named = [&name](const auto& layer) { return layer->name == name; };
    const auto found = std::count_if(model.layers.begin(), model.layers.end(), named);
    if (found == 1)
        return static_cast<int>(std::find_if(model.layers.begin(), model.layers.end(), named)
                                - model.layers.begin());
    if (found > 1) {
        complain(QStringLiteral("%1: %2 layers are named \"%3\": give an index")
                     .arg(path)
                     .arg(found)
                     .arg(name_or_index));
        return std::nullopt;
    }
    bool is_number = false;
    const int index = name_or_index.toInt(&is_number);
    if (is_number && index >= 0 && static_cast<std::size_t>(index) < model.layers.size())
        return index;
    complain(QStringLiteral("%1: there is no layer \"%2\"; it has %3, see qbn inspect")
                 .arg(path, name_or_index)
                 .arg(model.layers.size()));
    return std::nullopt;
}

std::optional<int> find_channel(const QString& text, int channels, const QString& path)
{
    bool is_number = false;
    const int channel = text.toInt(&is_number);
    if (is_number && channel >= 0 && channel < channels)
        return channel;
    complain(QStringLiteral("%1: there is no channel \"%2\"; channels are 0 to %3")
                 .arg(path, text)
                 .arg(channels - 1));
    return std::nullopt;
}

namespace {

/// A backend named as its file, without the extension where no other has that name.
const Backend* load_formula_or_complain(const QString& path)
{
    const Result<QByteArray> bytes = read_file(path);
    if (!bytes) {
        complain(path + QStringLiteral(": ") + QString::fromStdString(bytes.error().message));
        return nullptr;
    }
    const QFileInfo file(path);
    const auto built_in = all_backends();
    const std::string base = file.completeBaseName().toStdString();
    const bool is_free
        = std::none_of(built_in.begin(), built_in.end(),
                       [&base](const Backend& backend) { return backend.id == base; });
    const QString id = is_free ? file.completeBaseName() : file.fileName();
    const auto backend = add_backend(id.toStdString(), bytes->toStdString());
    if (!backend) {
        complain(path + QStringLiteral(": ") + QString::fromStdString(backend.error().message));
        return nullptr;
    }
    return *backend;
}

} // namespace

const Backend* find_backend_or_complain(const QString& id)
{
    if (id.endsWith(QStringLiteral(".formula")))
        return load_formula_or_complain(id);
    const Backend* backend = find_backend(id.toStdString());
    if (!backend)
        complain(QStringLiteral("there is no backend \"%1\"; there are %2").arg(id, backend_ids()));
    return backend;
}

std::optional<std::vector<const Backend*>> find_backends_or_complain(const QString& ids)
{
    std::vector<const Backend*> backends;
    for (const QString& id : ids.split(QLatin1Char(','))) {
        const Backend* backend = find_backend_or_complain(id.trimmed());
        if (!backend)
            return std::nullopt;
        if (std::find(backends.begin(), backends.end(), backend) != backends.end()) {
            complain(QStringLiteral("backend \"%1\" is named twice").arg(id));
            return std::nullopt;
        }
        backends.push_back(backend);
    }
    if (backends.size() < 2) {
        complain(QStringLiteral("two backends at least are compared, \"%1\" is one").arg(ids));
        return std::nullopt;
    }
    return backends;
}

std::optional<int> find_only_layer(const Model& model, const QCommandLineParser& parser,
                                   const QCommandLineOption& option, const QString& path)
{
    if (parser.isSet(option))
        return find_layer(model, parser.value(option), path);
    if (model.layers.size() == 1)
        return 0;
    complain(QStringLiteral("%1: it has %2 layers: choose one with --layer")
                 .arg(path)
                 .arg(model.layers.size()));
    return std::nullopt;
}

QCommandLineOption layout_option()
{
    return {QStringLiteral("layout"),
            QStringLiteral("Where the channels are: nchw, in the second dimension, or in the first "
                           "where the second has another size; "
                           "nhwc, in the last."),
            QStringLiteral("nchw|nhwc"), QStringLiteral("nchw")};
}

std::optional<ChannelOrder> find_layout_or_complain(const QString& text)
{
    if (text == QStringLiteral("nchw"))
        return ChannelOrder::nchw;
    if (text == QStringLiteral("nhwc"))
        return ChannelOrder::nhwc;
    complain(QStringLiteral("there is no layout \"%1\"; there are nchw, nhwc").arg(text));
    return std::nullopt;
}

QCommandLineOption threads_option()
{
    return {QStringLiteral("threads"), QStringLiteral("How many compute; default: the processors."),
            QStringLiteral("N"),
            QString::number(std::clamp(std::thread::hardware_concurrency(), 1U, 256U))};
}

std::optional<int> find_threads_or_complain(const QString& text)
{
    bool is_number = false;
    const int count = text.toInt(&is_number);
    if (is_number && count >= 1 && count <= 256)
        return count;
    complain(QStringLiteral("--threads \"%1\" is no number from 1 to 256").arg(text));
    return std::nullopt;
}

std::vector<const Backend*> compared_by_default()
{
    std::vector<const Backend*> backends;
    for (const BackendChoice& choice : default_backends()) {
        if (choice.compared)
            backends.push_back(find_backend(choice.id));
    }
    return backends;
}

} // namespace qbn::cli
