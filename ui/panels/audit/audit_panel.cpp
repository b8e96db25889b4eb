#include "ui/panels/audit/audit_panel.h"

#include "core/evaluate/stage.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"
#include "ui/panels/audit/audit_model.h"
#include "ui/panels/audit/audit_progress.h"
#include "ui/panels/audit/audit_runner.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace qbn::ui {

namespace {

bool saturates(const ChannelAudit& channel)
{
    return channel.saturates();
}

bool wastesCodes(const ChannelAudit& channel)
{
    return channel.wastes_codes();
}

bool isWithoutSamples(const ChannelAudit& channel)
{
    return !channel.is_sampled;
}

/// "channel 2, 5, 9 and 40 more", each a link.
QString channelLinks(const LayerAudit& audit, bool (*isFound)(const ChannelAudit&))
{
    constexpr int shown = 8;
    QStringList links;
    int more = 0;
    for (std::size_t i = 0; i < audit.channels.size(); ++i) {
        if (!isFound(audit.channels[i]))
            continue;
        if (links.size() < shown)
            links << QStringLiteral("<a href=\"%1\">%1</a>").arg(i);
        else
            ++more;
    }
    if (links.isEmpty())
        return {};
    const QString list = links.join(QStringLiteral(", "));
    return more == 0 ? list : AuditPanel::tr("%1 and %2 more").arg(list).arg(more);
}

QString findingText(const LayerAudit& audit)
{
    if (std::all_of(audit.channels.begin(), audit.channels.end(), isWithoutSamples))
        return AuditPanel::tr("The histogram counts no input");
    QStringList parts;
    if (const QString found = channelLinks(audit, isWithoutSamples); !found.isEmpty())
        parts << AuditPanel::tr("No samples in channel %1").arg(found);
    if (const QString found = channelLinks(audit, saturates); !found.isEmpty())
        parts << AuditPanel::tr("More than 1 % of the inputs saturate in channel %1").arg(found);
    if (const QString found = channelLinks(audit, wastesCodes); !found.isEmpty())
        parts << AuditPanel::tr("Few codes are used in channel %1").arg(found);
    if (std::none_of(audit.channels.begin(), audit.channels.end(), saturates)
        && std::none_of(audit.channels.begin(), audit.channels.end(), wastesCodes))
        parts << AuditPanel::tr("No channel saturates more than 1 %");
    return parts.join(QStringLiteral(" · "));
}

} // namespace

AuditPanel::AuditPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_runner(new AuditRunner(document, this))
    , m_model(new AuditModel(*m_runner, this))
    , m_sorted(new NumberSortProxy(this))
    , m_summary(addLine(QStringLiteral("auditSummary"), tr("Audit of the layer")))
    , m_findings(addLine(QStringLiteral("auditFindings"), tr("Channels worth a look")))
    , m_proposal(addLine(QStringLiteral("auditProposal"), tr("Better output parameters")))
    , m_use(addButton(QStringLiteral("useProposal"), tr("Use these"),
                      tr("Takes the proposed output scale and zero point, as one undoable edit")))
    , m_load(addButton(QStringLiteral("loadHistogram"), tr("Load histogram…"),
                       tr("How often each input code occurs, as CSV with the columns channel, "
                          "input_code, count")))
    , m_statistics(addButton(QStringLiteral("useStatistics"), tr("Use N(mean, var)"),
                             tr("Draws the inputs from each channel's own statistics again")))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("auditPanel"));
    setAccessibleName(tr("Audit"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_findings->setTextFormat(Qt::RichText);
    m_findings->setToolTip(tr("A number leads to its channel"));
    m_findings->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    buildTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_summary);
    column->addWidget(m_findings);
    column->addLayout(buildButtons());
    column->addWidget(m_table, 1);
    setFocusProxy(m_table);

    connect(m_findings, &QLabel::linkActivated, this,
            [this](const QString& channel) { m_document.selection().setChannel(channel.toInt()); });
    connect(m_use, &QPushButton::clicked, this, &AuditPanel::useProposal);
    connect(m_load, &QPushButton::clicked, this, &AuditPanel::histogramWanted);
    connect(m_statistics, &QPushButton::clicked, m_runner, &AuditRunner::clearHistogram);
    connect(m_runner, &AuditRunner::changed, this, &AuditPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &AuditPanel::follow);
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
AuditPanel::~AuditPanel()
{
    delete m_table;
}

void AuditPanel::buildTable()
{
    m_sorted->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("auditTable"));
    m_table->setAccessibleName(tr("Audit of the channels"));
    m_table->setToolTip(tr("Click or arrow keys select the channel; Ctrl+C copies rows"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(AuditModel::Channel, Qt::AscendingOrder);
    const QString count = QStringLiteral("256");
    m_table->setSamples({QStringLiteral("4095"), QStringLiteral("100.00 %"), count, count, count,
                         QStringLiteral("-120.00 dB")});
    connect(m_table, &TableView::currentRowChanged, this, [this](int row) {
        m_document.selection().setChannel(m_sorted->mapToSource(m_sorted->index(row, 0)).row());
    });
}

QHBoxLayout* AuditPanel::buildButtons()
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 6, 0);
    row->setSpacing(6);
    row->addWidget(m_proposal, 1);
    row->addWidget(new AuditProgress(*m_runner, this));
    for (QPushButton* button : {m_use, m_load, m_statistics})
        row->addWidget(button);
    return row;
}

QLabel* AuditPanel::addLine(const QString& name, const QString& accessibleName)
{
    QLabel* line = plainLabel(this);
    line->setObjectName(name);
    line->setAccessibleName(accessibleName);
    line->setIndent(6);
    // A long text must not widen the window.
    line->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return line;
}

QPushButton* AuditPanel::addButton(const QString& name, const QString& text, const QString& tip)
{
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    return button;
}

void AuditPanel::setActive(bool active)
{
    m_runner->setActive(active);
}

void AuditPanel::useHistogram(CodeDistribution distribution, const QString& name)
{
    m_runner->setHistogram(std::move(distribution), name);
}

void AuditPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    setActive(true);
}

void AuditPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    setActive(false);
}

void AuditPanel::refresh()
{
    const LayerAudit* result = m_runner->result();
    const QString histogram = m_runner->histogramName();
    m_statistics->setVisible(!histogram.isEmpty());
    const auto unknown = unknown_fields(m_document.layer());
    // An output that nobody gave is what a proposal is for.
    const bool isFounded = std::ranges::all_of(unknown, [](Field field) {
        return field == Field::output_scale || field == Field::output_zero_point;
    });
    m_model->setPlaceholder(!unknown.empty());
    m_proposal->setEnabled(isFounded);
    m_use->setEnabled(result != nullptr && !m_runner->isPending() && result->proposal.gain > 0
                      && isFounded);
    if (result == nullptr) {
        m_summary->setText(m_runner->isCancelled() ? tr("The audit was cancelled")
                                                   : tr("Auditing the layer…"));
        m_findings->clear();
        m_proposal->clear();
        return;
    }
    const QString inputs = histogram.isEmpty() ? tr("inputs drawn from N(mean, var)")
                                               : tr("inputs counted in %1").arg(histogram);
    const QString placeholder = unknown.empty()
        ? QString()
        : tr(" · a placeholder: nobody gave %1").arg(QString::fromStdString(joined_names(unknown)));
    m_summary->setText(tr("SQNR %1 · %2 of the inputs saturate · %3")
                           .arg(decibelText(result->sqnr()), shareText(result->saturation), inputs)
                       + placeholder);
    m_findings->setText(findingText(*result));
    showProposal(result->proposal);
    follow();
}

void AuditPanel::showProposal(const OutputProposal& proposal)
{
    if (proposal.gain > 0) {
        m_proposal->setText(tr("Better: scale %1, zero point %2: +%3")
                                .arg(shortNumber(proposal.output.scale))
                                .arg(proposal.output.zero_point)
                                .arg(decibelText(proposal.gain)));
    } else {
        const QString reason = QString::fromUtf8(proposal.none_as.data(),
                                                 static_cast<qsizetype>(proposal.none_as.size()));
        m_proposal->setText(tr("No better output: %1").arg(reason));
    }
    m_proposal->setToolTip(plainToolTip(m_proposal->text()));
}

void AuditPanel::follow()
{
    const QModelIndex source = m_model->index(m_document.selection().channel(), 0);
    if (source.isValid())
        m_table->setCurrentRow(m_sorted->mapFromSource(source).row());
}

void AuditPanel::useProposal()
{
    const LayerAudit* result = m_runner->result();
    if (result == nullptr || m_runner->isPending())
        return;
    const QString histogram = m_runner->histogramName();
    const QString note
        = tr("least mean squared error with %1")
              .arg(histogram.isEmpty() ? tr("inputs drawn from N(mean, var)")
                                       : tr("the inputs counted in %1").arg(histogram));
    const QuantizationParameters output = result->proposal.output;
    m_document.editLayer(tr("Use the proposed output"), {}, [&](BatchNormLayer& layer) {
        layer.output = output;
        for (const Field field : {Field::output_scale, Field::output_zero_point})
            layer.provenance.set(field, {.origin = Origin::proposed, .note = note.toStdString()});
    });
}

} // namespace qbn::ui

#include "moc_audit_panel.cpp"
