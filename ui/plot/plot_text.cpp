#include "ui/plot/plot_text.h"

namespace qbn::ui {

QSizeF PlotText::textSize() const
{
    return m_texts.of(mText, mainFont()).size();
}

void PlotText::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmVectorized) || mText.isEmpty()) {
        QCPItemText::draw(painter);
        return;
    }
    const QStaticText& text = m_texts.of(mText, mainFont());
    const QRectF box = QRectF(QPointF(), text.size()).marginsAdded(mPadding);
    const QPoint corner = getTextDrawPoint(QPointF(), box, mPositionAlignment).toPoint();
    painter->save();
    painter->translate(position->pixelPosition());
    painter->rotate(mRotation);
    painter->fillRect(box.translated(corner - box.topLeft()), mainBrush());
    painter->setFont(mainFont());
    painter->setPen(mainColor());
    painter->drawStaticText(corner + QPoint(mPadding.left(), mPadding.top()), text);
    painter->restore();
}

LegendEntry::LegendEntry(QCPLegend& legend, PlotCurve& curve, LaidOutTexts& texts)
    : QCPPlottableLegendItem(&legend, &curve)
    , m_curve(curve)
    , m_texts(texts)
{ }

const QStaticText& LegendEntry::text() const
{
    return m_texts.of(m_curve.name(), getFont());
}

QSize LegendEntry::minimumOuterSizeHint() const
{
    const QSize icon = mParentLegend->iconSize();
    const QSizeF words = text().size();
    const QSize content(icon.width() + mParentLegend->iconTextPadding() + qCeil(words.width()),
                        std::max(icon.height(), qCeil(words.height())));
    return content.grownBy(mMargins);
}

void LegendEntry::draw(QCPPainter* painter)
{
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) {
        QCPPlottableLegendItem::draw(painter);
        return;
    }
    const QRect icon(mRect.topLeft(), mParentLegend->iconSize());
    painter->setFont(getFont());
    painter->setPen(getTextColor());
    painter->drawStaticText(icon.topRight() + QPoint(1 + mParentLegend->iconTextPadding(), 0),
                            text());
    painter->save();
    painter->setClipRect(icon, Qt::IntersectClip);
    m_curve.drawLegendIcon(painter, icon);
    painter->restore();
}

} // namespace qbn::ui
