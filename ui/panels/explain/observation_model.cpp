#include "ui/panels/explain/observation_model.h"

#include "core/text/text_number.h"
#include "ui/table/table_roles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace qbn::ui {

namespace {

bool isNumber(int column)
{
    return column != ObservationModel::Match && column != ObservationModel::Backends;
}

bool isEditable(int column)
{
    return isNumber(column) && column != ObservationModel::Predicted;
}

/// Nothing for a number outside of [low, high].
std::optional<std::int32_t> wholeNumber(double value, double low, double high)
{
    const double whole = std::rint(value);
    if (!(whole >= low && whole <= high))
        return std::nullopt;
    return static_cast<std::int32_t>(whole);
}

/// The observation with one of its numbers replaced; nothing if that is no channel or code. What
/// was observed may lie outside of the type's range: a calculation that does not clamp gives it.
std::optional<Observation> changed(Observation observation, int column, double value,
                                   const BatchNormLayer& layer)
{
    std::optional<std::int32_t> whole;
    switch (column) {
    case ObservationModel::Channel:
        whole = wholeNumber(value, 0, layer.channels() - 1);
        observation.channel = whole.value_or(0);
        break;
    case ObservationModel::InputCode:
        whole = wholeNumber(value, layer.input.type.qmin(), layer.input.type.qmax());
        observation.input_code = whole.value_or(0);
        break;
    case ObservationModel::InputValue:
        whole = quantize(layer.input, value);
        observation.input_code = whole.value_or(0);
        break;
    case ObservationModel::OutputCode:
        whole = wholeNumber(value, std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int32_t>::max());
        observation.output_code = whole.value_or(0);
        break;
    default:
        whole = quantize_unclamped(layer.output, value);
        observation.output_code = whole.value_or(0);
    }
    return whole ? std::optional(observation) : std::nullopt;
}

QString whyRefused(const QString& text, int column, const BatchNormLayer& layer)
{
    const CodeType type = layer.input.type;
    switch (column) {
    case ObservationModel::Channel:
        return ObservationModel::tr("\"%1\" is no channel: they are 0 to %2")
            .arg(text)
            .arg(layer.channels() - 1);
    case ObservationModel::InputCode:
        return ObservationModel::tr("\"%1\" is no input code: they are %2 to %3")
            .arg(text)
            .arg(type.qmin())
            .arg(type.qmax());
    case ObservationModel::OutputCode:
        return ObservationModel::tr("\"%1\" is no output code: it is a whole number of 32 bits")
            .arg(text);
    default:
        return ObservationModel::tr("\"%1\" is no value that has a code").arg(text);
    }
}

QString matchText(const ExplainedObservation& explained)
{
    if (explained.is_within_rounding())
        return ObservationModel::tr("✓ within rounding");
    return explained.predicted == explained.observation.output_code
        ? ObservationModel::tr("✓ explained")
        : ObservationModel::tr("✗ differs");
}

QString backendsText(const ExplainedObservation& explained)
{
    QStringList ids;
    for (const Backend* backend : explained.backends)
        ids += textOf(backend->id);
    return ids.isEmpty() ? ObservationModel::tr("none") : ids.join(QStringLiteral(", "));
}

} // namespace

ObservationModel::ObservationModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
    , m_layer(document.evaluation().layer)
{ }

int ObservationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_layer->observations.size());
}

int ObservationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ObservationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return display(index.row(), index.column());
    case SortRole:
        return sortKey(index.row(), index.column());
    case Qt::ToolTipRole:
        return toolTip(index.row(), index.column());
    case Qt::ForegroundRole:
        return foreground(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? TableStyle::numberAlignment()
                                        : TableStyle::textAlignment();
    case Qt::FontRole:
        return isNumber(index.column()) ? m_style.numberFont() : QVariant();
    default:
        return {};
    }
}

bool ObservationModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !isEditable(index.column())
        || !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    const std::optional<double> number = parse_typed_number(value.toString().toStdString());
    const auto at = static_cast<std::size_t>(index.row());
    const auto after = number
        ? changed(m_layer->observations[at], index.column(), *number, *m_layer)
        : std::nullopt;
    if (!after) {
        emit refused(whyRefused(value.toString(), index.column(), *m_layer));
        return false;
    }
    emit refused({});
    m_document.editLayer(tr("Change observation %1").arg(index.row() + 1), std::nullopt,
                         [&](BatchNormLayer& layer) { layer.observations[at] = *after; });
    return true;
}

Qt::ItemFlags ObservationModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && isEditable(index.column()) ? flags | Qt::ItemIsEditable : flags;
}

QVariant ObservationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto at = static_cast<std::size_t>(section);
    if (role == Qt::TextAlignmentRole)
        return isNumber(section) ? TableStyle::numberAlignment() : TableStyle::textAlignment();
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> names{tr("ch."),       tr("in"),      tr("observed"),
                                                     tr("predicted"), tr("verdict"), tr("in value"),
                                                     tr("out value"), tr("given by")};
        return names[at];
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            tr("Channel; double-click to edit"),
            tr("Input code; double-click to edit"),
            tr("Output code that was observed; double-click to edit"),
            tr("Output code that the chosen backend gives"),
            tr("Whether the chosen backend gives what was observed"),
            tr("Real value of the input code; a typed value finds the nearest code"),
            tr("Real value of the observed code; a typed value finds the nearest code"),
            tr("Backends that give the observed code")};
        return tips[at];
    }
    return {};
}

const Observation& ObservationModel::observationAt(int row) const
{
    return m_layer->observations[static_cast<std::size_t>(row)];
}

void ObservationModel::refresh()
{
    const auto& layer = m_document.evaluation().layer;
    if (layer == m_layer)
        return;
    const bool sameRows = layer->observations.size() == m_layer->observations.size();
    if (!sameRows)
        beginResetModel();
    m_layer = layer;
    if (!sameRows) {
        m_explained.clear();
        endResetModel();
    } else if (rowCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

void ObservationModel::setReport(const Report* report)
{
    m_explained = report ? report->diagnosis.observations : std::vector<ExplainedObservation>();
    m_isPredicted = report && report->verdict != Verdict::parameters_missing;
    if (rowCount() > 0)
        emit dataChanged(index(0, Predicted), index(rowCount() - 1, Backends));
}

const ExplainedObservation* ObservationModel::explainedAt(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    return at < m_explained.size() && m_explained[at].observation == observationAt(row)
        ? &m_explained[at]
        : nullptr;
}

double ObservationModel::realValue(int row, int column) const
{
    const Observation& seen = observationAt(row);
    // As frameworks print it: a binary32 in its own digits.
    const float value = column == InputValue ? dequantize(m_layer->input, seen.input_code)
                                             : dequantize(m_layer->output, seen.output_code);
    return parse_number(format_number(value)).value_or(static_cast<double>(value));
}

QVariant ObservationModel::display(int row, int column) const
{
    const Observation& seen = observationAt(row);
    const ExplainedObservation* explained = explainedAt(row);
    switch (column) {
    case Channel:
        return QString::number(seen.channel);
    case InputCode:
        return QString::number(seen.input_code);
    case OutputCode:
        return QString::number(seen.output_code);
    case InputValue:
    case OutputValue:
        return numberText(realValue(row, column));
    case Predicted:
        if (!explained)
            return QStringLiteral("…");
        return m_isPredicted ? QString::number(explained->predicted) : QStringLiteral("–");
    case Match:
        return explained && m_isPredicted ? matchText(*explained) : QString();
    default:
        return explained && m_isPredicted ? backendsText(*explained) : QString();
    }
}

QVariant ObservationModel::sortKey(int row, int column) const
{
    if (column == InputValue || column == OutputValue)
        return realValue(row, column);
    return display(row, column);
}

QVariant ObservationModel::foreground(int row, int column) const
{
    const ExplainedObservation* explained = explainedAt(row);
    const Colors& colors = m_style.colors();
    switch (column) {
    case InputCode:
        return colors.code;
    case OutputCode:
        return colors.output;
    case Predicted:
    case Match:
        if (!explained || !m_isPredicted)
            return colors.muted;
        return explained->possible.contains(observationAt(row).output_code) ? colors.real
                                                                            : colors.problem;
    case Backends:
        return explained && m_isPredicted && explained->backends.empty() ? QVariant(colors.problem)
                                                                         : QVariant();
    default:
        return {};
    }
}

QString ObservationModel::toolTip(int row, int column) const
{
    const Observation& seen = observationAt(row);
    const ExplainedObservation* explained = explainedAt(row);
    if (isEditable(column) || !explained || !m_isPredicted)
        return tr("Observation %1: in channel %2 input code %3 gave output code %4")
            .arg(row + 1)
            .arg(seen.channel)
            .arg(seen.input_code)
            .arg(seen.output_code);
    if (column == Backends)
        return tr("Backends that give %1: %2").arg(seen.output_code).arg(backendsText(*explained));
    QString text = tr("%1 gives %2, observed was %3")
                       .arg(textOf(m_document.evaluation().chosen->title))
                       .arg(explained->predicted)
                       .arg(seen.output_code);
    if (!explained->is_within_rounding())
        return text;
    return tr("%1; parameters that print like these give %2 to %3")
        .arg(text)
        .arg(explained->possible.lowest)
        .arg(explained->possible.highest);
}

} // namespace qbn::ui
