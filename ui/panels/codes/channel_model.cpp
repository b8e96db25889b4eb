#include "ui/panels/codes/channel_model.h"

#include "core/evaluate/stage.h"
#include "core/text/text_number.h"
#include "ui/look/provenance_text.h"

#include <optional>

namespace qbn::ui {

namespace {

QString channelName(int row)
{
    return ChannelModel::tr("Channel %1").arg(row);
}

} // namespace

ChannelModel::ChannelModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    setColumns(
        {{.title = QStringLiteral("#"),
          .toolTip = tr("Channel"),
          .value = [](int row) { return row; },
          .cellToolTip = channelName},
         fieldColumn(Field::mean, tr("Running mean; double-click to edit")),
         fieldColumn(Field::var, tr("Running variance; double-click to edit")),
         fieldColumn(Field::gamma, tr("Factor after normalization (weight); double-click to edit")),
         fieldColumn(Field::beta, tr("Offset after normalization (bias); double-click to edit")),
         saturationColumn(),
         differColumn()});
    connect(&document, &Document::changed, this, &ChannelModel::refresh);
    connect(&document, &Document::summaryChanged, this, &ChannelModel::refreshSummary);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

std::optional<Field> ChannelModel::fieldOf(int column)
{
    switch (column) {
    case Mean:
        return Field::mean;
    case Var:
        return Field::var;
    case Gamma:
        return Field::gamma;
    case Beta:
        return Field::beta;
    default:
        return std::nullopt;
    }
}

TableColumn ChannelModel::fieldColumn(Field field, const QString& toolTip)
{
    return {.title = spokenName(field),
            .toolTip = toolTip,
            .value = [=, this](int row) { return value_of(*m_layer, field, row); },
            .color =
                [=, this](int row) {
                    const Origin origin = m_layer->provenance.of(field, row).origin;
                    return origin == Origin::unknown ? QVariant(colors().muted) : QVariant();
                },
            .cellToolTip =
                [=, this](int row) {
                    return tr("%1 of channel %2: %3\n%4")
                        .arg(spokenName(field), QString::number(row),
                             numberText(value_of(*m_layer, field, row)),
                             provenanceSentence(m_layer->provenance.of(field, row)));
                },
            .edit =
                [=, this](int row, const QString& typed) {
                    const std::optional<double> number = parse_typed_number(typed.toStdString());
                    if (number)
                        m_document.setValue(field, row, *number);
                    return number.has_value();
                }};
}

TableColumn ChannelModel::saturationColumn() const
{
    const auto count = [this](int row) {
        const ChannelSummary* summary = summaryOf(row);
        return summary ? summary->saturated_low + summary->saturated_high : -1;
    };
    const auto codes = [this] { return m_layer->input.type.count(); };
    return {.title = tr("codes sat."),
            .toolTip = tr("Share of the input codes that saturate"),
            .term = tr("saturation"),
            .value = count,
            .text =
                [=, this](int row) {
                    return summaryOf(row) ? tr("%1%").arg(qRound(100.0 * count(row) / codes()))
                                          : QStringLiteral("…");
                },
            .color =
                [=, this](int row) {
                    if (isPlaceholder(row))
                        return QVariant(colors().muted);
                    return 2 * count(row) >= codes() ? QVariant(colors().problem) : QVariant();
                },
            .cellToolTip =
                [=, this](int row) {
                    const ChannelSummary* summary = summaryOf(row);
                    if (!summary)
                        return channelName(row);
                    return tr("Of %1 input codes %2 saturate low and %3 high; %4 output codes are "
                              "used")
                        .arg(codes())
                        .arg(summary->saturated_low)
                        .arg(summary->saturated_high)
                        .arg(summary->used_codes);
                }};
}

TableColumn ChannelModel::differColumn() const
{
    const auto count = [this](int row) {
        const ChannelSummary* summary = summaryOf(row);
        return summary ? summary->differing : -1;
    };
    return {.title = tr("differ"),
            .toolTip = tr("Input codes on which some backend differs from the chosen one"),
            .value = count,
            .text =
                [=, this](int row) {
                    return summaryOf(row) ? QString::number(count(row)) : QStringLiteral("…");
                },
            .color =
                [=, this](int row) {
                    if (isPlaceholder(row))
                        return QVariant(colors().muted);
                    return count(row) > 0 ? QVariant(colors().problem) : QVariant();
                },
            .cellToolTip =
                [=, this](int row) {
                    if (!summaryOf(row))
                        return channelName(row);
                    return tr("On %1 of %2 input codes some backend differs from the chosen one")
                        .arg(count(row))
                        .arg(m_layer->input.type.count());
                }};
}

void ChannelModel::refresh()
{
    const Evaluation& evaluation = m_document.evaluation();
    const int layer = m_document.selection().layer();
    if (evaluation.layer == m_layer && evaluation.summary == m_summary && layer == m_shownLayer)
        return;
    const int channels = evaluation.layer->channels();
    // While a summary is under way the old one stands, if it is of this layer.
    const bool isOther = layer != m_shownLayer || channels != rowCount();
    change(
        channels,
        [&] {
            if (evaluation.summary || isOther)
                m_summary = evaluation.summary;
            m_layer = evaluation.layer;
            m_shownLayer = layer;
        },
        Mean);
}

void ChannelModel::refreshSummary()
{
    m_summary = m_document.evaluation().summary;
    emitChanged(Saturated, Differ);
}

/// What is counted of a channel is not known yet, or comes of what nobody gave.
bool ChannelModel::isPlaceholder(int row) const
{
    return summaryOf(row) == nullptr || !unknown_fields(*m_layer, row).empty();
}

const ChannelSummary* ChannelModel::summaryOf(int row) const
{
    return m_summary ? m_summary->channels[static_cast<std::size_t>(row)].get() : nullptr;
}

} // namespace qbn::ui

#include "moc_channel_model.cpp"
