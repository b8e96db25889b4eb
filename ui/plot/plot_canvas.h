#pragma once

#include <QPixmap>
#include <qcustomplot.h>

namespace qbn::ui {

/// Qt 6.4 shares a translucent or clipped fill of many rows among the threads of a pool and waits
/// for them, which costs an edit dozens of switches between threads. What is painted with every
/// edit is painted in strips that are too low for that.
inline constexpr int rowsOfAStrip = 24;

/// Draws a new frame when it is painted, not before: however many changes come, there is one frame,
/// in the pass that paints the rest of the window.
///
/// Most of a plot is the same from frame to frame: the layers up to `legend` (axes, grid, title)
/// are drawn into a picture and laid out only after invalidate(), and the legend into one of its
/// own, as numbers in it may change with every edit. The layers above, with what an edit changes,
/// are drawn onto them without buffers.
///
/// afterLayout() comes before every frame that shows something new, and afterReplot() when it has
/// been drawn.
class PlotCanvas : public QCustomPlot
{
    Q_OBJECT

public:
    explicit PlotCanvas(QWidget* parent);

    /// Something about axes, grid, legend, title or colours has changed: all is drawn anew.
    void invalidate();
    /// Only layers above the legend have changed, and within the axes; update() for what is beyond.
    void invalidateContents();
    void invalidateContents(const QRegion& region); ///< and only there
    /// Only these and texts in the legend, whose rows are as many and as high as they were.
    void invalidateLegend();

    /// The part of the layout that all entries of the legend lie in. Without it the legend is a
    /// part of the backdrop.
    void setLegendElement(QCPLayoutElement* element) { m_legendElement = element; }

    // A long legend must not make the window wider; it wraps.
    QSize minimumSizeHint() const override { return {50, 50}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void updateLayout() override;

private:
    enum class Part : quint8
    {
        Backdrop,
        Legend,
        Contents
    };

    void drawBackdrop();
    void drawBackdropOn(QPainter& painter, const QRegion& region) const;
    void drawLegend();
    void drawPart(Part part, QCPPainter& painter);

    QPixmap m_backdrop, m_legend;
    QCPLayoutElement* m_legendElement = nullptr;
    bool m_backdropStale = true;
    bool m_legendStale = false;
    bool m_contentsStale = false;
    bool m_laidOut = false;
};

} // namespace qbn::ui
