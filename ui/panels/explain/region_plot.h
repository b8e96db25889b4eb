#pragma once

#include "core/region/feasible_region.h"
#include "ui/edit/edit_gesture.h"
#include "ui/look/theme.h"

#include <QRectF>
#include <QWidget>

#include <memory>

namespace qbn::ui {

class Document;

/// The values of two unknown parameters that explain what was observed, and the layer's own as a
/// point that is dragged: both parameters follow, one undo step a drag. Arrow keys step the point,
/// the wheel zooms, dragging elsewhere pans, a double click or 0 shows all.
class RegionPlot : public QWidget
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
    void resetView();

    // What is shown, for tests and screen readers.
    QString note() const;
    QRectF view() const { return m_view; }
    /// The corners of what is filled.
    std::vector<FeasibleRegion::Point> filled() const;
    QPointF pixelOf(QPointF values) const;
    QPointF valuesAt(QPointF position) const;

    QSize sizeHint() const override { return {240, 180}; }
    QSize minimumSizeHint() const override { return {140, 90}; }

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Drag : quint8
    {
        None,
        Point,
        Pan
    };
    struct Parts;

    bool isOnPoint(QPointF position) const;
    void setValues(QPointF values);
    void zoomBy(double factor, QPointF anchor);
    void fit();
    void applyView();
    void drawRegion();
    void applyColors();
    void updateSentence();

    Document& m_document;
    std::unique_ptr<Parts> m_parts;
    EditGesture m_gesture;
    FeasibleRegion m_region;
    int m_channel = 0;
    bool m_shown = false; ///< there is a region, even if an empty one
    QRectF m_view{0, 0, 1, 1};
    Drag m_drag = Drag::None;
    QPointF m_grabbed; ///< from where the pointer took the point to its middle
    QPointF m_last;
};

} // namespace qbn::ui
