// The legend of a CodePlot: what there is room for.

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/panels/plots/laid_out_elements.h"

#include <qcustomplot.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double largestShare = 0.35; ///< of the height
constexpr int linesOfLowStrip = 7;
constexpr int linesOfLowPlot = 5;
constexpr int linesOfCurves = 2; ///< at least, below the legend

/// Only if others are wanted than are there.
void fill(QCPLegend& legend, const QList<QCPGraph*>& curves)
{
    QList<QCPGraph*> present;
    for (int i = 0; i < legend.itemCount(); ++i) {
        if (auto* entry = static_cast<QCPPlottableLegendItem*>(legend.item(i)))
            present << static_cast<QCPGraph*>(entry->plottable());
    }
    if (std::ranges::is_permutation(present, curves))
        return;
    legend.clearItems();
    for (QCPGraph* curve : curves)
        legend.addItem(new LegendEntry(legend, *curve));
}

/// As many side by side as fit into `width`. False where that takes more than `most` rows.
bool arrange(QCPLegend& legend, const QList<QCPGraph*>& curves, int width, int most)
{
    constexpr int edge = 16;
    fill(legend, curves);
    qsizetype columns = curves.size();
    const auto isTooWide = [&] {
        legend.setWrap(static_cast<int>(columns));
        legend.setFillOrder(QCPLegend::foColumnsFirst);
        return legend.minimumOuterSizeHint().width() + edge > width;
    };
    bool tooWide = isTooWide();
    for (; columns > 1 && tooWide; tooWide = isTooWide())
        --columns;
    return curves.isEmpty() || (!tooWide && legend.rowCount() <= most);
}

} // namespace

/// The curves with a name.
QList<QCPGraph*> CodePlot::namedCurves() const
{
    QList<QCPGraph*> named;
    for (int i = 0; i < canvas().graphCount(); ++i)
        if (!canvas().graph(i)->name().isEmpty())
            named << canvas().graph(i);
    return named;
}

QStringList CodePlot::legendTexts() const
{
    QStringList texts;
    for (const QCPGraph* curve : namedCurves())
        texts << curve->name();
    return texts;
}

/// A low strip has neither legend nor title: the plot above says what it is about. So with any that is very low.
bool CodePlot::updateHeader()
{
    const int lines = isStrip() ? linesOfLowStrip : linesOfLowPlot;
    const bool isLow = canvas().viewport().height() < lines * QFontMetrics(font()).height();
    const bool wasLow = !canvas().plotLayout()->hasElement(0, 0);
    if (isLow == wasLow)
        return !isLow;
    m_title->setVisible(!isLow);
    canvas().legend->setVisible(!isLow);
    setAxisLabel(*canvas().xAxis, isLow ? QString() : tr("input code"));
    if (isLow)
        canvas().plotLayout()->take(m_header);
    else
        canvas().plotLayout()->addElement(0, 0, m_header);
    return !isLow;
}

/// What the height has room for beside the curves and the numbers of their axis.
int CodePlot::mostLegendRows() const
{
    const QCPLegend& legend = *canvas().legend;
    const int row = std::max(legend.iconSize().height(), QFontMetrics(legend.font()).height());
    const int height = canvas().viewport().height();
    const int others = linesOfCurves + (canvas().xAxis->tickLabels() ? 1 : 0);
    return std::max(1,
                    std::min(static_cast<int>(largestShare * height / row), height / row - others));
}

/// All entries, else without the title, else as many as there is room for; the tool tip names the rest.
void CodePlot::updateLegend()
{
    if (!updateHeader())
        return;
    QCPLegend& legend = *canvas().legend;
    const QStringList texts = legendTexts();
    const bool besideTitle = m_title->layout() == m_header;
    const QSize room(canvas().viewport().width(), mostLegendRows());
    const int most = room.height();
    if (texts == m_legendTexts && room == m_legendRoom)
        return;
    const QFontMetrics metrics(m_title->font());
    const int title = besideTitle ? metrics.horizontalAdvance(caption()) + 24 : 0;
    QList<QCPGraph*> shown = namedCurves();
    bool isTitled = besideTitle;
    bool fits = arrange(legend, shown, room.width() - title, most);
    if (!fits && isTitled) {
        isTitled = false;
        fits = arrange(legend, shown, room.width(), most);
    }
    for (; !fits; fits = arrange(legend, shown, room.width(), most))
        shown.removeLast();
    if (besideTitle)
        m_title->setText(isTitled ? caption() : QString());
    const int height = legend.minimumOuterSizeHint().height();
    m_legendHeight = std::max(height, room == m_legendRoom ? m_legendHeight : 0);
    m_header->setMinimumSize(0, std::max(m_legendHeight, isTitled ? metrics.height() + 6 : 0));
    const QStringList missing = texts.mid(shown.size());
    setToolTip(plainToolTip(missing.isEmpty()
                                ? m_tip
                                : m_tip + u'\n' + tr("Also shown: %1").arg(missing.join(u", "_s))));
    m_legendTexts = texts;
    m_legendRoom = room;
}

} // namespace qbn::ui
