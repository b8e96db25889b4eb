#pragma once

#include "ui/panels/audit/audit_runner.h"
#include "ui/table/table_model.h"

namespace qbn::ui {

/// The audit of the selected layer, one row a channel; no rows until there is one.
class AuditModel : public TableModel
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

    /// Mutes the numbers: they hang on what nobody gave.
    void setPlaceholder(bool on);

private:
    void refresh();
    void addCodeColumns(std::vector<TableColumn>& columns);
    const ChannelAudit& channelAt(int row) const;

    const AuditRunner& m_runner;
    bool m_isPlaceholder = false;
};

/// "4.55 %" and "19.98 dB"; "∞ dB" without any noise, "–" where there is no answer.
QString shareText(double share);
QString decibelText(double decibels);

} // namespace qbn::ui
