#include "app/check/runtime_check.h"

#include "app/check/answer_reader.h"
#include "app/check/check_script.h"
#include "app/check/words.h"
#include "core/formats/onnx/onnx_writer.h"
#include "core/text/text_number.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cmath>

#ifdef __linux__
#include <csignal>
#include <sys/prctl.h>
#endif

namespace qbn::check {

namespace {

/// A number, or a word where JSON has none.
QJsonValue number_json(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(text_of(format_number(value)));
}

QJsonObject end_json(const QuantizationParameters& end)
{
    return {{QStringLiteral("scale"), number_json(end.scale)},
            {QStringLiteral("zero_point"), end.zero_point},
            {QStringLiteral("signed"), end.type.is_signed}};
}

QJsonArray values_json(const std::vector<double>& values)
{
    QJsonArray array;
    for (const double value : values)
        array.append(number_json(value));
    return array;
}

QJsonObject layer_json(const BatchNormLayer& layer)
{
    QJsonObject object{{QStringLiteral("input"), end_json(layer.input)},
                       {QStringLiteral("output"), end_json(layer.output)},
                       {QStringLiteral("eps"), number_json(layer.eps)},
                       {QStringLiteral("relu"), layer.relu},
                       {QStringLiteral("mean"), values_json(layer.mean)},
                       {QStringLiteral("var"), values_json(layer.var)},
                       {QStringLiteral("gamma"), values_json(layer.gamma)},
                       {QStringLiteral("beta"), values_json(layer.beta)}};
    const Result<std::string> onnx = write_onnx(layer, false);
    if (onnx)
        object.insert(QStringLiteral("onnx"),
                      QString::fromLatin1(QByteArray::fromStdString(*onnx).toBase64()));
    else
        object.insert(QStringLiteral("no_onnx"), QString::fromStdString(onnx.error().message));
    return object;
}

bool is_taken(const BatchNormLayer& layer)
{
    return layer.input.type.bits == 8 && layer.output.type.bits == 8;
}

/// What the interpreter wrote, or why it did not come to an end.
Result<QByteArray> run_script(const CheckRequest& request, const QStringList& arguments,
                              const std::stop_token& stop)
{
    QProcess process;
#ifdef __linux__
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
#endif
    process.start(request.python, arguments);
    if (!process.waitForStarted())
        return error_of(
            QStringLiteral("%1 cannot be run: %2").arg(request.python, process.errorString()));
    constexpr int look_every = 100; // milliseconds
    QElapsedTimer timer;
    timer.start();
    while (!process.waitForFinished(look_every)) {
        if (process.state() == QProcess::NotRunning)
            break;
        const bool is_late = timer.elapsed() > qint64{1000} * request.timeout_seconds;
        if (!is_late && !stop.stop_requested())
            continue;
        process.kill();
        process.waitForFinished();
        return error_of(is_late
                            ? QStringLiteral("%1 took longer than %2 s and was stopped; --timeout "
                                             "gives it more")
                                  .arg(request.python)
                                  .arg(request.timeout_seconds)
                            : QStringLiteral("stopped"));
    }
    const QByteArray output = process.readAllStandardOutput();
    const bool crashed = process.exitStatus() != QProcess::NormalExit;
    if (!crashed && process.exitCode() == 0)
        return output;
    // What Python says last is what went wrong.
    const QList<QByteArray> lines = process.readAllStandardError().trimmed().split('\n');
    const QString last = QString::fromUtf8(lines.last()).left(200);
    return error_of(QStringLiteral("%1 %2%3").arg(
        request.python,
        crashed ? QStringLiteral("crashed")
                : QStringLiteral("failed with exit code %1").arg(process.exitCode()),
        last.isEmpty() ? QString() : QStringLiteral(": ") + last));
}

} // namespace

Result<CheckOutcome> check_runtimes(const CheckRequest& request, const std::stop_token& stop)
{
    if (QStandardPaths::findExecutable(request.python).isEmpty())
        return error_of(QStringLiteral("there is no interpreter %1").arg(quoted(request.python)));
    QJsonArray layers;
    std::vector<std::size_t> sent;
    QStringList left_out;
    for (std::size_t i = 0; i < request.layers.size(); ++i) {
        const BatchNormLayer& layer = *request.layers[i];
        if (is_taken(layer)) {
            layers.append(layer_json(layer));
            sent.push_back(i);
        } else {
            left_out << QStringLiteral("layer %1 is left out: its codes are not of 8 bits")
                            .arg(quoted(text_of(layer.name)));
        }
    }
    const QTemporaryDir folder;
    QFile script(folder.filePath(QStringLiteral("check_runtimes.py")));
    QFile input(folder.filePath(QStringLiteral("layers.json")));
    if (!script.open(QIODevice::WriteOnly) || !input.open(QIODevice::WriteOnly))
        return error_of(
            QStringLiteral("the temporary folder %1 cannot be written").arg(folder.path()));
    const std::string_view text = check_script();
    script.write(text.data(), static_cast<qint64>(text.size()));
    input.write(QJsonDocument(layers).toJson(QJsonDocument::Compact));
    script.close();
    input.close();
    const Result<QByteArray> output
        = run_script(request, {script.fileName(), input.fileName()}, stop);
    if (!output)
        return output.error();
    Result<CheckOutcome> outcome = read_answers(request, sent, *output);
    if (outcome)
        outcome->left_out = left_out;
    return outcome;
}

} // namespace qbn::check
