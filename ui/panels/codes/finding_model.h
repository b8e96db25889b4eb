#pragma once

#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

#include <vector>

namespace qbn::ui {

/// What is wrong or unusual in the selected layer: errors, warnings, then notes; of each the
/// layer's own, then channel by channel.
class FindingModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        SeverityColumn, ///< icon and word
        Channel, ///< empty: the whole layer
        Sentence,
        ColumnCount
    };

    explicit FindingModel(Document& document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Finding& findingAt(int row) const { return *m_rows[static_cast<std::size_t>(row)]; }
    /// True while the findings of a large layer are being looked for.
    bool isPending() const { return m_document.evaluation().summary == nullptr; }
    QColor colorOf(Severity severity) const;

signals:
    /// isPending() may have changed.
    void refreshed();

private:
    void refresh();
    QVariant display(const Finding& finding, int column) const;
    QVariant sortKey(const Finding& finding, int column) const;

    Document& m_document;
    TableStyle m_style;
    std::shared_ptr<const LayerSummary> m_summary; ///< owns what m_rows points to
    std::vector<const Finding*> m_rows;
    int m_shownLayer = -1;
};

} // namespace qbn::ui
