#pragma once

// Internal to CodePlot: what it is drawn with.

#include "ui/panels/code_plot.h"

#include <QPointF>
#include <QSharedPointer>

#include <vector>

class QCPItemLine;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemText;
class QCPItemTracer;
class QCPLayoutGrid;
class QCPLegend;
class QCPTextElement;

namespace qbn::ui {

class CodeTicker;
class PlotCanvas;

/// Everything on the canvas. The canvas owns what stands on it.
struct CodePlot::Parts
{
    struct Region
    {
        CodeRun run;
        QCPItemRect* shade;
        QCPItemText* label;
    };

    explicit Parts(CodePlot* owner);

    /// Makes everything but the curves.
    void build();
    /// Made when it is first asked for; index <= regions.size().
    Region& regionAt(std::size_t index);

    void setInputCodes(CodeType type);
    void setValueCodes(CodeType type);

    /// Asks for another frame; the second with axes, grid and legend as they are.
    void invalidate();
    void invalidateContents();

    PlotCanvas* ownCanvas;
    QCustomPlot* canvas; ///< the same
    QSharedPointer<CodeTicker> codeTicker, valueTicker;
    QCPLayoutGrid* legendRow;
    QCPLegend* legend;
    QCPTextElement* title = nullptr;
    QCPGraph* ties = nullptr;
    QCPGraph* nearTies = nullptr;
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
    std::vector<QPointF> tiePoints, nearTiePoints, differingPoints;
    QStringList legendTexts;
    std::vector<QCPGraph*> legendCurves;
    int legendWidth = 0; ///< of the canvas that it was made for
    int legendColumns = 0;
    int legendRows = 0;
};

} // namespace qbn::ui
