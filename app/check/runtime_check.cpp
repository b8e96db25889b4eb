#include "app/check/runtime_check.h"

#include "app/check/check_script.h"
#include "core/backends/bound_backend.h"
#include "core/explain/report.h"
#include "core/formats/onnx/onnx_writer.h"
#include "core/formats/session/question_card.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>

#ifdef __linux__
#include <csignal>
#include <sys/prctl.h>
#endif

namespace qbn::check {

namespace {

QString text_of(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString quoted(const QString& text)
{
    return QString::fromStdString(in_quotes(text.toStdString()));
}

Error error_of(const QString& sentence)
{
    return Error{sentence.toStdString()};
}

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

/// What is known of an operator: what people call it, and the backend that it is in the versions that were found.
struct KnownOperator
{
    QString title;
    const char* backend = nullptr;
};

KnownOperator known_operator(const QString& id, const QJsonObject& versions)
{
    if (id == QStringLiteral("fused")) {
        const bool plain
            = versions.value(QStringLiteral("capability")).toString() == QStringLiteral("DEFAULT");
        return {QStringLiteral("quantized::batch_norm2d"), plain ? "pytorch-nofma" : "pytorch"};
    }
    if (id == QStringLiteral("reference")) {
        const bool is_2_13 = versions.value(QStringLiteral("torch"))
                                 .toString()
                                 .startsWith(QStringLiteral("2.13.0"));
        const bool fbgemm = versions.value(QStringLiteral("fbgemm")).toBool();
        return {QStringLiteral("dequantize, F.batch_norm, quantize_per_tensor"),
                !fbgemm       ? "pytorch-reference"
                    : is_2_13 ? "pytorch-2.13-reference"
                              : "pytorch-wheel-reference"};
    }
    if (id == QStringLiteral("decomposed"))
        return {QStringLiteral("quantized_decomposed around F.batch_norm (PT2E)"),
                "pytorch-decomposed"};
    if (id == QStringLiteral("fake-quantize"))
        return {QStringLiteral("F.batch_norm, fake_quantize_per_tensor_affine (QAT)"),
                "pytorch-fake-quantize"};
    return {QStringLiteral("ONNX Runtime's QuantizeLinear after BatchNormalization"),
            "onnxruntime"};
}

QString versions_text(const QJsonObject& versions)
{
    const auto word
        = [&](const char* key) { return versions.value(QLatin1String(key)).toString(); };
    QStringList parts{QStringLiteral("Python ") + word("python")};
    if (!word("torch").isEmpty()) {
        QStringList details;
        if (!word("capability").isEmpty())
            details << word("capability");
        details << (versions.value(QStringLiteral("fbgemm")).toBool()
                        ? QStringLiteral("FBGEMM")
                        : QStringLiteral("no FBGEMM"));
        parts << QStringLiteral("PyTorch %1 (%2)").arg(word("torch"), details.join(u", "));
    }
    if (!word("onnxruntime").isEmpty())
        parts << QStringLiteral("ONNX Runtime ") + word("onnxruntime");
    return parts.join(u", ");
}

/// What an operator gave for a layer: a byte a code, channel by channel.
struct Given
{
    std::size_t layer = 0;
    QByteArray bytes;
};

std::int32_t code_of(char byte, CodeType type)
{
    return type.is_signed ? std::int32_t{static_cast<signed char>(byte)}
                          : std::int32_t{static_cast<unsigned char>(byte)};
}

/// Calls back with channel, index of the input code, code given and code predicted, until that says false.
template <typename Callback>
void compare_codes(const Given& given, const BatchNormLayer& layer, const Backend& backend,
                   const Callback& callback)
{
    BoundBackend bound(backend, layer);
    qsizetype at = 0;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const std::vector<std::int32_t> predicted = bound.codes(channel);
        for (std::size_t i = 0; i < predicted.size(); ++i, ++at) {
            if (!callback(channel, i, code_of(given.bytes[at], layer.output.type), predicted[i]))
                return;
        }
    }
}

/// From the lines of the script.
class Reader
{
public:
    Reader(const CheckRequest& request, const std::vector<std::size_t>& sent)
        : request_(request)
        , sent_(sent)
    { }

    Result<CheckOutcome> read(const QByteArray& output)
    {
        bool is_done = false;
        for (const QByteArray& line : output.split('\n')) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            if (object.contains(QStringLiteral("found")))
                versions_ = object.value(QStringLiteral("found")).toObject();
            else if (object.contains(QStringLiteral("operator")) && !take(object))
                return error_of(request_.python
                                + QStringLiteral(" gave an answer that cannot be read"));
            is_done = is_done || object.value(QStringLiteral("done")).toBool();
        }
        if (!is_done)
            return error_of(request_.python
                            + QStringLiteral(" gave no answer; is it a Python interpreter?"));
        if (!versions_.contains(QStringLiteral("torch"))
            && !versions_.contains(QStringLiteral("onnxruntime")))
            return error_of(request_.python
                            + QStringLiteral(" has neither torch nor onnxruntime installed"));
        outcome_.versions = versions_text(versions_);
        for (std::size_t i = 0; i < given_.size(); ++i) {
            if (!outcome_.verdicts[i].differences.empty())
                find_agreeing(outcome_.verdicts[i], given_[i]);
        }
        return std::move(outcome_);
    }

private:
    bool take(const QJsonObject& object)
    {
        const int index = object.value(QStringLiteral("layer")).toInt(-1);
        if (index < 0 || static_cast<std::size_t>(index) >= sent_.size())
            return false;
        const std::size_t layer = sent_[static_cast<std::size_t>(index)];
        OperatorVerdict& verdict = verdict_of(object.value(QStringLiteral("operator")).toString());
        if (object.contains(QStringLiteral("refused"))) {
            verdict.refusals << QStringLiteral("layer %1: %2")
                                    .arg(quoted(text_of(request_.layers[layer]->name)),
                                         object.value(QStringLiteral("refused")).toString());
            return true;
        }
        Given given{
            layer,
            QByteArray::fromHex(object.value(QStringLiteral("codes")).toString().toLatin1())};
        const BatchNormLayer& of = *request_.layers[layer];
        if (given.bytes.size() != static_cast<qsizetype>(of.channels()) * of.input.type.count())
            return false;
        compare(verdict, given);
        given_[static_cast<std::size_t>(&verdict - outcome_.verdicts.data())].push_back(
            std::move(given));
        return true;
    }

    OperatorVerdict& verdict_of(const QString& id)
    {
        const auto found = std::find(ids_.begin(), ids_.end(), id);
        if (found != ids_.end())
            return outcome_.verdicts[static_cast<std::size_t>(found - ids_.begin())];
        ids_.push_back(id);
        const KnownOperator known = known_operator(id, versions_);
        OperatorVerdict verdict;
        verdict.name = known.title;
        verdict.claimed = request_.backend ? request_.backend : find_backend(known.backend);
        outcome_.verdicts.push_back(std::move(verdict));
        given_.emplace_back();
        return outcome_.verdicts.back();
    }

    void compare(OperatorVerdict& verdict, const Given& given)
    {
        const BatchNormLayer& layer = *request_.layers[given.layer];
        verdict.compared += given.bytes.size();
        compare_codes(given, layer, *verdict.claimed,
                      [&](int channel, std::size_t i, std::int32_t code, std::int32_t predicted) {
                          if (code != predicted)
                              verdict.differences.push_back(
                                  {given.layer, channel,
                                   layer.input.type.qmin() + static_cast<std::int32_t>(i), code,
                                   predicted});
                          return true;
                      });
    }

    void find_agreeing(OperatorVerdict& verdict, const std::vector<Given>& all) const
    {
        for (const Backend& backend : all_backends()) {
            bool agrees = true;
            for (const Given& given : all) {
                if (agrees)
                    compare_codes(
                        given, *request_.layers[given.layer], backend,
                        [&agrees](int, std::size_t, std::int32_t code, std::int32_t predicted) {
                            agrees = code == predicted;
                            return agrees;
                        });
            }
            if (agrees)
                verdict.agreeing.push_back(&backend);
        }
    }

    const CheckRequest& request_;
    const std::vector<std::size_t>& sent_; ///< which layers the script was given
    QJsonObject versions_;
    std::vector<QString> ids_;
    std::vector<std::vector<Given>> given_; ///< of each verdict
    CheckOutcome outcome_;
};

QString difference_text(const CodeDifference& difference, const CheckRequest& request)
{
    return QStringLiteral("layer %1, channel %2, input code %3: it gives %4, predicted %5")
        .arg(quoted(text_of(request.layers[difference.layer]->name)))
        .arg(difference.channel)
        .arg(difference.input_code)
        .arg(difference.given)
        .arg(difference.predicted);
}

QString ids_of(const std::vector<const Backend*>& backends)
{
    QStringList ids;
    for (const Backend* const backend : backends)
        ids << text_of(backend->id);
    return ids.join(u", ");
}

/// The flags that choose kernels.
QString processor_text()
{
    QFile file(QStringLiteral("/proc/cpuinfo"));
    QString model;
    QStringList flags;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : file.readAll().split('\n')) {
            const QString value = QString::fromUtf8(line).section(u':', 1).trimmed();
            if (model.isEmpty() && line.startsWith("model name"))
                model = value;
            if (flags.isEmpty() && line.startsWith("flags"))
                flags = value.split(u' ');
        }
    }
    flags.removeIf([](const QString& flag) {
        return !flag.startsWith(QStringLiteral("avx")) && flag != QStringLiteral("fma");
    });
    return model.isEmpty() ? QStringLiteral("unknown")
                           : model + QStringLiteral("; ") + flags.join(u' ');
}

} // namespace

bool CheckOutcome::differs() const
{
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [](const OperatorVerdict& verdict) { return !verdict.differences.empty(); });
}

QString CheckOutcome::text(const CheckRequest& request) const
{
    QString text = versions + QLatin1Char('\n');
    for (const OperatorVerdict& verdict : verdicts) {
        text += QLatin1Char('\n') + verdict.name + QLatin1Char('\n');
        const QString claimed = text_of(verdict.claimed->id);
        if (verdict.compared > 0 && verdict.differences.empty()) {
            text += QStringLiteral("  %1 codes, all as predicted by %2\n")
                        .arg(verdict.compared)
                        .arg(claimed);
        } else if (verdict.compared > 0) {
            text += QStringLiteral("  %1 of %2 codes differ from %3, the first in %4\n")
                        .arg(verdict.differences.size())
                        .arg(verdict.compared)
                        .arg(claimed, difference_text(verdict.differences.front(), request));
            text += verdict.agreeing.empty()
                ? QStringLiteral("  no backend gives all of its codes\n")
                : QStringLiteral("  given by %1\n").arg(ids_of(verdict.agreeing));
        }
        for (const QString& refusal : verdict.refusals)
            text += QStringLiteral("  refused ") + refusal + QLatin1Char('\n');
    }
    for (const QString& sentence : left_out)
        text += QLatin1Char('\n') + sentence + QLatin1Char('\n');
    return text;
}

QString CheckOutcome::report(const CheckRequest& request) const
{
    if (!differs())
        return {};
    constexpr std::size_t shown = 20;
    QString text = QStringLiteral("Codes that are not predicted\n\n%1\nProcessor: %2\n")
                       .arg(versions, processor_text());
    for (const OperatorVerdict& verdict : verdicts) {
        if (verdict.differences.empty())
            continue;
        const CodeDifference& first = verdict.differences.front();
        text += QStringLiteral("\n%1: %2 of %3 codes differ from %4\n")
                    .arg(verdict.name)
                    .arg(verdict.differences.size())
                    .arg(verdict.compared)
                    .arg(text_of(verdict.claimed->id));
        BatchNormLayer layer = *request.layers[first.layer];
        layer.observations.clear();
        for (const CodeDifference& difference : verdict.differences) {
            if (difference.layer != first.layer || layer.observations.size() == shown)
                break;
            layer.observations.push_back(
                {difference.channel, difference.input_code, difference.given});
            text += QStringLiteral("  ") + difference_text(difference, request) + QLatin1Char('\n');
        }
        const Result<Report> report = make_report(layer, *verdict.claimed, {});
        if (report)
            text += QLatin1Char('\n')
                + QString::fromStdString(question_card({.layer = &layer,
                                                        .backend = verdict.claimed,
                                                        .report = &*report,
                                                        .channel = first.channel,
                                                        .input_code = first.input_code}));
    }
    return text;
}

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
    Result<CheckOutcome> outcome = Reader(request, sent).read(*output);
    if (outcome)
        outcome->left_out = left_out;
    return outcome;
}

} // namespace qbn::check
