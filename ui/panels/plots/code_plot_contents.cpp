// What a CodePlot shows of the evaluation, where it stands, and in which colours.

#include "core/evaluate/stage.h"
#include "ui/document/document.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/plot/placed_text.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

QString CodePlot::clipText(Clip clip)
{
    switch (clip) {
    case Clip::Low:
        return tr("saturated low");
    case Clip::High:
        return tr("saturated high");
    case Clip::Relu:
        return tr("lifted by the ReLU");
    case Clip::None:
        break;
    }
    return {};
}

QString CodePlot::cursorText() const
{
    return shownText(*m_cursor);
}

QString CodePlot::readout() const
{
    return shownText(*m_readout);
}

QStringList CodePlot::regionTexts() const
{
    QStringList texts;
    for (const Region& region : m_regions)
        if (region.label->visible())
            texts << region.label->text();
    return texts;
}

void CodePlot::updateMarks()
{
    std::vector<QPointF> nearTies, ties, differing;
    for (const CodeRow& row : evaluation().rows) {
        const QPointF place(row.input_code, valueOf(row));
        if (m_tiesShown && row.margin.near_tie())
            nearTies.push_back(place);
        if (m_tiesShown && row.margin.tie)
            ties.push_back(place);
        if (row.differs)
            differing.push_back(place);
    }
    const auto show = [this](QCPGraph* graph, const QString& name, std::vector<QPointF> points) {
        graph->setName(points.empty() ? QString() : name.arg(points.size()));
        setMarks(graph, std::move(points));
    };
    show(m_nearTies, tr("near tie (%1)"), std::move(nearTies));
    show(m_ties, tr("tie (%1)"), std::move(ties));
    show(m_differing, tr("backends differ (%1)"), std::move(differing));
}

void CodePlot::updateRegions(bool recolored)
{
    const std::vector<CodeRun> runs = clippedRuns(evaluation());
    if (!recolored && std::ranges::equal(runs, m_regions, {}, {}, &Region::run))
        return;
    for (const Region& region : m_regions) {
        canvas().removeItem(region.shade);
        canvas().removeItem(region.label);
    }
    m_regions.clear();
    const Colors& colors = shownColors();
    for (const CodeRun& run : runs) {
        auto* shade = new QCPItemRect(&canvas());
        shade->setLayer(u"regions"_s);
        shade->setAntialiased(false);
        shade->setPen(Qt::NoPen);
        shade->setBrush(colors.veil); // the grid lies below
        for (QCPItemPosition* corner : {shade->topLeft, shade->bottomRight})
            corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
        shade->topLeft->setCoords(run.first - 0.5, 0);
        shade->bottomRight->setCoords(run.last + 0.5, 1);
        auto* label = new PlacedText(canvas());
        label->setText(run.clip == Clip::Relu ? tr("ReLU") : clipText(run.clip));
        label->setFont(smallFont());
        label->setColor(colors.muted);
        label->setBrush(colors.shade);
        label->setPadding({4, 1, 4, 1});
        m_regions.push_back({run, shade, label});
    }
}

bool CodePlot::isKnown() const
{
    return unknown_fields(m_document.layer(), evaluation().selection.channel).empty();
}

void CodePlot::updateNote()
{
    const std::vector<CodeRow>& rows = evaluation().rows;
    const auto missing = std::ranges::count_if(
        rows, [](const CodeRow& row) { return std::isnan(row.exact.requantized); });
    if (const auto unknown = unknown_fields(m_document.layer(), evaluation().selection.channel);
        !unknown.empty()) {
        showNote(tr("nobody gave %1: this is a placeholder")
                     .arg(QString::fromStdString(joined_names(unknown))));
        return;
    }
    const QString some = missing == 1 ? tr("not a number for one code")
                                      : tr("not a number for %1 codes").arg(missing);
    showNote(missing == std::ssize(rows) ? nothingText() : missing > 0 ? some : QString());
}

void CodePlot::updateCursor()
{
    const CodeRow& row = evaluation().row();
    const double code = row.input_code;
    const double value = valueOf(row);
    m_codeLine->point1->setCoords(code, 0);
    m_codeLine->point2->setCoords(code, 1);
    m_valueLine->start->setCoords(0, value);
    m_valueLine->end->setCoords(code, value);
    m_marker->position->setCoords(code, value);
    showText(*m_cursor, cursorTextOf(row));
    // Tells screen readers as well, by QAccessible::NameChanged.
    if (const QString now = sentence(); now != accessibleName())
        setAccessibleName(now);
}

void CodePlot::showLifted(double value, const QString& text)
{
    m_valueLine->start->setCoords(0, value);
    m_valueLine->end->setCoords(evaluation().row().input_code, value);
    m_marker->position->setCoords(evaluation().row().input_code, value);
    showText(*m_cursor, text);
    placeTexts();
    drawLater(true);
}

void CodePlot::setHovered(std::optional<std::int32_t> code)
{
    if (code == m_hovered)
        return;
    m_hovered = code;
    updateHover();
    placeTexts();
    drawLater(true);
}

void CodePlot::updateHover()
{
    const std::vector<CodeRow>& rows = evaluation().rows;
    const std::int32_t index = m_hovered.value_or(0) - rows.front().input_code;
    const bool isShown = m_hovered && index >= 0 && index < std::ssize(rows);
    m_hoverLine->setVisible(isShown);
    m_hoverLine->point1->setCoords(m_hovered.value_or(0), 0);
    m_hoverLine->point2->setCoords(m_hovered.value_or(0), 1);
    m_readoutText = isShown ? readoutOf(rows[static_cast<std::size_t>(index)]) : QString();
}

void CodePlot::applyColors()
{
    PlotWidget::applyColors();
    const Colors& c = shownColors();
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(isStrip() ? smallFont() : strong);
    m_title->setTextColor(isStrip() ? c.muted : c.text);
    canvas().legend->setFont(smallFont());
    canvas().legend->setTextColor(c.muted);
    m_legendRoom = {}; // it is measured in the font
    m_ties->setScatterStyle({QCPScatterStyle::ssDiamond, QPen(c.output, 1.4), c.surface, 8});
    m_nearTies->setScatterStyle({QCPScatterStyle::ssTriangle, QPen(c.output, 1.4), c.surface, 8});
    m_differing->setScatterStyle({QCPScatterStyle::ssCross, QPen(c.problem, 2), {}, 8});
    m_codeLine->setPen(QPen(c.code, 1, Qt::DashLine));
    m_hoverLine->setPen(QPen(c.line, 1));
    m_valueLine->setPen(QPen(c.output, 1, Qt::DotLine));
    m_marker->setPen(QPen(c.output, 2));
    m_marker->setBrush(c.surface);
    m_cursor->setColor(c.text);
    m_cursor->setFont(strong);
    m_cursor->setBrush(c.surface);
    m_readout->setColor(c.text);
    m_readout->setBrush(c.surface);
    m_readout->setFont(monospaceFont(smallFont()));
    noteItem().setColor(c.problem);
    // One width for all plots over the same codes, so that their axes stand in line.
    const QFontMetrics metrics(smallFont());
    const int left = 8 + metrics.horizontalAdvance(u"-0.50"_s) + metrics.height() + 12;
    canvas().axisRect()->setAutoMargins(QCP::msRight | QCP::msTop | QCP::msBottom);
    canvas().axisRect()->setMargins({left, 0, 0, 0});
    updateRegions(true);
}

} // namespace qbn::ui
