#pragma once

#include <QSortFilterProxyModel>

namespace qbn::ui {

/// Sorts by SortRole. NaN stands behind all numbers and equals itself, so the order is one; equal
/// cells stay in the order of the source.
class NumberSortProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit NumberSortProxy(QObject* parent = nullptr);

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

} // namespace qbn::ui
