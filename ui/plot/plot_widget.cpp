#include "ui/plot/plot_widget.h"

#include "ui/plot/placed_text.h"

#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int frameWidth = 2; ///< around the canvas, for the focus
constexpr double keyZoom = 1.5;
constexpr double notchZoom = 1.25;

class CodeTicker : public QCPAxisTicker
{
public:
    explicit CodeTicker(CodeType type)
        : m_type(type)
    { }

    CodeType type() const { return m_type; }

protected:
    double getTickStep(const QCPRange& range) override
    {
        double step = 1;
        while (range.size() / step > tickCount())
            step *= 2;
        return step;
    }
    QVector<double> createTickVector(double step, const QCPRange& range) override
    {
        const double last = m_type.qmax();
        QVector<double> ticks;
        const double first = std::ceil(std::max<double>(range.lower, m_type.qmin()) / step) * step;
        const double end = std::min(range.upper, last - step / 2);
        for (int i = 0; first + i * step <= end; ++i)
            ticks.push_back(first + i * step);
        if (range.contains(last))
            ticks.push_back(last);
        return ticks;
    }

private:
    CodeType m_type;
};

} // namespace

PlotWidget::PlotWidget(QWidget* parent)
    : QWidget(parent)
    , m_canvas(new QCustomPlot(this))
    , m_x(*m_canvas->xAxis)
    , m_y(*m_canvas->yAxis)
    , m_note(new PlacedText(*m_canvas))
    , m_colors(colorsFor(palette()))
{
    setFocusPolicy(Qt::StrongFocus);
    m_canvas->setFocusPolicy(Qt::NoFocus);
    m_canvas->setInteractions(QCP::iRangeZoom);
    m_canvas->setMinimumSize(50, 50); // a long legend must not make the window wider
    m_canvas->setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
    m_canvas->setAutoAddPlottableToLegend(false);
    m_canvas->axisRect()->setMinimumMargins({8, 6, 12, 4});
    m_canvas->axisRect()->setRangeZoomFactor(1 / notchZoom);
    for (QCPAxis* axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setLabelPadding(3);
    }
    m_note->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_note->position->setCoords(0.5, 0.5);
    m_note->setTextAlignment(Qt::AlignCenter);
    m_note->setPadding({8, 5, 8, 5});
    m_note->setVisible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(frameWidth, frameWidth, frameWidth, frameWidth);
    column->addWidget(m_canvas);
    connect(m_canvas, &QCustomPlot::mouseDoubleClick, this, [this](const QMouseEvent* event) {
        if (event->button() == Qt::LeftButton)
            resetView();
    });
    connect(m_canvas, &QCustomPlot::afterLayout, this, [this] {
        const bool changed = m_x.fit();
        if (m_y.fit() || changed)
            drawLater();
    });
}

QString PlotWidget::note() const
{
    return shownText(*m_note);
}

void PlotWidget::showNote(const QString& text)
{
    m_note->setLayer(u"overlay"_s); // above all that has been added since
    showText(*m_note, text);
}

QPointF PlotWidget::pixelOf(QPointF coordinates) const
{
    return {m_canvas->xAxis->coordToPixel(coordinates.x()),
            m_canvas->yAxis->coordToPixel(coordinates.y())};
}

QPointF PlotWidget::coordinatesAt(QPointF pixel) const
{
    return {m_canvas->xAxis->pixelToCoord(pixel.x()), m_canvas->yAxis->pixelToCoord(pixel.y())};
}

bool PlotWidget::zoomByKey(const QKeyEvent& event, QPointF anchor)
{
    const auto zoom = [&](double factor) {
        m_canvas->xAxis->scaleRange(factor, anchor.x());
        if (m_canvas->axisRect()->rangeZoom().testFlag(Qt::Vertical))
            m_canvas->yAxis->scaleRange(factor, anchor.y());
    };
    const int key = event.key();
    if (key == Qt::Key_Plus || key == Qt::Key_Equal) // without Shift the same on most keyboards
        zoom(1 / keyZoom);
    else if (key == Qt::Key_Minus)
        zoom(keyZoom);
    else if (key == Qt::Key_0 || key == Qt::Key_Home)
        resetView();
    else
        return false;
    return true;
}

void PlotWidget::drawLater(bool overlayOnly)
{
    if (!isVisible()) // showing it draws all
        return;
    m_isAllStale = m_isAllStale || !overlayOnly;
    // What is posted comes before the window is painted, the timer of rpQueuedReplot after it.
    if (!std::exchange(m_isWaiting, true))
        QMetaObject::invokeMethod(this, &PlotWidget::drawNow, Qt::QueuedConnection);
}

void PlotWidget::drawNow()
{
    m_isWaiting = false;
    if (std::exchange(m_isAllStale, false))
        m_canvas->replot(QCustomPlot::rpQueuedRefresh);
    else
        m_canvas->layer(u"overlay"_s)->replot();
}

QFont PlotWidget::smallFont() const
{
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    return small;
}

void PlotWidget::applyColors()
{
    m_colors = colorsFor(palette());
    m_canvas->setBackground(m_colors.surface);
    for (QCPAxis* axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        axis->setBasePen(QPen(m_colors.line));
        axis->setTickPen(QPen(m_colors.line));
        axis->setTickLabelColor(m_colors.muted);
        axis->setLabelColor(m_colors.muted);
        axis->setTickLabelFont(smallFont());
        axis->setLabelFont(smallFont());
        axis->grid()->setPen(QPen(m_colors.grid));
    }
    QColor veil = m_colors.surface;
    veil.setAlphaF(0.85F);
    m_note->setBrush(veil);
    m_note->setColor(m_colors.text);
    m_note->setFont(font());
    drawLater();
}

void PlotWidget::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyColors();
    QWidget::changeEvent(event);
}

void PlotWidget::showEvent(QShowEvent*)
{
    drawLater();
}

void PlotWidget::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_colors.surface);
    if (!hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

void setTicksOfCodes(QCPAxis& axis, CodeType type)
{
    const auto known = axis.ticker().dynamicCast<CodeTicker>();
    if (known && known->type() == type)
        return;
    const auto ticker = QSharedPointer<CodeTicker>::create(type);
    ticker->setTickCount(axis.ticker()->tickCount());
    axis.setTicker(ticker);
}

void showText(QCPItemText& item, const QString& text)
{
    item.setText(text);
    item.setVisible(!text.isEmpty());
}

QString shownText(const QCPItemText& item)
{
    return item.visible() ? item.text() : QString();
}

} // namespace qbn::ui

#include "moc_plot_widget.cpp"
