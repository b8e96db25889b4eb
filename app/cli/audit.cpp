#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/evaluate/audit_run.h"
#include "core/formats/bytes/file_name.h"
#include "core/formats/observed/code_histogram.h"
#include "core/formats/open_model.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <span>
#include <variant>

namespace qbn::cli {

namespace {

/// Few digits are enough for shares and decibels.
std::string rounded(double value, int digits)
{
    if (!std::isfinite(value))
        return format_number(value);
    return QString::number(value, 'f', digits).toStdString();
}

std::string percent(double share)
{
    return rounded(100 * share, 2) + " %";
}

std::string channel_text(int channel, const ChannelAudit& audit)
{
    return "  channel " + std::to_string(channel) + ": "
        + (audit.is_sampled ? "saturation " + percent(audit.saturation) : "no samples") + ", "
        + std::to_string(audit.used_codes) + " codes used, " + std::to_string(audit.dead_codes)
        + " dead, " + std::to_string(audit.merged_codes) + " merged"
        + (audit.is_sampled ? ", SQNR " + rounded(audit.sqnr(), 2) + " dB\n" : "\n");
}

bool has_samples(const LayerAudit& audit)
{
    return std::any_of(audit.channels.begin(), audit.channels.end(),
                       [](const ChannelAudit& channel) { return channel.is_sampled; });
}

std::string proposal_text(const OutputProposal& proposal)
{
    if (proposal.gain <= 0)
        return "  no better output: " + std::string(proposal.none_as) + "\n";
    return "  better output: scale " + format_number(proposal.output.scale) + ", zero_point "
        + std::to_string(proposal.output.zero_point) + ": SQNR +" + rounded(proposal.gain, 2)
        + " dB, saturation " + percent(proposal.saturation) + "\n";
}

std::string layer_text(int index, const BatchNormLayer& layer, const LayerAudit& audit)
{
    std::string text = "layer " + std::to_string(index) + ": " + printable(layer.name) + ", "
        + std::to_string(layer.channels()) + (layer.channels() == 1 ? " channel" : " channels")
        + ", saturation " + percent(audit.saturation) + ", SQNR " + rounded(audit.sqnr(), 2)
        + " dB\n";
    for (std::size_t i = 0; i < audit.channels.size(); ++i)
        text += channel_text(static_cast<int>(i), audit.channels[i]);
    return text + proposal_text(audit.proposal);
}

QJsonObject channel_json(const ChannelAudit& audit)
{
    const bool sampled = audit.is_sampled;
    return {{QStringLiteral("saturation"), sampled ? QJsonValue(audit.saturation) : QJsonValue()},
            {QStringLiteral("used_codes"), audit.used_codes},
            {QStringLiteral("dead_codes"), audit.dead_codes},
            {QStringLiteral("merged_codes"), audit.merged_codes},
            {QStringLiteral("sqnr_db"), sampled ? number_json(audit.sqnr()) : QJsonValue()}};
}

/// Null where there is a proposal.
QJsonValue reason_json(const OutputProposal& proposal)
{
    if (proposal.none_as.empty())
        return {QJsonValue::Null};
    return QString::fromStdString(std::string(proposal.none_as));
}

QJsonObject layer_json(int index, const BatchNormLayer& layer, const LayerAudit& audit)
{
    QJsonArray channels;
    for (const ChannelAudit& channel : audit.channels)
        channels.append(channel_json(channel));
    const OutputProposal& proposal = audit.proposal;
    return {{QStringLiteral("layer"), index},
            {QStringLiteral("name"), QString::fromStdString(layer.name)},
            {QStringLiteral("saturation"), number_json(audit.saturation)},
            {QStringLiteral("sqnr_db"), number_json(audit.sqnr())},
            {QStringLiteral("channels"), channels},
            {QStringLiteral("proposal"),
             QJsonObject{{QStringLiteral("scale"), number_json(proposal.output.scale)},
                         {QStringLiteral("zero_point"), proposal.output.zero_point},
                         {QStringLiteral("saturation"), number_json(proposal.saturation)},
                         {QStringLiteral("gain_db"), number_json(proposal.gain)},
                         {QStringLiteral("none_as"), reason_json(proposal)}}}};
}

/// One line, whatever is in the texts.
std::string json_line(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

std::vector<LayerAudit> audited(const std::vector<AuditTask>& tasks)
{
    std::uint64_t channels = 0;
    for (const AuditTask& task : tasks)
        channels += static_cast<std::uint64_t>(task.layer->channels());
    Progress progress("audited", channels, "channels");
    return *audit_all(
        tasks,
        {.progress = [&progress](int done) { progress(static_cast<std::uint64_t>(done)); },
         .stop = {}});
}

struct Audited
{
    const std::vector<AuditTask>& tasks;
    const std::vector<LayerAudit>& audits;
    int first_index = 0; ///< of the first of them in the file; the others follow
};

bool is_past(const LayerAudit& audit, double limit)
{
    return std::any_of(audit.channels.begin(), audit.channels.end(),
                       [&](const ChannelAudit& channel) { return channel.saturation > limit; });
}

struct AuditOptions
{
    double limit = 0;
    bool as_json = false;
    std::optional<QString> layer;
    std::optional<QString> histogram;
};

/// Whether a channel is past the limit.
bool write(const Audited& audited, const QString& path, const AuditOptions& options, Output& output)
{
    bool past_limit = false;
    for (std::size_t i = 0; i < audited.audits.size(); ++i) {
        const int index = audited.first_index + static_cast<int>(i);
        const BatchNormLayer& layer = *audited.tasks[i].layer;
        const bool past = is_past(audited.audits[i], options.limit);
        past_limit = past_limit || past;
        if (!options.as_json) {
            output.write(layer_text(index, layer, audited.audits[i]));
            continue;
        }
        QJsonObject line = layer_json(index, layer, audited.audits[i]);
        line[QStringLiteral("file")] = path;
        line[QStringLiteral("max_saturation")] = options.limit;
        line[QStringLiteral("past_limit")] = past;
        output.write(json_line(line));
    }
    return past_limit;
}

/// Complains and gives nothing if it is no share.
std::optional<double> find_limit(const QString& text)
{
    const auto limit = parse_number(text.toStdString());
    if (limit && *limit >= 0 && *limit <= 1)
        return limit;
    complain(QStringLiteral("--max-saturation \"%1\" is no share from 0 to 1").arg(text));
    return std::nullopt;
}

struct Failure
{
    ExitCode code = bad_input;
    std::string sentence;
};

/// Audits a file; whether a channel of it is past the limit, or why it could not be audited.
std::variant<bool, Failure> audit_file(const QString& path, const QCommandLineParser& parser,
                                       const AuditOptions& options, Output& output)
{
    const auto model = open_model(path);
    if (!model)
        return Failure{bad_input, model.error().message};
    std::optional<int> only;
    if (options.layer || options.histogram) {
        only = find_only_layer(*model, parser, layer_option(), path);
        if (!only)
            return Failure{usage_error, {}}; // find_only_layer has complained
    }
    std::optional<CodeDistribution> counted;
    if (options.histogram) {
        auto read = read_code_histogram(*options.histogram,
                                        *model->layers[static_cast<std::size_t>(*only)]);
        if (!read)
            return Failure{bad_input, read.error().message};
        counted = std::move(*read);
    }
    std::vector<AuditTask> tasks;
    for (std::size_t i = 0; i < model->layers.size(); ++i) {
        if (!only || static_cast<std::size_t>(*only) == i)
            tasks.push_back(
                {.layer = model->layers[i].get(), .counted = counted ? &*counted : nullptr});
    }
    const std::vector<LayerAudit> audits = audited(tasks);
    if (!std::all_of(audits.begin(), audits.end(), has_samples))
        return Failure{bad_input,
                       options.histogram.value_or(path).toStdString()
                           + ": no input is counted in it"};
    return write({.tasks = tasks, .audits = audits, .first_index = only.value_or(0)}, path, options,
                 output);
}

/// The files that standard input names, one a line. A broken one is told and does not end the run.
ExitCode audit_named_files(const QCommandLineParser& parser, const AuditOptions& options,
                           Output& output)
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly)) {
        complain(QStringLiteral("standard input cannot be read"));
        return bad_input;
    }
    bool is_clean = true;
    while (!input.atEnd()) {
        QByteArray name = input.readLine();
        while (name.endsWith('\n') || name.endsWith('\r'))
            name.chop(1);
        if (name.isEmpty())
            continue;
        const QString path = file_name_text(name);
        const auto outcome = audit_file(path, parser, options, output);
        const auto* const failure = std::get_if<Failure>(&outcome);
        if (failure != nullptr && options.as_json)
            output.write(
                json_line({{QStringLiteral("file"), path},
                           {QStringLiteral("error"), QString::fromStdString(failure->sentence)}}));
        else if (failure != nullptr)
            complain(QString::fromStdString(failure->sentence));
        is_clean = is_clean && failure == nullptr && !std::get<bool>(outcome);
    }
    const ExitCode code = output.finish();
    return code == done && !is_clean ? found : code;
}

} // namespace

ExitCode run_audit(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Tells how well each layer's output scale and zero point suit it: saturation, codes used, "
        "dead and merged, signal to quantization noise, and better parameters. Inputs are drawn "
        "from N(mean, var) of each channel unless a histogram says otherwise. Exits with 1 if a "
        "channel saturates more than the limit, or if a file that standard input names is "
        "broken."));
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        model_argument()
            + QStringLiteral(" - reads names of files from standard input, one a line."));
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption limit_opt(
        QStringLiteral("max-saturation"),
        QStringLiteral("The largest share of a channel's inputs that may saturate; 0.01 without "
                       "it."),
        QStringLiteral("SHARE"), QStringLiteral("0.01"));
    const QCommandLineOption histogram_opt(
        QStringLiteral("histogram"),
        QStringLiteral("How often each input code occurs, as CSV with the columns channel, "
                       "input_code, count; needs --layer where the file has several."),
        QStringLiteral("COUNTS.csv"));
    const QCommandLineOption json_opt(
        QStringLiteral("json"),
        QStringLiteral("Write a line of JSON for each layer; and for a broken file that standard "
                       "input names, its error."));
    parser.addOptions({layer_opt, limit_opt, histogram_opt, json_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto limit = find_limit(parser.value(limit_opt));
    if (!limit)
        return usage_error;
    AuditOptions options{.limit = *limit, .as_json = parser.isSet(json_opt)};
    if (parser.isSet(layer_opt))
        options.layer = parser.value(layer_opt);
    if (parser.isSet(histogram_opt))
        options.histogram = parser.value(histogram_opt);
    const QString path = parser.positionalArguments().front();
    Output output({});
    if (path == QStringLiteral("-"))
        return audit_named_files(parser, options, output);
    const auto outcome = audit_file(path, parser, options, output);
    if (const auto* const failure = std::get_if<Failure>(&outcome)) {
        if (!failure->sentence.empty())
            complain(QString::fromStdString(failure->sentence));
        return failure->code;
    }
    const ExitCode code = output.finish();
    return code == done && std::get<bool>(outcome) ? found : code;
}

} // namespace qbn::cli
