#pragma once

#include "ui/document/document.h"
#include "ui/table/table_model.h"

namespace qbn::ui {

/// The selected layer's observations, one row each, and what the chosen backend and the others say
/// to them. Every number of an observation is edited through the document; a real value finds its
/// code. What the report says stands after setReport(). Below them may stand a draft, which is no
/// observation until its output is typed.
class ObservationModel : public TableModel
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

    const Observation& observationAt(int row) const;

    /// Takes over the document's layer.
    void refresh();

    /// A row at the end for an observation at this channel and code, in place of the former draft.
    void setDraft(int channel, std::int32_t inputCode);
    void dropDraft();
    bool hasDraft() const { return m_hasDraft; }
    bool isDraft(int row) const;

    /// The layer's report; null: there is none yet, or none can be made.
    void setReport(const Report* report);

signals:
    /// Why the last edit changed nothing; empty for one that did.
    void refused(const QString& reason);

private:
    const ExplainedObservation* explainedAt(int row) const;
    TableColumn numberColumn(Column column, const QString& title, const QString& toolTip);
    TableColumn predictedColumn() const;
    TableColumn matchColumn() const;
    TableColumn backendsColumn() const;
    bool edit(int row, Column column, const QString& typed);
    void take(int row, Column column, const Observation& after);
    QString rowToolTip(int row) const;
    void showRows();
    QVariant verdictColor(int row) const;
    QString predictionToolTip(int row) const;
    double realValue(int row, int column) const;

    Document& m_document;
    std::shared_ptr<const BatchNormLayer> m_layer;
    Observation m_draft; ///< all but its output
    bool m_hasDraft = false;
    int m_draftLayer = 0;
    std::vector<ExplainedObservation> m_explained;
    bool m_isPredicted = false; ///< no: a placeholder would stand in what the backends give
};

} // namespace qbn::ui
