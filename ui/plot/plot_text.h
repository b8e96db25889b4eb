#pragma once

#include "ui/draw/laid_out_texts.h"
#include "ui/plot/plot_curve.h"

#include <qcustomplot.h>

namespace qbn::ui {

/// A text on a plot, drawn as QCPItemText draws it, but laid out once for each new text: what
/// stands at the cursor changes with every edit, and QCustomPlot lays a text out twice a frame.
class PlotText : public QCPItemText
{
    Q_OBJECT

public:
    using QCPItemText::QCPItemText;

    /// Without padding.
    QSizeF textSize() const;

protected:
    void draw(QCPPainter* painter) override;

private:
    mutable LaidOutTexts m_texts;
};

/// The same for an entry of the legend, whose name may have a number in it.
class LegendEntry : public QCPPlottableLegendItem
{
    Q_OBJECT

public:
    /// `texts` is shared by all entries, and outlives the painting of them.
    LegendEntry(QCPLegend& legend, PlotCurve& curve, LaidOutTexts& texts);

protected:
    void draw(QCPPainter* painter) override;
    QSize minimumOuterSizeHint() const override;

private:
    const QStaticText& text() const;

    PlotCurve& m_curve;
    LaidOutTexts& m_texts;
};

} // namespace qbn::ui
