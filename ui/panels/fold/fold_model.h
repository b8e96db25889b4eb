#pragma once

#include "core/evaluate/fold.h"
#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>
#include <QHash>

#include <vector>

namespace qbn::ui {

/// The selected layer folded into the convolution before it, one row a channel. What the
/// convolution has is entered here; it is no part of the document, and kept for each layer until
/// another file is opened.
class FoldModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Channel,
        WeightScale, ///< of the convolution, edited
        Bias, ///< of the convolution, edited
        Factor,
        FoldedScale,
        FoldedBias,
        ColumnCount
    };

    explicit FoldModel(Document& document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Sets WeightScale or Bias of these rows; rows that do not exist are passed over.
    void setNumbers(Column column, const std::vector<std::pair<int, double>>& numbers);

    /// All of it (core's fold_table).
    Table table() const;

private:
    void refresh();
    double number(int row, int column) const;
    std::vector<ConvChannel>& conv();
    QString toolTip(const QModelIndex& index) const;

    Document& m_document;
    TableStyle m_style;
    std::shared_ptr<const BatchNormLayer> m_layer;
    QHash<int, std::vector<ConvChannel>> m_conv; ///< by the layer's index
    std::vector<ConvChannel> m_shown;
    std::vector<FoldedChannel> m_folded;
};

} // namespace qbn::ui
