#include "ui/panels/plots/transfer_plot.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/table_style.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double margin = 0.05; ///< of the range, above and below

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
    , m_exact(addCurve(tr("exact, before rounding")))
    , m_steps(addCurve())
{
    setObjectName(u"transferPlot"_s);
    m_steps->setLineStyle(QCPGraph::lsStepCenter);
    m_steps->setAntialiased(false);
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
    return rangeOf(document().layer().output.type, margin);
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
    setTicksOfCodes(*canvas().yAxis, document().layer().output.type);
}

void TransferPlot::applyColors()
{
    CodePlot::applyColors();
    const Colors& colors = shownColors();
    m_steps->setPen(QPen(colors.output, 2));
    // A broad band, so that it shows behind steps that hide a line.
    m_exact->setPen(QPen(blend(colors.surface, colors.real, 0.45), 5));
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
    return margin.isEmpty() ? text : text + u"   "_s + margin;
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
