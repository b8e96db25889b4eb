#pragma once

#include "ui/document/document.h"
#include "ui/table/table_model.h"

#include <vector>

namespace qbn::ui {

/// What is wrong or unusual in the selected layer: errors, warnings, then notes; of each the
/// layer's own, then channel by channel. At the end what the file has and no layer does.
class FindingModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        SeverityColumn, ///< icon and word
        Channel, ///< empty: the whole layer, or the file
        Sentence,
        ColumnCount
    };

    explicit FindingModel(Document& document, QObject* parent = nullptr);

    const Finding& findingAt(int row) const { return *m_rows[static_cast<std::size_t>(row)]; }
    /// True while the findings of a large layer are being looked for.
    bool isPending() const { return m_document.evaluation().summary == nullptr; }
    QColor colorOf(Severity severity) const;

signals:
    /// isPending() may have changed.
    void refreshed();

protected:
    QVariant otherData(int row, int column, int role) const override;

private:
    void refresh();
    std::vector<const Finding*> rowsNow() const;
    void take(std::vector<const Finding*> rows);

    Document& m_document;
    std::shared_ptr<const LayerSummary> m_summary; ///< owns what m_rows points to
    std::vector<std::string> m_notes;
    std::vector<Finding> m_ofFile; ///< m_notes, as findings
    std::vector<const Finding*> m_rows;
    int m_shownLayer = -1;
};

} // namespace qbn::ui
