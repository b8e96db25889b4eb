#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/evaluate/findings.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>

namespace qbn::cli {

namespace {

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string origin_text(const Provenance& provenance)
{
    std::string text = "[" + std::string(name_of(provenance.origin));
    if (!provenance.note.empty())
        text += ": " + printable(provenance.note);
    return text + "]";
}

std::string value_text(const BatchNormLayer& layer, Field field)
{
    switch (field) {
    case Field::input_type:
        return name_of(layer.input.type);
    case Field::output_type:
        return name_of(layer.output.type);
    case Field::relu:
        return layer.relu ? "fused" : "none";
    default:
        return format_number(value_of(layer, field, 0));
    }
}

std::string fields_text(const BatchNormLayer& layer)
{
    std::string text;
    for (const Field field : all_fields) {
        const std::string value = is_per_channel(field) ? "below" : value_text(layer, field);
        text += "  " + padded(std::string(name_of(field)), 19) + padded(value, 22) + " "
            + origin_text(layer.provenance.of(field)) + "\n";
    }
    return text;
}

/// Channels whose value has a provenance of its own are marked by it.
std::string channels_text(const BatchNormLayer& layer)
{
    constexpr std::array fields{Field::mean, Field::var, Field::gamma, Field::beta};
    std::string text = "  channel";
    for (const Field field : fields)
        text += "  " + padded(std::string(name_of(field)), 22);
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
    for (int channel = 0; channel < layer.channels(); ++channel) {
        text += "  " + padded(std::to_string(channel), 7);
        for (const Field field : fields) {
            std::string value = format_number(value_of(layer, field, channel));
            const Provenance& own = layer.provenance.of(field, channel);
            if (own != layer.provenance.of(field))
                value += " " + origin_text(own);
            text += "  " + padded(value, 22);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += "\n";
    }
    return text;
}

std::string findings_text(const std::vector<Finding>& findings)
{
    std::string text;
    for (const Finding& finding : findings) {
        // What is assumed stands beside the value already.
        if (finding.id == FindingId::assumed && finding.severity == Severity::note)
            continue;
        text += "  " + std::string(name_of(finding.severity)) + ": ";
        if (finding.channel)
            text += "channel " + std::to_string(*finding.channel) + ": ";
        text += printable(finding.sentence) + " (" + std::string(name_of(finding.id)) + ")\n";
    }
    return text;
}

bool is_serious(const Finding& finding)
{
    return finding.severity != Severity::note;
}

} // namespace

ExitCode run_inspect(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Shows what a file holds: layers, channels, types, scales, where each value "
                       "came from, and what is unusual."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption check_opt(
        QStringLiteral("check"), QStringLiteral("Exit with 1 if there is a warning or an error."));
    parser.addOption(check_opt);
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;

    Output output({});
    output.write(printable(path.toStdString()) + ": " + std::to_string(model->layers.size())
                 + (model->layers.size() == 1 ? " layer\n" : " layers\n"));
    for (const std::string& note : model->notes)
        output.write("note: " + printable(note) + "\n");
    bool serious = false;
    for (std::size_t i = 0; i < model->layers.size(); ++i) {
        const BatchNormLayer& layer = *model->layers[i];
        const std::vector<Finding> findings = validate(layer);
        serious = serious || std::any_of(findings.begin(), findings.end(), is_serious);
        output.write("\nlayer " + std::to_string(i) + ": " + printable(layer.name) + ", "
                     + std::to_string(layer.channels())
                     + (layer.channels() == 1 ? " channel, " : " channels, ")
                     + name_of(layer.input.type) + " -> " + name_of(layer.output.type) + "\n"
                     + fields_text(layer) + channels_text(layer) + findings_text(findings));
    }
    const ExitCode code = output.finish();
    return code == done && serious && parser.isSet(check_opt) ? found : code;
}

} // namespace qbn::cli
