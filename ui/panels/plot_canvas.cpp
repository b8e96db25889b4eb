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
    m_contentsStale = true;
    update();
}

void PlotCanvas::paintEvent(QPaintEvent* /*event*/)
{
    if (devicePixelRatioF() != bufferDevicePixelRatio()) {
        setBufferDevicePixelRatio(devicePixelRatioF());
        m_backdropStale = true;
    }
    const bool stale = m_backdropStale || m_contentsStale;
    if (m_backdropStale)
        drawBackdrop();
    else if (m_contentsStale)
        emit afterLayout();
    m_backdropStale = m_contentsStale = false;

    QCPPainter painter(this);
    painter.drawPixmap(0, 0, m_backdrop);
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

void PlotCanvas::drawPart(Part part, QCPPainter& painter)
{
    const int last = layer(QStringLiteral("legend"))->index();
    const auto show = [this](auto visible) {
        for (int i = 0; i < layerCount(); ++i)
            layer(i)->setVisible(visible(i));
    };
    show([=](int i) { return i == 0 || (i <= last) == (part == Part::Backdrop); });
    m_laidOut = true;
    draw(&painter);
    m_laidOut = false;
    show([](int) { return true; });
}

} // namespace qbn::ui
