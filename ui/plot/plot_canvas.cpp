#include "ui/plot/plot_canvas.h"

#include <QPaintEvent>

#include <cmath>

namespace qbn::ui {

PlotCanvas::PlotCanvas(QWidget* parent)
    : QCustomPlot(parent)
{
    // Axes and legend below the curves, unlike where QCustomPlot puts them. What hides the layer of
    // the layout hides all that is laid out: one that is drawn with both parts.
    plotLayout()->setLayer(QStringLiteral("background"));
    moveLayer(layer(QStringLiteral("main")), layer(QStringLiteral("legend")), limAbove);
}

void PlotCanvas::invalidate()
{
    m_backdropStale = true;
    update();
}

void PlotCanvas::invalidateContents()
{
    invalidateContents(axisRect()->rect().adjusted(-1, -1, 1, 1));
}

void PlotCanvas::invalidateContents(const QRegion& region)
{
    m_contentsStale = true;
    update(region);
}

void PlotCanvas::invalidateLegend()
{
    m_legendStale = true;
    update();
}

void PlotCanvas::paintEvent(QPaintEvent* event)
{
    if (devicePixelRatioF() != bufferDevicePixelRatio()) {
        setBufferDevicePixelRatio(devicePixelRatioF());
        m_backdropStale = true;
    }
    const bool stale = m_backdropStale || m_legendStale || m_contentsStale;
    if (m_backdropStale)
        drawBackdrop();
    else if (stale)
        emit afterLayout();
    if (m_legendElement && (m_backdropStale || m_legendStale))
        drawLegend();
    m_backdropStale = m_legendStale = m_contentsStale = false;

    QCPPainter painter(this);
    drawBackdropOn(painter, event->region());
    if (m_legendElement)
        painter.drawPixmap(m_legendElement->outerRect().topLeft(), m_legend);
    drawPart(Part::Contents, painter);
    if (stale)
        emit afterReplot();
}

void PlotCanvas::drawBackdropOn(QPainter& painter, const QRegion& region) const
{
    const qreal ratio = m_backdrop.devicePixelRatio();
    if (region.rectCount() == 1 || ratio != std::floor(ratio)) {
        painter.drawPixmap(0, 0, m_backdrop);
        return;
    }
    for (const QRect& part : region) {
        for (int top = part.top(); top <= part.bottom(); top += rowsOfAStrip) {
            const QRectF strip = part & QRect(part.left(), top, part.width(), rowsOfAStrip);
            painter.drawPixmap(strip, m_backdrop,
                               QRectF(strip.topLeft() * ratio, strip.size() * ratio));
        }
    }
}

void PlotCanvas::resizeEvent(QResizeEvent* /*event*/)
{
    setViewport(rect());
    invalidate();
}

void PlotCanvas::updateLayout()
{
    if (!m_laidOut)
        QCustomPlot::updateLayout();
}

void PlotCanvas::drawBackdrop()
{
    QCustomPlot::updateLayout();
    m_backdrop = QPixmap(size() * devicePixelRatioF());
    m_backdrop.setDevicePixelRatio(devicePixelRatioF());
    m_backdrop.fill(mBackgroundBrush.color());
    QCPPainter painter(&m_backdrop);
    drawPart(Part::Backdrop, painter);
}

void PlotCanvas::drawLegend()
{
    if (!m_backdropStale) {
        for (const auto phase : {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins,
                                 QCPLayoutElement::upLayout})
            m_legendElement->update(phase);
    }
    const QRect area = m_legendElement->outerRect();
    m_legend = QPixmap(area.size() * devicePixelRatioF());
    m_legend.setDevicePixelRatio(devicePixelRatioF());
    m_legend.fill(mBackgroundBrush.color());
    QCPPainter painter(&m_legend);
    painter.translate(-area.topLeft());
    drawPart(Part::Legend, painter);
}

void PlotCanvas::drawPart(Part part, QCPPainter& painter)
{
    const int last = layer(QStringLiteral("legend"))->index();
    const auto partOf = [this, last](int index) {
        if (index == last && m_legendElement)
            return Part::Legend;
        return index <= last ? Part::Backdrop : Part::Contents;
    };
    const auto show = [this](auto visible) {
        for (int i = 0; i < layerCount(); ++i)
            layer(i)->setVisible(visible(i));
    };
    show([=](int i) { return i == 0 || partOf(i) == part; });
    m_laidOut = true;
    draw(&painter);
    m_laidOut = false;
    show([](int) { return true; });
}

} // namespace qbn::ui
