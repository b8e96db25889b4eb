#pragma once

#include "core/explain/diagnosis.h"
#include "ui/look/table_style.h"

#include <QAbstractTableModel>

namespace qbn::ui {

/// What may have happened: a diagnosis's explanations, best first.
class ExplanationModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Title,
        Explains, ///< "1 of 1"
        Chance, ///< how likely it fits by chance
        Gives, ///< the number it gives for the observation of setObservation()
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setDiagnosis(const Diagnosis& diagnosis);
    void setObservation(int index);

    const Explanation& explanationAt(int row) const;
    /// Title, formula and how people come to it, a line each.
    QString textAt(int row) const;

private:
    QVariant display(int row, int column) const;

    Diagnosis m_diagnosis;
    TableStyle m_style;
    int m_observation = 0;
};

/// "1 in 250"; "certain" where nearly every computation fits; "1 in 10^12".
QString chanceText(double probability);

} // namespace qbn::ui
