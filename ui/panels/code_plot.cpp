#include "ui/panels/code_plot.h"

#include "ui/document/document.h"
#include "ui/panels/code_plot_parts.h"
#include "ui/panels/crisp_graph.h"

#include <QEvent>
#include <QPainter>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr double smallestCodeSpan = 6;
constexpr double codeMargin = 0.02; ///< of the range, at both sides
constexpr int frameWidth = 2; ///< around the canvas, for the focus

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
    m_parts->setValueCodes(type);
}

QCPGraph* CodePlot::addCurve()
{
    return add(m_parts->canvas->addGraph());
}

QCPGraph* CodePlot::addCrispCurve()
{
    return add(new CrispGraph(m_parts->canvas->xAxis, m_parts->canvas->yAxis));
}

QCPGraph* CodePlot::add(QCPGraph* curve)
{
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
        m_parts->nearTies = addCurve();
        m_parts->ties = addCurve();
        m_parts->differing = addCurve();
        for (QCPGraph* marks : {m_parts->nearTies, m_parts->ties, m_parts->differing})
            marks->setLineStyle(QCPGraph::lsNone);
        m_parts->canvas->yAxis->setLabel(valueLabel());
        applyColors();
    }
    m_parts->setInputCodes(m_document.layer().input.type);
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
        m_parts->invalidateContents();
}

void CodePlot::updateMarks()
{
    m_parts->tiePoints.clear();
    m_parts->nearTiePoints.clear();
    m_parts->differingPoints.clear();
    for (const CodeRow& row : evaluation().rows) {
        if (m_tiesShown && row.margin.near_tie())
            m_parts->nearTiePoints.emplace_back(row.input_code, valueOf(row));
        if (m_tiesShown && row.margin.tie)
            m_parts->tiePoints.emplace_back(row.input_code, valueOf(row));
        if (row.differs)
            m_parts->differingPoints.emplace_back(row.input_code, valueOf(row));
    }
    const auto nameOf = [](const QString& text, std::size_t count) {
        return count > 0 ? text.arg(count) : QString();
    };
    m_parts->ties->setName(nameOf(tr("tie (%1)"), m_parts->tiePoints.size()));
    m_parts->nearTies->setName(nameOf(tr("near tie (%1)"), m_parts->nearTiePoints.size()));
    m_parts->differing->setName(
        nameOf(tr("backends differ (%1)"), m_parts->differingPoints.size()));
}

void CodePlot::updateRegions()
{
    const std::vector<CodeRun> runs = clippedRuns(evaluation());
    const std::size_t known = m_parts->regions.size();
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
    if (m_parts->regions.size() > known)
        colorRegions();
    m_parts->usedRegions = runs.size();
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
    m_parts->invalidateContents();
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

void CodePlot::setTiesShown(bool shown)
{
    m_tiesShown = shown;
    refresh();
}

void CodePlot::passViewTo(CodePlot& other) const
{
    other.setTiesShown(m_tiesShown);
    other.setView(m_view.x(), m_view.y());
}

void CodePlot::zoomBy(double factor, QPointF anchor)
{
    m_view.zoom(factor, m_zoomsValues ? factor : 1, anchor);
    applyView();
}

void CodePlot::applyView()
{
    const QCPRange codes(m_view.x().low, m_view.x().high);
    const QCPRange values(m_view.y().low, m_view.y().high);
    QCPAxis& xAxis = *m_parts->canvas->xAxis;
    QCPAxis& yAxis = *m_parts->canvas->yAxis;
    if (xAxis.range() == codes && yAxis.range() == values) {
        m_parts->invalidateContents();
        return;
    }
    xAxis.setRange(codes);
    yAxis.setRange(values);
    m_parts->invalidate();
}

QPointF CodePlot::pixelOf(double code, double value) const
{
    const QCustomPlot& canvas = *m_parts->canvas;
    return QPointF(canvas.xAxis->coordToPixel(code), canvas.yAxis->coordToPixel(value))
        + canvas.pos();
}

QPointF CodePlot::coordinatesAt(QPointF position) const
{
    const QCustomPlot& canvas = *m_parts->canvas;
    const QPointF inside = position - canvas.pos();
    return {canvas.xAxis->pixelToCoord(inside.x()), canvas.yAxis->pixelToCoord(inside.y())};
}

std::int32_t CodePlot::codeAt(QPointF position) const
{
    const CodeType type = m_document.layer().input.type;
    const double code = std::rint(coordinatesAt(position).x());
    return static_cast<std::int32_t>(std::clamp<double>(code, type.qmin(), type.qmax()));
}

QString CodePlot::fullTitle() const
{
    const Evaluation& shown = evaluation();
    return tr("%1: %2, channel %3, %4")
        .arg(caption(), QString::fromStdString(shown.layer->name))
        .arg(shown.selection.channel)
        .arg(QString::fromUtf8(shown.chosen->title.data(), std::ssize(shown.chosen->title)));
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

} // namespace qbn::ui
