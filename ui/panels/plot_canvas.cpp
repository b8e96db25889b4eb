#include "ui/panels/plot_canvas.h"

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
    if (m_legendElement)
        update(m_legendElement->outerRect());
    else
        update();
}

void PlotCanvas::paintEvent(QPaintEvent* /*event*/)
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
    painter.drawPixmap(0, 0, m_backdrop);
    if (m_legendElement)
        painter.drawPixmap(m_legendElement->outerRect().topLeft(), m_legend);
    drawPart(Part::Contents, painter);
    if (stale)
        emit afterReplot();
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
