#pragma once

// Internal to AgreementMap: where things stand on it, and how they look.

#include "core/evaluate/layer_summary.h"
#include "ui/look/theme.h"
#include "ui/panels/agreement/plot_view.h"

#include <QFont>
#include <QList>
#include <QRect>

class QImage;
class QPainter;

namespace qbn::ui {

/// Input codes to the right, channels downwards: cell c reaches from c - 0.5 to c + 0.5.
struct MapFrame
{
    QRect area; ///< of the cells
    QRect legend;
    int legendColumns = 1;
    PlotRange codes, channels; ///< shown in the area

    double x(double code) const;
    double y(double channel) const;
    QPointF coordinatesAt(QPointF position) const; ///< code, channel
    /// Pixels for each code and channel.
    QSizeF cellSize() const;
    QRectF cell(CodePlace place) const;
};

MapFrame frameOf(QSize size, const QFont& font, const PlotView& view);

/// Where the title of the legend stands, and each of its classes.
QList<QRect> legendPlaces(const MapFrame& frame, const QFont& font);

class AgreementMapPainter
{
public:
    AgreementMapPainter(QPainter& painter, const MapFrame& frame, const Colors& colors,
                        const QFont& font);

    void drawCells(const QImage& image, bool pending);
    void drawAxes(CodeType type, int channels);
    void drawCrosshair(CodePlace current);
    void drawLegend();

private:
    QPainter& m_painter;
    const MapFrame& m_frame;
    const Colors& m_colors;
    QFont m_font;
};

} // namespace qbn::ui
