#include "ui/panels/codes/finding_delegate.h"

#include "ui/look/theme.h"
#include "ui/panels/codes/finding_model.h"

#include <QAbstractItemView>
#include <QIcon>
#include <QPainter>

namespace qbn::ui {

namespace {

constexpr int margin = 6;
constexpr int signWidth = 22;

QString heading(const QModelIndex& index)
{
    const QString severity = index.siblingAtColumn(FindingModel::SeverityColumn).data().toString();
    const QString channel = index.siblingAtColumn(FindingModel::Channel).data().toString();
    return channel.isEmpty() ? severity
                             : FindingDelegate::tr("%1 · channel %2").arg(severity, channel);
}

int listWidth(const QStyleOptionViewItem& option)
{
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    return view ? view->viewport()->width() : option.rect.width();
}

} // namespace

void FindingDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Colors colors = colorsFor(option.palette);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, colors.currentRow);
    const QModelIndex severity = index.siblingAtColumn(FindingModel::SeverityColumn);
    const int line = option.fontMetrics.height();
    const QRect box = option.rect.adjusted(margin, margin / 2, -margin, -margin / 2);
    severity.data(Qt::DecorationRole)
        .value<QIcon>()
        .paint(painter, QRect(box.left(), box.top(), line, line));

    const QRect text = box.adjusted(signWidth, 0, 0, 0);
    painter->setFont(option.font);
    painter->setPen(severity.data(Qt::ForegroundRole).value<QColor>());
    painter->drawText(text, Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine, heading(index));
    painter->setPen(colors.text);
    painter->drawText(text.adjusted(0, line, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                      index.data().toString());
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(colors.code);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

QSize FindingDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int width = listWidth(option);
    const int room = qMax(60, width - 2 * margin - signWidth);
    const QRect wrapped = option.fontMetrics.boundingRect(
        QRect(0, 0, room, 10000), Qt::AlignLeft | Qt::TextWordWrap, index.data().toString());
    return {width, option.fontMetrics.height() + wrapped.height() + margin};
}

} // namespace qbn::ui

#include "moc_finding_delegate.cpp"
