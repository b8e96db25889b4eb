#pragma once

#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

namespace qbn::ui {

/// The channels of the selected layer, one row a channel. mean, var, gamma and beta are edited
/// through the document. Saturation and differences come with the layer's summary; of a large layer
/// they are the previous ones until it arrives.
class ChannelModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Number,
        Mean,
        Var,
        Gamma,
        Beta,
        Saturated, ///< percent of the input codes
        Differ, ///< input codes on which some backend differs from the chosen one
        ColumnCount
    };

    explicit ChannelModel(Document& document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void refresh();
    void refreshSummary();
    const ChannelSummary* summaryOf(int row) const;
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant foreground(int row, int column) const;
    QString toolTip(int row, int column) const;

    Document& m_document;
    TableStyle m_style;
    std::shared_ptr<const BatchNormLayer> m_layer;
    std::shared_ptr<const LayerSummary> m_summary;
    int m_shownLayer = -1;
};

} // namespace qbn::ui
