#include "ui/panels/plots/error_plot.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr PlotRange usualRange{-0.62, 0.62};

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
    : CodePlot(document, usualRange, false, parent)
    , m_error(nullptr)
    , m_arrowsUp(nullptr)
    , m_arrowsDown(nullptr)
    , m_upperHalf(addCurve())
    , m_lowerHalf(addCurve())
{
    setObjectName(u"errorPlot"_s);
    m_error = addCrispCurve();
    m_error->setLineStyle(QCPGraph::lsImpulse);
    m_upperHalf->setAntialiased(false);
    m_lowerHalf->setAntialiased(false);
    m_upperHalf->setName(tr("half a step"));
    m_arrowsUp = addCurve();
    m_arrowsDown = addCurve();
    for (QCPGraph* arrows : {m_arrowsUp, m_arrowsDown})
        arrows->setLineStyle(QCPGraph::lsNone);
    auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(0.25);
    ticker->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    canvas().yAxis->setTicker(ticker);
    canvas().yAxis->setNumberFormat(u"f"_s);
    canvas().yAxis->setNumberPrecision(2);
    refresh();
}

QString ErrorPlot::caption() const
{
    return tr("Rounding error");
}

std::unique_ptr<CodePlot> ErrorPlot::twin() const
{
    auto copy = std::make_unique<ErrorPlot>(document());
    passViewTo(*copy);
    return copy;
}

PlotRange ErrorPlot::wholeValues() const
{
    double largest = 0;
    for (const CodeRow& row : evaluation().rows)
        if (const double error = std::abs(errorOf(row));
            error <= widest && clipOf(row, document().layer()) == Clip::None)
            largest = std::max(largest, error);
    const double reach = std::max(usualRange.high, 1.15 * largest);
    return {-reach, reach};
}

QString ErrorPlot::valueLabel() const
{
    return tr("error in output steps");
}

void ErrorPlot::updateCurves()
{
    const PlotRange values = view().y();
    QVector<QCPGraphData> errors;
    m_above.clear();
    m_below.clear();
    for (const CodeRow& row : evaluation().rows) {
        const double error = errorOf(row);
        if (error > values.high)
            m_above.push_back(row.input_code);
        else if (error < values.low)
            m_below.push_back(row.input_code);
        else
            errors.push_back({double(row.input_code), error});
    }
    m_error->data()->set(errors, true);
    m_error->setName(tr("output code − exact value"));
    const PlotRange codes = codeRange();
    m_upperHalf->data()->set({{codes.low, 0.5}, {codes.high, 0.5}}, true);
    m_lowerHalf->data()->set({{codes.low, -0.5}, {codes.high, -0.5}}, true);
    // One entry in the legend, with the arrow that is seen.
    const QString beyond = codesBeyond() > 0 ? tr("beyond (%1)").arg(codesBeyond()) : QString();
    m_arrowsUp->setName(m_above.empty() ? QString() : beyond);
    m_arrowsDown->setName(m_above.empty() ? beyond : QString());
}

void ErrorPlot::placeCurves()
{
    const double pixelsPerCode
        = canvas().xAxis->axisRect()->width() / canvas().xAxis->range().size();
    // Arrows side by side would run into a band.
    const auto apart
        = static_cast<std::size_t>(std::max(1.0, std::ceil(arrowSpacing / pixelsPerCode)));
    const auto place = [&](QCPGraph& arrows, const std::vector<std::int32_t>& codes, double y) {
        QVector<QCPGraphData> shown;
        for (std::size_t i = std::min(codes.size() - 1, apart / 2); i < codes.size(); i += apart)
            shown.push_back({double(codes[i]), y});
        arrows.data()->set(shown, true);
    };
    if (!m_above.empty())
        place(*m_arrowsUp, m_above, view().y().high * arrowInset);
    else
        m_arrowsUp->data()->clear();
    if (!m_below.empty())
        place(*m_arrowsDown, m_below, view().y().low * arrowInset);
    else
        m_arrowsDown->data()->clear();
    QPen pen(shownColors().real);
    pen.setWidthF(std::clamp(pixelsPerCode * 0.35, 1.0, 5.0));
    m_error->setPen(pen);
}

void ErrorPlot::colorCurves(const Colors& colors)
{
    m_error->setPen(QPen(colors.real, 1));
    m_upperHalf->setPen(QPen(colors.muted, 1, Qt::DashLine));
    m_lowerHalf->setPen(m_upperHalf->pen());
    canvas().yAxis->grid()->setZeroLinePen(QPen(colors.muted, 1));
    const QPen pen(colors.problem, 1);
    m_arrowsUp->setScatterStyle({QCPScatterStyle::ssTriangle, pen, QBrush(colors.problem), 6});
    m_arrowsDown->setScatterStyle(
        {QCPScatterStyle::ssTriangleInverted, pen, QBrush(colors.problem), 6});
}

double ErrorPlot::valueOf(const CodeRow& row) const
{
    const double error = errorOf(row);
    if (std::isnan(error))
        return error;
    return std::clamp(error, view().y().low * arrowInset, view().y().high * arrowInset);
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
    if (clipOf(row, document().layer()) == Clip::Relu)
        text += tr(", lifted by the ReLU");
    else if (row.saturation != Saturation::none)
        text += row.saturation == Saturation::low ? tr(", saturated low") : tr(", saturated high");
    if (row.margin.tie)
        text += tr(", a tie");
    return text;
}

QString ErrorPlot::noteText() const
{
    const int missing = countWithoutAnswer(evaluation());
    if (missing == 0)
        return {};
    if (missing == std::ssize(evaluation().rows))
        return tr("not a number: there is no error to show");
    return missing == 1 ? tr("not a number for one code")
                        : tr("not a number for %1 codes").arg(missing);
}

} // namespace qbn::ui
