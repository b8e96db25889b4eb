#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/evaluate/audit_run.h"
#include "core/formats/observed/code_histogram.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <span>

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

std::vector<LayerAudit> audited(const std::vector<AuditTask>& tasks)
{
    std::uint64_t channels = 0;
    for (const AuditTask& task : tasks)
        channels += static_cast<std::uint64_t>(task.layer->channels());
    Progress progress("audited", channels, "channels");
    return *audit_all(tasks, {.progress = [&progress](int done) { progress(static_cast<std::uint64_t>(done)); }, .stop = {}});
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

ExitCode write(const Audited& audited, double limit, bool as_json)
{
    Output output({});
    QJsonArray json;
    for (std::size_t i = 0; i < audited.audits.size(); ++i) {
        const int index = audited.first_index + static_cast<int>(i);
        const BatchNormLayer& layer = *audited.tasks[i].layer;
        if (as_json)
            json.append(layer_json(index, layer, audited.audits[i]));
        else
            output.write(layer_text(index, layer, audited.audits[i]));
    }
    const bool past_limit
        = std::any_of(audited.audits.begin(), audited.audits.end(),
                      [limit](const LayerAudit& audit) { return is_past(audit, limit); });
    if (as_json)
        output.write(json_text({{QStringLiteral("layers"), json},
                                {QStringLiteral("max_saturation"), limit},
                                {QStringLiteral("past_limit"), past_limit}}));
    const ExitCode code = output.finish();
    return code == done && past_limit ? found : code;
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

} // namespace

ExitCode run_audit(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Tells how well each layer's output scale and zero point suit it: saturation, codes used, "
        "dead and merged, signal to quantization noise, and better parameters. Inputs are drawn "
        "from N(mean, var) of each channel unless a histogram says otherwise. Exits with 1 if a "
        "channel saturates more than the limit."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 model_argument());
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
    const QCommandLineOption json_opt = json_option();
    parser.addOptions({layer_opt, limit_opt, histogram_opt, json_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto limit = find_limit(parser.value(limit_opt));
    if (!limit)
        return usage_error;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    std::optional<int> only;
    if (parser.isSet(layer_opt) || parser.isSet(histogram_opt)) {
        only = find_only_layer(*model, parser, layer_opt, path);
        if (!only)
            return usage_error;
    }

    std::optional<CodeDistribution> counted;
    if (parser.isSet(histogram_opt)) {
        const BatchNormLayer& layer = *model->layers[static_cast<std::size_t>(*only)];
        auto read = read_code_histogram(parser.value(histogram_opt), layer);
        if (!read) {
            complain(QString::fromStdString(read.error().message));
            return bad_input;
        }
        counted = std::move(*read);
    }
    std::vector<AuditTask> tasks;
    for (std::size_t i = 0; i < model->layers.size(); ++i) {
        if (!only || static_cast<std::size_t>(*only) == i)
            tasks.push_back(
                {.layer = model->layers[i].get(), .counted = counted ? &*counted : nullptr});
    }
    const std::vector<LayerAudit> audits = audited(tasks);
    if (!std::all_of(audits.begin(), audits.end(), has_samples)) {
        complain(parser.value(histogram_opt) + QStringLiteral(": no input is counted in it"));
        return bad_input;
    }
    return write({.tasks = tasks, .audits = audits, .first_index = only.value_or(0)}, *limit,
                 parser.isSet(json_opt));
}

} // namespace qbn::cli
