#include "ui/panels/codes/finding_model.h"

#include "ui/look/plain_text.h"
#include "ui/look/status_shape.h"

#include <QIcon>

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

QString wordFor(Severity severity)
{
    switch (severity) {
    case Severity::note:
        return FindingModel::tr("note");
    case Severity::warning:
        return FindingModel::tr("warning");
    case Severity::error:
        return FindingModel::tr("error");
    }
    return {};
}

} // namespace

FindingModel::FindingModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    const auto color = [this](int row) { return colorOf(findingAt(row).severity); };
    const auto tip = [this](int row) {
        const std::optional<int>& channel = findingAt(row).channel;
        if (findingAt(row).id == FindingId::in_no_layer)
            return tr("About the file, beside its layers");
        return channel ? tr("Click to see channel %1").arg(*channel) : tr("About the whole layer");
    };
    setColumns({{.kind = TableColumn::Kind::Text,
                 .title = tr("severity"),
                 .value = [this](int row) { return static_cast<int>(findingAt(row).severity); },
                 .text = [this](int row) { return wordFor(findingAt(row).severity); },
                 .color = color,
                 .cellToolTip = tip},
                {.kind = TableColumn::Kind::Text,
                 .title = tr("channel"),
                 .value = [this](int row) { return findingAt(row).channel.value_or(-1); },
                 .text =
                     [this](int row) {
                         const std::optional<int>& channel = findingAt(row).channel;
                         return channel ? QString::number(*channel) : QString();
                     },
                 .color = color,
                 .cellToolTip = tip},
                {.kind = TableColumn::Kind::Text,
                 .title = tr("finding"),
                 .value = [this](int row) { return shownText(findingAt(row).sentence); },
                 .cellToolTip = tip}});
    refresh();
    connect(&document, &Document::changed, this, &FindingModel::refresh);
    connect(&document, &Document::summaryChanged, this, &FindingModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
}

QVariant FindingModel::otherData(int row, int column, int role) const
{
    const Finding& finding = findingAt(row);
    if (role == Qt::DecorationRole && column == SeverityColumn)
        return statusIcon(finding.severity == Severity::note ? StatusShape::Dot
                                                             : StatusShape::Warning,
                          colorOf(finding.severity));
    if (role != Qt::AccessibleTextRole)
        return {};
    const QString sentence = shownText(finding.sentence);
    if (!finding.channel)
        return tr("%1: %2").arg(wordFor(finding.severity), sentence);
    return tr("%1, channel %2: %3")
        .arg(wordFor(finding.severity), QString::number(*finding.channel), sentence);
}

QColor FindingModel::colorOf(Severity severity) const
{
    switch (severity) {
    case Severity::note:
        return colors().muted;
    case Severity::warning:
        return colors().output;
    case Severity::error:
        break;
    }
    return colors().problem;
}

void FindingModel::refresh()
{
    const std::shared_ptr<const LayerSummary>& summary = m_document.evaluation().summary;
    const Model& model = m_document.experiment().model;
    const int layer = m_document.selection().layer();
    // While a summary is under way the old findings stand, if they are of this layer.
    const bool keep = !summary && layer == m_shownLayer && model.notes == m_notes;
    m_shownLayer = layer;
    if (!keep && (summary != m_summary || model.notes != m_notes)) {
        std::vector<Finding> before = std::move(m_ofFile); // m_rows points to them
        m_notes = model.notes;
        m_ofFile = findings_of(model);
        take(rowsNow());
    }
    emit refreshed();
}

std::vector<const Finding*> FindingModel::rowsNow() const
{
    std::vector<const Finding*> rows;
    if (const auto& summary = m_document.evaluation().summary) {
        for (const Finding& finding : summary->findings)
            rows.push_back(&finding);
        for (const auto& channel : summary->channels)
            for (const Finding& finding : channel->findings)
                rows.push_back(&finding);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
    for (const Finding& finding : m_ofFile)
        rows.push_back(&finding);
    return rows;
}

/// Of the document's summary and model.
void FindingModel::take(std::vector<const Finding*> rows)
{
    const auto& summary = m_document.evaluation().summary;
    const bool isSame = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                   [](const Finding* a, const Finding* b) { return *a == *b; });
    const auto replace = [&] {
        m_rows = std::move(rows);
        m_summary = summary;
    };
    if (isSame)
        replace(); // a list that is told of a change lays out all sentences
    else
        change(static_cast<int>(rows.size()), replace);
}

} // namespace qbn::ui

#include "moc_finding_model.cpp"
