#pragma once

#include "core/evaluate/fold.h"
#include "ui/document/document.h"
#include "ui/table/table_model.h"
#include <QHash>

#include <vector>

namespace qbn::ui {

/// The selected layer folded into the convolution before it, one row a channel. What the
/// convolution has is entered here; it is no part of the document, and kept for each layer until
/// another file is opened.
class FoldModel : public TableModel
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

    /// Sets WeightScale or Bias of these rows; rows that do not exist are passed over.
    void setNumbers(Column column, const std::vector<std::pair<int, double>>& numbers);

    /// Channels whose integer weights change their sign.
    int negated() const;

    /// All of it (core's fold_table).
    Table table() const;

private:
    void refresh();
    TableColumn convColumn(double ConvChannel::* number, Column column);
    TableColumn foldedColumn(double FoldedChannel::* number) const;
    std::vector<ConvChannel>& conv();
    QString negationToolTip(int row) const;

    Document& m_document;
    std::shared_ptr<const BatchNormLayer> m_layer;
    QHash<int, std::vector<ConvChannel>> m_conv; ///< by the layer's index
    std::vector<ConvChannel> m_shown;
    std::vector<FoldedChannel> m_folded;
};

} // namespace qbn::ui
