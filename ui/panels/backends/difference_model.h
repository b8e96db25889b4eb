#pragma once

#include "core/compare/difference.h"
#include "ui/table/table_model.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace qbn::ui {

/// Every intermediate of one input code in two backends, side by side, in the order of computation.
class DifferenceModel : public TableModel
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

    explicit DifferenceModel(QObject* parent = nullptr);

    /// `unknown`: what nobody gave; steps that depend on it are muted.
    void setDifference(std::shared_ptr<const Difference> difference,
                       const std::vector<Field>& unknown = {});

    /// Shows hexadecimal floats in place of decimals; integers stay as they are.
    void setHexadecimal(bool on);

protected:
    QVariant otherData(int row, int column, int role) const override;

private:
    const ComparedStep& step(int row) const;
    bool isSerious(int row) const;
    bool isPlaceholder(int row) const;
    TableColumn backendColumn(std::optional<TraceStep> ComparedStep::* value) const;
    QString stepText(const TraceStep& step) const;
    QString toolTipOf(const ComparedStep& step, const std::optional<TraceStep>& value,
                      const Backend& backend) const;

    std::shared_ptr<const Difference> m_difference;
    std::uint16_t m_unknown = 0; ///< as TraceStep::fields
    bool m_hexadecimal = false;
};

} // namespace qbn::ui
