#include "ui/panels/plots/code_plot_parts.h"

#include "ui/plot/plot_canvas.h"
#include "ui/plot/plot_shade.h"
#include "ui/plot/plot_text.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

/// Ticks on codes: multiples of a power of two, and the first and last code.
class CodeTicker : public QCPAxisTicker
{
public:
    CodeType codes() const { return m_type; }
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

namespace {

constexpr int legendIconWidth = 22;

PlotText* addText(QCustomPlot& canvas, const QString& layer)
{
    auto* text = new PlotText(&canvas);
    text->setLayer(layer);
    text->setSelectable(false);
    text->setVisible(false);
    return text;
}

} // namespace

CodePlot::Parts::Parts(CodePlot* owner)
    : ownCanvas(new PlotCanvas(owner))
    , canvas(ownCanvas)
    , codeTicker(new CodeTicker)
    , valueTicker(new CodeTicker)
    , legendRow(new QCPLayoutGrid)
    , legend(new QCPLegend)
{ }

void CodePlot::Parts::build()
{
    canvas->setAttribute(Qt::WA_TransparentForMouseEvents);
    canvas->setFocusPolicy(Qt::NoFocus);
    canvas->setPlottingHint(QCP::phFastPolylines);
    canvas->setNotAntialiasedElements(QCP::aeGrid | QCP::aeAxes | QCP::aeLegend);
    for (const QString& name : {u"regions"_s, u"regionLabels"_s})
        canvas->addLayer(name, canvas->layer(u"main"_s), QCustomPlot::limBelow);

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
    // Rows that are reserved and not used stay empty below.
    legendRow->addElement(1, 0, new QCPLayoutElement);
    legendRow->setRowStretchFactor(0, 0.001);
    legendRow->setRowSpacing(0);
    legendRow->setMargins({10, 4, 0, 0});
    ownCanvas->setLegendElement(legendRow);

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
        auto* shade = new PlotShade(canvas);
        shade->setLayer(u"regions"_s);
        shade->setSelectable(false);
        shade->setAntialiased(false);
        shade->setPen(Qt::NoPen);
        for (QCPItemPosition* corner : {shade->topLeft, shade->bottomRight})
            corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
        PlotText* label = addText(*canvas, u"regionLabels"_s);
        label->position->setType(QCPItemPosition::ptAbsolute);
        label->setPositionAlignment(Qt::AlignCenter);
        label->setPadding({4, 1, 4, 1});
        regions.push_back({{}, shade, label});
    }
    return regions[index];
}

void CodePlot::Parts::setInputCodes(CodeType type)
{
    if (codeTicker->codes() == type)
        return;
    codeTicker->setCodes(type);
    invalidate();
}

void CodePlot::Parts::setValueCodes(CodeType type)
{
    if (valueTicker->codes() == type && canvas->yAxis->ticker() == valueTicker)
        return;
    valueTicker->setCodes(type);
    canvas->yAxis->setTicker(valueTicker);
    invalidate();
}

void CodePlot::Parts::invalidate()
{
    ownCanvas->invalidate();
}

void CodePlot::Parts::invalidateContents()
{
    ownCanvas->invalidateContents();
}

} // namespace qbn::ui
