#pragma once

#include "ui/draw/dot_picture.h"
#include "ui/draw/laid_out_texts.h"
#include "ui/draw/number_line_model.h"

#include <QFont>
#include <QPointF>
#include <QRectF>

#include <vector>

class QPainter;

namespace qbn::ui {

/// What a number line is painted with, most of which stays from one painting to the next.
struct NumberLineParts
{
    LaidOutTexts plain, strong; ///< labels
    DotPicture point, target, marker;
};

/// Where the parts of a number line are, and how they are drawn. Made anew for each painting.
class NumberLinePainter
{
public:
    NumberLinePainter(const NumberLineModel& model, const QRectF& area, const QFont& font);

    /// The place of a finite value within [low, high], or of the end that it lies behind.
    qreal xOf(double value) const;
    double valueAt(qreal x) const;

    void paint(QPainter& painter, const Colors& colors, NumberLineParts& parts);

private:
    struct Label
    {
        double position;
        QString text;
        bool strong;
    };

    void paintRegions(QPainter& painter, const Colors& colors);
    void paintAxis(QPainter& painter, const Colors& colors) const;
    void paintPoints(QPainter& painter, const Colors& colors, NumberLineParts& parts) const;
    void paintLabels(QPainter& painter, const Colors& colors, NumberLineParts& parts);
    bool placeLabel(QPainter& painter, const Label& label, const QColor& color,
                    NumberLineParts& parts);
    std::vector<Label> labels() const;
    std::vector<double> ticks() const;
    void paintTarget(QPainter& painter, const Colors& colors, NumberLineParts& parts) const;
    void paintMarker(QPainter& painter, const Colors& colors, NumberLineParts& parts) const;
    void paintBeyond(QPainter& painter, const QColor& color) const;
    bool isBeyond(double value) const;

    const NumberLineModel& m_model;
    QRectF m_area;
    QFont m_font;
    qreal m_left, m_right, m_axisY;
    std::vector<QRectF> m_taken; ///< places of labels that are painted already
};

} // namespace qbn::ui
