#include "ui/panels/activations/activation_runner.h"

#include <algorithm>

namespace qbn::ui {

namespace {

/// More channels than that are computed in a task; each costs some microseconds a backend.
constexpr int channelsAtOnce = 16;

} // namespace

ActivationRunner::ActivationRunner(Document& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_task([this] { onReady(); })
{
    connect(&document, &Document::changed, this, &ActivationRunner::refresh);
    connect(&document.activations(), &Activations::changed, this, &ActivationRunner::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
}

ActivationRunner::~ActivationRunner()
{
    m_document.works().end(m_work);
}

void ActivationRunner::setActive(bool active)
{
    m_active = active;
    if (!active)
        m_task.stop();
    refresh();
}

void ActivationRunner::lookAt(const Backend* backend)
{
    m_lookedAt = backend;
    refresh();
}

const Backend* ActivationRunner::lookedAt() const
{
    const bool isKnown = m_result
        && std::any_of(m_result->agreements.begin(), m_result->agreements.end(),
                       [this](const BackendAgreement& one) { return one.backend == m_lookedAt; });
    if (isKnown)
        return m_lookedAt;
    return m_result && !m_result->agreements.empty() ? m_result->agreements.front().backend
                                                     : nullptr;
}

ActivationRunner::Subject ActivationRunner::subject() const
{
    Subject subject{.counts = m_document.activations().counts(),
                    .layer = m_document.evaluation().layer,
                    .chosen = m_document.evaluation().chosen,
                    .backends = {},
                    .lookedAt = m_lookedAt};
    for (const BackendResult& result : m_document.evaluation().backends)
        subject.backends.push_back(result.backend);
    return subject;
}

ActivationRunner::Result ActivationRunner::run(const Subject& subject, const std::stop_token& stop)
{
    const CodeCounts& counts = *subject.counts;
    const BatchNormLayer& layer = *subject.layer;
    ActivationResult result{.counts = subject.counts};
    if (counts.has_inputs())
        result.channels = channel_activations(counts, layer, *subject.chosen, stop);
    for (int channel = 0; counts.has_outputs() && channel < layer.channels(); ++channel)
        result.outputs.push_back(code_use(counts.outputs_of(channel), layer.output.type));
    if (counts.has_pairs()) {
        result.agreements = agreements(counts, layer, subject.backends, stop);
        result.several = several_outputs(counts);
    }
    if (stop.stop_requested())
        return nullptr;
    if (!result.agreements.empty()) {
        const auto& backends = subject.backends;
        const bool isKnown
            = std::find(backends.begin(), backends.end(), subject.lookedAt) != backends.end();
        result.disagreements = disagreements(
            counts, layer, isKnown ? *subject.lookedAt : *result.agreements.front().backend);
        std::sort(result.disagreements.begin(), result.disagreements.end(),
                  [](const Disagreement& a, const Disagreement& b) { return a.first < b.first; });
    }
    return std::make_shared<const ActivationResult>(std::move(result));
}

void ActivationRunner::refresh()
{
    if (!m_active)
        return;
    Subject now = subject();
    if (now == m_wanted && m_result)
        return;
    // Of another layer, or other activations, nothing stands.
    if (now.counts != m_wanted.counts)
        m_result.reset();
    m_wanted = std::move(now);
    if (!m_wanted.counts) {
        m_task.stop();
    } else if (m_wanted.layer->channels() <= channelsAtOnce) {
        m_result = run(m_wanted, {});
    } else {
        start();
    }
    emit changed();
}

void ActivationRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (m_task.isRunning()) {
        if (!(m_running == m_wanted))
            m_task.stop();
        return;
    }
    m_running = m_wanted;
    m_isCancelled = false;
    m_work = m_document.works().begin(tr("Comparing the activations"), [this] {
        m_isCancelled = true;
        m_task.stop();
    });
    m_task.start([subject = m_running](const std::stop_token& stop) { return run(subject, stop); });
}

void ActivationRunner::onReady()
{
    m_document.works().end(m_work);
    const Result result = m_task.result();
    if (m_active && m_wanted.counts && !(m_running == m_wanted)) {
        start();
        return;
    }
    if (result && m_wanted.counts)
        m_result = result;
    emit changed();
}

} // namespace qbn::ui

#include "moc_activation_runner.cpp"
