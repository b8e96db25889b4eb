#pragma once

#include <qcustomplot.h>

namespace qbn::ui {

/// Marks without a line; one on the upper or lower edge of the plot stands whole.
class MarkGraph : public QCPGraph
{
public:
    MarkGraph(QCPAxis* keys, QCPAxis* values)
        : QCPGraph(keys, values)
    {
        setLineStyle(lsNone);
        setAdaptiveSampling(false);
    }

protected:
    QRect clipRect() const override
    {
        constexpr int reach = 6; // of the largest mark, and its pen
        return QCPGraph::clipRect().adjusted(0, -reach, 0, reach);
    }
};

} // namespace qbn::ui
