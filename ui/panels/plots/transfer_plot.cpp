#include "ui/panels/plots/transfer_plot.h"

#include "core/activations/channel_activation.h"
#include "core/evaluate/stage.h"
#include "core/evaluate/wanted_code.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/table_style.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double spareRoom = 0.05; ///< of the range, above and below

/// Farther out than this a line cannot be told from a vertical one, and painters overflow.
constexpr double farthest = 1e6;

/// False for NaN too.
bool onLine(const CodeRow& row)
{
    return std::abs(row.exact.requantized) < farthest;
}

} // namespace

TransferPlot::TransferPlot(Document& document, QWidget* parent)
    : CodePlot(document, parent)
    , m_before(addSteps(canvas().xAxis, canvas().yAxis))
    , m_exact(addCurve(tr("exact, before rounding")))
    , m_steps(addSteps(canvas().xAxis, canvas().yAxis))
{
    setObjectName(u"transferPlot"_s);
    addHistograms();
    setToolTip(toolTip()
               + tr(". Drag the marker up or down to another output code, or press Alt+Up or "
                    "Alt+Down: gamma follows, with Shift beta"));
    begin(tr("output code"));
}

QString TransferPlot::caption() const
{
    return tr("Transfer curve");
}

std::unique_ptr<CodePlot> TransferPlot::another() const
{
    return std::make_unique<TransferPlot>(document());
}

QCPRange TransferPlot::wholeValues() const
{
    return rangeOf(document().layer().output.type, spareRoom);
}

QCPRange TransferPlot::shownValues() const
{
    const QCPRange whole = wholeValues();
    const QCPRange codes = shownCodes();
    double low = whole.upper, high = whole.lower;
    for (const CodeRow& row : evaluation().rows) {
        if (!codes.contains(row.input_code))
            continue;
        low = std::min<double>(low, row.output_code);
        high = std::max<double>(high, row.output_code);
    }
    const double room = std::max(2.0, 0.12 * (high - low));
    return QCPRange(low - room, high + room).bounded(whole.lower, whole.upper);
}

void TransferPlot::updateCurves()
{
    const std::vector<CodeRow>& rows = evaluation().rows;
    QVector<QCPGraphData> steps;
    QVector<QCPGraphData> exact;
    steps.reserve(std::ssize(rows));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        steps.push_back({double(rows[i].input_code), double(rows[i].output_code)});
        // Between its ends the line is straight, and a broad line costs by its points.
        const bool inside
            = i > 0 && i + 1 < rows.size() && onLine(rows[i - 1]) && onLine(rows[i + 1]);
        const double value = rows[i].exact.requantized;
        if (!inside || !onLine(rows[i]))
            exact.push_back({double(rows[i].input_code),
                             std::isnan(value) ? value : std::clamp(value, -farthest, farthest)});
    }
    m_steps->data()->set(steps, true);
    m_exact->data()->set(exact, true);
    m_steps->setName(textOf(evaluation().chosen->title));
    QVector<QCPGraphData> before;
    const std::vector<std::int32_t>& codes = document().codesBefore();
    const bool same = std::ranges::equal(codes, rows, {}, {}, &CodeRow::output_code);
    for (std::size_t i = 0; i < codes.size() && !same; ++i)
        before.push_back({double(rows[i].input_code), double(codes[i])});
    m_before->data()->set(before, true);
    m_before->setName(before.isEmpty() ? QString() : tr("before the change"));
    // The exact line is a broad band, so that it shows behind steps that hide a line.
    const bool known = isKnown();
    const Colors& colors = shownColors();
    m_steps->setPen(known ? QPen(colors.output, 2) : QPen(colors.muted, 1, Qt::DashLine));
    m_exact->setPen(QPen(blend(colors.surface, known ? colors.real : colors.muted, 0.45), 5));
    setTicksOfCodes(*canvas().yAxis, document().layer().output.type);
    updateHistograms();
}

void TransferPlot::addHistograms()
{
    QCustomPlot& plot = canvas();
    m_inputs = addSteps(plot.xAxis, plot.yAxis2);
    m_outputs = addSteps(plot.yAxis, plot.xAxis2);
    m_readOutputs = addSteps(plot.yAxis, plot.xAxis2);
    plot.xAxis2->setRangeReversed(true);
    for (QCPGraph* histogram : {m_inputs, m_outputs, m_readOutputs}) {
        histogram->setLayer(u"regions"_s);
    }
    connect(&document().activations(), &Activations::changed, this, [this] {
        updateHistograms();
        drawLater();
    });
}

/// From the counts alone, whatever the size of the tensor.
void TransferPlot::updateHistograms()
{
    constexpr double part = 0.25; // of the plot that the highest step takes
    const auto counts = document().activations().counts();
    const int channel = evaluation().selection.channel;
    const BatchNormLayer& layer = document().layer();
    const auto show = [](QCPGraph* graph, std::span<const std::uint64_t> counted, CodeType type) {
        QVector<QCPGraphData> steps{{double(type.qmin() - 1), 0.0}};
        double most = 0;
        std::int32_t code = type.qmin();
        for (const std::uint64_t count : counted) {
            steps.push_back({double(code++), std::log1p(static_cast<double>(count))});
            most = std::max(most, steps.back().value);
        }
        steps.push_back({double(code), 0.0});
        graph->data()->set(counted.empty() ? QVector<QCPGraphData>() : steps, true);
        return most;
    };
    const bool hasInputs = counts && counts->has_inputs();
    const bool hasOutputs = counts && counts->has_outputs();
    std::vector<std::uint64_t> outputs;
    if (hasInputs)
        outputs = output_counts(counts->inputs_of(channel), evaluation().result().codes,
                                layer.output.type);
    const auto inputs = hasInputs ? counts->inputs_of(channel) : std::span<const std::uint64_t>();
    const auto read = hasOutputs ? counts->outputs_of(channel) : std::span<const std::uint64_t>();
    const double most = std::max({1.0, show(m_outputs, outputs, layer.output.type),
                                  show(m_readOutputs, read, layer.output.type)});
    canvas().yAxis2->setRange(0, std::max(1.0, show(m_inputs, inputs, layer.input.type)) / part);
    canvas().xAxis2->setRange(0, most / part);
    m_inputs->setName(counts ? tr("activations, log scale") : QString());
}

void TransferPlot::applyColors()
{
    CodePlot::applyColors();
    const Colors& colors = shownColors();
    m_before->setPen(QPen(blend(colors.surface, colors.muted, 0.55), 2));
    const auto fill = [&colors](QCPGraph* histogram, const QColor& color) {
        histogram->setPen(Qt::NoPen);
        histogram->setBrush(blend(colors.surface, color, 0.28));
    };
    fill(m_inputs, colors.code);
    fill(m_outputs, colors.output);
    m_readOutputs->setPen(QPen(blend(colors.surface, colors.output, 0.7), 1));
    updateCurves();
}

double TransferPlot::valueOf(const CodeRow& row) const
{
    return row.output_code;
}

QString TransferPlot::cursorTextOf(const CodeRow& row) const
{
    return u"%1 → %2"_s.arg(row.input_code).arg(row.output_code);
}

QString TransferPlot::readoutOf(const CodeRow& row) const
{
    const QString text
        = tr("%1   exact %2").arg(cursorTextOf(row), shortNumber(row.exact.requantized, 7));
    const QString margin = marginText(row.margin);
    QString all = margin.isEmpty() ? text : text + u"   "_s + margin;
    const auto counts = document().activations().counts();
    if (!counts || !counts->has_inputs())
        return all;
    const auto inputs = counts->inputs_of(evaluation().selection.channel);
    return tr("%1   %2 elements")
        .arg(all)
        .arg(inputs[static_cast<std::size_t>(row.input_code
                                             - document().layer().input.type.qmin())]);
}

bool TransferPlot::lift(double value)
{
    const CodeType type = document().layer().output.type;
    const auto code
        = static_cast<std::int32_t>(std::clamp<double>(std::rint(value), type.qmin(), type.qmax()));
    if (!m_wanted || m_wanted->code != code) {
        const Selection& at = evaluation().selection;
        const auto giving = [&](Field field) {
            return value_giving(*evaluation().chosen, document().layer(), at.channel, field,
                                at.code, code);
        };
        m_wanted = {.code = code, .gamma = giving(Field::gamma), .beta = giving(Field::beta)};
    }
    showLifted(code, wantedText());
    return true;
}

QString TransferPlot::wantedText() const
{
    const auto part = [](const QString& name, const std::optional<double>& value) {
        return value ? tr("%1 %2").arg(name, shortNumber(*value, 7)) : tr("no %1").arg(name);
    };
    return tr("%1 → %2\n%3\nShift: %4")
        .arg(evaluation().selection.code)
        .arg(m_wanted->code)
        .arg(part(u"gamma"_s, m_wanted->gamma), part(u"beta"_s, m_wanted->beta));
}

void TransferPlot::endLift(bool apply, Qt::KeyboardModifiers modifiers)
{
    const bool isBeta = modifiers.testFlag(Qt::ShiftModifier);
    const std::optional<Wanted> wanted = std::exchange(m_wanted, std::nullopt);
    const std::optional<double> value = isBeta ? wanted->beta : wanted->gamma;
    if (apply && value)
        document().setValue(isBeta ? Field::beta : Field::gamma, evaluation().selection.channel,
                            *value);
    showLifted(evaluation().row().output_code, cursorTextOf(evaluation().row()));
}

QString TransferPlot::sentence() const
{
    const CodeRow& row = evaluation().row();
    const Clip clip = clipOf(row, document().layer());
    QString remark = clip == Clip::None ? tr("no saturation") : clipText(clip);
    if (std::isnan(row.exact.requantized))
        remark = tr("exact mathematics has no answer");
    if (const QString margin = marginText(row.margin); !margin.isEmpty())
        remark += u", "_s + margin;
    if (row.differs)
        remark += tr(", backends differ");
    return tr("%1: input code %2 gives output code %3, %4")
        .arg(caption())
        .arg(row.input_code)
        .arg(row.output_code)
        .arg(remark);
}

QString TransferPlot::nothingText() const
{
    return tr("not a number: no exact line");
}

} // namespace qbn::ui

#include "moc_transfer_plot.cpp"
