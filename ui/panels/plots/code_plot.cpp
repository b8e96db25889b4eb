#include "ui/panels/plots/code_plot.h"

#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double smallestCodeSpan = 6;
constexpr double codeMargin = 0.02; ///< of the range, at both sides
constexpr double markSpacing = 7; ///< pixels

void reveal(QCPAxis& axis, double value)
{
    if (value < axis.range().lower)
        axis.moveRange(value - axis.range().lower);
    else if (value > axis.range().upper)
        axis.moveRange(value - axis.range().upper);
}

/// Made on the layer "overlay".
template <typename Item> Item* addItem(QCustomPlot& canvas)
{
    auto* item = new Item(&canvas);
    item->setLayer(u"overlay"_s);
    return item;
}

} // namespace

CodePlot::CodePlot(Document& document, QWidget* parent)
    : PlotWidget(parent)
    , m_document(document)
    , m_title(new QCPTextElement(&canvas()))
    , m_legendRow(new QCPLayoutGrid)
    , m_hoverLine(addItem<QCPItemStraightLine>(canvas()))
    , m_codeLine(addItem<QCPItemStraightLine>(canvas()))
    , m_valueLine(addItem<QCPItemLine>(canvas()))
    , m_marker(addItem<QCPItemTracer>(canvas()))
    , m_cursor(addItem<QCPItemText>(canvas()))
    , m_readout(addItem<QCPItemText>(canvas()))
{
    setAccessibleDescription(
        tr("Arrow keys step the input code, Page Up and Page Down by 16, Home and End go to the "
           "ends. Plus and minus zoom, 0 shows everything."));
    setToolTip(tr("Click or drag to choose an input code. Wheel: zoom; Ctrl or right button and "
                  "drag: pan; double click: everything"));
    layOut();
    connect(&canvas(), &QCustomPlot::mousePress, this, &CodePlot::onPressed);
    connect(&canvas(), &QCustomPlot::mouseMove, this, &CodePlot::onMoved);
    connect(&canvas(), &QCustomPlot::mouseRelease, this, &CodePlot::onReleased);
    connect(&canvas(), &QCustomPlot::beforeReplot, this, &CodePlot::updateLegend);
    connect(&canvas(), &QCustomPlot::afterLayout, this, &CodePlot::placeAll);
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
                [this, axis] { fit(*axis, false); });
    connect(&m_document, &Document::changed, this, &CodePlot::onDocumentChanged);
    connect(&m_document.selection(), &SelectionModel::changed, this, &CodePlot::onSelectionChanged);
}

void CodePlot::layOut()
{
    canvas().addLayer(u"regions"_s, canvas().layer(u"main"_s), QCustomPlot::limBelow);
    QCPLayoutGrid& rows = *canvas().plotLayout();
    rows.insertRow(0);
    rows.insertRow(1);
    rows.addElement(0, 0, m_title);
    rows.addElement(1, 0, m_legendRow);
    rows.setRowStretchFactors({0.001, 0.001, 1});
    rows.setRowSpacing(2);
    m_title->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
    m_title->setMargins({12, 8, 12, 2});

    QCPLegend& legend = *canvas().legend;
    legend.setVisible(true);
    legend.setBrush(Qt::NoBrush);
    legend.setBorderPen(Qt::NoPen);
    legend.setMargins({0, 0, 0, 0});
    legend.setColumnSpacing(14);
    legend.setRowSpacing(0);
    legend.setIconSize(22, 12);
    // Empty elements take the room at the right and below, so that the entries stay close together.
    m_legendRow->addElement(0, 0, &legend);
    m_legendRow->addElement(0, 1, new QCPLayoutElement);
    m_legendRow->addElement(1, 0, new QCPLayoutElement);
    m_legendRow->setColumnStretchFactors({0.001, 1});
    m_legendRow->setRowStretchFactors({0.001, 1});
    m_legendRow->setRowSpacing(0);
    m_legendRow->setMargins({10, 4, 0, 0});

    canvas().xAxis->setLabel(tr("input code"));
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis})
        axis->grid()->setZeroLinePen(Qt::NoPen);
    for (QCPItemStraightLine* line : {m_codeLine, m_hoverLine})
        line->setAntialiased(false);
    m_valueLine->start->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_marker->setStyle(QCPItemTracer::tsCircle);
    m_marker->setSize(9);
    for (QCPItemText* text : {m_cursor, m_readout})
        text->setClipToAxisRect(false);
    m_cursor->position->setType(QCPItemPosition::ptAbsolute);
    m_cursor->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_cursor->setPadding({4, 1, 4, 1});
    m_readout->position->setType(QCPItemPosition::ptViewportRatio);
    m_readout->position->setCoords(1, 1);
    m_readout->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    m_readout->setPadding({0, 0, 12, 3});
}

void CodePlot::begin(const QString& valueLabel)
{
    m_nearTies = addMarks(markSpacing);
    m_ties = addMarks(markSpacing);
    m_differing = addMarks(markSpacing);
    canvas().yAxis->setLabel(valueLabel);
    setTitle(caption());
    applyColors();
    refresh();
}

const Evaluation& CodePlot::evaluation() const
{
    return m_document.evaluation();
}

QCPRange CodePlot::rangeOf(CodeType type, double margin)
{
    const double room = margin * (type.count() - 1);
    return {type.qmin() - room, type.qmax() + room};
}

QCPRange CodePlot::wholeCodes() const
{
    return rangeOf(m_document.layer().input.type, codeMargin);
}

QCPGraph* CodePlot::addCurve(const QString& name)
{
    QCPGraph* curve = canvas().addGraph();
    curve->setName(name);
    curve->setAdaptiveSampling(false);
    return curve;
}

QCPGraph* CodePlot::addMarks(double pixelsApart)
{
    QCPGraph* marks = addCurve();
    marks->setLineStyle(QCPGraph::lsNone);
    m_marks.push_back({marks, pixelsApart, {}});
    return marks;
}

void CodePlot::setMarks(const QCPGraph* graph, std::vector<QPointF> points)
{
    std::ranges::find(m_marks, graph, &Marks::graph)->points = std::move(points);
}

void CodePlot::onDocumentChanged()
{
    m_isStale = !isVisible();
    if (!m_isStale)
        refresh();
}

void CodePlot::onSelectionChanged(bool codeOnly)
{
    if (!codeOnly || !isVisible()) {
        onDocumentChanged();
        return;
    }
    const CodeRow& row = evaluation().row();
    reveal(*canvas().xAxis, row.input_code);
    reveal(*canvas().yAxis, valueOf(row)); // NaN moves nothing
    updateCursor();
    placeCursor();
    drawLater(true);
}

void CodePlot::showEvent(QShowEvent* event)
{
    if (std::exchange(m_isStale, false))
        refresh();
    PlotWidget::showEvent(event);
}

void CodePlot::refresh()
{
    setTicksOfCodes(*canvas().xAxis, m_document.layer().input.type);
    fit(*canvas().xAxis, !m_isZoomedX);
    fit(*canvas().yAxis, !m_isZoomedY);
    updateCurves();
    updateMarks();
    updateRegions();
    updateNote();
    updateCursor();
    updateHover();
    drawLater();
}

/// Shows all, or what is shown as far as it lies within all, and not too little of it.
void CodePlot::fit(QCPAxis& axis, bool all)
{
    const bool isX = &axis == canvas().xAxis;
    const QCPRange whole = isX ? wholeCodes() : wholeValues();
    const double smallest = isX ? smallestCodeSpan : whole.size() / 64;
    QCPRange range = all ? whole : axis.range();
    if (range.size() < smallest)
        range = {range.center() - smallest / 2, range.center() + smallest / 2};
    // Zooming in and out again must come back to everything, whatever the last digits say.
    const bool isZoomed = range.size() < whole.size() * (1 - 1e-9);
    (isX ? m_isZoomedX : m_isZoomedY) = isZoomed;
    axis.setRange(isZoomed ? range.bounded(whole.lower, whole.upper) : whole);
    drawLater();
}

void CodePlot::resetView()
{
    fit(*canvas().xAxis, true);
    fit(*canvas().yAxis, true);
}

void CodePlot::setTiesShown(bool shown)
{
    m_tiesShown = shown;
    refresh();
}

std::unique_ptr<CodePlot> CodePlot::forExport(QSize size, const QPalette& colors) const
{
    std::unique_ptr<CodePlot> copy = another();
    copy->setTiesShown(m_tiesShown);
    if (m_isZoomedX)
        copy->canvas().xAxis->setRange(canvas().xAxis->range());
    if (m_isZoomedY)
        copy->canvas().yAxis->setRange(canvas().yAxis->range());
    copy->setTitle(fullTitle());
    copy->setFont(font());
    copy->setPalette(colors);
    copy->canvas().setViewport(QRect(QPoint(0, 0), size));
    copy->updateLegend();
    return copy;
}

QString CodePlot::fullTitle() const
{
    const Evaluation& shown = evaluation();
    return tr("%1: %2, channel %3, %4")
        .arg(caption(), QString::fromStdString(shown.layer->name))
        .arg(shown.selection.channel)
        .arg(textOf(shown.chosen->title));
}

void CodePlot::setTitle(const QString& title)
{
    m_title->setText(title);
    drawLater();
}

} // namespace qbn::ui
