#include "app/check/check_outcome.h"

#include "app/check/words.h"
#include "core/explain/report.h"
#include "core/formats/session/question_card.h"

#include <QFile>

#include <algorithm>
#include <numeric>

namespace qbn::check {

namespace {

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

qint64 CheckOutcome::compared() const
{
    return std::accumulate(
        verdicts.begin(), verdicts.end(), qint64{0},
        [](qint64 sum, const OperatorVerdict& verdict) { return sum + verdict.compared; });
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

} // namespace qbn::check
