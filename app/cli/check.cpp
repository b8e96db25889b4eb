#include "app/check/runtime_check.h"
#include "app/cli/command.h"
#include "app/cli/output.h"

namespace qbn::cli {

ExitCode run_check(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Runs all input codes of the layers through the quantized batch norms of your own PyTorch "
        "and ONNX Runtime, in a process of their own, and says for each operator whether its codes "
        "are the predicted ones. If some are not, a report to copy follows, and the exit code is "
        "1."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A session or a torch.save state_dict."));
    const QCommandLineOption python_opt(
        QStringLiteral("python"),
        QStringLiteral("The interpreter that has them, such as .venv/bin/python."),
        QStringLiteral("PATH"), QStringLiteral("python3"));
    const QCommandLineOption timeout_opt(QStringLiteral("timeout"),
                                         QStringLiteral("The most seconds that it may take."),
                                         QStringLiteral("SECONDS"), QStringLiteral("120"));
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption backend_opt(
        QStringLiteral("backend"),
        QStringLiteral("Hold every operator against this one instead of the one that its version "
                       "says; an id, or a FILE.formula of your own."),
        QStringLiteral("ID"));
    parser.addOptions({python_opt, timeout_opt, layer_opt, backend_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;

    check::CheckRequest request;
    request.python = parser.value(python_opt);
    bool is_number = false;
    request.timeout_seconds = parser.value(timeout_opt).toInt(&is_number);
    if (!is_number || request.timeout_seconds < 1) {
        complain(QStringLiteral("--timeout takes whole seconds, not \"%1\"")
                     .arg(parser.value(timeout_opt)));
        return usage_error;
    }
    if (parser.isSet(backend_opt)) {
        request.backend = find_backend_or_complain(parser.value(backend_opt));
        if (!request.backend)
            return usage_error;
    }
    const QString path = parser.positionalArguments().front();
    const auto model = load(path);
    if (!model)
        return bad_input;
    request.layers = model->layers;
    if (parser.isSet(layer_opt)) {
        const auto index = find_layer(*model, parser.value(layer_opt), path);
        if (!index)
            return usage_error;
        request.layers = {model->layers[static_cast<std::size_t>(*index)]};
    }
    const auto outcome = check::check_runtimes(request);
    if (!outcome) {
        complain(QString::fromStdString(outcome.error().message));
        return bad_input;
    }
    Output output({});
    output.write(outcome->text(request).toStdString());
    if (const QString report = outcome->report(request); !report.isEmpty())
        output.write("\n" + report.toStdString());
    const ExitCode written = output.finish();
    return written == done && outcome->differs() ? found : written;
}

} // namespace qbn::cli
