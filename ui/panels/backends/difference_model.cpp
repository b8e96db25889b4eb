#include "ui/panels/backends/difference_model.h"

#include "core/text/text_number.h"
#include "ui/table/table_roles.h"

#include <array>
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

} // namespace

void DifferenceModel::setDifference(std::shared_ptr<const Difference> difference)
{
    if (difference == m_difference)
        return;
    const bool sameRows
        = m_difference && difference && m_difference->steps.size() == difference->steps.size();
    if (!sameRows)
        beginResetModel();
    m_difference = std::move(difference);
    if (!sameRows)
        endResetModel();
    else
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DifferenceModel::setHexadecimal(bool on)
{
    m_hexadecimal = on;
    if (rowCount() > 0)
        emit dataChanged(index(0, First), index(rowCount() - 1, Exact));
}

int DifferenceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_difference ? 0 : static_cast<int>(m_difference->steps.size());
}

int DifferenceModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ComparedStep& shown = step(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(shown, column);
    case SortRole:
        return sortKey(shown, column);
    case Qt::ToolTipRole:
        return toolTip(shown, column);
    case Qt::ForegroundRole:
        return foreground(shown, column);
    case Qt::BackgroundRole:
        return m_difference->first_differing == static_cast<std::size_t>(index.row())
            ? QVariant(m_style.problemBackground())
            : QVariant();
    case Qt::TextAlignmentRole:
        return column == Step ? TableStyle::textAlignment() : TableStyle::numberAlignment();
    case Qt::FontRole:
        return column == Step ? QVariant() : m_style.numberFont();
    default:
        return {};
    }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Step ? TableStyle::textAlignment() : TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{tr("intermediate"), tr("chosen"), tr("other"),
                                                     tr("ulp"), tr("exact")};
        return names[at];
    }
    if (role == Qt::ToolTipRole && m_difference) {
        const std::array<QString, ColumnCount> tips{
            tr("In the order of computation; the first that differs is marked"),
            tr("What %1 computes").arg(textOf(m_difference->first->title)),
            tr("What %1 computes").arg(textOf(m_difference->second->title)),
            tr("Other less chosen, in units in the last place of the coarser of the two"),
            tr("What mathematics gives, rounded to binary64")};
        return tips[at];
    }
    return {};
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

QString DifferenceModel::display(const ComparedStep& step, int column) const
{
    switch (column) {
    case Step:
        return textOf(step.name);
    case First:
        return step.first ? stepText(*step.first) : QString();
    case Second:
        return step.second ? stepText(*step.second) : QString();
    case Ulp:
        // Few digits are enough for a distance.
        return step.ulp ? QString::fromStdString(format_number(static_cast<float>(*step.ulp)))
                        : QString();
    default:
        if (!step.exact)
            return {};
        return m_hexadecimal ? hexadecimalText(*step.exact) : numberText(*step.exact);
    }
}

QVariant DifferenceModel::sortKey(const ComparedStep& step, int column) const
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    switch (column) {
    case Step:
        return textOf(step.name);
    case First:
        return step.first ? step.first->value : none;
    case Second:
        return step.second ? step.second->value : none;
    case Ulp:
        return step.ulp.value_or(none);
    default:
        return step.exact.value_or(none);
    }
}

QVariant DifferenceModel::foreground(const ComparedStep& step, int column) const
{
    const Colors& colors = m_style.colors();
    switch (column) {
    case Second:
        return step.differs() ? colors.problem : colors.text;
    case Ulp:
        return step.differs() ? colors.problem : colors.muted;
    case Exact:
        return colors.muted;
    default:
        return {};
    }
}

QString DifferenceModel::toolTip(const ComparedStep& step, int column) const
{
    const auto of = [&](const std::optional<TraceStep>& value, const Backend& backend) {
        const QString name = textOf(step.name);
        const QString title = textOf(backend.title);
        if (!value)
            return tr("%1 has no %2").arg(title, name);
        return tr("%1 in %2: %3\n%4").arg(name, title, fullText(*value), textOf(value->formula));
    };
    switch (column) {
    case First:
        return of(step.first, *m_difference->first);
    case Second:
        return of(step.second, *m_difference->second);
    case Ulp:
        return step.ulp ? tr("%1 units in the last place").arg(numberText(*step.ulp)) : QString();
    case Exact:
        return step.exact ? tr("%1 in exact mathematics, rounded once: %2")
                                .arg(textOf(step.name),
                                     fullText({.value = *step.exact, .format = Format::binary64}))
                          : tr("Mathematics has no %1").arg(textOf(step.name));
    default:
        return of(step.first, *m_difference->first) + u'\n'
            + of(step.second, *m_difference->second);
    }
}

} // namespace qbn::ui
