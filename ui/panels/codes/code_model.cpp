#include "ui/panels/codes/code_model.h"

#include "core/layer/same_bits.h"
#include "ui/table/table_roles.h"

#include <algorithm>
#include <array>

namespace qbn::ui {

namespace {

bool isText(int column)
{
    return column == CodeModel::SaturationColumn || column == CodeModel::Agreement;
}

bool sameCell(const CodeRow& a, const CodeRow& b, int column)
{
    switch (column) {
    case CodeModel::InputCode:
        return a.input_code == b.input_code;
    case CodeModel::Dequantized:
        return same_bits(a.dequantized, b.dequantized);
    case CodeModel::Normalized:
        return same_bits(a.exact.normalized, b.exact.normalized);
    case CodeModel::Affine:
        return same_bits(a.exact.affine, b.exact.affine);
    case CodeModel::Requantized:
        return same_bits(a.exact.requantized, b.exact.requantized);
    case CodeModel::OutputCode:
        return a.output_code == b.output_code;
    case CodeModel::OutputValue:
        return same_bits(a.output_value, b.output_value);
    case CodeModel::SaturationColumn:
        return a.saturation == b.saturation;
    case CodeModel::Margin:
        return same_bits(a.margin.steps, b.margin.steps) && same_bits(a.margin.ulp, b.margin.ulp)
            && a.margin.tie == b.margin.tie && a.margin.near_tie() == b.margin.near_tie();
    default: // the agreement names backends and their codes, which a row does not hold
        return false;
    }
}

} // namespace

CodeModel::CodeModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
    , m_shown(document.evaluation().rows)
    , m_type(document.layer().input.type)
{
    connect(&document, &Document::changed, this, &CodeModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
}

int CodeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_type.count();
}

int CodeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CodeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), column);
    case SortRole:
        return sortKey(index.row(), column);
    case Qt::ToolTipRole:
        return toolTip(index.row(), column);
    case Qt::ForegroundRole:
        return foreground(index.row(), column);
    case Qt::BackgroundRole:
        return row(index.row()).differs ? QVariant(m_style.problemBackground()) : QVariant();
    case Qt::TextAlignmentRole:
        return isText(column) ? TableStyle::textAlignment() : TableStyle::numberAlignment();
    case Qt::FontRole:
        return isText(column) ? QVariant() : m_style.numberFont();
    default:
        return {};
    }
}

QVariant CodeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return isText(section) ? TableStyle::textAlignment() : TableStyle::numberAlignment();
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{
            tr("input code"),  tr("dequantized"), tr("normalized"),  tr("affine"),
            tr("requantized"), tr("margin"),      tr("output code"), tr("output value"),
            tr("saturation"),  tr("agreement")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("The code that comes in"),
            tr("Its real value, binary32 as frameworks print it"),
            tr("(dequantized - mean) / sqrt(var + eps), exact"),
            tr("gamma * normalized + beta, exact"),
            tr("affine / output scale + output zero point, exact, before rounding and clamp"),
            tr("From the exact value to where the output code changes, in output steps"),
            tr("The code that the chosen backend gives"),
            tr("The real value of the output code, binary32 as frameworks print it"),
            tr("The end of the output's range at which the code was clamped"),
            tr("Ties and near ties, and the compared backends that give another code")};
        return tips[at];
    }
    return {};
}

void CodeModel::refresh()
{
    const CodeType type = m_document.layer().input.type;
    if (type != m_type) {
        beginResetModel();
        m_type = type;
        m_shown = m_document.evaluation().rows;
        endResetModel();
        return;
    }
    // An edit seldom changes all stages: a table repaints, and sorts by, only what did change.
    const std::vector<CodeRow>& rows = m_document.evaluation().rows;
    int first = 0;
    while (first < ColumnCount) {
        int last = first;
        while (last < ColumnCount && changed(rows, last))
            ++last;
        if (last > first)
            emit dataChanged(index(0, first), index(rowCount() - 1, last - 1));
        first = last + 1;
    }
    m_shown = rows;
}

bool CodeModel::changed(const std::vector<CodeRow>& rows, int column) const
{
    return !std::equal(rows.begin(), rows.end(), m_shown.begin(), m_shown.end(),
                       [column](const CodeRow& a, const CodeRow& b) {
                           return a.differs == b.differs && sameCell(a, b, column);
                       });
}

const CodeRow& CodeModel::row(int row) const
{
    // Between a change of the type and the reset of this model the rows may be fewer.
    const std::vector<CodeRow>& rows = m_document.evaluation().rows;
    return rows[std::min(static_cast<std::size_t>(row), rows.size() - 1)];
}

QVariant CodeModel::display(int at, int column) const
{
    const CodeRow& code = row(at);
    switch (column) {
    case InputCode:
        return QString::number(code.input_code);
    case Dequantized:
        return numberText(static_cast<double>(code.dequantized));
    case Normalized:
        return numberText(code.exact.normalized);
    case Affine:
        return numberText(code.exact.affine);
    case Requantized:
        return numberText(code.exact.requantized);
    case Margin:
        return numberText(static_cast<float>(code.margin.steps));
    case OutputCode:
        return QString::number(code.output_code);
    case OutputValue:
        return numberText(static_cast<double>(code.output_value));
    case SaturationColumn:
        return textOf(name_of(code.saturation));
    default:
        return agreement(at);
    }
}

QVariant CodeModel::sortKey(int at, int column) const
{
    const CodeRow& code = row(at);
    switch (column) {
    case InputCode:
        return code.input_code;
    case Dequantized:
        return static_cast<double>(code.dequantized);
    case Normalized:
        return code.exact.normalized;
    case Affine:
        return code.exact.affine;
    case Requantized:
        return code.exact.requantized;
    case Margin:
        return code.margin.steps;
    case OutputCode:
        return code.output_code;
    case OutputValue:
        return static_cast<double>(code.output_value);
    case SaturationColumn:
        return static_cast<int>(code.saturation);
    default:
        return (code.differs ? 4 : 0) + (code.margin.tie ? 2 : 0)
            + (code.margin.near_tie() ? 1 : 0);
    }
}

QVariant CodeModel::foreground(int at, int column) const
{
    const CodeRow& code = row(at);
    const Colors& colors = m_style.colors();
    switch (column) {
    case InputCode:
        return colors.code;
    case OutputCode:
        return colors.output;
    case SaturationColumn:
        return code.saturation == Saturation::none ? colors.muted : colors.problem;
    case Agreement:
        return code.differs ? colors.problem : colors.text;
    case Margin:
        return code.margin.tie || code.margin.near_tie() ? colors.problem : colors.muted;
    default:
        return {};
    }
}

void CodeModel::forDiffering(int at,
                             const std::function<void(const Backend&, std::int32_t)>& visit) const
{
    for (const BackendResult& result : m_document.evaluation().backends) {
        const std::int32_t other = result.codes[static_cast<std::size_t>(at)];
        if (result.compared && other != row(at).output_code)
            visit(*result.backend, other);
    }
}

QString CodeModel::agreement(int at) const
{
    const CodeRow& code = row(at);
    QStringList parts;
    if (code.margin.tie)
        parts += tr("tie");
    else if (code.margin.near_tie())
        parts += tr("near tie");
    if (code.differs)
        forDiffering(at, [&parts](const Backend& backend, std::int32_t other) {
            parts += tr("%1 gives %2").arg(textOf(backend.id)).arg(other);
        });
    return parts.join(QStringLiteral(", "));
}

QString CodeModel::toolTip(int at, int column) const
{
    if (column == Agreement)
        return agreementToolTip(at);
    const CodeRow& code = row(at);
    const QString name = headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    const QString text = tr("%1 of input code %2: %3")
                             .arg(name)
                             .arg(code.input_code)
                             .arg(display(at, column).toString());
    if (column != Margin)
        return text;
    return tr("%1 output steps,\n%2 units in the last place of %3")
        .arg(text, numberText(static_cast<float>(code.margin.ulp)),
             textOf(m_document.evaluation().chosen->title));
}

QString CodeModel::agreementToolTip(int at) const
{
    const CodeRow& code = row(at);
    QStringList lines;
    if (code.margin.tie)
        lines += tr("Exactly half way between two codes");
    else if (code.margin.near_tie())
        lines += tr("So near to half way that another order of roundings could flip the code");
    if (!code.differs)
        lines += tr("All compared backends give %1").arg(code.output_code);
    forDiffering(at, [&lines](const Backend& backend, std::int32_t other) {
        lines += tr("%1 gives %2").arg(textOf(backend.id)).arg(other);
    });
    return lines.join(QLatin1Char('\n'));
}

} // namespace qbn::ui
