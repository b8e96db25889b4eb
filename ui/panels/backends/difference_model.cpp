#include "ui/panels/backends/difference_model.h"

#include "core/text/text_number.h"

#include <limits>
#include <utility>

namespace qbn::ui {

namespace {

using Format = TraceStep::Format;

QString decimalText(const TraceStep& step)
{
    return step.format == Format::binary32
        ? QString::fromStdString(format_number(static_cast<float>(step.value)))
        : numberText(step.value);
}

QString hexadecimalText(double value)
{
    return QString::fromStdString(format_hex(value));
}

/// All digits, and the bits where they say more.
QString fullText(const TraceStep& step)
{
    if (step.format == Format::integer)
        return decimalText(step);
    return QStringLiteral("%1 (%2)").arg(decimalText(step), hexadecimalText(step.value));
}

constexpr double none = std::numeric_limits<double>::quiet_NaN();

} // namespace

DifferenceModel::DifferenceModel(QObject* parent)
    : TableModel(parent)
{
    TableColumn first = backendColumn(&ComparedStep::first);
    first.title = tr("chosen");
    first.cellToolTip
        = [this](int row) { return toolTipOf(step(row), step(row).first, *m_difference->first); };
    TableColumn second = backendColumn(&ComparedStep::second);
    second.title = tr("other");
    second.color = [this](int row) {
        if (isPlaceholder(row))
            return colors().muted;
        return isSerious(row) ? colors().problem : colors().text;
    };
    second.cellToolTip
        = [this](int row) { return toolTipOf(step(row), step(row).second, *m_difference->second); };
    const auto both
        = [=](int row) { return first.cellToolTip(row) + u'\n' + second.cellToolTip(row); };
    setColumns(
        {{.kind = TableColumn::Kind::Text,
          .title = tr("intermediate"),
          .toolTip = tr(
              "In the order of computation; where the codes differ, the first that does is marked"),
          .value = [this](int row) { return textOf(step(row).name); },
          .cellToolTip = both},
         first,
         second,
         {.title = tr("ulp"),
          .toolTip = tr("Other less chosen, in units in the last place of the coarser of the two"),
          .value = [this](int row) { return step(row).ulp.value_or(none); },
          // Few digits are enough for a distance.
          .text =
              [this](int row) {
                  const auto& ulp = step(row).ulp;
                  return ulp ? numberText(static_cast<float>(*ulp)) : QString();
              },
          .color =
              [this](int row) {
                  const QColor differing = isSerious(row) ? colors().problem : colors().text;
                  return step(row).differs() ? differing : colors().muted;
              },
          .cellToolTip =
              [this](int row) {
                  const auto& ulp = step(row).ulp;
                  return ulp ? tr("%1 units in the last place").arg(numberText(*ulp)) : QString();
              }},
         {.title = tr("exact"),
          .toolTip = tr("What mathematics gives, rounded to binary64"),
          .value = [this](int row) { return step(row).exact.value_or(none); },
          .text =
              [this](int row) {
                  const auto& exact = step(row).exact;
                  if (!exact)
                      return QString();
                  return m_hexadecimal ? hexadecimalText(*exact) : numberText(*exact);
              },
          .color = [this](int) { return colors().muted; },
          .cellToolTip =
              [this](int row) {
                  const QString name = textOf(step(row).name);
                  if (!step(row).exact)
                      return tr("Mathematics has no %1").arg(name);
                  return tr("%1 in exact mathematics, rounded once: %2")
                      .arg(name, fullText({.value = *step(row).exact, .format = Format::binary64}));
              }}});
}

TableColumn DifferenceModel::backendColumn(std::optional<TraceStep> ComparedStep::* value) const
{
    return {.value =
                [=, this](int row) {
                    const std::optional<TraceStep>& here = step(row).*value;
                    return here ? here->value : none;
                },
            .text =
                [=, this](int row) {
                    const std::optional<TraceStep>& here = step(row).*value;
                    return here ? stepText(*here) : QString();
                },
            .color
            = [this](int row) { return isPlaceholder(row) ? colors().muted : colors().text; }};
}

void DifferenceModel::setDifference(std::shared_ptr<const Difference> difference,
                                    const std::vector<Field>& unknown)
{
    std::uint16_t fields = 0;
    for (const Field field : unknown)
        fields = static_cast<std::uint16_t>(fields | 1U << static_cast<unsigned>(field));
    const bool isOther = std::exchange(m_unknown, fields) != fields;
    if (difference == m_difference && isOther)
        emitChanged(First, Exact);
    if (difference == m_difference)
        return;
    change(difference ? static_cast<int>(difference->steps.size()) : 0, [&] {
        m_difference = std::move(difference);
        if (!m_difference)
            return;
        column(First).toolTip = tr("What %1 computes").arg(textOf(m_difference->first->title));
        column(Second).toolTip = tr("What %1 computes").arg(textOf(m_difference->second->title));
    });
}

void DifferenceModel::setHexadecimal(bool on)
{
    m_hexadecimal = on;
    emitChanged(First, Exact);
}

QVariant DifferenceModel::otherData(int row, int /*column*/, int role) const
{
    const bool isFirst = m_difference->first_differing == static_cast<std::size_t>(row);
    return role == Qt::BackgroundRole && isFirst && isSerious(row)
        ? QVariant(style().problemBackground())
        : QVariant();
}

/// Intermediates differ nearly always: that is wrong only where the codes do.
bool DifferenceModel::isSerious(int row) const
{
    return step(row).differs()
        && m_difference->first_trace.result.output_code
        != m_difference->second_trace.result.output_code;
}

/// The same name is the same quantity in both, so what one of them does not need it does not hang on.
bool DifferenceModel::isPlaceholder(int row) const
{
    std::uint16_t fields = m_unknown;
    for (const auto* const value : {&step(row).first, &step(row).second})
        if (value->has_value())
            fields = static_cast<std::uint16_t>(fields & (*value)->fields);
    return fields != 0;
}

const ComparedStep& DifferenceModel::step(int row) const
{
    return m_difference->steps[static_cast<std::size_t>(row)];
}

QString DifferenceModel::stepText(const TraceStep& step) const
{
    return m_hexadecimal && step.format != Format::integer ? hexadecimalText(step.value)
                                                           : decimalText(step);
}

QString DifferenceModel::toolTipOf(const ComparedStep& step, const std::optional<TraceStep>& value,
                                   const Backend& backend) const
{
    const QString name = textOf(step.name);
    const QString title = textOf(backend.title);
    if (!value)
        return tr("%1 has no %2").arg(title, name);
    return tr("%1 in %2: %3\n%4").arg(name, title, fullText(*value), textOf(value->formula));
}

} // namespace qbn::ui

#include "moc_difference_model.cpp"
