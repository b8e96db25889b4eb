#pragma once

#include "ui/document/document.h"
#include "ui/document/model_survey.h"
#include "ui/table/table_model.h"

#include <vector>

namespace qbn::ui {

/// The layers of the model, one row a layer; what is not known yet is "…", and what hangs on values that nobody gave is grey.
class LayerModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Name,
        Channels,
        Differ, ///< input codes on which a compared backend differs
        Findings,
        Saturated, ///< percent of the input codes
        ColumnCount
    };

    explicit LayerModel(Document& document, QObject* parent = nullptr);

    void refresh();

private:
    QString placeholderText(int row) const;
    QVariant colorOf(int row, bool isProblem) const;
    TableColumn countColumn(const QString& title, const QString& toolTip,
                            std::function<int(const LayerDigest&)> count) const;
    TableColumn saturationColumn() const;
    const BatchNormLayer& layerAt(int row) const
    {
        return *m_layers[static_cast<std::size_t>(row)];
    }
    const LayerDigest* digest(int row) const { return m_document.survey().digest(row); }

    Document& m_document;
    std::vector<std::shared_ptr<const BatchNormLayer>> m_layers;
    std::vector<std::vector<Field>> m_unknown; ///< of each layer, what nobody gave
};

} // namespace qbn::ui
