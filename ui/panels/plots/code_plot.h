#pragma once

#include "core/evaluate/evaluation.h"
#include "ui/plot/code_runs.h"
#include "ui/plot/plot_widget.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

class QCPGraph;
class QCPItemLine;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemTracer;
class QCPLayoutGrid;
class QCPRange;
class QCPTextElement;

namespace qbn::ui {

class Document;

/// A plot over the input codes of the selected channel: what the transfer and the error plot share.
///
/// A click or drag moves the current code; dragging with the right or middle button, or with Ctrl,
/// pans. Keys: arrows step the code, Page Up and Down by 16, Home and End go to the ends, Ctrl+Home
/// resets the view. The zoom survives edits. The accessible name is one sentence about the current
/// code. While hidden it computes nothing.
class CodePlot : public PlotWidget
{
    Q_OBJECT

public:
    /// "Transfer curve": what the plot shows, and its title.
    virtual QString caption() const = 0;
    /// With layer, channel and backend behind.
    QString fullTitle() const;
    void setTitle(const QString& title);

    bool isZoomed() const { return m_isZoomedX || m_isZoomedY; }
    void resetView() override;

    /// Marks ties and near ties; so it does at first.
    void setTiesShown(bool shown);

    // The texts as they are shown now; empty where nothing is shown.
    QString cursorText() const; ///< at the current code: "38 → 52"
    QString readout() const; ///< in the corner, of the code under the pointer
    QStringList legendTexts() const;
    QStringList regionTexts() const; ///< in the shaded regions, as of the last frame

    /// A plot of the same document and view for a picture of `size` logical pixels: it has the full
    /// title and `colors`, no parent, and is not shown.
    std::unique_ptr<CodePlot> forExport(QSize size, const QPalette& colors) const;

    QSize sizeHint() const override { return {480, 320}; }
    QSize minimumSizeHint() const override { return {220, 160}; }

protected:
    CodePlot(Document& document, QWidget* parent);

    /// The last thing that a constructor calls: it has all its curves.
    void begin(const QString& valueLabel);

    Document& document() const { return m_document; }
    const Evaluation& evaluation() const;

    /// Below the marks and the cursor. A name puts it into the legend.
    QCPGraph* addCurve(const QString& name = {});
    /// Points that would run into a band side by side: some are left out.
    QCPGraph* addMarks(double pixelsApart);
    void setMarks(const QCPGraph* graph, std::vector<QPointF> points);

    /// All codes of a type, with a part of their range as margin at both sides.
    static QCPRange rangeOf(CodeType type, double margin);
    QCPRange wholeCodes() const;
    virtual QCPRange wholeValues() const = 0;
    virtual void updateCurves() = 0;

    /// Where the marks of a code stand; NaN: nowhere.
    virtual double valueOf(const CodeRow& row) const = 0;
    virtual QString cursorTextOf(const CodeRow& row) const = 0;
    virtual QString readoutOf(const CodeRow& row) const = 0;
    virtual QString sentence() const = 0;
    static QString clipText(Clip clip); ///< "saturated low"; empty for none
    /// Why there is nothing to show, if no code has an answer.
    virtual QString nothingText() const = 0;
    virtual std::unique_ptr<CodePlot> another() const = 0;

    void applyColors() override;
    void showEvent(QShowEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Region
    {
        CodeRun run;
        QCPItemRect* shade;
        QCPItemText* label;
    };
    struct Marks
    {
        QCPGraph* graph;
        double pixelsApart;
        std::vector<QPointF> points;
    };
    enum class Drag : quint8
    {
        None,
        Code,
        Pan
    };

    void layOut();
    void onPressed(const QMouseEvent* event);
    void onMoved(const QMouseEvent* event);
    void onReleased();
    std::int32_t codeAt(QPointF position) const;
    void onDocumentChanged();
    void onSelectionChanged(bool codeOnly);
    void refresh();
    void fit(QCPAxis& axis, bool all);
    void updateMarks();
    void updateRegions(bool recolored = false);
    void updateNote();
    void updateLegend();
    void updateCursor();
    void setHovered(std::optional<std::int32_t> code);
    void updateHover();
    void placeAll();
    void placeCursor();
    void placeLabel(const Region& region);

    Document& m_document;
    bool m_isZoomedX = false, m_isZoomedY = false;
    bool m_tiesShown = true;
    bool m_isStale = false; ///< the document changed while the plot was hidden
    std::optional<std::int32_t> m_hovered;
    Drag m_drag = Drag::None;
    QPointF m_dragged; ///< where the pointer was last

    // Owned by the canvas.
    QCPTextElement* m_title;
    QCPLayoutGrid* m_legendRow;
    QCPItemStraightLine *m_hoverLine, *m_codeLine;
    QCPItemLine* m_valueLine;
    QCPItemTracer* m_marker;
    QCPItemText *m_cursor, *m_readout;
    QCPGraph *m_nearTies = nullptr, *m_ties = nullptr, *m_differing = nullptr;
    std::vector<Marks> m_marks;
    std::vector<Region> m_regions;

    QStringList m_legendTexts; ///< that it was made for, as were the width and the rows
    int m_legendWidth = 0;
    int m_legendRows
        = 0; ///< the most that this width has needed, so that edits do not move the axes
};

} // namespace qbn::ui
