#pragma once

#include "core/region/feasible_region.h"
#include "ui/edit/edit_gesture.h"
#include "ui/plot/plot_widget.h"

#include <vector>

class QCPCurve;
class QCPGraph;

namespace qbn::ui {

class Document;

/// The values of two unknown parameters that explain what was observed, and the layer's own as a
/// point that is dragged: both parameters follow, one undo step a drag. Arrow keys step the point,
/// the wheel zooms, dragging elsewhere pans, a double click or 0 shows all.
class RegionPlot : public PlotWidget
{
    Q_OBJECT

public:
    explicit RegionPlot(Document& document, QWidget* parent = nullptr);
    ~RegionPlot() override;

    /// What is drawn: the region of a channel, or a note why there is none.
    void setRegion(const FeasibleRegion& region, int channel);
    void setNote(const QString& note);

    /// The layer's own values of the two.
    QPointF point() const;
    void resetView() override;

    // What is shown, for tests and screen readers.
    /// The corners of what is filled.
    std::vector<FeasibleRegion::Point> filled() const;

    QSize sizeHint() const override { return {240, 180}; }
    QSize minimumSizeHint() const override { return {140, 90}; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void applyColors() override;

private:
    void onPressed(const QMouseEvent* event);
    void onMoved(const QMouseEvent* event);
    void onReleased();
    void setValues(QPointF values);
    void drawRegion();
    void updateSentence();

    Document& m_document;
    QCPCurve* m_fill;
    QCPGraph *m_centre, *m_point;
    EditGesture m_gesture;
    FeasibleRegion m_region;
    int m_channel = 0;
    bool m_shown = false; ///< there is a region, even if an empty one
    bool m_isDragged = false; ///< the point
    QPointF m_grabbed; ///< from where the pointer took the point to its middle
};

} // namespace qbn::ui
