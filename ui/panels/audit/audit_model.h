#pragma once

#include "ui/look/table_style.h"
#include "ui/panels/audit/audit_runner.h"

#include <QAbstractTableModel>

namespace qbn::ui {

/// The audit of the selected layer, one row a channel; no rows until there is one.
class AuditModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Channel,
        Saturation, ///< percent of the inputs
        Used,
        Dead,
        Merged,
        Sqnr, ///< dB
        ColumnCount
    };

    explicit AuditModel(const AuditRunner& runner, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void refresh();
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant foreground(int row, int column) const;
    QString toolTip(int row, int column) const;
    const ChannelAudit& channelAt(int row) const;

    const AuditRunner& m_runner;
    TableStyle m_style;
    int m_rows = 0;
};

/// "4.55 %" and "19.98 dB"; "∞ dB" without any noise, "–" where there is no answer.
QString shareText(double share);
QString decibelText(double decibels);

} // namespace qbn::ui
