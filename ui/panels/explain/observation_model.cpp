#include "ui/panels/explain/observation_model.h"

#include "core/text/text_number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace qbn::ui {

namespace {

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
            .arg(text, QString::number(layer.channels() - 1));
    case ObservationModel::InputCode:
        return ObservationModel::tr("\"%1\" is no input code: they are %2 to %3")
            .arg(text, QString::number(type.qmin()), QString::number(type.qmax()));
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

QString observationText(int row, const Observation& seen)
{
    return ObservationModel::tr("Observation %1: in channel %2 input code %3 gave output code %4")
        .arg(row + 1)
        .arg(seen.channel)
        .arg(seen.input_code)
        .arg(seen.output_code);
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
    : TableModel(parent)
    , m_document(document)
{
    TableColumn in = numberColumn(InputCode, tr("in"), tr("Input code; double-click to edit"));
    in.color = [this](int) { return colors().code; };
    TableColumn out = numberColumn(OutputCode, tr("observed"),
                                   tr("Output code that was observed; double-click to edit"));
    out.color = [this](int) { return colors().output; };
    setColumns({numberColumn(Channel, tr("ch."), tr("Channel; double-click to edit")), in, out,
                predictedColumn(), matchColumn(),
                numberColumn(InputValue, tr("in value"),
                             tr("Real value of the input code; a typed value finds the nearest "
                                "code")),
                numberColumn(OutputValue, tr("out value"),
                             tr("Real value of the observed code; a typed value finds the nearest "
                                "code")),
                backendsColumn()});
    refresh();
}

TableColumn ObservationModel::numberColumn(Column column, const QString& title,
                                           const QString& toolTip)
{
    return {.title = title,
            .toolTip = toolTip,
            .value = [=, this](int row) -> QVariant {
                const Observation& seen = observationAt(row);
                if (isDraft(row) && (column == OutputCode || column == OutputValue))
                    return {};
                if (column == Channel)
                    return seen.channel;
                if (column == InputCode)
                    return seen.input_code;
                if (column == OutputCode)
                    return seen.output_code;
                return realValue(row, column);
            },
            .cellToolTip = [this](int row) { return rowToolTip(row); },
            .edit = [=, this](int row, const QString& typed) { return edit(row, column, typed); }};
}

TableColumn ObservationModel::predictedColumn() const
{
    return {.title = tr("predicted"),
            .toolTip = tr("Output code that the chosen backend gives"),
            .text =
                [this](int row) {
                    const ExplainedObservation* explained = explainedAt(row);
                    if (isDraft(row))
                        return QString();
                    if (!explained)
                        return QStringLiteral("…");
                    return m_isPredicted ? QString::number(explained->predicted)
                                         : QStringLiteral("–");
                },
            .color = [this](int row) { return verdictColor(row); },
            .cellToolTip = [this](int row) { return predictionToolTip(row); }};
}

TableColumn ObservationModel::matchColumn() const
{
    return {.kind = TableColumn::Kind::Text,
            .title = tr("verdict"),
            .toolTip = tr("Whether the chosen backend gives what was observed"),
            .text =
                [this](int row) {
                    const ExplainedObservation* explained = explainedAt(row);
                    return explained && m_isPredicted ? matchText(*explained) : QString();
                },
            .color = [this](int row) { return verdictColor(row); },
            .cellToolTip = [this](int row) { return predictionToolTip(row); }};
}

TableColumn ObservationModel::backendsColumn() const
{
    const auto predicted = [this](int row) { return m_isPredicted ? explainedAt(row) : nullptr; };
    return {.kind = TableColumn::Kind::Text,
            .title = tr("given by"),
            .toolTip = tr("Backends that give the observed code"),
            .text =
                [=](int row) {
                    const ExplainedObservation* explained = predicted(row);
                    return explained ? backendsText(*explained) : QString();
                },
            .color =
                [=, this](int row) {
                    const ExplainedObservation* explained = predicted(row);
                    return explained && explained->backends.empty() ? QVariant(colors().problem)
                                                                    : QVariant();
                },
            .cellToolTip =
                [=, this](int row) {
                    const Observation& seen = observationAt(row);
                    const ExplainedObservation* explained = predicted(row);
                    return explained ? tr("Backends that give %1: %2")
                                           .arg(seen.output_code)
                                           .arg(backendsText(*explained))
                                     : rowToolTip(row);
                }};
}

bool ObservationModel::edit(int row, Column column, const QString& typed)
{
    if (isDraft(row) && typed.trimmed().isEmpty())
        return false; // left as it was
    const std::optional<double> number = parse_typed_number(typed.toStdString());
    const auto after
        = number ? changed(observationAt(row), column, *number, *m_layer) : std::nullopt;
    if (!after) {
        emit refused(whyRefused(typed, column, *m_layer));
        return false;
    }
    emit refused({});
    take(row, column, *after);
    return true;
}

void ObservationModel::take(int row, Column column, const Observation& after)
{
    if (!isDraft(row)) {
        m_document.editLayer(tr("Change observation %1").arg(row + 1), std::nullopt,
                             [&](BatchNormLayer& layer) {
                                 layer.observations[static_cast<std::size_t>(row)] = after;
                             });
    } else if (column == OutputCode || column == OutputValue) {
        m_hasDraft = false; // its row becomes the observation's
        m_document.editLayer(tr("Add an observation"), std::nullopt,
                             [&](BatchNormLayer& layer) { layer.observations.push_back(after); });
        refresh(); // a panel that is not shown has not followed yet
    } else {
        m_draft = after;
        emitChanged(Channel, Backends);
    }
}

bool ObservationModel::isDraft(int row) const
{
    return m_hasDraft && row == std::ssize(m_layer->observations);
}

const Observation& ObservationModel::observationAt(int row) const
{
    return row < std::ssize(m_layer->observations)
        ? m_layer->observations[static_cast<std::size_t>(row)]
        : m_draft;
}

QString ObservationModel::rowToolTip(int row) const
{
    return isDraft(row) ? tr("Type the output code that was observed; Escape takes the row back")
                        : observationText(row, observationAt(row));
}

void ObservationModel::refresh()
{
    const auto& layer = m_document.evaluation().layer;
    m_hasDraft = m_hasDraft && m_draftLayer == m_document.selection().layer();
    const auto rows = static_cast<int>(layer->observations.size()) + (m_hasDraft ? 1 : 0);
    const bool sameRows = rows == rowCount();
    if (layer == m_layer && sameRows)
        return;
    change(rows, [&] {
        m_layer = layer;
        if (!sameRows)
            m_explained.clear();
    });
}

void ObservationModel::setDraft(int channel, std::int32_t inputCode)
{
    m_draft = {.channel = channel, .input_code = inputCode};
    m_draftLayer = m_document.selection().layer();
    m_hasDraft = true;
    refresh();
    emitChanged(Channel, Backends);
}

void ObservationModel::dropDraft()
{
    m_hasDraft = false;
    refresh();
}

void ObservationModel::setReport(const Report* report)
{
    m_explained = report ? report->diagnosis.observations : std::vector<ExplainedObservation>();
    m_isPredicted = report && report->verdict != Verdict::parameters_missing;
    emitChanged(Predicted, Backends);
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

QVariant ObservationModel::verdictColor(int row) const
{
    const ExplainedObservation* explained = explainedAt(row);
    if (!explained || !m_isPredicted)
        return colors().muted;
    return explained->possible.contains(observationAt(row).output_code) ? colors().real
                                                                        : colors().problem;
}

QString ObservationModel::predictionToolTip(int row) const
{
    const Observation& seen = observationAt(row);
    const ExplainedObservation* explained = explainedAt(row);
    if (!explained || !m_isPredicted)
        return rowToolTip(row);
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

#include "moc_observation_model.cpp"
