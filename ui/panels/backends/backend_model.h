#pragma once

#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

namespace qbn::ui {

/// What every backend makes of the current code, and on how many codes of the channel it differs
/// from the chosen one.
class BackendModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Title,
        BeforeRounding, ///< in output steps, zero point included
        Code,
        Differ,
        ColumnCount
    };

    explicit BackendModel(Document& document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Backend& backendAt(int row) const;
    int chosenRow() const;

private:
    void refresh();
    const BackendResult& result(int row) const;
    double beforeRounding(int row) const;
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant foreground(int row, int column) const;
    QString toolTip(int row) const;

    Document& m_document;
    TableStyle m_style;
};

} // namespace qbn::ui
