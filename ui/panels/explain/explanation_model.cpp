#include "ui/panels/explain/explanation_model.h"

#include <QLocale>

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

ExplanationModel::ExplanationModel(QObject* parent)
    : TableModel(parent)
{
    const auto tip = [this](int row) { return textAt(row); };
    setColumns(
        {{.kind = TableColumn::Kind::Text,
          .title = tr("explanation"),
          .toolTip = tr("What was computed, the more likely first"),
          .text = [this](int row) { return QString::fromStdString(title_of(explanationAt(row))); },
          .cellToolTip = tip},
         {.kind = TableColumn::Kind::Text,
          .title = tr("explains"),
          .toolTip = tr("How many observations it gives"),
          .text =
              [this](int row) {
                  const Explanation& explanation = explanationAt(row);
                  return tr("%1 of %2").arg(explanation.explains).arg(explanation.of);
              },
          .color =
              [this](int row) {
                  return explanationAt(row).explains_all() ? colors().real : colors().muted;
              },
          .cellToolTip = tip},
         {.kind = TableColumn::Kind::Text,
          .title = tr("chance"),
          .toolTip = tr("How likely it is that an explanation of this kind fits as well by chance"),
          .text =
              [this](int row) {
                  const Explanation& explanation = explanationAt(row);
                  return explanation.explains == 0 ? QStringLiteral("–")
                                                   : chanceText(explanation.coincidence);
              },
          .cellToolTip = tip},
         {.title = tr("gives"),
          .toolTip = tr("The number that it gives for the current observation"),
          .value = [this](int row) { return given(row).value_or(0); },
          .text =
              [this](int row) {
                  const std::optional<double> number = given(row);
                  return number ? numberText(*number) : QString();
              },
          .cellToolTip = tip}});
}

void ExplanationModel::setDiagnosis(const Diagnosis& diagnosis)
{
    change(static_cast<int>(diagnosis.explanations.size()), [&] { m_diagnosis = diagnosis; });
}

void ExplanationModel::setObservation(int observation)
{
    m_observation = observation;
    emitChanged(Gives, Gives);
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

std::optional<double> ExplanationModel::given(int row) const
{
    const std::vector<double>& codes = explanationAt(row).codes;
    const auto at = static_cast<std::size_t>(m_observation);
    return at < codes.size() ? std::optional(codes[at]) : std::nullopt;
}

} // namespace qbn::ui

#include "moc_explanation_model.cpp"
