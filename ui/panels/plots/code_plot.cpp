#include "ui/panels/plots/code_plot.h"

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/look/table_style.h"
#include "ui/panels/plots/laid_out_elements.h"
#include "ui/panels/plots/mark_graph.h"
#include "ui/panels/plots/step_graph.h"
#include "ui/plot/placed_text.h"

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
    , m_title(new TitleElement(&canvas()))
    , m_header(new QCPLayoutGrid)
    , m_hoverLine(addItem<QCPItemStraightLine>(canvas()))
    , m_codeLine(addItem<QCPItemStraightLine>(canvas()))
    , m_valueLine(addItem<QCPItemLine>(canvas()))
    , m_marker(addItem<QCPItemTracer>(canvas()))
    , m_cursor(new PlacedText(canvas()))
    , m_readout(new PlacedText(canvas()))
{
    setAccessibleDescription(
        tr("Arrow keys step the input code, Page Up and Page Down by 16, Home and End go to the "
           "ends. Plus and minus zoom, 0 shows everything."));
    setToolTip(tr("Click or drag to choose an input code. Wheel: zoom; Ctrl or right button and "
                  "drag: pan; double click: everything"));
    canvas().axisRect()->setRangeZoom(Qt::Horizontal);
    layOut();
    connect(&canvas(), &QCustomPlot::mousePress, this, &CodePlot::onPressed);
    connect(&canvas(), &QCustomPlot::mouseMove, this, &CodePlot::onMoved);
    connect(&canvas(), &QCustomPlot::mouseRelease, this, &CodePlot::onReleased);
    connect(&canvas(), &QCustomPlot::beforeReplot, this, &CodePlot::updateLegend);
    connect(&canvas(), &QCustomPlot::afterLayout, this, &CodePlot::placeAll);
    connect(&canvas(), &QCustomPlot::mouseDoubleClick, this, [this](const QMouseEvent* event) {
        if (event->button() == Qt::LeftButton)
            m_document.selection().setCode(m_codeBefore);
    });
    connect(canvas().xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { fitCodes(false); });
    connect(&m_document, &Document::changed, this, &CodePlot::onDocumentChanged);
    connect(&m_document.selection(), &SelectionModel::changed, this, &CodePlot::onSelectionChanged);
}

void CodePlot::layOut()
{
    canvas().addLayer(u"regions"_s, canvas().layer(u"main"_s), QCustomPlot::limBelow);
    QCPLayoutGrid& rows = *canvas().plotLayout();
    rows.insertRow(0);
    rows.addElement(0, 0, m_header);
    rows.setRowStretchFactors({0.001, 1});
    rows.setRowSpacing(0);
    m_title->setTextFlags(Qt::AlignLeft | Qt::AlignTop);
    m_title->setMargins({12, 3, 12, 0});

    QCPLegend& legend = *canvas().legend;
    legend.setVisible(true);
    legend.setBrush(Qt::NoBrush);
    legend.setBorderPen(Qt::NoPen);
    legend.setMargins({0, 0, 0, 0});
    legend.setColumnSpacing(14);
    legend.setRowSpacing(0);
    legend.setIconSize(22, 12);
    // Empty elements take the room between and below, so that the entries stay close together.
    m_header->addElement(0, 0, m_title);
    m_header->addElement(0, 1, new QCPLayoutElement);
    m_header->addElement(0, 2, &legend);
    m_header->addElement(1, 0, new QCPLayoutElement);
    m_header->setColumnStretchFactors({0.001, 1, 0.001});
    m_header->setRowStretchFactors({1, 0.001});
    m_header->setRowSpacing(0);
    m_header->setMargins({0, 2, 10, 0});
    canvas().axisRect()->setMinimumSize(50, 20); // more would take it from the legend

    setAxisLabel(*canvas().xAxis, tr("input code"));
    for (const QCPAxis* axis : {canvas().xAxis, canvas().yAxis})
        setMostTicks(*axis, 6);
    for (QCPAxis* axis : {canvas().xAxis, canvas().yAxis})
        axis->grid()->setZeroLinePen(Qt::NoPen);
    for (QCPItemStraightLine* line : {m_codeLine, m_hoverLine})
        line->setAntialiased(false);
    m_valueLine->start->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_marker->setStyle(QCPItemTracer::tsCircle);
    m_marker->setSize(9);
    m_marker->setClipToAxisRect(false); // whole on the edge too
    m_cursor->setPadding({4, 1, 4, 1});
}

void CodePlot::begin(const QString& valueLabel)
{
    m_nearTies = addMarks(markSpacing);
    m_ties = addMarks(markSpacing);
    m_differing = addMarks(markSpacing);
    setAxisLabel(*canvas().yAxis, valueLabel);
    m_title->setText(caption());
    m_tip = toolTip();
    setToolTip(plainToolTip(m_tip));
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

QCPRange CodePlot::shownCodes() const
{
    return canvas().xAxis->range();
}

QCPRange CodePlot::shownValues() const
{
    return wholeValues();
}

QCPGraph* CodePlot::addCurve(const QString& name)
{
    QCPGraph* curve = canvas().addGraph();
    curve->setName(name);
    curve->setAdaptiveSampling(false);
    return curve;
}

QCPGraph* CodePlot::addSteps(QCPAxis* keys, QCPAxis* values)
{
    auto* steps = new StepGraph(keys, values); // the canvas owns it
    steps->setName({});
    steps->setAdaptiveSampling(false);
    steps->setLineStyle(QCPGraph::lsStepCenter);
    steps->setAntialiased(false);
    return steps;
}

QCPGraph* CodePlot::addMarks(double pixelsApart)
{
    auto* marks = new MarkGraph(canvas().xAxis, canvas().yAxis); // the canvas owns it
    marks->setName({});
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
    updateCursor();
    placeTexts();
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
    fitCodes(!m_isZoomed);
    updateCurves();
    updateMarks();
    updateRegions();
    updateNote();
    updateCursor();
    updateHover();
    drawLater();
}

/// Shows all codes, or those that are shown as far as there are such, and not too few.
void CodePlot::fitCodes(bool all)
{
    const QCPRange whole = wholeCodes();
    QCPRange range = all ? whole : shownCodes();
    if (range.size() < smallestCodeSpan)
        range = {range.center() - smallestCodeSpan / 2, range.center() + smallestCodeSpan / 2};
    // Zooming in and out again must come back to everything, whatever the last digits say.
    m_isZoomed = range.size() < whole.size() * (1 - 1e-9);
    canvas().xAxis->setRange(m_isZoomed ? range.bounded(whole.lower, whole.upper) : whole);
    fitValues();
    drawLater();
}

void CodePlot::fitValues()
{
    canvas().yAxis->setRange(m_isZoomed ? shownValues() : wholeValues());
}

void CodePlot::resetView()
{
    fitCodes(true);
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
    if (m_isZoomed)
        copy->canvas().xAxis->setRange(shownCodes());
    copy->m_title->setText(fullTitle());
    copy->m_header->take(copy->m_title);
    copy->canvas().plotLayout()->insertRow(0);
    copy->canvas().plotLayout()->addElement(0, 0, copy->m_title);
    copy->canvas().plotLayout()->setRowStretchFactors({0.001, 0.001, 1});
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

void CodePlot::setCodesLabelled(bool labelled)
{
    if (labelled == canvas().xAxis->tickLabels())
        return;
    canvas().xAxis->setTickLabels(labelled);
    setAxisLabel(*canvas().xAxis, labelled ? tr("input code") : QString());
    drawLater();
}

} // namespace qbn::ui

#include "moc_code_plot.cpp"
