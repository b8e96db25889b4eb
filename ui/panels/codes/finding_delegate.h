#pragma once

#include <QStyledItemDelegate>

namespace qbn::ui {

/// A finding as its sign, "warning · channel 2" and the sentence below, wrapped to the width of the
/// list.
class FindingDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace qbn::ui
