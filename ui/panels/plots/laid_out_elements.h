#pragma once

#include <QFont>
#include <QStaticText>
#include <qcustomplot.h>

namespace qbn::ui {

// Texts of a plot that are laid out when they change. QCustomPlot does it several times a frame,
// and with every edit comes a frame.

/// An entry of the legend for a graph.
class LegendEntry : public QCPPlottableLegendItem
{
public:
    LegendEntry(QCPLegend& legend, QCPGraph& graph);

protected:
    void draw(QCPPainter* painter) override;
    QSize minimumOuterSizeHint() const override;

private:
    void drawIcon(QCPPainter& painter, const QRect& place) const;
    const QStaticText& text() const;

    QCPGraph& m_graph;
    mutable QStaticText m_text;
    mutable QFont m_font; ///< that it was laid out in
};

/// A title that remembers its size.
class TitleElement : public QCPTextElement
{
public:
    using QCPTextElement::QCPTextElement;

protected:
    QSize minimumOuterSizeHint() const override { return sizes().least; }
    QSize maximumOuterSizeHint() const override { return sizes().most; }

private:
    struct Sizes
    {
        QString text;
        QFont font;
        QMargins margins;
        QSize least, most;
    };

    const Sizes& sizes() const;

    mutable Sizes m_sizes;
};

} // namespace qbn::ui
