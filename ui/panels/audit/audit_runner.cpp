#include "ui/panels/audit/audit_runner.h"

#include "core/evaluate/audit_run.h"
#include "ui/look/plain_text.h"

namespace qbn::ui {

namespace {

/// More channels than that are audited in a task; each costs some ten microseconds.
constexpr int channelsAtOnce = 16;

/// Null if it was stopped.
std::shared_ptr<const LayerAudit> run(const BatchNormLayer& layer, const CodeDistribution* counted,
                                      const AuditRun& how)
{
    const AuditTask task{.layer = &layer, .counted = counted};
    auto audits = audit_all(std::span(&task, 1), how);
    return audits ? std::make_shared<const LayerAudit>(std::move(audits->front())) : nullptr;
}

} // namespace

AuditRunner::AuditRunner(Document& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_task([this] { onReady(); },
             [this](int done) {
                 m_document.works().progress(m_work, done, m_document.layer().channels());
                 emit progressed(done, m_document.layer().channels());
             })
{
    connect(&document, &Document::changed, this, &AuditRunner::refresh);
    connect(&document, &Document::pathChanged, this, [this] {
        if (!m_document.isModified() && m_document.undoStack().count() == 0)
            clearHistogram();
    });
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    connect(&document.activations(), &Activations::changed, this, &AuditRunner::takeActivations);
    takeActivations();
}

AuditRunner::~AuditRunner()
{
    m_document.works().end(m_work);
}

void AuditRunner::setActive(bool active)
{
    m_active = active;
    if (!active)
        m_task.stop();
    refresh();
}

void AuditRunner::setHistogram(CodeDistribution distribution, const QString& name)
{
    const BatchNormLayer& layer = m_document.layer();
    m_histogram = Histogram{.layer = m_document.selection().layer(),
                            .channels = layer.channels(),
                            .type = layer.input.type,
                            .distribution = std::move(distribution),
                            .name = shownText(name)};
    auditAnew();
}

/// What the layer really received is the better histogram.
void AuditRunner::takeActivations()
{
    const auto counts = m_document.activations().counts();
    if (counts && counts->has_inputs()) {
        setHistogram({counts->input_type.count(), {counts->inputs.begin(), counts->inputs.end()}},
                     m_document.activations().name());
        m_histogram->isOfActivations = true;
    } else if (m_histogram && m_histogram->isOfActivations) {
        clearHistogram();
    }
}

void AuditRunner::clearHistogram()
{
    if (!m_histogram)
        return;
    m_histogram.reset();
    auditAnew();
}

QString AuditRunner::histogramName() const
{
    return histogram() != nullptr ? histogram()->name : QString();
}

/// The one that was given, if it is of the selected layer.
const AuditRunner::Histogram* AuditRunner::histogram() const
{
    const BatchNormLayer& layer = m_document.layer();
    const bool fits = m_histogram && m_histogram->layer == m_document.selection().layer()
        && m_histogram->channels == layer.channels() && m_histogram->type == layer.input.type;
    return fits ? &*m_histogram : nullptr;
}

bool AuditRunner::isPending() const
{
    return m_audited != m_document.evaluation().layer;
}

bool AuditRunner::isRunning() const
{
    return m_task.isRunning() && !isCancelled();
}

bool AuditRunner::isCancelled() const
{
    return m_cancelled == m_document.evaluation().layer;
}

void AuditRunner::cancel()
{
    if (!isRunning())
        return;
    m_cancelled = m_document.evaluation().layer;
    m_task.stop();
    emit changed();
}

void AuditRunner::audit()
{
    m_cancelled.reset();
    refresh();
}

/// Of another distribution of inputs.
void AuditRunner::auditAnew()
{
    m_audited.reset();
    m_running.reset();
    audit();
}

void AuditRunner::refresh()
{
    if (!m_active || !isPending() || isCancelled())
        return;
    const int shown = std::exchange(m_shownLayer, m_document.selection().layer());
    const bool sameShape = m_result
        && m_result->channels.size() == static_cast<std::size_t>(m_document.layer().channels());
    if (shown != m_shownLayer || !sameShape)
        m_result.reset();
    if (m_document.layer().channels() > channelsAtOnce) {
        start();
    } else {
        m_audited = m_document.evaluation().layer;
        m_result = run(*m_audited, histogram() ? &histogram()->distribution : nullptr,
                       {.progress = {}, .stop = {}, .threads = 1});
    }
    emit changed();
}

void AuditRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (m_task.isRunning()) {
        if (m_running != m_document.evaluation().layer)
            m_task.stop();
        return;
    }
    m_running = m_document.evaluation().layer;
    m_work = m_document.works().begin(tr("Auditing the layer"), [this] { cancel(); });
    const Histogram* counted = histogram();
    m_task.start(m_running->channels(),
                 [layer = m_running,
                  weights = counted ? std::optional(counted->distribution) : std::nullopt](
                     const std::stop_token& stop, const TaskProgress& progress) {
                     return run(*layer, weights ? &*weights : nullptr,
                                {.progress = progress, .stop = stop});
                 });
}

void AuditRunner::onReady()
{
    m_document.works().end(m_work);
    const Result result = m_task.result();
    if (!result || m_running != m_document.evaluation().layer) {
        refresh();
        return;
    }
    m_audited = std::exchange(m_running, nullptr);
    m_result = result;
    emit changed();
}

} // namespace qbn::ui

#include "moc_audit_runner.cpp"
