#pragma once

#include "core/explain/diagnosis.h"
#include "ui/table/table_model.h"

#include <optional>

namespace qbn::ui {

/// What may have happened: a diagnosis's explanations, best first.
class ExplanationModel : public TableModel
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

    explicit ExplanationModel(QObject* parent = nullptr);

    void setDiagnosis(const Diagnosis& diagnosis);
    void setObservation(int index);

    const Explanation& explanationAt(int row) const;
    /// Title, formula and how people come to it, a line each.
    QString textAt(int row) const;

private:
    std::optional<double> given(int row) const;

    Diagnosis m_diagnosis;
    int m_observation = 0;
};

/// "1 in 250"; "certain" where nearly every computation fits; "1 in 10^12".
QString chanceText(double probability);

} // namespace qbn::ui
