#pragma once

#include "ui/document/document.h"
#include "ui/table/table_model.h"

#include <functional>

namespace qbn::ui {

/// All input codes of the selected channel, one row a code.
class CodeModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        InputCode,
        Dequantized, ///< binary32, as frameworks print it
        Normalized,
        Affine,
        Requantized, ///< before rounding and clamp, zero point included
        Margin, ///< from there to where the output code changes, in output steps
        OutputCode,
        OutputValue,
        SaturationColumn,
        Agreement, ///< "tie" or "near tie", and the compared backends that differ with their
        ///< codes; empty where all is plain
        ColumnCount
    };

    explicit CodeModel(Document& document, QObject* parent = nullptr);

protected:
    QVariant otherData(int row, int column, int role) const override;

private:
    void refresh();
    /// Against what is shown.
    bool changed(const std::vector<CodeRow>& rows, int column) const;
    const CodeRow& row(int row) const;
    void addStages(std::vector<TableColumn>& columns) const;
    void addResults(std::vector<TableColumn>& columns) const;
    TableColumn marginColumn() const;
    TableColumn agreementColumn() const;
    QString agreement(int row) const;
    QString agreementToolTip(int row) const;
    /// Visits the compared backends that give another code than the chosen one.
    void forDiffering(int row,
                      const std::function<void(const Backend&, std::int32_t)>& visit) const;
    QString toolTip(int row, int column) const;
    /// Nobody gave a value that the column depends on.
    bool isPlaceholder(int column) const;

    Document& m_document;
    std::vector<CodeRow> m_shown; ///< by what the views were told last
    std::vector<Field> m_unknown; ///< fields of the selected channel
    CodeType m_type; ///< of the input: with it the rows stand or fall
};

} // namespace qbn::ui
