#pragma once

#include "core/evaluate/evaluation.h"
#include "ui/look/theme.h"
#include "ui/plot/code_runs.h"
#include "ui/plot/plot_view.h"

#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>

class QCPGraph;
class QCustomPlot;
class QPaintDevice;

namespace qbn::ui {

class Document;
class PlotCurve;

/// A plot over the input codes of the selected channel: what the transfer and the error plot share.
///
/// A click or drag moves the current code. The wheel zooms at the pointer, dragging with the right
/// or middle button, or with Ctrl, pans, a double click resets. Keys: arrows step the code, Page Up
/// and Down by 16, Home and End go to the ends, + and - zoom, 0 and Ctrl+Home reset. The zoom
/// survives edits. The accessible name is one sentence about the current code.
///
/// Whatever changes before the next frame is drawn once, in the pass that paints the window.
class CodePlot : public QWidget
{
    Q_OBJECT

public:
    ~CodePlot() override;

    /// "Transfer curve": what the plot shows.
    virtual QString caption() const = 0;
    /// With layer, channel and backend behind.
    QString fullTitle() const;

    const PlotView& view() const { return m_view; }
    void setView(PlotRange codes, PlotRange values);
    void resetView();

    /// Where an input code and a value are painted, in widget coordinates, as of the last frame.
    QPointF pixelOf(double code, double value) const;

    /// Marks ties and near ties; so it does at first.
    void setTiesShown(bool shown);

    // The texts as they are shown now; empty where nothing is shown.
    QString cursorText() const; ///< at the current code: "38 → 52"
    QString readout() const; ///< in the corner, of the code under the pointer
    QString note() const; ///< why something is missing
    QStringList legendTexts() const;
    QStringList regionTexts() const; ///< in the shaded regions

    Colors shownColors() const { return m_colors; }

    /// A plot of the same kind, document and view that has no parent, is not shown, and may be
    /// changed for an export.
    virtual std::unique_ptr<CodePlot> twin() const = 0;

    /// A line above the plot; none at first.
    void setTitle(const QString& title);

    /// Paints the whole plot of `size` logical pixels. For a twin: it does not keep its layout.
    void render(QPaintDevice& device, QSize size, bool asVectors);

    QSize sizeHint() const override { return {480, 320}; }
    QSize minimumSizeHint() const override { return {220, 160}; }

protected:
    /// Zooming and panning change values only where `zoomsValues`.
    CodePlot(Document& document, PlotRange values, bool zoomsValues, QWidget* parent);

    Document& document() const { return m_document; }
    QCustomPlot& canvas() const;
    const Evaluation& evaluation() const;

    /// Below the marks and the cursor. A name puts it into the legend.
    QCPGraph* addCurve();
    /// The same for a curve of horizontal and vertical lines.
    QCPGraph* addCrispCurve();

    /// The vertical axis has codes of this type for values.
    void setValueCodes(CodeType type);

    /// Copies what people choose about the view to `other`, a new twin.
    void passViewTo(CodePlot& other) const;

    /// The last thing that a constructor calls, and what every change of the document leads to.
    void refresh();

    /// All input codes, with a margin.
    PlotRange codeRange() const;
    virtual PlotRange wholeValues() const = 0;
    virtual QString valueLabel() const = 0; ///< of the vertical axis
    virtual void updateCurves() = 0;
    virtual void colorCurves(const Colors& colors) = 0;
    /// Called when the axes have their places and ranges.
    virtual void placeCurves() { }

    /// Where the marks of a code stand; NaN: nowhere.
    virtual double valueOf(const CodeRow& row) const = 0;
    virtual QString cursorTextOf(const CodeRow& row) const = 0;
    virtual QString readoutOf(const CodeRow& row) const = 0;
    virtual QString sentence() const = 0;
    virtual QString noteText() const = 0;

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Parts;
    enum class Drag : quint8
    {
        None,
        Code,
        Pan
    };

    std::int32_t codeAt(QPointF position) const;
    QPointF coordinatesAt(QPointF position) const;
    const CodeRow* rowOf(std::int32_t code) const;

    void onSelectionChanged(bool codeOnly);
    QCPGraph* add(PlotCurve* curve);
    void updateMarks();
    void updateRegions();
    void updateLegend();
    int legendColumns(const QStringList& texts) const;
    void reserveLegend(int rows, bool anew);
    void sizeLegend();
    void updateCursor();
    void updateNote();
    void updateHover();
    void updateSentence();
    void applyView();
    void applyColors();
    void colorParts();
    void colorLegend();
    void colorRegions();
    QFont smallFont() const;
    void placeAll();
    void placeMarks();
    void placeCursor();
    void placeCursorRegion(const QRectF& label);
    void placeRegions();

    void setHovered(std::optional<std::int32_t> code);
    void zoomBy(double factor, QPointF anchor);
    bool stepByKey(int key);
    bool zoomByKey(const QKeyEvent& event);

    Document& m_document;
    std::unique_ptr<Parts> m_parts;
    PlotView m_view;
    Colors m_colors;
    bool m_zoomsValues;
    bool m_tiesShown = true;
    std::optional<std::int32_t> m_hovered;
    Drag m_drag = Drag::None;
    QPointF m_dragged; ///< where the pointer was last
};

} // namespace qbn::ui
