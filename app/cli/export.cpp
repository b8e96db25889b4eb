#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "core/evaluate/code_export.h"
#include "core/export/code_format.h"
#include "core/formats/onnx/onnx_writer.h"

#include <algorithm>
#include <optional>

namespace qbn::cli {

namespace {

QString format_ids()
{
    QStringList ids{QStringLiteral("csv"), QStringLiteral("onnx")};
    for (const CodeFormatName& name : all_code_formats())
        ids << text_of(name.id);
    return ids.join(QStringLiteral(", "));
}

std::optional<CodeForm> form_named(const QString& name)
{
    if (name == QStringLiteral("arithmetic"))
        return CodeForm::arithmetic;
    if (name == QStringLiteral("folded"))
        return CodeForm::folded;
    if (name == QStringLiteral("table"))
        return CodeForm::table;
    return std::nullopt;
}

/// The ONNX model of the layer, for the backends that run one.
Result<std::string> onnx_model(const CodeRequest& request)
{
    const std::string id(request.backend.id);
    if (request.backend.group != "ONNX" || id == "onnxruntime-qlinear")
        return Error{
            "the arithmetic of " + id
            + " cannot be said in ONNX: its operators compute as onnxruntime, openvino and "
              "openvino-static do"};
    if (request.channel)
        return Error{"an ONNX model holds all channels of the layer; leave --channel out"};
    return write_onnx(request.layer, id == "openvino-static");
}

/// One layer in a format that is not CSV; without a format as ONNX.
ExitCode write_code(std::optional<CodeFormat> format, const CodeRequest& request, Output& output)
{
    const Result<std::string> text = format ? code_text(*format, request) : onnx_model(request);
    if (!text) {
        complain(QString::fromStdString(text.error().message));
        return usage_error;
    }
    output.write_bytes(*text);
    return output.finish();
}

} // namespace

ExitCode run_export(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Writes every input code of the chosen layers and channels, stage by stage, as CSV (RFC "
        "4180); or, with --format, one layer as code that computes what the backend computes, to "
        "the same output codes. C, NumPy, PyTorch and HLS code prints the codes of all input codes "
        "when it is run on its own (C: with -DQBN_MAIN)."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption channel_opt = channel_option();
    const QCommandLineOption backend_opt = backend_option();
    const QCommandLineOption out_opt(
        {QStringLiteral("o"), QStringLiteral("output")},
        QStringLiteral("The file to write; standard output without it."), QStringLiteral("OUT"));
    const QCommandLineOption format_opt(QStringLiteral("format"),
                                        QStringLiteral("One of %1.").arg(format_ids()),
                                        QStringLiteral("FORMAT"), QStringLiteral("csv"));
    const QCommandLineOption form_opt(
        QStringLiteral("form"),
        QStringLiteral("Of C: arithmetic, all operations from the parameters on; folded, those on "
                       "a code alone; table, an output code for each input code."),
        QStringLiteral("FORM"), QStringLiteral("arithmetic"));
    parser.addOptions({layer_opt, channel_opt, backend_opt, format_opt, form_opt, out_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;

    const std::string format_id = parser.value(format_opt).toStdString();
    const auto format = find_code_format(format_id);
    const auto form = form_named(parser.value(form_opt));
    const bool is_csv = format_id == "csv";
    if (!format && !is_csv && format_id != "onnx") {
        complain(QStringLiteral("there is no format \"%1\"; there are %2")
                     .arg(parser.value(format_opt), format_ids()));
        return usage_error;
    }
    if (!form) {
        complain(QStringLiteral("there is no form \"%1\"; there are arithmetic, folded, table")
                     .arg(parser.value(form_opt)));
        return usage_error;
    }
    ExportChoice choice;
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    choice.backend = chosen_backend(parser, backend_opt, model->backend);
    if (!choice.backend)
        return usage_error;
    if (parser.isSet(layer_opt) || !is_csv) {
        choice.layer = !is_csv ? find_only_layer(*model, parser, layer_opt, path)
                               : find_layer(*model, parser.value(layer_opt), path);
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
    note_guesses(path, *model, choice.layer);
    Output output(parser.value(out_opt), path);
    if (!is_csv)
        return write_code(format,
                          {*model->layers[static_cast<std::size_t>(*choice.layer)], *choice.backend,
                           choice.channel, *form},
                          output);
    export_csv(*model, choice, [&output](std::string_view text) { return output.write(text); });
    return output.finish();
}

} // namespace qbn::cli
