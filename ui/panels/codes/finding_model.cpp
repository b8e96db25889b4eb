#include "ui/panels/codes/finding_model.h"

#include "ui/look/plain_text.h"
#include "ui/look/status_shape.h"
#include "ui/table/table_roles.h"

#include <QIcon>

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

std::vector<const Finding*> rowsOf(const LayerSummary* summary)
{
    std::vector<const Finding*> rows;
    if (!summary)
        return rows;
    for (const Finding& finding : summary->findings)
        rows.push_back(&finding);
    for (const ChannelSummary& channel : summary->channels)
        for (const Finding& finding : channel.findings)
            rows.push_back(&finding);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
    return rows;
}

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
    : QAbstractTableModel(parent)
    , m_document(document)
{
    refresh();
    connect(&document, &Document::changed, this, &FindingModel::refresh);
    connect(&document, &Document::summaryChanged, this, &FindingModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
}

int FindingModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FindingModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FindingModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Finding& finding = findingAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(finding, index.column());
    case SortRole:
        return sortKey(finding, index.column());
    case Qt::DecorationRole:
        if (index.column() == SeverityColumn)
            return statusIcon(finding.severity == Severity::note ? StatusShape::Dot
                                                                 : StatusShape::Warning,
                              colorOf(finding.severity));
        return {};
    case Qt::ForegroundRole:
        return index.column() == Sentence ? QVariant() : QVariant(colorOf(finding.severity));
    case Qt::ToolTipRole:
        return finding.channel ? tr("Click to see channel %1").arg(*finding.channel)
                               : tr("About the whole layer");
    case Qt::AccessibleTextRole:
        if (!finding.channel)
            return tr("%1: %2").arg(wordFor(finding.severity), shownText(finding.sentence));
        return tr("%1, channel %2: %3")
            .arg(wordFor(finding.severity))
            .arg(*finding.channel)
            .arg(shownText(finding.sentence));
    default:
        return {};
    }
}

QVariant FindingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeverityColumn:
        return tr("severity");
    case Channel:
        return tr("channel");
    case Sentence:
        return tr("finding");
    default:
        return {};
    }
}

QColor FindingModel::colorOf(Severity severity) const
{
    switch (severity) {
    case Severity::note:
        return m_style.colors().muted;
    case Severity::warning:
        return m_style.colors().output;
    case Severity::error:
        break;
    }
    return m_style.colors().problem;
}

void FindingModel::refresh()
{
    const std::shared_ptr<const LayerSummary>& summary = m_document.evaluation().summary;
    const int layer = m_document.selection().layer();
    // While a summary is under way the old findings stand, if they are of this layer.
    const bool keep = !summary && layer == m_shownLayer;
    m_shownLayer = layer;
    if (keep || summary == m_summary) {
        emit refreshed();
        return;
    }
    std::vector<const Finding*> rows = rowsOf(summary.get());
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        m_summary = summary;
        endResetModel();
    } else {
        const std::vector<const Finding*> old = std::exchange(m_rows, std::move(rows));
        const std::shared_ptr<const LayerSummary> owner = std::exchange(m_summary, summary);
        int first = -1;
        int last = -1;
        for (std::size_t i = 0; i < old.size(); ++i) {
            if (*old[i] == *m_rows[i])
                continue;
            last = static_cast<int>(i);
            first = first < 0 ? last : first;
        }
        if (first >= 0)
            emit dataChanged(index(first, 0), index(last, ColumnCount - 1));
    }
    emit refreshed();
}

QVariant FindingModel::display(const Finding& finding, int column) const
{
    switch (column) {
    case SeverityColumn:
        return wordFor(finding.severity);
    case Channel:
        return finding.channel ? QVariant(QString::number(*finding.channel)) : QVariant(QString());
    default:
        return shownText(finding.sentence);
    }
}

QVariant FindingModel::sortKey(const Finding& finding, int column) const
{
    switch (column) {
    case SeverityColumn:
        return static_cast<int>(finding.severity);
    case Channel:
        return finding.channel.value_or(-1);
    default:
        return display(finding, column);
    }
}

} // namespace qbn::ui
