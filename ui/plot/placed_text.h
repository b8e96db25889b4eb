#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// A text of a plot that is told in pixels where it stands, with its padding, and is measured only when it changes.
class PlacedText : public QCPItemText
{
public:
    /// Above all else, and not cut at the axes.
    explicit PlacedText(QCustomPlot& canvas);

    /// Lying, whatever the rotation.
    QSizeF size() const;
    void placeIn(const QRectF& place);

private:
    mutable QSizeF m_size;
    mutable QString m_measured;
    mutable QFont m_measuredFont;
};

} // namespace qbn::ui
