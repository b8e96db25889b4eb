#pragma once

#include <qcustomplot.h>

class QPainter;

namespace qbn::ui {

/// Qt 6 shares a fill of 96 rows or more among threads, and waits for them: half a millisecond for
/// what one thread does in a tenth of that. What is painted with every edit is painted in strips.
inline constexpr int rowsOfAStrip = 24;

/// A translucent rectangle behind the curves.
class PlotShade : public QCPItemRect
{
    Q_OBJECT

public:
    using QCPItemRect::QCPItemRect;

protected:
    void draw(QCPPainter* painter) override;
};

} // namespace qbn::ui
