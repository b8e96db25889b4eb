#include "ui/document/model_survey.h"

#include "ui/document/document.h"

#include <algorithm>
#include <utility>

namespace qbn::ui {

ModelSurvey::ModelSurvey(Document& document)
    : m_document(document)
    , m_task([this] { onReady(); })
{
    connect(&document, &Document::changed, this, &ModelSurvey::refresh);
    connect(&document, &Document::summaryChanged, this, &ModelSurvey::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

ModelSurvey::~ModelSurvey() = default;

bool ModelSurvey::fits(const LayerDigest& digest, std::size_t layer) const
{
    const Evaluation& evaluation = m_document.evaluation();
    return digest.layer == m_document.experiment().model.layers[layer]
        && digest.chosen == evaluation.chosen && digest.compared == evaluation.compared();
}

const LayerDigest* ModelSurvey::digest(int layer) const
{
    const auto at = static_cast<std::size_t>(layer);
    return at < m_digests.size() && m_digests[at] && fits(*m_digests[at], at) ? m_digests[at].get()
                                                                              : nullptr;
}

ModelDifferences ModelSurvey::differences() const
{
    ModelDifferences found{.layers = static_cast<int>(m_document.experiment().model.layers.size())};
    for (int layer = 0; layer < found.layers; ++layer) {
        const LayerDigest* known = digest(layer);
        if (known == nullptr)
            continue;
        ++found.known;
        found.codes += known->codes();
        found.differing += known->differing;
    }
    return found;
}

void ModelSurvey::request(int layer)
{
    m_cancelledOf.reset();
    m_requested = static_cast<std::size_t>(layer);
    refresh();
}

bool ModelSurvey::isCancelled() const
{
    return m_cancelledOf && m_cancelledOf == m_document.experiment().original;
}

void ModelSurvey::cancel()
{
    m_cancelledOf = m_document.experiment().original;
    m_requested.reset();
    m_task.stop();
    endWork();
    emit cancelled();
    emit changed();
}

void ModelSurvey::resume()
{
    m_cancelledOf.reset();
    refresh();
}

/// Takes over what the document has computed of the selected layer, and begins what is missing.
void ModelSurvey::refresh()
{
    m_digests.resize(m_document.experiment().model.layers.size());
    const auto selected = static_cast<std::size_t>(m_document.selection().layer());
    if (const auto& summary = m_document.evaluation().summary;
        summary && !digest(static_cast<int>(selected)))
        m_digests[selected] = std::make_shared<const LayerDigest>(digest_of(*summary));
    startNext();
    emit changed();
}

std::optional<std::size_t> ModelSurvey::next() const
{
    if (isCancelled())
        return std::nullopt;
    const auto isMissing
        = [this](std::size_t layer) { return digest(static_cast<int>(layer)) == nullptr; };
    if (m_requested && *m_requested < m_digests.size() && isMissing(*m_requested))
        return m_requested;
    if (!m_document.evaluation().summary)
        return std::nullopt; // the document's own work comes first, and says when it is done
    for (std::size_t layer = 0; layer < m_digests.size(); ++layer) {
        if (isMissing(layer))
            return layer;
    }
    return std::nullopt;
}

void ModelSurvey::startNext()
{
    if (m_task.isRunning())
        return; // onReady() goes on
    const auto layer = next();
    if (!layer) {
        m_requested.reset();
        endWork();
        return;
    }
    if (m_work == 0)
        m_work = m_document.works().begin(tr("Looking through the layers"), [this] { cancel(); });
    m_document.works().progress(m_work, differences().known, static_cast<int>(m_digests.size()));
    m_running = *layer;
    m_task.start([layer = m_document.experiment().model.layers[m_running],
                  chosen = m_document.evaluation().chosen,
                  compared = m_document.evaluation().compared()](const std::stop_token& stop) {
        const auto summary = summarize(layer, *chosen, compared, {.stop = stop});
        return stop.stop_requested() ? nullptr
                                     : std::make_shared<const LayerDigest>(digest_of(*summary));
    });
}

void ModelSurvey::onReady()
{
    const DigestPointer digest = m_task.result();
    if (digest && m_running < m_digests.size() && fits(*digest, m_running))
        m_digests[m_running] = digest;
    refresh();
}

void ModelSurvey::endWork()
{
    m_document.works().end(std::exchange(m_work, 0));
}

} // namespace qbn::ui

#include "moc_model_survey.cpp"
