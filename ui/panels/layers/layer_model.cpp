#include "ui/panels/layers/layer_model.h"

#include "core/evaluate/stage.h"
#include "ui/look/plain_text.h"

#include <utility>

namespace qbn::ui {

namespace {

QString unknown()
{
    return QStringLiteral("…");
}

int findingsOf(const LayerDigest& digest)
{
    return digest.errors + digest.warnings + digest.notes;
}

} // namespace

LayerModel::LayerModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    TableColumn findings = countColumn(
        tr("findings"), tr("Errors, warnings and notes of the layer and its channels"), findingsOf);
    findings.color = [this](int row) {
        const LayerDigest* known = digest(row);
        return colorOf(row, known != nullptr && known->errors + known->warnings > 0);
    };
    findings.cellToolTip = [this](int row) {
        const LayerDigest* known = digest(row);
        return known == nullptr ? QString()
                                : tr("%1 errors, %2 warnings, %3 notes")
                                      .arg(known->errors)
                                      .arg(known->warnings)
                                      .arg(known->notes)
                + placeholderText(row);
    };
    TableColumn differ = countColumn(
        tr("differ"), tr("Input codes of all channels on which a compared backend differs"),
        [](const LayerDigest& digest) { return digest.differing; });
    differ.cellToolTip = [this](int row) {
        const LayerDigest* known = digest(row);
        return known == nullptr ? QString()
                                : tr("%1 of %2 codes, in %3 of %4 channels")
                                      .arg(known->differing)
                                      .arg(known->codes())
                                      .arg(known->differing_channels)
                                      .arg(known->layer->channels())
                + placeholderText(row);
    };
    setColumns({{.kind = TableColumn::Kind::Text,
                 .title = tr("layer"),
                 .toolTip = tr("Name of the layer in the file"),
                 .value = [this](int row) { return shownText(layerAt(row).name); }},
                {.title = tr("channels"),
                 .toolTip = tr("How many channels the layer has"),
                 .term = tr("channel"),
                 .value = [this](int row) { return layerAt(row).channels(); }},
                std::move(differ),
                std::move(findings),
                saturationColumn()});
    connect(&document.survey(), &ModelSurvey::changed, this,
            [this] { emitChanged(Differ, Saturated); });
}

QString LayerModel::placeholderText(int row) const
{
    const std::vector<Field>& unknown = m_unknown[static_cast<std::size_t>(row)];
    return unknown.empty() ? QString()
                           : tr("\n\nNobody gave %1: this is a placeholder. Select the layer; a "
                                "click on the sentence on top then "
                                "leads to the field.")
                                 .arg(QString::fromStdString(joined_names(unknown)));
}

/// Of a cell that follows from all values of the layer.
QVariant LayerModel::colorOf(int row, bool isProblem) const
{
    if (digest(row) == nullptr || !m_unknown[static_cast<std::size_t>(row)].empty())
        return colors().muted;
    return isProblem ? QVariant(colors().problem) : QVariant();
}

TableColumn LayerModel::countColumn(const QString& title, const QString& toolTip,
                                    std::function<int(const LayerDigest&)> count) const
{
    const auto value = [this, count = std::move(count)](int row) {
        const LayerDigest* known = digest(row);
        return known == nullptr ? -1 : count(*known);
    };
    return {.title = title,
            .toolTip = toolTip,
            .value = value,
            .text = [this, value](
                        int row) { return digest(row) ? QString::number(value(row)) : unknown(); },
            .color = [this, value](int row) { return colorOf(row, value(row) > 0); }};
}

TableColumn LayerModel::saturationColumn() const
{
    const auto share = [this](int row) {
        const LayerDigest* known = digest(row);
        return known == nullptr ? -1.0 : 100.0 * known->saturated / known->codes();
    };
    return {.title = tr("codes sat."),
            .toolTip = tr("Share of the input codes of all channels that saturate"),
            .term = tr("saturation"),
            .value = share,
            .text =
                [this, share](int row) {
                    return digest(row) ? tr("%1%").arg(QString::number(share(row), 'f', 1))
                                       : unknown();
                },
            .color = [this, share](int row) { return colorOf(row, share(row) >= 50); },
            .cellToolTip = [this](int row) { return placeholderText(row).trimmed(); }};
}

void LayerModel::refresh()
{
    const auto& layers = m_document.experiment().model.layers;
    if (layers == m_layers)
        return;
    change(static_cast<int>(layers.size()), [&] {
        m_layers = layers;
        m_unknown.clear();
        for (const auto& layer : layers)
            m_unknown.push_back(unknown_fields(*layer));
    });
}

} // namespace qbn::ui

#include "moc_layer_model.cpp"
