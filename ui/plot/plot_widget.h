#pragma once

#include "core/layer/quantization.h"
#include "ui/look/theme.h"
#include "ui/plot/fitted_axis.h"

#include <QWidget>

class QCPAxis;
class QCPItemText;
class QCustomPlot;

namespace qbn::ui {

class PlacedText;

/// A QCustomPlot in the colours of the palette, in a frame that shows the focus. The wheel zooms at
/// the pointer, a double click and 0 reset the view, + and - zoom.
///
/// However many changes come, there is one frame, in the pass that paints the rest of the window.
/// While hidden it draws nothing.
class PlotWidget : public QWidget
{
    Q_OBJECT

public:
    /// It takes the mouse.
    QCustomPlot& canvas() const { return *m_canvas; }
    const Colors& shownColors() const { return m_colors; }
    /// In the middle; empty where nothing is said.
    QString note() const;

    // On the canvas, as of the last frame.
    QPointF pixelOf(QPointF coordinates) const;
    QPointF coordinatesAt(QPointF pixel) const;

    virtual void resetView() = 0;

protected:
    explicit PlotWidget(QWidget* parent);

    /// All, or only the layer "overlay".
    void drawLater(bool overlayOnly = false);

    /// Around `anchor`; false if the key is none that changes the view.
    bool zoomByKey(const QKeyEvent& event, QPointF anchor);

    void showNote(const QString& text);
    /// Both are shown as far as there is room.
    void setMostTicks(const QCPAxis& axis, int count) { fitted(axis).setMostTicks(count); }
    void setAxisLabel(const QCPAxis& axis, const QString& label) { fitted(axis).setLabel(label); }
    PlacedText& noteItem() const { return *m_note; }
    QFont smallFont() const;
    /// Called when palette or font have changed, and by the constructor of a derived class.
    virtual void applyColors();

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void drawNow();
    FittedAxis& fitted(const QCPAxis& axis) { return &axis == &m_x.axis() ? m_x : m_y; }

    QCustomPlot* m_canvas;
    FittedAxis m_x, m_y;
    PlacedText* m_note;
    Colors m_colors;
    bool m_isWaiting = false; ///< to draw
    bool m_isAllStale = false;
};

/// Ticks on codes: multiples of a power of two, and the last code. As many as it had.
void setTicksOfCodes(QCPAxis& axis, CodeType type);

/// Shows `text`, or nothing where it is empty.
void showText(QCPItemText& item, const QString& text);
QString shownText(const QCPItemText& item);

} // namespace qbn::ui
