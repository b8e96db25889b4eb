#include "ui/panels/plots/error_plot.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double usualReach = 0.62;

/// An error up to here widens the axis; a larger one gets an arrow.
constexpr double widest = 2;
constexpr double arrowInset = 0.955; ///< of the axis, where arrows stand
constexpr double arrowSpacing = 9; ///< pixels

double errorOf(const CodeRow& row)
{
    return row.output_code - row.exact.requantized;
}

} // namespace

ErrorPlot::ErrorPlot(Document& document, QWidget* parent)
    : CodePlot(document, parent)
    , m_upperHalf(addCurve(tr("half a step")))
    , m_lowerHalf(addCurve())
    , m_error(addCurve(tr("output code − exact")))
    , m_arrowsUp(addMarks(arrowSpacing))
    , m_arrowsDown(addMarks(arrowSpacing))
{
    setObjectName(u"errorPlot"_s);
    m_error->setLineStyle(QCPGraph::lsImpulse);
    for (QCPGraph* lines : {m_upperHalf, m_lowerHalf, m_error})
        lines->setAntialiased(false);
    canvas().yAxis->setNumberFormat(u"f"_s);
    canvas().yAxis->setNumberPrecision(1);
    setMostTicks(*canvas().yAxis, 3);
    connect(&canvas(), &QCustomPlot::afterLayout, this, &ErrorPlot::adaptWidth);
    begin(tr("error"));
}

QString ErrorPlot::caption() const
{
    return tr("Rounding error");
}

std::unique_ptr<CodePlot> ErrorPlot::another() const
{
    return std::make_unique<ErrorPlot>(document());
}

QCPRange ErrorPlot::wholeValues() const
{
    double largest = 0;
    for (const CodeRow& row : evaluation().rows)
        if (const double error = std::abs(errorOf(row));
            error <= widest && clipOf(row, document().layer()) == Clip::None)
            largest = std::max(largest, error);
    const double reach = std::max(usualReach, 1.15 * largest);
    return {-reach, reach};
}

void ErrorPlot::updateCurves()
{
    const QCPRange& values = canvas().yAxis->range();
    QVector<QCPGraphData> errors;
    std::vector<QPointF> above, below;
    for (const CodeRow& row : evaluation().rows) {
        const double code = row.input_code;
        const double error = errorOf(row);
        if (error > values.upper)
            above.emplace_back(code, values.upper * arrowInset);
        else if (error < values.lower)
            below.emplace_back(code, values.lower * arrowInset);
        else
            errors.push_back({code, error});
    }
    m_error->data()->set(errors, true);
    const QCPRange codes = wholeCodes();
    m_upperHalf->data()->set({{codes.lower, 0.5}, {codes.upper, 0.5}}, true);
    m_lowerHalf->data()->set({{codes.lower, -0.5}, {codes.upper, -0.5}}, true);
    m_codesBeyond = static_cast<int>(above.size() + below.size());
    // One entry in the legend, with the arrow that is seen.
    const QString beyond = m_codesBeyond > 0 ? tr("beyond (%1)").arg(m_codesBeyond) : QString();
    m_arrowsUp->setName(above.empty() ? QString() : beyond);
    m_arrowsDown->setName(above.empty() ? beyond : QString());
    setMarks(m_arrowsUp, std::move(above));
    setMarks(m_arrowsDown, std::move(below));
    const QColor arrow = colorOf(shownColors().problem);
    m_arrowsUp->setScatterStyle({QCPScatterStyle::ssTriangle, QPen(arrow), arrow, 6});
    m_arrowsDown->setScatterStyle({QCPScatterStyle::ssTriangleInverted, QPen(arrow), arrow, 6});
}

/// What hangs on a placeholder is muted.
QColor ErrorPlot::colorOf(const QColor& known) const
{
    return isKnown() ? known : shownColors().muted;
}

/// Whole pixels, so that all lines are alike.
void ErrorPlot::adaptWidth()
{
    const double pixelsPerCode = canvas().axisRect()->width() / canvas().xAxis->range().size();
    QPen pen(colorOf(shownColors().real));
    pen.setWidthF(std::rint(std::clamp(pixelsPerCode * 0.35, 1.0, 5.0)));
    m_error->setPen(pen);
}

void ErrorPlot::applyColors()
{
    CodePlot::applyColors();
    const Colors& colors = shownColors();
    m_upperHalf->setPen(QPen(colors.muted, 1, Qt::DashLine));
    m_lowerHalf->setPen(m_upperHalf->pen());
    canvas().yAxis->grid()->setZeroLinePen(QPen(colors.muted));
    updateCurves();
}

double ErrorPlot::valueOf(const CodeRow& row) const
{
    const double error = errorOf(row);
    if (std::isnan(error))
        return error;
    const QCPRange& values = canvas().yAxis->range();
    return std::clamp(error, values.lower * arrowInset, values.upper * arrowInset);
}

QString ErrorPlot::cursorTextOf(const CodeRow& row) const
{
    const double error = errorOf(row);
    const bool small = std::abs(error) < 1e4;
    return u"%1: %2"_s.arg(row.input_code)
        .arg(small ? signedNumber(error, 3) : shortNumber(error, 6));
}

QString ErrorPlot::readoutOf(const CodeRow& row) const
{
    const double error = errorOf(row);
    return tr("%1   error %2")
        .arg(row.input_code)
        .arg(std::abs(error) < 1e4 ? signedNumber(error, 6) : shortNumber(error));
}

QString ErrorPlot::sentence() const
{
    const CodeRow& row = evaluation().row();
    const double error = errorOf(row);
    QString text
        = tr("%1: input code %2 is %3 output steps off")
              .arg(caption())
              .arg(row.input_code)
              .arg(std::abs(error) < 1e4 ? QString::number(error, 'f', 3) : shortNumber(error, 6));
    if (std::isnan(error))
        return tr("%1: input code %2 has no exact value").arg(caption()).arg(row.input_code);
    if (const QString clip = clipText(clipOf(row, document().layer())); !clip.isEmpty())
        text += u", "_s + clip;
    if (row.margin.tie)
        text += tr(", a tie");
    return text;
}

QString ErrorPlot::nothingText() const
{
    return tr("not a number: there is no error to show");
}

} // namespace qbn::ui

#include "moc_error_plot.cpp"
