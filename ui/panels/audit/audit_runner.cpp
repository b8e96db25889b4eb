#include "ui/panels/audit/audit_runner.h"

#include "ui/look/plain_text.h"

namespace qbn::ui {

namespace {

/// More channels than that are audited in a task; each costs some hundred microseconds.
constexpr int channelsAtOnce = 16;

std::shared_ptr<const LayerAudit> run(const BatchNormLayer& layer,
                                      const std::optional<CodeDistribution>& counted,
                                      const std::stop_token& stop = {})
{
    return std::make_shared<const LayerAudit>(
        audit(layer, counted ? *counted : CodeDistribution::normal(layer), stop));
}

} // namespace

AuditRunner::AuditRunner(Document& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_task([this] { onReady(); })
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
}

void AuditRunner::setActive(bool active)
{
    m_active = active;
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
    m_audited.reset();
    m_running.reset();
    refresh();
}

void AuditRunner::clearHistogram()
{
    if (!m_histogram)
        return;
    m_histogram.reset();
    m_audited.reset();
    m_running.reset();
    refresh();
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

void AuditRunner::refresh()
{
    if (!m_active || !isPending())
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
        const Histogram* counted = histogram();
        m_result = run(*m_audited, counted ? std::optional(counted->distribution) : std::nullopt);
    }
    emit changed();
}

void AuditRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (m_task.isRunning())
        return;
    m_running = m_document.evaluation().layer;
    const Histogram* counted = histogram();
    m_task.start([layer = m_running,
                  weights = counted ? std::optional(counted->distribution) : std::nullopt](
                     const std::stop_token& stop) { return run(*layer, weights, stop); });
}

void AuditRunner::onReady()
{
    if (m_running == nullptr || m_running != m_document.evaluation().layer) {
        refresh();
        return;
    }
    m_audited = std::exchange(m_running, nullptr);
    m_result = m_task.result();
    emit changed();
}

} // namespace qbn::ui
