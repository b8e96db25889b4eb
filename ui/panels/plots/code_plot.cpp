#include "ui/panels/plots/code_plot.h"

#include "ui/document/document.h"
#include "ui/panels/plots/code_plot_parts.h"
#include "ui/plot/plot_canvas.h"
#include "ui/plot/plot_curve.h"
#include "ui/plot/plot_text.h"

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

QString shownText(const PlotText& item)
{
    return item.visible() ? item.text() : QString();
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
    return add(new PlotCurve(m_parts->canvas->xAxis, m_parts->canvas->yAxis));
}

QCPGraph* CodePlot::addCrispCurve()
{
    return add(new CrispCurve(m_parts->canvas->xAxis, m_parts->canvas->yAxis));
}

QCPGraph* CodePlot::add(PlotCurve* curve)
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
    updateNote();
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
    else {
        const QRegion left = m_parts->cursorRegion;
        placeCursor();
        m_parts->ownCanvas->invalidateContents(left + m_parts->cursorRegion);
    }
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
