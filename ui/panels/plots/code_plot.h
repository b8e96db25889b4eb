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
class PlacedText;

/// A plot over the input codes of the selected channel: what the transfer and the error plot share.
///
/// A click or drag moves the current code; dragging with the right or middle button, or with Ctrl,
/// pans. The wheel zooms along the codes, and the values follow what is shown, so that there is
/// always something to see; a double click shows all and moves nothing. Keys: arrows step the code,
/// Page Up and Down by 16, Home and End go to the ends, Ctrl+Home resets the view. The zoom survives
/// edits. The accessible name is one sentence about the current code. While hidden it computes
/// nothing.
///
/// Its texts never lie over one another: the note comes first, then the label of the current code,
/// those of regions and the readout, and what finds no place is not shown.
class CodePlot : public PlotWidget
{
    Q_OBJECT

public:
    /// "Transfer curve": what the plot shows, and its title.
    virtual QString caption() const = 0;
    /// With layer, channel and backend behind.
    QString fullTitle() const;

    bool isZoomed() const { return m_isZoomed; }
    void resetView() override;

    /// Marks ties and near ties; so it does at first.
    void setTiesShown(bool shown);

    // The texts as they are shown now; empty where nothing is shown.
    QString cursorText() const; ///< at the current code: "38 → 52"
    QString readout() const; ///< of the code under the pointer, as far as there is room
    QStringList legendTexts() const;
    QStringList regionTexts() const; ///< in the shaded regions

    /// A plot of the same document and view for a picture of `size` logical pixels: it has the full
    /// title and `colors`, no parent, and is not shown.
    std::unique_ptr<CodePlot> forExport(QSize size, const QPalette& colors) const;

    /// Whether the codes stand below the axis; not where another plot below has the same.
    void setCodesLabelled(bool labelled);

    QSize sizeHint() const override { return {480, 240}; }
    QSize minimumSizeHint() const override { return {220, 60}; }

protected:
    CodePlot(Document& document, QWidget* parent);

    /// The last thing that a constructor calls: it has all its curves.
    void begin(const QString& valueLabel);

    Document& document() const { return m_document; }
    const Evaluation& evaluation() const;

    /// Below the marks and the cursor. A name puts it into the legend.
    QCPGraph* addCurve(const QString& name = {});
    QCPGraph* addSteps(QCPAxis* keys, QCPAxis* values); ///< from code to code
    /// Points that would run into a band side by side: some are left out.
    QCPGraph* addMarks(double pixelsApart);
    void setMarks(const QCPGraph* graph, std::vector<QPointF> points);

    /// All codes of a type, with a part of their range as margin at both sides.
    static QCPRange rangeOf(CodeType type, double margin);
    QCPRange wholeCodes() const;
    QCPRange shownCodes() const;
    virtual QCPRange wholeValues() const = 0;
    /// Of the shown codes, where those are not all.
    virtual QCPRange shownValues() const;
    virtual void updateCurves() = 0;

    /// Where the marks of a code stand; NaN: nowhere.
    virtual double valueOf(const CodeRow& row) const = 0;
    virtual QString cursorTextOf(const CodeRow& row) const = 0;
    virtual QString readoutOf(const CodeRow& row) const = 0;
    virtual QString sentence() const = 0;
    static QString clipText(Clip clip); ///< "saturated low"; empty for none
    /// Whether somebody gave all that the channel hangs on.
    bool isKnown() const;
    /// Why there is nothing to show, if no code has an answer.
    virtual QString nothingText() const = 0;
    virtual std::unique_ptr<CodePlot> another() const = 0;
    virtual bool isStrip() const { return false; } ///< with a small title

    // The marker of the current code dragged up or down, or moved by Alt and an arrow key, to another value. False: it does not
    // move.
    virtual bool lift(double /*value*/) { return false; }
    virtual void endLift(bool /*apply*/, Qt::KeyboardModifiers /*modifiers*/) { }
    /// The marker and what stands beside it, during a lift.
    void showLifted(double value, const QString& text);

    void applyColors() override;
    void showEvent(QShowEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Region
    {
        CodeRun run;
        QCPItemRect* shade;
        PlacedText* label;
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
        Marker, ///< pressed on the marker: the first move tells which of the next two it is
        Code,
        Lift,
        Pan
    };

    void layOut();
    void onPressed(const QMouseEvent* event);
    void onMoved(const QMouseEvent* event);
    void onReleased(const QMouseEvent* event);
    bool isOnMarker(QPointF position) const;
    std::int32_t codeAt(QPointF position) const;
    void onDocumentChanged();
    void onSelectionChanged(bool codeOnly);
    void refresh();
    void fitCodes(bool all);
    void fitValues();
    void updateMarks();
    void updateRegions(bool recolored = false);
    void updateNote();
    QList<QCPGraph*> namedCurves() const;
    bool updateHeader();
    int mostLegendRows() const;
    void updateLegend();
    void updateCursor();
    void setHovered(std::optional<std::int32_t> code);
    void updateHover();
    void placeAll();
    void placeTexts();
    void placeNote(std::vector<QRectF>& taken);
    void placeCursor(std::vector<QRectF>& taken);
    void placeLabel(const Region& region, std::vector<QRectF>& taken);
    void placeReadout(const std::vector<QRectF>& taken);
    bool placeReadoutOnTitle();
    bool placeReadoutInside(const std::vector<QRectF>& taken);
    std::optional<QRectF> markerPlace() const;
    std::optional<QRectF> cursorPlace(const std::vector<QRectF>& taken) const;
    bool isOnCurve(const QRectF& place) const;

    Document& m_document;
    bool m_isZoomed = false;
    bool m_tiesShown = true;
    bool m_isStale = false; ///< the document changed while the plot was hidden
    std::optional<std::int32_t> m_hovered;
    Drag m_drag = Drag::None;
    QPointF m_dragged; ///< where the pointer was last
    std::int32_t m_codeBefore = 0; ///< the click

    // Owned by the canvas.
    QCPTextElement* m_title;
    QCPLayoutGrid* m_header; ///< title and legend
    QCPItemStraightLine *m_hoverLine, *m_codeLine;
    QCPItemLine* m_valueLine;
    QCPItemTracer* m_marker;
    PlacedText *m_cursor, *m_readout;
    QCPGraph *m_nearTies = nullptr, *m_ties = nullptr, *m_differing = nullptr;
    std::vector<Marks> m_marks;
    std::vector<Region> m_regions;

    QString m_readoutText; ///< whole
    QString m_tip; ///< without what the legend leaves out
    QStringList m_legendTexts; ///< that it was made for, as was the room
    QSize m_legendRoom; ///< its width in pixels, its height in rows
    int m_legendHeight
        = 0; ///< the most that this room has needed, so that edits do not move the axes
};

} // namespace qbn::ui
