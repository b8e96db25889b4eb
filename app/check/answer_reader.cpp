#include "app/check/answer_reader.h"

#include "app/check/words.h"
#include "core/backends/bound_backend.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace qbn::check {

namespace {

/// What is known of an operator: what people call it, and the backend that it is in the versions that were found.
struct KnownOperator
{
    QString title;
    const char* backend = nullptr;
};

KnownOperator known_operator(const QString& id, const QJsonObject& versions)
{
    const QString capability = versions.value(QStringLiteral("capability")).toString();
    if (id == QStringLiteral("fused"))
        return {QStringLiteral("quantized::batch_norm2d"),
                capability == QStringLiteral("DEFAULT") ? "pytorch-nofma" : "pytorch"};
    if (id == QStringLiteral("onednn"))
        return {QStringLiteral("onednn::qbatch_norm2d"),
                capability == QStringLiteral("AVX512") ? "pytorch-onednn-avx512"
                                                       : "pytorch-onednn"};
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

} // namespace

Result<CheckOutcome> read_answers(const CheckRequest& request, const std::vector<std::size_t>& sent,
                                  const QByteArray& output)
{
    return Reader(request, sent).read(output);
}

} // namespace qbn::check
