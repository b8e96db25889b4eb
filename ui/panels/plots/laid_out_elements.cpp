#include "ui/panels/plots/laid_out_elements.h"

namespace qbn::ui {

LegendEntry::LegendEntry(QCPLegend& legend, QCPGraph& graph)
    : QCPPlottableLegendItem(&legend, &graph)
    , m_graph(graph)
{
    m_text.setTextFormat(Qt::PlainText);
}

const QStaticText& LegendEntry::text() const
{
    const QFont font = getFont();
    if (m_text.text() != m_graph.name() || m_font != font) {
        m_text.setText(m_graph.name());
        m_text.prepare({}, font);
        m_font = font;
    }
    return m_text;
}

QSize LegendEntry::minimumOuterSizeHint() const
{
    const QSize icon = mParentLegend->iconSize();
    const QSizeF size = text().size();
    return {icon.width() + mParentLegend->iconTextPadding() + qCeil(size.width()) + mMargins.left()
                + mMargins.right(),
            std::max(qCeil(size.height()), icon.height()) + mMargins.top() + mMargins.bottom()};
}

void LegendEntry::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) { // text stays text
        QCPPlottableLegendItem::draw(painter);
        return;
    }
    const QSize icon = mParentLegend->iconSize();
    painter->setFont(getFont());
    painter->setPen(QPen(getTextColor()));
    painter->drawStaticText(mRect.left() + icon.width() + mParentLegend->iconTextPadding(),
                            mRect.top(), text());
    drawIcon(*painter, {mRect.topLeft(), icon});
}

/// As QCPGraph draws it, for entries of its own.
void LegendEntry::drawIcon(QCPPainter& painter, const QRect& place) const
{
    const QRectF icon(place);
    const double middle = icon.top() + icon.height() / 2;
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    if (m_graph.brush().style() != Qt::NoBrush)
        painter.fillRect(QRectF(icon.left(), middle, icon.width(), icon.height() / 3),
                         m_graph.brush());
    if (m_graph.lineStyle() != QCPGraph::lsNone) {
        painter.setAntialiasing(m_graph.antialiased());
        painter.setPen(m_graph.pen());
        painter.drawLine(QLineF(icon.left(), middle, icon.right() + 5, middle));
    }
    if (!m_graph.scatterStyle().isNone()) {
        painter.setAntialiasing(m_graph.antialiasedScatters());
        m_graph.scatterStyle().applyTo(&painter, m_graph.pen());
        m_graph.scatterStyle().drawShape(&painter, icon.center());
    }
    painter.restore();
}

const TitleElement::Sizes& TitleElement::sizes() const
{
    if (m_sizes.text != text() || m_sizes.font != font() || m_sizes.margins != margins()
        || m_sizes.most.isEmpty())
        m_sizes = {text(), font(), margins(), QCPTextElement::minimumOuterSizeHint(),
                   QCPTextElement::maximumOuterSizeHint()};
    return m_sizes;
}

} // namespace qbn::ui
