#pragma once

#include "ui/document/document.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

namespace qbn::ui {

/// The selected layer's observations, one row each, and what the chosen backend and the others say
/// to them. Every number of an observation is edited through the document; a real value finds its
/// code. What the report says stands after setReport().
class ObservationModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Channel,
        InputCode,
        OutputCode,
        Predicted, ///< by the chosen backend
        Match, ///< whether that is what was observed
        InputValue,
        OutputValue,
        Backends, ///< all that give the observed code
        ColumnCount
    };

    explicit ObservationModel(Document& document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Observation& observationAt(int row) const;

    /// Takes over the document's layer.
    void refresh();
    /// The layer's report; null: there is none yet, or none can be made.
    void setReport(const Report* report);

signals:
    /// Why the last edit changed nothing; empty for one that did.
    void refused(const QString& reason);

private:
    const ExplainedObservation* explainedAt(int row) const;
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant foreground(int row, int column) const;
    QString toolTip(int row, int column) const;
    double realValue(int row, int column) const;

    Document& m_document;
    TableStyle m_style;
    std::shared_ptr<const BatchNormLayer> m_layer;
    std::vector<ExplainedObservation> m_explained;
    bool m_isPredicted = false; ///< no: a placeholder would stand in what the backends give
};

} // namespace qbn::ui
