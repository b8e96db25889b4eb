#pragma once

#include "core/compare/difference.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

#include <memory>

namespace qbn::ui {

/// Every intermediate of one input code in two backends, side by side, in the order of computation.
class DifferenceModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Step,
        First, ///< what the chosen backend has
        Second, ///< what the other one has
        Ulp, ///< second - first, in units in the last place
        Exact,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setDifference(std::shared_ptr<const Difference> difference);

    /// Shows hexadecimal floats in place of decimals; integers stay as they are.
    void setHexadecimal(bool on);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const ComparedStep& step(int row) const;
    QString display(const ComparedStep& step, int column) const;
    QVariant sortKey(const ComparedStep& step, int column) const;
    QVariant foreground(const ComparedStep& step, int column) const;
    QString toolTip(const ComparedStep& step, int column) const;
    QString stepText(const TraceStep& step) const;

    TableStyle m_style;
    std::shared_ptr<const Difference> m_difference;
    bool m_hexadecimal = false;
};

} // namespace qbn::ui
