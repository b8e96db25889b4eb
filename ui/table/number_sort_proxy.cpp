#include "ui/table/number_sort_proxy.h"

#include "ui/table/table_roles.h"

#include <cmath>

namespace qbn::ui {

NumberSortProxy::NumberSortProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
}

bool NumberSortProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.typeId() == QMetaType::QString)
        return a.toString() < b.toString();
    const double x = a.toDouble();
    const double y = b.toDouble();
    return std::isnan(y) ? !std::isnan(x) : x < y;
}

} // namespace qbn::ui

#include "moc_number_sort_proxy.cpp"
