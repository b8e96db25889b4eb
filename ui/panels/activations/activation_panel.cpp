#include "ui/panels/activations/activation_panel.h"

#include "ui/look/plain_text.h"
#include "ui/look/steady_line.h"
#include "ui/panels/activations/activation_models.h"
#include "ui/panels/activations/activation_runner.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <cmath>

namespace qbn::ui {

namespace {

NumberSortProxy& proxyOf(const TableView& table)
{
    return static_cast<NumberSortProxy&>(*table.model());
}

int sourceRow(const TableView& table, int row)
{
    return proxyOf(table).mapToSource(proxyOf(table).index(row, 0)).row();
}

QLabel* addLine(QWidget* parent, const QString& name, const QString& accessibleName)
{
    QLabel* line = plainLabel(parent);
    line->setObjectName(name);
    line->setAccessibleName(accessibleName);
    line->setIndent(6);
    return line;
}

} // namespace

ActivationPanel::ActivationPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_runner(new ActivationRunner(document, this))
    , m_channelModel(new ChannelActivationModel(*m_runner, this))
    , m_agreementModel(new AgreementModel(*m_runner, document, this))
    , m_disagreementModel(new DisagreementModel(*m_runner, this))
    , m_summary(addLine(this, QStringLiteral("activationSummary"), tr("Activations")))
    , m_remark(addLine(this, QStringLiteral("activationRemark"), tr("What the output tells")))
    , m_load(new QPushButton(tr("Load activations…"), this))
    , m_clear(new QPushButton(tr("Clear"), this))
    , m_tables(new QWidget(this))
{
    setObjectName(QStringLiteral("activationPanel"));
    setAccessibleName(tr("Activations"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    const QString code = QStringLiteral("-128");
    const QString share = QStringLiteral("100.00 %");
    const QString count = QStringLiteral("802816");
    m_channels
        = addTable(QStringLiteral("activationTable"), tr("Activations of the channels"),
                   m_channelModel, {code, count, share, share, code, QStringLiteral("-12.34 dB")});
    m_agreements = addTable(QStringLiteral("activationAgreementTable"),
                            tr("Agreement of the backends"), m_agreementModel,
                            {QStringLiteral("PyTorch reference"), share, count, code, code});
    m_agreements->setWholeColumn(AgreementModel::Name);
    m_disagreements = addTable(
        QStringLiteral("disagreementTable"), tr("Where the output differs"), m_disagreementModel,
        {code, code, code, code, count, QStringLiteral("(0, 63, 111, 111)")});
    auto* side = new QHBoxLayout(m_tables);
    side->setContentsMargins({});
    side->setSpacing(8);
    side->addWidget(m_channels, 5);
    side->addWidget(m_agreements, 5);
    side->addWidget(m_disagreements, 5);
    m_load->setObjectName(QStringLiteral("loadActivations"));
    m_load->setToolTip(tr("The layer's whole input, output, or both, as codes: .npy, .npz or raw "
                          "bytes"));
    m_clear->setObjectName(QStringLiteral("clearActivations"));
    m_clear->setToolTip(tr("Forgets the activations; the layer stays as it is"));
    for (QPushButton* button : {m_load, m_clear})
        button->setAccessibleName(button->text());
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 6, 0);
    top->addWidget(new SteadyLine(m_summary), 1);
    top->addWidget(m_load);
    top->addWidget(m_clear);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(2);
    column->addLayout(top);
    column->addWidget(new SteadyLine(m_remark));
    column->addWidget(m_tables, 1);
    column->addStretch(0);
    setFocusProxy(m_channels);

    connect(m_load, &QPushButton::clicked, this, &ActivationPanel::loadRequested);
    connect(m_clear, &QPushButton::clicked, &document.activations(), &Activations::clear);
    connect(m_runner, &ActivationRunner::changed, this, &ActivationPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &ActivationPanel::follow);
    connectTables();
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
ActivationPanel::~ActivationPanel()
{
    delete m_tables;
}

TableView* ActivationPanel::addTable(const QString& name, const QString& accessibleName,
                                     QAbstractItemModel* model, const QStringList& samples)
{
    auto* table = new TableView(m_tables);
    auto* sorted = new NumberSortProxy(table);
    sorted->setSourceModel(model);
    table->setObjectName(name);
    table->setAccessibleName(accessibleName);
    table->setToolTip(tr("Click or arrow keys go to the channel and code; Ctrl+C copies rows"));
    table->setModel(sorted);
    table->setSamples(samples);
    table->setSortingEnabled(true);
    table->sortByColumn(-1, Qt::AscendingOrder); // as the model has it
    return table;
}

void ActivationPanel::connectTables()
{
    connect(m_channels, &TableView::currentRowChanged, this, [this](int row) {
        if (!m_isRefreshing && row >= 0)
            m_document.selection().setChannel(sourceRow(*m_channels, row));
    });
    connect(m_agreements, &TableView::currentRowChanged, this, [this](int row) {
        if (m_isRefreshing || row < 0)
            return;
        const BackendAgreement agreement
            = m_agreementModel->agreementAt(sourceRow(*m_agreements, row));
        m_runner->lookAt(agreement.backend);
        if (agreement.first)
            goTo(agreement.first->channel, agreement.first->input);
    });
    connect(m_disagreements, &TableView::currentRowChanged, this, [this](int row) {
        if (m_isRefreshing || row < 0)
            return;
        const Disagreement other
            = m_disagreementModel->disagreementAt(sourceRow(*m_disagreements, row));
        goTo(other.channel, other.input);
    });
}

void ActivationPanel::goTo(int channel, std::int32_t code)
{
    Selection selection = m_document.selection().current();
    selection.channel = channel;
    selection.code = code;
    // Why explains it: of the chosen backend, by the one that gives most of the output.
    const Backend* against = m_runner->lookedAt();
    if (against == m_document.evaluation().chosen)
        against = m_runner->result()->agreements.front().backend;
    if (against != m_document.evaluation().chosen)
        selection.against = against->id;
    m_document.selection().set(selection);
}

void ActivationPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_runner->setActive(true);
}

void ActivationPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_runner->setActive(false);
}

void ActivationPanel::refresh()
{
    const QScopedValueRollback guard(m_isRefreshing, true);
    const ActivationResult* const result = m_runner->result();
    const bool hasBoth = result != nullptr && !result->agreements.empty();
    m_summary->setText(summary());
    m_summary->setToolTip(plainToolTip(m_summary->text()));
    const QString told = remark();
    m_remark->setText(told);
    m_remark->setToolTip(plainToolTip(told));
    m_remark->parentWidget()->setVisible(!told.isEmpty());
    m_clear->setEnabled(m_document.activations().isLoaded());
    m_tables->setVisible(result != nullptr);
    m_agreements->setVisible(hasBoth);
    m_disagreements->setVisible(hasBoth && !result->disagreements.empty());
    if (hasBoth) {
        const int row = m_agreementModel->rowOf(m_runner->lookedAt());
        m_agreements->setCurrentRow(
            proxyOf(*m_agreements).mapFromSource(m_agreementModel->index(row, 0)).row());
    }
    follow();
}

void ActivationPanel::follow()
{
    const QScopedValueRollback guard(m_isRefreshing, true);
    const QModelIndex source = m_channelModel->index(m_document.selection().channel(), 0);
    if (source.isValid())
        m_channels->setCurrentRow(proxyOf(*m_channels).mapFromSource(source).row());
}

QString ActivationPanel::summary() const
{
    const Activations& activations = m_document.activations();
    const ActivationResult* const result = m_runner->result();
    if (!activations.isLoaded())
        return tr("No activations are loaded: a layer's whole input or output, as codes");
    if (!activations.counts())
        return tr("%1 holds activations of the layer %2 as it was loaded, not of this one")
            .arg(shownText(activations.name()), shownText(activations.layerName()));
    if (result == nullptr)
        return m_runner->isCancelled() ? tr("The comparison of the activations was cancelled")
                                       : tr("Comparing the activations…");
    const TensorLayout& layout = result->counts->layout;
    QString text
        = tr("%1: %2, %3 elements")
              .arg(shownText(activations.name()), QString::fromStdString(shape_text(layout.shape)))
              .arg(layout.count);
    if (result->channels.empty())
        return text;
    const ChannelActivation all = whole(result->channels);
    const double sqnr = all.sqnr();
    text += tr(" · saturated low %1, high %2")
                .arg(cutShareText(all.clamped_low, all.input.elements),
                     cutShareText(all.clamped_high, all.input.elements));
    return std::isfinite(sqnr) ? text + tr(" · SQNR %1 dB").arg(sqnr, 0, 'f', 2) : text;
}

QString ActivationPanel::remark() const
{
    const ActivationResult* const result = m_runner->result();
    if (result == nullptr || result->agreements.empty())
        return {};
    const BackendAgreement& best = result->agreements.front();
    int all = 0;
    for (const BackendAgreement& one : result->agreements)
        all += one.agreeing == one.elements ? 1 : 0;
    QString text = all == 0 ? tr("No backend gives all of the output; %1 gives most of it")
                                  .arg(textOf(best.backend->title))
        : all == 1
        ? tr("%1 alone gives the whole output").arg(textOf(best.backend->title))
        : tr("%1 of %2 backends give the whole output").arg(all).arg(result->agreements.size());
    if (const auto& several = result->several)
        text
            += tr(" · no layer gives this: %1 input codes have several output codes, first code %2 "
                  "of channel %3; is it this layer's input, in this layout?")
                   .arg(several->codes)
                   .arg(several->input)
                   .arg(several->channel);
    if (result->disagreements.size() > static_cast<std::size_t>(DisagreementModel::most))
        text += tr(" · the first %1 of %2 differing pairs are listed")
                    .arg(DisagreementModel::most)
                    .arg(result->disagreements.size());
    return text;
}

} // namespace qbn::ui

#include "moc_activation_panel.cpp"
