#pragma once

// Internal to CodePlot: what it is drawn with.

#include "ui/draw/laid_out_texts.h"
#include "ui/panels/plots/code_plot.h"

#include <QPointF>
#include <QRegion>
#include <QSharedPointer>

#include <vector>

class QCPItemLine;
class QCPItemStraightLine;
class QCPItemTracer;
class QCPLayoutGrid;
class QCPLegend;
class QCPTextElement;

namespace qbn::ui {

class CodeTicker;
class PlotCanvas;
class PlotCurve;
class PlotShade;
class PlotText;

/// Everything on the canvas. The canvas owns what stands on it.
struct CodePlot::Parts
{
    struct Region
    {
        CodeRun run;
        PlotShade* shade;
        PlotText* label;
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
    PlotText* cursor = nullptr;
    QRegion cursorRegion; ///< what is drawn for the current code
    QCPItemStraightLine* hoverLine = nullptr;
    PlotText* readout = nullptr;
    PlotText* note = nullptr;
    std::vector<Region> regions; ///< the first usedRegions are shown
    std::size_t usedRegions = 0;
    std::vector<PlotCurve*> curves;
    std::vector<QPointF> tiePoints, nearTiePoints, differingPoints;
    LaidOutTexts legendWords;
    QStringList legendTexts;
    std::vector<PlotCurve*> legendCurves;
    int legendWidth = 0; ///< of the canvas that it was made for
    int legendColumns = 0;
    int legendRows = 0; ///< the most that this width has needed, so that edits do not move the axes
};

} // namespace qbn::ui
