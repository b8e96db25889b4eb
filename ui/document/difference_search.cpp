#include "ui/document/difference_search.h"

#include "core/text/printable.h"
#include "ui/document/document.h"
#include "ui/document/model_survey.h"

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

/// "PyTorch gives 52, ONNX Runtime 53", of the selected code.
QString codesHere(const Evaluation& evaluation)
{
    const auto at
        = static_cast<std::size_t>(evaluation.selection.code - evaluation.layer->input.type.qmin());
    const auto title = [](const Backend& backend) {
        return QString::fromUtf8(backend.title.data(),
                                 static_cast<qsizetype>(backend.title.size()));
    };
    const std::int32_t chosen = evaluation.result().codes[at];
    QString text = DifferenceSearch::tr("%1 gives %2").arg(title(*evaluation.chosen)).arg(chosen);
    for (const BackendResult& other : evaluation.backends) {
        if (other.compared && other.codes[at] != chosen)
            text += DifferenceSearch::tr(", %1 %2").arg(title(*other.backend)).arg(other.codes[at]);
    }
    return text;
}

} // namespace

DifferenceSearch::DifferenceSearch(Document& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &Document::changed, this, [this] { m_isRunning = false; });
    connect(&document.selection(), &SelectionModel::changed, this, [this] { m_isRunning = false; });
    connect(&document, &Document::summaryChanged, this, &DifferenceSearch::proceed);
    connect(&document.survey(), &ModelSurvey::changed, this, &DifferenceSearch::proceed);
    connect(&document.survey(), &ModelSurvey::cancelled, this, [this] {
        if (m_isRunning)
            end(tr("The search for a difference was cancelled"));
    });
}

void DifferenceSearch::start(Direction direction)
{
    m_document.commitPending();
    const SelectionModel& selection = m_document.selection();
    m_direction = direction;
    m_layer = selection.layer();
    m_from = {selection.channel(), selection.code()};
    m_isRunning = true;
    if (m_document.isSummaryCancelled())
        m_document.summarizeAfterAll();
    emit said(tr("Looking for the next difference…"));
    proceed();
}

int DifferenceSearch::layerAt(int step) const
{
    const auto layers = static_cast<int>(m_document.experiment().model.layers.size());
    const int by = m_direction == Direction::forward ? step : layers - step;
    return (m_layer + by) % layers;
}

/// In the layer where it began: what lies ahead, or `again`, what lies behind.
bool DifferenceSearch::searchHere(bool again)
{
    const auto place = next_difference(*m_document.evaluation().summary, m_from, m_direction);
    if (!place)
        return false;
    const auto key = [](const CodePlace& at) { return std::pair(at.channel, at.input_code); };
    const bool ahead
        = m_direction == Direction::forward ? key(*place) > key(m_from) : key(*place) < key(m_from);
    if (ahead == again)
        return false;
    if (*place == m_from)
        end(tr("No further difference: %1").arg(codesHere(m_document.evaluation())));
    else
        land(m_layer, *place);
    return true;
}

void DifferenceSearch::proceed()
{
    // What is asked for may come at once, and tell of it.
    if (!m_isRunning || m_isProceeding)
        return;
    if (!m_document.evaluation().summary) {
        if (m_document.isSummaryCancelled())
            end(tr("The search for a difference was cancelled"));
        return;
    }
    if (searchHere(false))
        return;
    const auto layers = static_cast<int>(m_document.experiment().model.layers.size());
    for (int step = 1; step < layers; ++step) {
        const int layer = layerAt(step);
        const LayerDigest* digest = m_document.survey().digest(layer);
        if (digest == nullptr) {
            m_isProceeding = true;
            m_document.survey().request(layer);
            m_isProceeding = false;
            return;
        }
        const auto& place = m_direction == Direction::forward ? digest->first_difference
                                                              : digest->last_difference;
        if (place) {
            land(layer, *place);
            return;
        }
    }
    if (searchHere(true))
        return;
    end(layers == 1 ? tr("The compared backends agree on all codes of this layer")
                    : tr("The compared backends agree on all codes of all %1 layers").arg(layers));
}

void DifferenceSearch::land(int layer, CodePlace place)
{
    m_isRunning = false;
    Selection selection = m_document.selection().current();
    selection.layer = layer;
    selection.channel = place.channel;
    selection.code = place.input_code;
    m_document.selection().set(selection);
    const Evaluation& evaluation = m_document.evaluation();
    end(tr("%1, channel %2, code %3: %4")
            .arg(QString::fromStdString(printable(evaluation.layer->name)))
            .arg(place.channel)
            .arg(place.input_code)
            .arg(codesHere(evaluation)));
}

void DifferenceSearch::end(const QString& sentence)
{
    m_isRunning = false;
    emit said(sentence);
}

} // namespace qbn::ui

#include "moc_difference_search.cpp"
