#include "ui/panels/explain/region_plot.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

/// The part of the plot that the region and the points take when all is shown.
constexpr double roomAround = 0.3;
constexpr double reach = 14; ///< pixels from the point at which it is taken
constexpr double keySteps = 100; ///< of an arrow key through the view

bool sameShape(const FeasibleRegion& a, const FeasibleRegion& b)
{
    const auto sameEdge = [](const FeasibleRegion::Edge& x, const FeasibleRegion::Edge& y) {
        return x.a == y.a && x.b == y.b && x.c == y.c;
    };
    return a.unknowns == b.unknowns && a.kind == b.kind
        && std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(), sameEdge);
}

QPointF onEdge(const FeasibleRegion::Edge& edge, QPointF near)
{
    return edge.b != 0 ? QPointF(near.x(), -(edge.a * near.x() + edge.c) / edge.b)
                       : QPointF(-edge.c / edge.a, near.y());
}

/// With room around, and some width.
QCPRange widened(const QCPRange& range)
{
    const double least = std::max(1e-9, std::abs(range.center()) * 0.2);
    const double half = std::max(range.size() / 2, least) * (1 + roomAround);
    return {range.center() - half, range.center() + half};
}

/// A number as coarse as the pixels are, so that a dragged value has no digits that nobody chose.
double rounded(double value, double perPixel)
{
    if (!(perPixel > 0) || !std::isfinite(value))
        return value;
    const double exponent = std::floor(std::log10(perPixel));
    if (exponent >= 0)
        return std::rint(value / std::pow(10, exponent)) * std::pow(10, exponent);
    const int decimals = static_cast<int>(std::min(17.0, -exponent));
    return QString::number(value, 'f', decimals).toDouble();
}

} // namespace

RegionPlot::RegionPlot(Document& document, QWidget* parent)
    : PlotWidget(parent)
    , m_document(document)
    , m_fill(new QCPCurve(canvas().xAxis, canvas().yAxis))
    , m_centre(canvas().addGraph())
    , m_point(canvas().addGraph())
{
    setObjectName(u"regionPlot"_s);
    setToolTip(tr("Values that explain what was observed; drag the point, step it with the arrow "
                  "keys, zoom with the wheel"));
    for (QCPGraph* graph : {m_centre, m_point})
        graph->setLineStyle(QCPGraph::lsNone);
    canvas().setInteraction(QCP::iRangeDrag);
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis}) {
        setMostTicks(*axis, 4);
        connect(axis, qOverload<const QCPRange&, const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this, axis](const QCPRange& now, const QCPRange& before) {
                    // Beyond binary64's digits there is nothing to be seen.
                    const double farthest = std::max(std::abs(now.lower), std::abs(now.upper));
                    const QSignalBlocker blocker(axis);
                    if (now.size() <= 1e-12 * farthest || now.size() > 1e15)
                        axis->setRange(before);
                    drawRegion();
                });
    }
    connect(&canvas(), &QCustomPlot::mousePress, this, &RegionPlot::onPressed);
    connect(&canvas(), &QCustomPlot::mouseMove, this, &RegionPlot::onMoved);
    connect(&canvas(), &QCustomPlot::mouseRelease, this, &RegionPlot::onReleased);
    connect(&m_gesture, &EditGesture::started, this, [this] { m_document.beginGesture(); });
    connect(&m_gesture, &EditGesture::finished, this, [this] { m_document.endGesture(); });
    RegionPlot::applyColors();
    updateSentence();
}

RegionPlot::~RegionPlot()
{
    m_gesture.end();
}

void RegionPlot::setRegion(const FeasibleRegion& region, int channel)
{
    const bool same = m_shown && channel == m_channel && sameShape(region, m_region);
    m_region = region;
    m_channel = channel;
    m_shown = true;
    showNote({});
    setAxisLabel(*canvas().xAxis, firstSpoken(region.unknowns));
    setAxisLabel(*canvas().yAxis, secondSpoken(region.unknowns));
    // The view stands while the point is moved in it.
    const bool isInside = canvas().xAxis->range().contains(point().x())
        && canvas().yAxis->range().contains(point().y());
    if (!same || (!m_gesture.isActive() && !isInside))
        resetView();
    drawRegion();
    updateSentence();
}

void RegionPlot::setNote(const QString& note)
{
    m_shown = m_shown && !note.isEmpty() && m_region.kind == FeasibleRegion::Kind::empty;
    showNote(note);
    drawRegion();
    updateSentence();
}

QPointF RegionPlot::point() const
{
    const BatchNormLayer& layer = m_document.layer();
    const int channel = std::min(m_channel, layer.channels() - 1);
    const FeasibleRegion::Point values = values_of(layer, channel, m_region.unknowns);
    return {values.x, values.y};
}

std::vector<FeasibleRegion::Point> RegionPlot::filled() const
{
    if (!m_shown)
        return {};
    // Beyond the axes, so that they are no edges of it.
    const QCPRange x = canvas().xAxis->range();
    const QCPRange y = canvas().yAxis->range();
    return outline(m_region, {x.lower - x.size(), y.lower - y.size()},
                   {x.upper + x.size(), y.upper + y.size()});
}

void RegionPlot::resetView()
{
    if (!m_shown)
        return;
    std::optional<QCPRange> x, y;
    const auto include = [&](QPointF at) {
        if (!std::isfinite(at.x()) || !std::isfinite(at.y()))
            return;
        x = x.value_or(QCPRange(at.x(), at.x())).expanded(at.x());
        y = y.value_or(QCPRange(at.y(), at.y())).expanded(at.y());
    };
    include(point());
    for (const FeasibleRegion::Point& corner : m_region.corners)
        include({corner.x, corner.y});
    if (m_region.centre) {
        const QPointF centre(m_region.centre->x, m_region.centre->y);
        include(centre);
        if (m_region.corners.empty())
            for (const FeasibleRegion::Edge& edge : m_region.edges)
                include(onEdge(edge, centre));
    }
    const QSignalBlocker blockers[]
        = {QSignalBlocker(canvas().xAxis), QSignalBlocker(canvas().yAxis)};
    canvas().xAxis->setRange(widened(x.value_or(QCPRange(0, 0))));
    canvas().yAxis->setRange(widened(y.value_or(QCPRange(0, 0))));
    drawRegion();
}

void RegionPlot::drawRegion()
{
    QVector<QCPCurveData> shape;
    for (const FeasibleRegion::Point& corner : filled())
        shape.push_back({static_cast<double>(shape.size()), corner.x, corner.y});
    if (shape.isEmpty() && m_shown) // without area: a line between its ends
        for (const FeasibleRegion::Point& corner : m_region.corners)
            shape.push_back({static_cast<double>(shape.size()), corner.x, corner.y});
    if (shape.size() > 2)
        shape.push_back({static_cast<double>(shape.size()), shape[0].key, shape[0].value});
    m_fill->data()->set(shape, true);
    m_point->data()->clear();
    m_centre->data()->clear();
    if (m_shown) {
        // Nor is there a place for a gamma that is no number.
        if (const QPointF at = point(); std::isfinite(at.x()) && std::isfinite(at.y()))
            m_point->data()->add({at.x(), at.y()});
        if (m_region.centre)
            m_centre->data()->add({m_region.centre->x, m_region.centre->y});
    }
    drawLater();
}

void RegionPlot::applyColors()
{
    PlotWidget::applyColors();
    const Colors& colors = shownColors();
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis}) {
        axis->setLabelColor(colors.text);
        axis->setTickLabelFont(font());
        axis->setLabelFont(font());
        axis->grid()->setZeroLinePen(QPen(colors.line));
    }
    QColor inside = colors.real;
    inside.setAlpha(50);
    m_fill->setBrush(inside);
    m_fill->setPen(QPen(colors.real, 1.2));
    m_centre->setScatterStyle({QCPScatterStyle::ssPlus, QPen(colors.real, 1.2), Qt::NoBrush, 8});
    m_point->setScatterStyle(
        {QCPScatterStyle::ssCircle, QPen(colors.surface, 1.5), colors.output, 11});
}

void RegionPlot::updateSentence()
{
    QString sentence = note();
    if (m_shown && sentence.isEmpty())
        sentence = tr("Region of %1 and %2: the layer has %3 and %4")
                       .arg(firstSpoken(m_region.unknowns), secondSpoken(m_region.unknowns),
                            shortNumber(point().x()), shortNumber(point().y()));
    if (sentence.isEmpty())
        sentence = tr("Region of two unknown parameters");
    // Tells screen readers as well, by QAccessible::NameChanged.
    if (sentence != accessibleName())
        setAccessibleName(sentence);
}

void RegionPlot::setValues(QPointF values)
{
    const QPointF perPixel = coordinatesAt({1, 0}) - coordinatesAt({0, 1});
    const UnknownPair pair = m_region.unknowns;
    const double x = rounded(values.x(), std::abs(perPixel.x()));
    const double y = rounded(values.y(), std::abs(perPixel.y()));
    const EditKey key{
        .field = pair.first, .layer = m_document.selection().layer(), .channel = m_channel};
    if (pair.effective) // the edit tells gamma and beta, and must not choose another pair by that
        m_document.setUnknowns(pair);
    m_document.editLayer(
        tr("Change %1 and %2").arg(firstSpoken(pair), secondSpoken(pair)), key,
        [&](BatchNormLayer& layer) { set_values(layer, m_channel, pair, {x, y}); });
}

void RegionPlot::onPressed(const QMouseEvent* event)
{
    m_grabbed = pixelOf(point()) - event->position();
    m_isDragged = event->button() == Qt::LeftButton && m_shown
        && std::hypot(m_grabbed.x(), m_grabbed.y()) <= reach;
    canvas().setInteraction(QCP::iRangeDrag, !m_isDragged && m_shown);
    setCursor(Qt::ClosedHandCursor);
    if (!m_isDragged)
        return;
    m_gesture.end(); // a drag is a step of its own
    m_gesture.begin();
}

void RegionPlot::onMoved(const QMouseEvent* event)
{
    if (m_isDragged)
        setValues(coordinatesAt(event->position() + m_grabbed));
}

void RegionPlot::onReleased()
{
    m_isDragged = false;
    m_gesture.end();
    unsetCursor();
}

void RegionPlot::keyPressEvent(QKeyEvent* event)
{
    if (zoomByKey(*event, point()))
        return;
    const std::pair<int, QPointF> steps[] = {{Qt::Key_Left, {-1, 0}},
                                             {Qt::Key_Right, {1, 0}},
                                             {Qt::Key_Up, {0, 1}},
                                             {Qt::Key_Down, {0, -1}}};
    const auto* const step
        = std::ranges::find(steps, event->key(), &std::pair<int, QPointF>::first);
    if (step == std::end(steps)) {
        QWidget::keyPressEvent(event);
    } else if (m_shown) {
        m_gesture.begin();
        setValues(point()
                  + QPointF(step->second.x() * canvas().xAxis->range().size() / keySteps,
                            step->second.y() * canvas().yAxis->range().size() / keySteps));
        m_gesture.endSoon();
    }
}

void RegionPlot::focusOutEvent(QFocusEvent* event)
{
    m_gesture.end();
    PlotWidget::focusOutEvent(event);
}

} // namespace qbn::ui

#include "moc_region_plot.cpp"
