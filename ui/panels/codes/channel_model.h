#pragma once

#include "ui/document/document.h"
#include "ui/table/table_model.h"

#include <optional>

namespace qbn::ui {

/// The channels of the selected layer, one row a channel. mean, var, gamma and beta are edited
/// through the document. What nobody gave is grey, and so is what is counted from it. Saturation
/// and differences come with the layer's summary; of a large layer they are the previous ones until
/// it arrives.
class ChannelModel : public TableModel
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

    /// Nothing for a column that is not edited.
    static std::optional<Field> fieldOf(int column);

private:
    void refresh();
    void refreshSummary();
    TableColumn fieldColumn(Field field, const QString& toolTip);
    TableColumn saturationColumn() const;
    TableColumn differColumn() const;
    const ChannelSummary* summaryOf(int row) const;
    bool isPlaceholder(int row) const;

    Document& m_document;
    std::shared_ptr<const BatchNormLayer> m_layer;
    std::shared_ptr<const LayerSummary> m_summary;
    int m_shownLayer = -1;
};

} // namespace qbn::ui
