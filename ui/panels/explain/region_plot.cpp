#include "ui/panels/explain/region_plot.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/plot/plot_canvas.h"

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

/// The canvas and what is drawn on it.
struct RegionPlot::Parts
{
    explicit Parts(RegionPlot* owner);

    PlotCanvas* canvas;
    QCPCurve* fill;
    QCPGraph* centre;
    QCPGraph* point;
    QCPItemText* note;
};

RegionPlot::Parts::Parts(RegionPlot* owner)
    : canvas(new PlotCanvas(owner))
    , fill(new QCPCurve(canvas->xAxis, canvas->yAxis))
    , centre(canvas->addGraph())
    , point(canvas->addGraph())
    , note(new QCPItemText(canvas))
{
    canvas->setAttribute(Qt::WA_TransparentForMouseEvents);
    canvas->setFocusPolicy(Qt::NoFocus);
    canvas->setAutoAddPlottableToLegend(false);
    fill->setSelectable(QCP::stNone);
    for (QCPGraph* graph : {centre, point}) {
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setSelectable(QCP::stNone);
        graph->setAdaptiveSampling(false);
    }
    for (QCPAxis* axis : {canvas->xAxis, canvas->yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setLabelPadding(2);
        axis->ticker()->setTickCount(4);
        axis->setNumberFormat(u"gb"_s);
    }
    canvas->axisRect()->setMinimumMargins({8, 6, 12, 4});
    note->setLayer(u"overlay"_s);
    note->setSelectable(false);
    note->position->setType(QCPItemPosition::ptAxisRectRatio);
    note->position->setCoords(0.5, 0.5);
    note->setPositionAlignment(Qt::AlignCenter);
    note->setTextAlignment(Qt::AlignCenter);
    note->setPadding({6, 4, 6, 4});
    note->setVisible(false);
}

namespace {

/// The part of the plot that the region and the points take when all is shown.
constexpr double roomAround = 0.3;
/// The region is drawn beyond the axes, so that they are no edges of it.
constexpr double drawnBeyond = 1.0;

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

/// A range of some width around what it has to show.
void widen(double& low, double& high)
{
    const double middle = low + (high - low) / 2;
    const double least = std::max(1e-9, std::abs(middle) * 0.2);
    const double half = std::max((high - low) / 2, least) * (1 + roomAround);
    low = middle - half;
    high = middle + half;
}

} // namespace

RegionPlot::RegionPlot(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_parts(std::make_unique<Parts>(this))
{
    setObjectName(u"regionPlot"_s);
    setToolTip(tr("Values that explain what was observed; drag the point, step it with the arrow "
                  "keys, zoom with the wheel"));
    setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->addWidget(m_parts->canvas);
    connect(&m_gesture, &EditGesture::started, this, [this] { m_document.beginGesture(); });
    connect(&m_gesture, &EditGesture::finished, this, [this] { m_document.endGesture(); });
    applyColors();
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
    m_parts->note->setVisible(false);
    m_parts->canvas->xAxis->setLabel(firstSpoken(region.unknowns));
    m_parts->canvas->yAxis->setLabel(secondSpoken(region.unknowns));
    // The view stands while the point is moved in it.
    if (!same || (!m_gesture.isActive() && !m_view.contains(point())))
        fit();
    applyView();
    updateSentence();
}

void RegionPlot::setNote(const QString& note)
{
    m_shown = m_shown && !note.isEmpty() && m_region.kind == FeasibleRegion::Kind::empty;
    m_parts->note->setText(note);
    m_parts->note->setVisible(!note.isEmpty());
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

QString RegionPlot::note() const
{
    return m_parts->note->visible() ? m_parts->note->text() : QString();
}

std::vector<FeasibleRegion::Point> RegionPlot::filled() const
{
    if (!m_shown)
        return {};
    const QPointF beyond(m_view.width() * drawnBeyond, m_view.height() * drawnBeyond);
    const QPointF low = m_view.topLeft() - beyond;
    const QPointF high = m_view.bottomRight() + beyond;
    return outline(m_region, {low.x(), low.y()}, {high.x(), high.y()});
}

void RegionPlot::resetView()
{
    fit();
    applyView();
}

void RegionPlot::fit()
{
    std::vector<QPointF> seen{point()};
    for (const FeasibleRegion::Point& corner : m_region.corners)
        seen.emplace_back(corner.x, corner.y);
    if (m_region.centre) {
        const QPointF centre(m_region.centre->x, m_region.centre->y);
        seen.push_back(centre);
        if (m_region.corners.empty())
            for (const FeasibleRegion::Edge& edge : m_region.edges)
                seen.push_back(onEdge(edge, centre));
    }
    std::erase_if(seen,
                  [](QPointF at) { return !std::isfinite(at.x()) || !std::isfinite(at.y()); });
    if (seen.empty())
        seen.emplace_back(0, 0);
    const auto [left, right] = std::minmax_element(
        seen.begin(), seen.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); });
    const auto [bottom, top] = std::minmax_element(
        seen.begin(), seen.end(), [](QPointF a, QPointF b) { return a.y() < b.y(); });
    double x[] = {left->x(), right->x()};
    double y[] = {bottom->y(), top->y()};
    widen(x[0], x[1]);
    widen(y[0], y[1]);
    m_view = QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1]));
}

void RegionPlot::applyView()
{
    m_parts->canvas->xAxis->setRange(m_view.left(), m_view.right());
    m_parts->canvas->yAxis->setRange(m_view.top(), m_view.bottom());
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
    m_parts->fill->data()->set(shape, true);
    m_parts->point->data()->clear();
    m_parts->centre->data()->clear();
    if (m_shown) {
        m_parts->point->data()->add({point().x(), point().y()});
        if (m_region.centre)
            m_parts->centre->data()->add({m_region.centre->x, m_region.centre->y});
    }
    m_parts->canvas->invalidate();
}

QPointF RegionPlot::pixelOf(QPointF values) const
{
    const PlotCanvas& canvas = *m_parts->canvas;
    return QPointF(canvas.xAxis->coordToPixel(values.x()), canvas.yAxis->coordToPixel(values.y()))
        + canvas.pos();
}

QPointF RegionPlot::valuesAt(QPointF position) const
{
    const PlotCanvas& canvas = *m_parts->canvas;
    const QPointF inside = position - canvas.pos();
    return {canvas.xAxis->pixelToCoord(inside.x()), canvas.yAxis->pixelToCoord(inside.y())};
}

void RegionPlot::applyColors()
{
    const Colors colors = colorsFor(palette());
    PlotCanvas& canvas = *m_parts->canvas;
    canvas.setBackground(colors.surface);
    for (QCPAxis* axis : {canvas.xAxis, canvas.yAxis}) {
        axis->setBasePen(QPen(colors.line));
        axis->setTickPen(QPen(colors.line));
        axis->setTickLabelColor(colors.muted);
        axis->setLabelColor(colors.text);
        axis->setTickLabelFont(font());
        axis->setLabelFont(font());
        axis->grid()->setPen(QPen(colors.grid));
        axis->grid()->setZeroLinePen(QPen(colors.line));
    }
    QColor inside = colors.real;
    inside.setAlpha(50);
    m_parts->fill->setBrush(inside);
    m_parts->fill->setPen(QPen(colors.real, 1.2));
    m_parts->centre->setScatterStyle(
        {QCPScatterStyle::ssPlus, QPen(colors.real, 1.2), Qt::NoBrush, 8});
    m_parts->point->setScatterStyle(
        {QCPScatterStyle::ssCircle, QPen(colors.surface, 1.5), QBrush(colors.output), 11});
    m_parts->note->setColor(colors.text);
    m_parts->note->setFont(font());
    m_parts->note->setBrush(QBrush(colors.surface));
    canvas.invalidate();
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

void RegionPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyColors();
    QWidget::changeEvent(event);
}

void RegionPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colorsFor(palette()).surface);
    if (!hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

void RegionPlot::focusInEvent(QFocusEvent*)
{
    update();
}

void RegionPlot::focusOutEvent(QFocusEvent*)
{
    m_gesture.end();
    update();
}

} // namespace qbn::ui
