#include "ui/panels/explain/explanation_model.h"

#include "ui/table/table_roles.h"

#include <QLocale>

#include <array>
#include <cmath>

namespace qbn::ui {

QString chanceText(double probability)
{
    if (!(probability > 0))
        return ExplanationModel::tr("below 1 in 10^300");
    const double odds = 1 / probability;
    if (odds < 1.05)
        return ExplanationModel::tr("certain");
    if (odds < 9.95)
        return ExplanationModel::tr("1 in %1").arg(QString::number(odds, 'g', 2));
    if (odds < 1e6) {
        // Two digits are all that the model is good for.
        const double step = std::pow(10, std::floor(std::log10(odds)) - 1);
        return ExplanationModel::tr("1 in %1").arg(
            QLocale(QLocale::English).toString(std::rint(odds / step) * step, 'f', 0));
    }
    return ExplanationModel::tr("1 in 10^%1").arg(std::lround(std::log10(odds)));
}

int ExplanationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_diagnosis.explanations.size());
}

int ExplanationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ExplanationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), index.column());
    case SortRole:
        if (index.column() == Gives)
            return display(index.row(), index.column()).toString().toDouble();
        return display(index.row(), index.column());
    case Qt::ToolTipRole:
        return textAt(index.row());
    case Qt::ForegroundRole:
        if (index.column() == Explains)
            return explanationAt(index.row()).explains_all() ? m_style.colors().real
                                                             : m_style.colors().muted;
        return {};
    case Qt::TextAlignmentRole:
        return index.column() == Gives ? TableStyle::numberAlignment()
                                       : TableStyle::textAlignment();
    case Qt::FontRole:
        return index.column() == Gives ? m_style.numberFont() : QVariant();
    default:
        return {};
    }
}

QVariant ExplanationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::TextAlignmentRole)
        return section == Gives ? TableStyle::numberAlignment() : TableStyle::textAlignment();
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{tr("explanation"), tr("explains"),
                                                     tr("chance"), tr("gives")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("What was computed, the more likely first"), tr("How many observations it gives"),
            tr("How likely it is that an explanation of this kind fits as well by chance"),
            tr("The number that it gives for the current observation")};
        return tips[at];
    }
    return {};
}

void ExplanationModel::setDiagnosis(const Diagnosis& diagnosis)
{
    // An edit that leaves as many of them changes no row's place.
    const bool sameRows = diagnosis.explanations.size() == m_diagnosis.explanations.size();
    if (!sameRows)
        beginResetModel();
    m_diagnosis = diagnosis;
    if (!sameRows)
        endResetModel();
    else if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void ExplanationModel::setObservation(int observation)
{
    m_observation = observation;
    if (rowCount() > 0)
        emit dataChanged(index(0, Gives), index(rowCount() - 1, Gives));
}

const Explanation& ExplanationModel::explanationAt(int row) const
{
    return m_diagnosis.explanations[static_cast<std::size_t>(row)];
}

QString ExplanationModel::textAt(int row) const
{
    const Explanation& explanation = explanationAt(row);
    QStringList lines{QString::fromStdString(title_of(explanation)),
                      QString::fromStdString(formula_of(explanation)),
                      textOf(explanation.recipe->explanation)};
    if (explanation.second != nullptr)
        lines += textOf(explanation.second->explanation);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

QVariant ExplanationModel::display(int row, int column) const
{
    const Explanation& explanation = explanationAt(row);
    switch (column) {
    case Title:
        return QString::fromStdString(title_of(explanation));
    case Explains:
        return tr("%1 of %2").arg(explanation.explains).arg(explanation.of);
    case Chance:
        return explanation.explains == 0 ? QStringLiteral("–")
                                         : chanceText(explanation.coincidence);
    default: {
        const auto at = static_cast<std::size_t>(m_observation);
        return at < explanation.codes.size() ? numberText(explanation.codes[at]) : QString();
    }
    }
}

} // namespace qbn::ui
