#include "ui/plot/fitted_axis.h"

#include <QFontMetrics>
#include <qcustomplot.h>

#include <algorithm>

namespace qbn::ui {

namespace {

int lengthOf(const QCPAxis& axis)
{
    const QRect area = axis.axisRect()->rect();
    return axis.orientation() == Qt::Horizontal ? area.width() : area.height();
}

} // namespace

void FittedAxis::setMostTicks(int count)
{
    m_mostTicks = count;
    m_axis->ticker()->setTickCount(count);
}

void FittedAxis::setLabel(const QString& label)
{
    m_label = label;
    m_axis->setLabel(m_isLabelFitting ? label : QString());
}

int FittedAxis::fittingTicks() const
{
    const QFontMetrics metrics(m_axis->tickLabelFont());
    int extent = metrics.height();
    if (m_axis->orientation() == Qt::Horizontal) {
        int widest = 0;
        for (const QString& number : m_axis->tickVectorLabels())
            widest = std::max(widest, metrics.horizontalAdvance(number));
        extent = widest + metrics.averageCharWidth();
    }
    return std::clamp(qRound(static_cast<double>(lengthOf(*m_axis)) / std::max(1, extent)), 1,
                      m_mostTicks);
}

bool FittedAxis::isLabelFitting() const
{
    constexpr int leastLines = 5; // of the curves, above the label
    const QFontMetrics metrics(m_axis->labelFont());
    const int taken = m_axis->label().isEmpty() ? 0 : metrics.height() + m_axis->labelPadding();
    const bool isLow = m_axis->orientation() == Qt::Horizontal
        && m_axis->axisRect()->height() + taken < leastLines * metrics.height();
    return !isLow && metrics.horizontalAdvance(m_label) <= lengthOf(*m_axis) + metrics.height();
}

/// Whether nothing has changed since. Measuring text costs more than an axis.
bool FittedAxis::isFitted()
{
    const QSize area = m_axis->axisRect()->size();
    const QVector<QString> numbers = m_axis->tickVectorLabels();
    if (area == m_area && numbers == m_numbers && m_axis->tickLabelFont() == m_numberFont
        && m_axis->labelFont() == m_labelFont && m_label == m_fittedLabel)
        return true;
    m_area = area;
    m_numbers = numbers;
    m_numberFont = m_axis->tickLabelFont();
    m_labelFont = m_axis->labelFont();
    m_fittedLabel = m_label;
    return false;
}

/// Fewer numbers may be narrower, so that more have room: what would go to and fro stays as it is.
bool FittedAxis::comesToRest()
{
    constexpr int most = 4;
    const QSize size = m_axis->parentPlot()->size();
    const QCPRange range = m_axis->range();
    if (size != m_plotSize || range.lower != m_low || range.upper != m_high)
        m_changes = 0;
    m_plotSize = size;
    m_low = range.lower;
    m_high = range.upper;
    return ++m_changes <= most;
}

bool FittedAxis::fit()
{
    if (isFitted()) {
        m_changes = 0;
        return false;
    }
    if (!comesToRest())
        return false;
    const int ticks = fittingTicks();
    const bool fits = isLabelFitting();
    const bool changes = ticks != m_axis->ticker()->tickCount()
        || (fits != m_isLabelFitting && !m_label.isEmpty());
    m_axis->ticker()->setTickCount(ticks);
    m_isLabelFitting = fits;
    setLabel(m_label);
    return changes;
}

} // namespace qbn::ui
