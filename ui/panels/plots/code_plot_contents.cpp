#include "ui/panels/plots/code_plot_parts.h"

// What a CodePlot shows of the evaluation.

#include "ui/document/document.h"
#include "ui/plot/plot_canvas.h"
#include "ui/plot/plot_shade.h"
#include "ui/plot/plot_text.h"

#include <qcustomplot.h>

#include <cmath>

namespace qbn::ui {

namespace {

void showText(PlotText& item, const QString& text)
{
    item.setText(text);
    item.setVisible(!text.isEmpty());
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

} // namespace

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
    const QString text = row != nullptr ? readoutOf(*row) : QString();
    if (text != readout())
        m_parts->canvas->update(); // it stands below the axes
    showText(*m_parts->readout, text);
}

void CodePlot::updateSentence()
{
    // Tells screen readers as well, by QAccessible::NameChanged.
    if (const QString now = sentence(); now != accessibleName())
        setAccessibleName(now);
}

void CodePlot::updateNote()
{
    showText(*m_parts->note, noteText());
}

} // namespace qbn::ui
