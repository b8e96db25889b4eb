#include "ui/panels/code_plot.h"

#include "ui/document/document.h"

#include <QEvent>
#include <QPainter>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double smallestCodeSpan = 6;
constexpr double codeMargin = 0.02; ///< of the range, at both sides
constexpr double markSpacing = 7; ///< pixels
constexpr int legendIconWidth = 22;
constexpr int frameWidth = 2; ///< around the canvas, for the focus

/// Draws a new frame when it is painted, not before: however many changes come, there is one frame,
/// in the pass that paints the rest of the window.
class PlotCanvas : public QCustomPlot
{
public:
    using QCustomPlot::QCustomPlot;

    void invalidate()
    {
        m_stale = true;
        update();
    }
    void invalidateOverlay()
    {
        m_overlayStale = true;
        update();
    }
    std::function<void()> beforeOverlay;

    // A long legend must not make the window wider; it wraps.
    QSize minimumSizeHint() const override { return {50, 50}; }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        // A replot asks for a repaint, which is what is going on here.
        setAttribute(Qt::WA_UpdatesDisabled, true);
        if (m_stale) {
            replot(rpQueuedRefresh);
        } else if (m_overlayStale) {
            beforeOverlay();
            layer(u"overlay"_s)->replot();
        }
        setAttribute(Qt::WA_UpdatesDisabled, false);
        m_stale = m_overlayStale = false;
        QCustomPlot::paintEvent(event);
    }

private:
    bool m_stale = true;
    bool m_overlayStale = false;
};

/// Ticks on codes: multiples of a power of two, and the first and last code.
class CodeTicker : public QCPAxisTicker
{
public:
    void setCodes(CodeType type) { m_type = type; }

protected:
    double getTickStep(const QCPRange& range) override
    {
        double step = 1;
        while (range.size() / step > 6)
            step *= 2;
        return step;
    }
    int getSubTickCount(double) override { return 0; }
    QVector<double> createTickVector(double step, const QCPRange& range) override
    {
        const double first = m_type.qmin();
        const double last = m_type.qmax();
        QVector<double> ticks;
        for (double tick = std::ceil(std::max(range.lower, first) / step) * step;
             tick <= std::min(range.upper, last - step / 2); tick += step)
            ticks.push_back(tick);
        if (range.contains(last))
            ticks.push_back(last);
        return ticks;
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        return QString::number(std::lround(tick));
    }

private:
    CodeType m_type;
};

QCPItemText* addText(QCustomPlot& canvas, const QString& layer)
{
    auto* text = new QCPItemText(&canvas);
    text->setLayer(layer);
    text->setSelectable(false);
    text->setVisible(false);
    return text;
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

QString clipText(Clip clip)
{
    switch (clip) {
    case Clip::Low:
        return CodePlot::tr("saturated low");
    case Clip::High:
        return CodePlot::tr("saturated high");
    case Clip::Relu:
        return CodePlot::tr("ReLU");
    case Clip::None:
        break;
    }
    return {};
}

PlotRange rangeOf(CodeType type)
{
    const double margin = codeMargin * (type.count() - 1);
    return {type.qmin() - margin, type.qmax() + margin};
}

} // namespace

struct CodePlot::Parts
{
    struct Region
    {
        CodeRun run;
        QCPItemRect* shade;
        QCPItemText* label;
    };

    explicit Parts(CodePlot* owner)
        : canvas(new PlotCanvas(owner))
        , codeTicker(new CodeTicker)
        , valueTicker(new CodeTicker)
        , legendRow(new QCPLayoutGrid)
        , legend(new QCPLegend)
    { }

    void build();
    Region& regionAt(std::size_t index);

    PlotCanvas* canvas;
    QSharedPointer<CodeTicker> codeTicker, valueTicker;
    QCPLayoutGrid* legendRow;
    QCPLegend* legend;
    QCPTextElement* title = nullptr;
    QCPGraph* ties = nullptr;
    QCPGraph* differing = nullptr;
    QCPItemStraightLine* codeLine = nullptr;
    QCPItemLine* valueLine = nullptr;
    QCPItemTracer* marker = nullptr;
    QCPItemText* cursor = nullptr;
    QCPItemStraightLine* hoverLine = nullptr;
    QCPItemText* readout = nullptr;
    QCPItemText* note = nullptr;
    std::vector<Region> regions; ///< the first usedRegions are shown
    std::size_t usedRegions = 0;
    std::vector<QCPGraph*> curves;
    QVector<QCPGraphData> tiePoints, differingPoints;
    QStringList legendTexts;
    int legendColumns = 0;
};

void CodePlot::Parts::build()
{
    canvas->setAttribute(Qt::WA_TransparentForMouseEvents);
    canvas->setFocusPolicy(Qt::NoFocus);
    canvas->setPlottingHint(QCP::phFastPolylines);
    canvas->setNotAntialiasedElements(QCP::aeGrid | QCP::aeAxes | QCP::aeLegend);
    canvas->addLayer(u"regions"_s, canvas->layer(u"grid"_s), QCustomPlot::limBelow);
    canvas->addLayer(u"regionLabels"_s, canvas->layer(u"grid"_s), QCustomPlot::limAbove);

    canvas->setAutoAddPlottableToLegend(false);
    QCPLayoutGrid* rows = canvas->plotLayout();
    rows->insertRow(0);
    rows->addElement(0, 0, legendRow);
    rows->setRowStretchFactor(0, 0.001);
    rows->setRowSpacing(2);
    legend->setFillOrder(QCPLegend::foColumnsFirst);
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(Qt::NoPen);
    legend->setMargins({0, 0, 0, 0});
    legend->setColumnSpacing(14);
    legend->setRowSpacing(0);
    legend->setIconSize(legendIconWidth, 12);
    // The empty element takes the room at the right, so that the entries stay close together.
    legendRow->addElement(0, 0, legend);
    legend->setLayer(u"legend"_s);
    legendRow->addElement(0, 1, new QCPLayoutElement);
    legendRow->setColumnStretchFactor(0, 0.001);
    legendRow->setMargins({10, 4, 0, 0});

    canvas->xAxis->setTicker(codeTicker);
    for (QCPAxis* axis : {canvas->xAxis, canvas->yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setLabelPadding(3);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    canvas->axisRect()->setMinimumMargins({8, 6, 12, 4});

    const auto overlay = u"overlay"_s;
    codeLine = new QCPItemStraightLine(canvas);
    hoverLine = new QCPItemStraightLine(canvas);
    valueLine = new QCPItemLine(canvas);
    valueLine->start->setTypeX(QCPItemPosition::ptAxisRectRatio);
    marker = new QCPItemTracer(canvas);
    marker->setStyle(QCPItemTracer::tsCircle);
    marker->setSize(9);
    for (QCPAbstractItem* item :
         std::initializer_list<QCPAbstractItem*>{codeLine, hoverLine, valueLine, marker}) {
        item->setLayer(overlay);
        item->setSelectable(false);
    }
    for (QCPItemStraightLine* line : {codeLine, hoverLine})
        line->setAntialiased(false);
    hoverLine->setVisible(false);
    cursor = addText(*canvas, overlay);
    cursor->position->setType(QCPItemPosition::ptAbsolute);
    cursor->setClipToAxisRect(false);
    cursor->setPadding({4, 1, 4, 1});
    readout = addText(*canvas, overlay);
    readout->position->setType(QCPItemPosition::ptAbsolute);
    readout->setClipToAxisRect(false);
    readout->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    note = addText(*canvas, overlay);
    note->position->setType(QCPItemPosition::ptAxisRectRatio);
    note->position->setCoords(0.5, 0.5);
    note->setPositionAlignment(Qt::AlignCenter);
    note->setPadding({8, 5, 8, 5});
}

CodePlot::Parts::Region& CodePlot::Parts::regionAt(std::size_t index)
{
    if (index == regions.size()) {
        auto* shade = new QCPItemRect(canvas);
        shade->setLayer(u"regions"_s);
        shade->setSelectable(false);
        shade->setAntialiased(false);
        shade->setPen(Qt::NoPen);
        for (QCPItemPosition* corner : {shade->topLeft, shade->bottomRight})
            corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
        QCPItemText* label = addText(*canvas, u"regionLabels"_s);
        label->position->setType(QCPItemPosition::ptAbsolute);
        label->setPositionAlignment(Qt::AlignCenter);
        label->setPadding({4, 1, 4, 1});
        regions.push_back({{}, shade, label});
    }
    return regions[index];
}

CodePlot::CodePlot(Document& document, PlotRange values, bool zoomsValues, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_parts(std::make_unique<Parts>(this))
    , m_view(rangeOf(document.layer().input.type), values, smallestCodeSpan, values.span() / 64)
    , m_colors(colorsFor(palette()))
    , m_zoomsValues(zoomsValues)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleDescription(
        tr("Arrow keys step the input code, Page Up and Page Down by 16, Home and End go to the "
           "ends. Plus and minus zoom, 0 shows everything."));
    setToolTip(tr("Click or drag to choose an input code. Wheel: zoom; Ctrl or right button and "
                  "drag: pan; double click: everything"));
    m_parts->build();
    m_parts->canvas->xAxis->setLabel(tr("input code"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(frameWidth, frameWidth, frameWidth, frameWidth);
    column->addWidget(m_parts->canvas);

    connect(m_parts->canvas, &QCustomPlot::afterLayout, this, &CodePlot::placeAll);
    m_parts->canvas->beforeOverlay = [this] { placeCursor(); };
    connect(&document, &Document::changed, this, &CodePlot::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &CodePlot::onSelectionChanged);
}

CodePlot::~CodePlot() = default;

QCustomPlot& CodePlot::canvas() const
{
    return *m_parts->canvas;
}

const Evaluation& CodePlot::evaluation() const
{
    return m_document.evaluation();
}

PlotRange CodePlot::codeRange() const
{
    return rangeOf(m_document.layer().input.type);
}

void CodePlot::setValueCodes(CodeType type)
{
    m_parts->valueTicker->setCodes(type);
    m_parts->canvas->yAxis->setTicker(m_parts->valueTicker);
}

QCPGraph* CodePlot::addCurve()
{
    QCPGraph* curve = m_parts->canvas->addGraph();
    curve->setName({});
    curve->setSelectable(QCP::stNone);
    curve->setAdaptiveSampling(false);
    m_parts->curves.push_back(curve);
    return curve;
}

void CodePlot::refresh()
{
    if (m_parts->ties == nullptr) {
        // After the derived curves, so that marks lie above them.
        m_parts->ties = addCurve();
        m_parts->differing = addCurve();
        for (QCPGraph* marks : {m_parts->ties, m_parts->differing})
            marks->setLineStyle(QCPGraph::lsNone);
        m_parts->canvas->yAxis->setLabel(valueLabel());
        applyColors();
    }
    m_parts->codeTicker->setCodes(m_document.layer().input.type);
    m_view.setWhole(codeRange(), wholeValues());
    updateCurves();
    updateMarks();
    updateRegions();
    updateLegend();
    showText(*m_parts->note, noteText());
    updateCursor();
    updateHover();
    updateSentence();
    applyView();
}

void CodePlot::onSelectionChanged(bool codeOnly)
{
    if (!codeOnly) {
        refresh();
        return;
    }
    const CodeRow& row = evaluation().row();
    const PlotView before = m_view;
    const double value = valueOf(row);
    m_view.reveal({double(row.input_code),
                   m_zoomsValues && !std::isnan(value) ? value : m_view.y().middle()});
    updateCursor();
    updateSentence();
    if (m_view.x() != before.x() || m_view.y() != before.y())
        applyView();
    else
        m_parts->canvas->invalidateOverlay();
}

void CodePlot::updateMarks()
{
    m_parts->tiePoints.clear();
    m_parts->differingPoints.clear();
    for (const CodeRow& row : evaluation().rows) {
        if (row.tie)
            m_parts->tiePoints.push_back({double(row.input_code), valueOf(row)});
        if (row.differs)
            m_parts->differingPoints.push_back({double(row.input_code), valueOf(row)});
    }
    const auto nameOf = [](const QString& text, qsizetype count) {
        return count > 0 ? text.arg(count) : QString();
    };
    m_parts->ties->setName(nameOf(tr("tie (%1)"), m_parts->tiePoints.size()));
    m_parts->differing->setName(
        nameOf(tr("backends differ (%1)"), m_parts->differingPoints.size()));
}

void CodePlot::placeMarks()
{
    const double pixelsPerCode = m_parts->canvas->axisRect()->width() / m_view.x().span();
    // Marks side by side would run into a band.
    const auto place = [&](QCPGraph& graph, const QVector<QCPGraphData>& points) {
        QVector<QCPGraphData> shown;
        for (const QCPGraphData& point : points)
            if (shown.isEmpty() || (point.key - shown.back().key) * pixelsPerCode >= markSpacing)
                shown.push_back(point);
        graph.data()->set(shown, true);
    };
    place(*m_parts->ties, m_parts->tiePoints);
    place(*m_parts->differing, m_parts->differingPoints);
}

void CodePlot::updateRegions()
{
    const std::vector<CodeRun> runs = clippedRuns(evaluation());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Parts::Region& region = m_parts->regionAt(i);
        region.run = runs[i];
        region.shade->topLeft->setCoords(runs[i].first - 0.5, 0);
        region.shade->bottomRight->setCoords(runs[i].last + 0.5, 1);
        region.shade->setVisible(true);
        region.label->setText(clipText(runs[i].clip));
    }
    for (std::size_t i = runs.size(); i < m_parts->usedRegions; ++i) {
        m_parts->regions[i].shade->setVisible(false);
        m_parts->regions[i].label->setVisible(false);
    }
    if (runs.size() > m_parts->usedRegions)
        colorParts();
    m_parts->usedRegions = runs.size();
}

void CodePlot::updateLegend()
{
    QStringList texts;
    for (const QCPGraph* curve : m_parts->curves)
        if (!curve->name().isEmpty())
            texts << curve->name();
    const int columns = legendColumns(texts);
    if (texts == m_parts->legendTexts && columns == m_parts->legendColumns)
        return;
    m_parts->legendTexts = texts;
    m_parts->legendColumns = columns;
    m_parts->legend->clearItems();
    m_parts->legend->setWrap(columns);
    for (QCPGraph* curve : m_parts->curves)
        if (!curve->name().isEmpty())
            curve->addToLegend(m_parts->legend);
    colorParts();
}

/// As many as fit side by side.
int CodePlot::legendColumns(const QStringList& texts) const
{
    const QFontMetricsF metrics(m_parts->legend->font());
    const auto count = static_cast<int>(texts.size());
    for (int columns = count; columns > 1; --columns) {
        std::vector<double> widths(static_cast<std::size_t>(columns));
        for (int i = 0; i < count; ++i) {
            double& width = widths[static_cast<std::size_t>(i % columns)];
            width = std::max(width, metrics.horizontalAdvance(texts[i]) + legendIconWidth + 24);
        }
        const double needed = std::accumulate(widths.begin(), widths.end(), 16.0);
        if (needed <= m_parts->canvas->viewport().width())
            return columns;
    }
    return 1;
}

void CodePlot::updateCursor()
{
    const CodeRow& row = evaluation().row();
    const double code = row.input_code;
    const double value = valueOf(row);
    const bool placed = !std::isnan(value);
    Parts& parts = *m_parts;
    parts.codeLine->point1->setCoords(code, 0);
    parts.codeLine->point2->setCoords(code, 1);
    parts.valueLine->start->setCoords(0, value);
    parts.valueLine->end->setCoords(code, value);
    parts.marker->position->setCoords(code, value);
    parts.valueLine->setVisible(placed);
    parts.marker->setVisible(placed);
    showText(*parts.cursor, cursorTextOf(row));
}

void CodePlot::updateHover()
{
    const CodeRow* row = m_hovered ? rowOf(*m_hovered) : nullptr;
    m_parts->hoverLine->setVisible(row != nullptr);
    if (row != nullptr) {
        m_parts->hoverLine->point1->setCoords(row->input_code, 0);
        m_parts->hoverLine->point2->setCoords(row->input_code, 1);
    }
    showText(*m_parts->readout, row != nullptr ? readoutOf(*row) : QString());
}

void CodePlot::updateSentence()
{
    // Tells screen readers as well, by QAccessible::NameChanged.
    if (const QString now = sentence(); now != accessibleName())
        setAccessibleName(now);
}

void CodePlot::setHovered(std::optional<std::int32_t> code)
{
    if (code == m_hovered)
        return;
    m_hovered = code;
    updateHover();
    m_parts->canvas->invalidateOverlay();
}

const CodeRow* CodePlot::rowOf(std::int32_t code) const
{
    const std::vector<CodeRow>& rows = evaluation().rows;
    const std::int32_t index = code - rows.front().input_code;
    return index >= 0 && index < std::ssize(rows) ? &rows[static_cast<std::size_t>(index)]
                                                  : nullptr;
}

void CodePlot::setView(PlotRange codes, PlotRange values)
{
    m_view.show(codes, values);
    applyView();
}

void CodePlot::resetView()
{
    m_view.reset();
    applyView();
}

void CodePlot::passViewTo(CodePlot& other) const
{
    other.setView(m_view.x(), m_view.y());
}

void CodePlot::zoomBy(double factor, QPointF anchor)
{
    m_view.zoom(factor, m_zoomsValues ? factor : 1, anchor);
    applyView();
}

void CodePlot::applyView()
{
    m_parts->canvas->xAxis->setRange(m_view.x().low, m_view.x().high);
    m_parts->canvas->yAxis->setRange(m_view.y().low, m_view.y().high);
    m_parts->canvas->invalidate();
}

QPointF CodePlot::pixelOf(double code, double value) const
{
    const PlotCanvas& canvas = *m_parts->canvas;
    return QPointF(canvas.xAxis->coordToPixel(code), canvas.yAxis->coordToPixel(value))
        + canvas.pos();
}

QPointF CodePlot::coordinatesAt(QPointF position) const
{
    const PlotCanvas& canvas = *m_parts->canvas;
    const QPointF inside = position - canvas.pos();
    return {canvas.xAxis->pixelToCoord(inside.x()), canvas.yAxis->pixelToCoord(inside.y())};
}

std::int32_t CodePlot::codeAt(QPointF position) const
{
    const CodeType type = m_document.layer().input.type;
    const double code = std::rint(coordinatesAt(position).x());
    return static_cast<std::int32_t>(std::clamp<double>(code, type.qmin(), type.qmax()));
}

void CodePlot::placeAll()
{
    placeRegions();
    placeMarks();
    placeCursor();
    placeCurves();
}

void CodePlot::placeCursor()
{
    QCPItemText& label = *m_parts->cursor;
    const QRect area = m_parts->canvas->axisRect()->rect();
    const double value = valueOf(evaluation().row());
    const double x = m_parts->canvas->xAxis->coordToPixel(evaluation().row().input_code);
    const double y = std::isnan(value) ? area.top() + 0.8 * area.height()
                                       : m_parts->canvas->yAxis->coordToPixel(value);
    const QSizeF size = QFontMetricsF(label.font()).size(0, label.text()) + QSizeF(10, 4);
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
    label.position->setCoords(x + (right ? 7 : -7), edge);
    const QRect viewport = m_parts->canvas->viewport();
    m_parts->readout->position->setCoords(viewport.right() - 12, viewport.bottom() - 3);
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
        const QSizeF size
            = QFontMetricsF(region.label->font()).size(0, region.label->text()) + QSizeF(8, 4);
        const bool flat = size.width() <= right - left;
        region.label->setRotation(flat ? 0 : -90);
        region.label->setVisible(
            flat || (size.height() <= right - left && size.width() <= area.height()));
        region.label->position->setCoords((left + right) / 2, area.top() + 0.3 * area.height());
    }
}

QString CodePlot::fullTitle() const
{
    const Evaluation& shown = evaluation();
    return tr("%1: %2, channel %3, %4")
        .arg(caption(), QString::fromStdString(shown.layer->name))
        .arg(shown.selection.channel)
        .arg(QString::fromUtf8(shown.chosen->title.data(), std::ssize(shown.chosen->title)));
}

void CodePlot::setTitle(const QString& title)
{
    Parts& parts = *m_parts;
    QCPLayoutGrid* rows = parts.canvas->plotLayout();
    if (parts.title == nullptr) {
        parts.title = new QCPTextElement(parts.canvas);
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
    parts.canvas->invalidate();
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

QString CodePlot::cursorText() const
{
    return shownText(*m_parts->cursor);
}
QString CodePlot::readout() const
{
    return shownText(*m_parts->readout);
}
QString CodePlot::note() const
{
    return shownText(*m_parts->note);
}
QStringList CodePlot::legendTexts() const
{
    return m_parts->legendTexts;
}

QStringList CodePlot::regionTexts() const
{
    QStringList texts;
    for (std::size_t i = 0; i < m_parts->usedRegions; ++i)
        if (const QString text = shownText(*m_parts->regions[i].label); !text.isEmpty())
            texts << text;
    return texts;
}

void CodePlot::applyColors()
{
    m_colors = colorsFor(palette());
    colorParts();
    colorCurves(m_colors);
    m_parts->canvas->invalidate();
}

void CodePlot::changeEvent(QEvent* event)
{
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        && m_parts->ties != nullptr)
        applyColors();
    QWidget::changeEvent(event);
}

void CodePlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_colors.surface);
    if (!hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

void CodePlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    updateLegend();
}

void CodePlot::focusInEvent(QFocusEvent*)
{
    update();
}
void CodePlot::focusOutEvent(QFocusEvent*)
{
    update();
}

void CodePlot::colorParts()
{
    Parts& parts = *m_parts;
    const Colors& c = m_colors;
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
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
    parts.legend->setFont(small);
    parts.legend->setTextColor(c.muted);
    for (int i = 0; i < parts.legend->itemCount(); ++i) {
        // The last row of the legend's grid may have empty cells, and they are counted.
        if (QCPAbstractLegendItem* item = parts.legend->item(i)) {
            item->setFont(small);
            item->setTextColor(c.muted);
        }
    }
    if (parts.title != nullptr) {
        parts.title->setFont(strong);
        parts.title->setTextColor(c.text);
    }
    if (parts.ties != nullptr) {
        parts.ties->setScatterStyle(
            {QCPScatterStyle::ssDiamond, QPen(c.output, 1.4), QBrush(c.surface), 8});
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
    for (const Parts::Region& region : parts.regions) {
        region.shade->setBrush(c.shade);
        region.label->setColor(c.muted);
        region.label->setBrush(c.shade);
        region.label->setFont(small);
    }
}

} // namespace qbn::ui
