#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/evaluate/code_export.h"

namespace qbn::cli {

ExitCode run_export(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Writes every input code of the chosen layers and channels, stage by stage, "
                       "as CSV (RFC 4180)."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption channel_opt = channel_option();
    const QCommandLineOption backend_opt = backend_option();
    const QCommandLineOption out_opt(
        {QStringLiteral("o"), QStringLiteral("output")},
        QStringLiteral("The file to write; standard output without it."),
        QStringLiteral("OUT.csv"));
    parser.addOptions({layer_opt, channel_opt, backend_opt, out_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;

    ExportChoice choice;
    choice.backend = find_backend_or_complain(parser.value(backend_opt));
    if (!choice.backend)
        return usage_error;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    if (parser.isSet(layer_opt)) {
        choice.layer = find_layer(*model, parser.value(layer_opt), path);
        if (!choice.layer)
            return usage_error;
    }
    if (parser.isSet(channel_opt)) {
        int channels = 0;
        for (std::size_t i = 0; i < model->layers.size(); ++i) {
            if (!choice.layer || static_cast<std::size_t>(*choice.layer) == i)
                channels = std::max(channels, model->layers[i]->channels());
        }
        choice.channel = find_channel(parser.value(channel_opt), channels, path);
        if (!choice.channel)
            return usage_error;
    }
    Output output(parser.value(out_opt), path);
    export_csv(*model, choice, [&output](std::string_view text) { return output.write(text); });
    return output.finish();
}

} // namespace qbn::cli
