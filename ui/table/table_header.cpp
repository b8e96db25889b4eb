#include "ui/table/table_header.h"

#include "ui/look/theme.h"

#include <QPainter>
#include <QPolygonF>

namespace qbn::ui {

namespace {

constexpr int arrowWidth = 6;

} // namespace

TableHeader::TableHeader(QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(12);
}

int TableHeader::widthFor(const QString& name) const
{
    return fontMetrics().horizontalAdvance(name) + 2 * m_padding + 2;
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int section) const
{
    const Colors colors = colorsFor(palette());
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const auto alignment = model()
                               ->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole)
                               .value<Qt::Alignment>();
    const bool right = alignment.testFlag(Qt::AlignRight);
    const QString name = model()->headerData(section, Qt::Horizontal).toString();
    const QRect inner = rect.adjusted(m_padding, 0, -m_padding, 0);

    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Base));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colors.line);
    painter->setFont(font());
    painter->setPen(sorted ? colors.text : colors.muted);
    painter->drawText(
        inner, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
        fontMetrics().elidedText(name, Qt::ElideRight, inner.width()));
    if (sorted) {
        // Above the name, so that no column has to be wider for it.
        const bool up = sortIndicatorOrder() == Qt::AscendingOrder;
        const qreal x = rect.center().x();
        const qreal tip = rect.top() + (up ? 1 : 5);
        const qreal foot = rect.top() + (up ? 4 : 2);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.code);
        painter->drawPolygon(
            QPolygonF({{x - arrowWidth / 2.0, foot}, {x + arrowWidth / 2.0, foot}, {x, tip}}));
    }
    painter->restore();
}

} // namespace qbn::ui

#include "moc_table_header.cpp"
