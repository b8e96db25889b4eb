#include "ui/panels/plots/code_plot_parts.h"

// Where things stand on a CodePlot, and how they look.

#include "ui/document/document.h"
#include "ui/plot/plot_canvas.h"
#include "ui/plot/plot_shade.h"
#include "ui/plot/plot_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qbn::ui {

namespace {

constexpr double markSpacing = 7; ///< pixels

} // namespace

void CodePlot::placeAll()
{
    placeRegions();
    placeMarks();
    placeCursor();
    placeCurves();
}

void CodePlot::placeMarks()
{
    const double pixelsPerCode = m_parts->canvas->axisRect()->width() / m_view.x().span();
    // Marks side by side would run into a band.
    const auto place = [&](QCPGraph& graph, const std::vector<QPointF>& points) {
        QVector<QCPGraphData> shown;
        for (const QPointF& point : points)
            if (shown.isEmpty() || (point.x() - shown.back().key) * pixelsPerCode >= markSpacing)
                shown.push_back({point.x(), point.y()});
        graph.data()->set(shown, true);
    };
    place(*m_parts->nearTies, m_parts->nearTiePoints);
    place(*m_parts->ties, m_parts->tiePoints);
    place(*m_parts->differing, m_parts->differingPoints);
}

void CodePlot::placeCursor()
{
    PlotText& label = *m_parts->cursor;
    const QRect area = m_parts->canvas->axisRect()->rect();
    const double value = valueOf(evaluation().row());
    const double x = m_parts->canvas->xAxis->coordToPixel(evaluation().row().input_code);
    const double y = std::isnan(value) ? area.top() + 0.8 * area.height()
                                       : m_parts->canvas->yAxis->coordToPixel(value);
    const QSizeF size = label.textSize() + QSizeF(10, 4);
    // At the side with more room, and away from a rising curve.
    const bool right
        = x + size.width() + 8 < area.right() && x < area.center().x() + 0.2 * area.width();
    const bool below
        = right ? y + size.height() + 8 < area.bottom() : y - size.height() - 8 < area.top();
    label.setPositionAlignment((right ? Qt::AlignLeft : Qt::AlignRight)
                               | (below ? Qt::AlignTop : Qt::AlignBottom));
    const double edge
        = std::clamp<double>(y + (below ? 6 : -6), area.top() + (below ? 0 : size.height()),
                             area.bottom() - (below ? size.height() : 0));
    // Within the axes, whose room alone is painted anew.
    const double side = right ? std::min(x + 7, area.right() - size.width())
                              : std::max(x - 7, area.left() + size.width());
    label.position->setCoords(side, edge);
    placeCursorRegion({side - (right ? 0 : size.width()), edge - (below ? 0 : size.height()),
                       size.width(), size.height()});
    const QRect viewport = m_parts->canvas->viewport();
    m_parts->readout->position->setCoords(viewport.right() - 12, viewport.bottom() - 3);
}

/// `label`: where its text stands.
void CodePlot::placeCursorRegion(const QRectF& label)
{
    const QCPAxisRect& axes = *m_parts->canvas->axisRect();
    const double value = valueOf(evaluation().row());
    const int x = qRound(m_parts->canvas->xAxis->coordToPixel(evaluation().row().input_code));
    QRegion region(x - 1, axes.top() - 1, 3, axes.height() + 2);
    region += label.toAlignedRect().adjusted(-2, -2, 2, 2);
    if (!std::isnan(value)) {
        const int y = qRound(m_parts->canvas->yAxis->coordToPixel(value));
        const int reach = qCeil(m_parts->marker->size() / 2 + m_parts->marker->pen().widthF()) + 1;
        region += QRect(axes.left() - 1, y - 2, x - axes.left() + 2, 5);
        region += QRect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1);
    }
    m_parts->cursorRegion = region;
}

void CodePlot::placeRegions()
{
    const QCPAxis& axis = *m_parts->canvas->xAxis;
    const QRect area = m_parts->canvas->axisRect()->rect();
    for (std::size_t i = 0; i < m_parts->usedRegions; ++i) {
        const Parts::Region& region = m_parts->regions[i];
        const double left
            = std::max<double>(area.left(), axis.coordToPixel(region.run.first - 0.5));
        const double right
            = std::min<double>(area.right(), axis.coordToPixel(region.run.last + 0.5));
        const QSizeF size = region.label->textSize() + QSizeF(8, 4);
        const bool flat = size.width() <= right - left;
        region.label->setRotation(flat ? 0 : -90);
        region.label->setVisible(
            flat || (size.height() <= right - left && size.width() <= area.height()));
        region.label->position->setCoords((left + right) / 2, area.top() + 0.3 * area.height());
    }
}

void CodePlot::updateLegend()
{
    QStringList texts;
    std::vector<PlotCurve*> shown;
    for (PlotCurve* curve : m_parts->curves) {
        if (curve->name().isEmpty())
            continue;
        shown.push_back(curve);
        texts << curve->name();
    }
    if (texts == m_parts->legendTexts
        && m_parts->legendWidth == m_parts->canvas->viewport().width())
        return;
    m_parts->ownCanvas->invalidateLegend();
    m_parts->legendTexts = texts;
    const int width = m_parts->canvas->viewport().width();
    const bool resized = width != m_parts->legendWidth;
    m_parts->legendWidth = width;
    // The entries read the names themselves.
    const int columns = legendColumns(texts);
    const auto count = static_cast<int>(shown.size());
    reserveLegend((count + columns - 1) / columns, resized);
    if (shown == m_parts->legendCurves && columns == m_parts->legendColumns)
        return;
    m_parts->legendCurves = shown;
    m_parts->legendColumns = columns;
    m_parts->legend->clearItems();
    m_parts->legend->setWrap(columns);
    for (PlotCurve* curve : shown)
        m_parts->legend->addItem(new LegendEntry(*m_parts->legend, *curve, m_parts->legendWords));
    colorLegend();
}

/// Room for `rows`; not less than before, unless `anew`.
void CodePlot::reserveLegend(int rows, bool anew)
{
    if (anew ? rows == m_parts->legendRows : rows <= m_parts->legendRows)
        return;
    m_parts->legendRows = rows;
    sizeLegend();
    m_parts->invalidate(); // the axes move
}

void CodePlot::sizeLegend()
{
    const int row
        = std::max(m_parts->legend->iconSize().height(), QFontMetrics(smallFont()).height());
    m_parts->legendRow->setMinimumSize(0, m_parts->legendRows * row);
}

/// As many as fit side by side.
int CodePlot::legendColumns(const QStringList& texts) const
{
    const auto count = static_cast<int>(texts.size());
    for (int columns = count; columns > 1; --columns) {
        std::vector<double> widths(static_cast<std::size_t>(columns));
        for (int i = 0; i < count; ++i) {
            double& width = widths[static_cast<std::size_t>(i % columns)];
            width = std::max(width,
                             m_parts->legendWords.of(texts[i], smallFont()).size().width()
                                 + m_parts->legend->iconSize().width() + 24);
        }
        const double needed = std::accumulate(widths.begin(), widths.end(), 16.0);
        if (needed <= m_parts->canvas->viewport().width())
            return columns;
    }
    return 1;
}

void CodePlot::setTitle(const QString& title)
{
    Parts& parts = *m_parts;
    QCPLayoutGrid* rows = parts.canvas->plotLayout();
    if (parts.title == nullptr) {
        parts.title = new QCPTextElement(parts.canvas);
        parts.title->setLayer(QStringLiteral("axes"));
        parts.title->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
        parts.title->setMargins({12, 8, 12, 2});
        rows->insertRow(0);
        rows->addElement(0, 0, parts.title);
        rows->setRowStretchFactor(0, 0.001);
        rows->setRowStretchFactor(1, 0.001);
        rows->setRowStretchFactor(2, 1);
    }
    parts.title->setText(title);
    colorParts();
    parts.invalidate();
}

void CodePlot::render(QPaintDevice& device, QSize size, bool asVectors)
{
    QCustomPlot& canvas = *m_parts->canvas;
    m_parts->readout->setVisible(false);
    m_parts->hoverLine->setVisible(false);
    canvas.setViewport(QRect(QPoint(0, 0), size));
    updateLegend();
    // Places the labels for this size.
    canvas.replot(QCustomPlot::rpQueuedRefresh);
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.setMode(QCPPainter::pmVectorized, asVectors);
    painter.setMode(QCPPainter::pmNonCosmetic, asVectors);
    painter.fillRect(QRect(QPoint(0, 0), size), m_colors.surface);
    canvas.toPainter(&painter, size.width(), size.height());
    painter.end();
}

void CodePlot::applyColors()
{
    m_colors = colorsFor(palette());
    colorParts();
    colorCurves(m_colors);
    m_parts->invalidate();
}

void CodePlot::colorParts()
{
    Parts& parts = *m_parts;
    const Colors& c = m_colors;
    const QFont small = smallFont();
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);

    parts.canvas->setBackground(QBrush(c.surface));
    for (QCPAxis* axis : {parts.canvas->xAxis, parts.canvas->yAxis}) {
        axis->setBasePen(QPen(c.line, 1));
        axis->setTickPen(QPen(c.line, 1));
        axis->setTickLabelColor(c.muted);
        axis->setLabelColor(c.muted);
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->grid()->setPen(QPen(c.grid, 1));
    }
    if (parts.title != nullptr) {
        parts.title->setFont(strong);
        parts.title->setTextColor(c.text);
    }
    if (parts.ties != nullptr) {
        parts.ties->setScatterStyle(
            {QCPScatterStyle::ssDiamond, QPen(c.output, 1.4), QBrush(c.surface), 8});
        parts.nearTies->setScatterStyle(
            {QCPScatterStyle::ssTriangle, QPen(c.output, 1.4), QBrush(c.surface), 8});
        parts.differing->setScatterStyle({QCPScatterStyle::ssCross, QPen(c.problem, 2), {}, 8});
    }
    parts.codeLine->setPen(QPen(c.code, 1, Qt::DashLine));
    parts.hoverLine->setPen(QPen(c.line, 1));
    parts.valueLine->setPen(QPen(c.output, 1, Qt::DotLine));
    parts.marker->setPen(QPen(c.output, 2));
    parts.marker->setBrush(c.surface);
    parts.cursor->setColor(c.text);
    parts.cursor->setFont(strong);
    QColor veil = c.surface;
    veil.setAlphaF(0.85F);
    parts.cursor->setBrush(veil);
    parts.readout->setColor(c.muted);
    parts.readout->setFont(monospaceFont(small));
    parts.note->setColor(c.problem);
    parts.note->setFont(font());
    parts.note->setBrush(veil);
    sizeLegend();
    colorLegend();
    colorRegions();
}

void CodePlot::colorLegend()
{
    QCPLegend& legend = *m_parts->legend;
    legend.setFont(smallFont());
    legend.setTextColor(m_colors.muted);
    for (int i = 0; i < legend.itemCount(); ++i) {
        // The last row of the legend's grid may have empty cells, and they are counted.
        if (QCPAbstractLegendItem* item = legend.item(i)) {
            item->setFont(smallFont());
            item->setTextColor(m_colors.muted);
        }
    }
}

void CodePlot::colorRegions()
{
    for (const Parts::Region& region : m_parts->regions) {
        region.shade->setBrush(m_colors.veil); // the grid lies below
        region.label->setColor(m_colors.muted);
        region.label->setBrush(m_colors.shade);
        region.label->setFont(smallFont());
    }
}

QFont CodePlot::smallFont() const
{
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    return small;
}

} // namespace qbn::ui
