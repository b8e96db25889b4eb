#include "ui/panels/fold/fold_model.h"

#include "core/text/text_number.h"

#include <algorithm>

namespace qbn::ui {

namespace {

QString channelName(int row)
{
    return FoldModel::tr("Channel %1").arg(row);
}

} // namespace

FoldModel::FoldModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    TableColumn scale = convColumn(&ConvChannel::weight_scale, WeightScale);
    scale.title = tr("conv scale");
    scale.toolTip = tr("Scale of the convolution's quantized weights; double-click to edit");
    TableColumn bias = convColumn(&ConvChannel::bias, Bias);
    bias.title = tr("conv bias");
    bias.toolTip = tr("Bias of the convolution, 0 if it has none; double-click to edit");
    TableColumn factor = foldedColumn(&FoldedChannel::factor);
    factor.title = tr("factor");
    factor.toolTip = tr("gamma / sqrt(var + eps)");
    TableColumn foldedScale = foldedColumn(&FoldedChannel::weight_scale);
    foldedScale.title = tr("folded scale");
    foldedScale.toolTip = tr("conv scale times |factor|, for the same integer weights");
    TableColumn foldedBias = foldedColumn(&FoldedChannel::bias);
    foldedBias.title = tr("folded bias");
    foldedBias.toolTip = tr("(conv bias - mean) times factor + beta");
    for (TableColumn* negated : {&factor, &foldedScale})
        negated->cellToolTip = [this](int row) { return negationToolTip(row); };
    setColumns({{.title = QStringLiteral("#"),
                 .toolTip = tr("Channel"),
                 .value = [](int row) { return row; },
                 .cellToolTip = channelName},
                scale,
                bias,
                factor,
                foldedScale,
                foldedBias});

    connect(&document, &Document::changed, this, &FoldModel::refresh);
    connect(&document, &Document::pathChanged, this, [this] {
        if (m_document.undoStack().count() > 0)
            return; // it was saved
        m_conv.clear();
        refresh();
    });
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

TableColumn FoldModel::convColumn(double ConvChannel::* number, Column column)
{
    return {.value = [=, this](int row) { return m_shown[static_cast<std::size_t>(row)].*number; },
            .color = [this](int) { return colors().code; },
            .cellToolTip = channelName,
            .edit =
                [=, this](int row, const QString& typed) {
                    const std::optional<double> value = parse_typed_number(typed.toStdString());
                    if (value)
                        setNumbers(column, {{row, *value}});
                    return value.has_value();
                }};
}

TableColumn FoldModel::foldedColumn(double FoldedChannel::* number) const
{
    return {.value = [=, this](int row) { return m_folded[static_cast<std::size_t>(row)].*number; },
            .cellToolTip = channelName};
}

QString FoldModel::negationToolTip(int row) const
{
    return m_folded[static_cast<std::size_t>(row)].negates()
        ? tr("Channel %1: the factor is negative, so the integer weights change their sign")
              .arg(row)
        : channelName(row);
}

int FoldModel::negated() const
{
    return static_cast<int>(std::ranges::count_if(m_folded, &FoldedChannel::negates));
}

void FoldModel::setNumbers(Column column, const std::vector<std::pair<int, double>>& numbers)
{
    std::vector<ConvChannel>& channels = conv();
    for (const auto& [row, value] : numbers) {
        if (row < 0 || row >= static_cast<int>(channels.size()))
            continue;
        ConvChannel& channel = channels[static_cast<std::size_t>(row)];
        (column == Bias ? channel.bias : channel.weight_scale) = value;
    }
    refresh();
}

Table FoldModel::table() const
{
    return fold_table(*m_layer, m_shown);
}

std::vector<ConvChannel>& FoldModel::conv()
{
    std::vector<ConvChannel>& channels = m_conv[m_document.selection().layer()];
    channels.resize(static_cast<std::size_t>(m_document.layer().channels()));
    return channels;
}

void FoldModel::refresh()
{
    const std::vector<ConvChannel>& channels = conv();
    if (m_layer == m_document.evaluation().layer && channels == m_shown)
        return;
    change(static_cast<int>(channels.size()), [&] {
        m_layer = m_document.evaluation().layer;
        m_shown = channels;
        m_folded = fold(*m_layer, m_shown);
    });
}

} // namespace qbn::ui

#include "moc_fold_model.cpp"
