#include "ui/document/document.h"

#include "core/evaluate/code_verdict.h"
#include "core/layer/same_bits.h"
#include "ui/document/edit_command.h"
#include "ui/document/model_survey.h"

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

bool sameNumbers(const BatchNormLayer& a, const BatchNormLayer& b)
{
    BatchNormLayer copy = a;
    copy.provenance = b.provenance;
    return copy == b;
}

/// Without an entry for the channel where that of the field says it.
void setOrigin(LayerProvenance& provenance, Field field, int channel, const Provenance& origin)
{
    if (!is_per_channel(field)) {
        provenance.set(field, origin);
        return;
    }
    const Provenance whole = provenance.of(field);
    LayerProvenance::Channels others = provenance.channels(field);
    others.erase(channel);
    provenance.set(field, whole);
    for (const auto& [other, of] : others)
        provenance.set_channel(field, other, of);
    if (!(whole == origin))
        provenance.set_channel(field, channel, origin);
}

/// True if only the provenance tells them apart.
bool sameNumbers(const Model& a, const Model& b)
{
    const auto& left = a.layers;
    const auto& right = b.layers;
    return a.name == b.name && a.formulas == b.formulas
        && std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const auto& x, const auto& y) { return x == y || sameNumbers(*x, *y); });
}

} // namespace

QString spokenName(Field field)
{
    if (field == Field::relu)
        return Document::tr("fused ReLU");
    const std::string_view name = name_of(field);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()))
        .replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString firstSpoken(const UnknownPair& pair)
{
    return pair.effective ? Document::tr("slope") : spokenName(pair.first);
}

QString secondSpoken(const UnknownPair& pair)
{
    return pair.effective ? Document::tr("offset") : spokenName(pair.second);
}

Document::Document(QObject* parent)
    : QObject(parent)
    , m_experiment(example_experiment())
    , m_selection([this](const SelectionModel::Change& change) { select(change); })
    , m_activations(*this)
    , m_summaries(m_works)
{
    m_experiment.original = std::make_shared<const Model>(m_experiment.model);
    connect(&m_reports, &ReportRunner::ready, this, &Document::reportChanged);
    connect(&m_summaries, &SummaryRunner::ready, this, [this] {
        if (!isSummaryCancelled())
            m_evaluation.summary = m_summaries.summary(m_evaluation);
        emit summaryChanged();
    });
    replace(m_experiment, {.code = example_input_code});
    m_survey = std::make_unique<ModelSurvey>(*this);
}

Document::~Document() = default;

void Document::commitPending()
{
    if (m_applying || m_committing)
        return;
    m_committing = true;
    emit commitRequested();
    m_committing = false;
}

void Document::undo()
{
    commitPending();
    if (m_undoStack.canUndo())
        m_before = m_experiment;
    m_undoStack.undo();
}

void Document::redo()
{
    commitPending();
    if (m_undoStack.canRedo())
        m_before = m_experiment;
    m_undoStack.redo();
}

void Document::edit(const QString& text, const std::optional<EditKey>& key,
                    const std::function<void(Experiment&)>& change)
{
    Q_ASSERT_X(!m_applying, "Document::edit", "an edit from within changed()");
    if (m_applying)
        return;
    const int gesture = key ? m_gesture : 0;
    commitPending();
    Experiment after = m_experiment;
    change(after);
    if (after == m_experiment)
        return;
    if (after.model == m_experiment.model && after.original == m_experiment.original) {
        apply(after);
        return;
    }
    bool merges = false;
    if (gesture != 0 && m_undoStack.index() > 0) {
        // Back at the start of a gesture the old provenance comes back too: nothing has been typed.
        const auto* last
            = static_cast<const EditCommand*>(m_undoStack.command(m_undoStack.index() - 1));
        merges = last->takes(*key, gesture);
        if (merges && sameNumbers(after.model, last->before().model)) {
            after.model = last->before().model;
            m_before = m_beforeThat; // a step that comes to nothing is no last change
        }
    }
    if (!merges)
        m_beforeThat = std::exchange(m_before, m_experiment);
    m_undoStack.push(new EditCommand(*this, text, key, gesture, std::move(after)));
}

void Document::editLayer(const QString& text, const std::optional<EditKey>& key,
                         const std::function<void(BatchNormLayer&)>& change)
{
    edit(text, key, [this, &change](Experiment& experiment) {
        auto& slot = experiment.model.layers[static_cast<std::size_t>(m_selection.layer())];
        BatchNormLayer layer = *slot;
        change(layer);
        if (!(layer == *slot))
            slot = std::make_shared<const BatchNormLayer>(std::move(layer));
    });
}

void Document::setValue(Field field, int channel, double value)
{
    commitPending();
    BatchNormLayer changed = layer();
    set_value(changed, field, channel, value);
    const double before = value_of(layer(), field, channel);
    const double after = value_of(changed, field, channel);
    if (same_bits(before, after))
        return;

    QString text = tr("Change %1").arg(spokenName(field));
    if (is_per_channel(field))
        text = tr("Change %1 of channel %2").arg(spokenName(field)).arg(channel);
    else if (field == Field::relu)
        text = after != 0 ? tr("Switch fused ReLU on") : tr("Switch fused ReLU off");
    const EditKey key{.field = field,
                      .layer = m_selection.layer(),
                      .channel = is_per_channel(field) ? channel : -1};
    editLayer(text, key, [&changed](BatchNormLayer& layer) { layer = std::move(changed); });
}

void Document::setValues(Field field, std::vector<double> values)
{
    editLayer(tr("Change %1 of all channels").arg(spokenName(field)), {},
              [&](BatchNormLayer& layer) { set_values(layer, field, std::move(values)); });
}

std::optional<double> Document::originalValue(Field field, int channel) const
{
    const BatchNormLayer* original = original_layer(m_experiment, m_selection.layer());
    return original ? std::optional(value_of(*original, field, channel)) : std::nullopt;
}

void Document::resetValue(Field field, int channel)
{
    commitPending();
    const auto value = originalValue(field, channel);
    if (!value || same_bits(*value, value_of(layer(), field, channel)))
        return;
    QString text = tr("Reset %1").arg(spokenName(field));
    if (is_per_channel(field))
        text = tr("Reset %1 of channel %2").arg(spokenName(field)).arg(channel);
    const Provenance origin
        = original_layer(m_experiment, m_selection.layer())->provenance.of(field, channel);
    editLayer(text, {}, [&](BatchNormLayer& layer) {
        set_value(layer, field, channel, *value);
        setOrigin(layer.provenance, field, channel, origin);
    });
}

void Document::chooseBackend(const Backend& backend)
{
    edit({}, {}, [&backend](Experiment& experiment) { experiment.backend = backend.id; });
}

const Result<Report>* Document::report()
{
    std::vector<const Backend*> also;
    for (const BackendResult& result : m_evaluation.backends)
        also.push_back(result.backend);
    return m_reports.report({.layer = m_evaluation.layer,
                             .chosen = m_evaluation.chosen,
                             .unknowns = unknowns(),
                             .channel = regionChannel(),
                             .also = std::move(also)});
}

int Document::regionChannel() const
{
    const auto& observations = layer().observations;
    const int selected = m_selection.channel();
    const bool isObserved
        = std::any_of(observations.begin(), observations.end(),
                      [selected](const Observation& seen) { return seen.channel == selected; });
    return isObserved || observations.empty() ? selected : observations.front().channel;
}

UnknownPair Document::unknowns() const
{
    return m_unknowns.value_or(default_unknowns(layer()));
}

void Document::setUnknowns(const std::optional<UnknownPair>& unknowns)
{
    if (unknowns == m_unknowns)
        return;
    m_unknowns = unknowns;
    emit reportChanged();
}

void Document::beginGesture()
{
    commitPending(); // of another field, whose visit is over then
    m_gesture = ++m_lastGesture;
}

void Document::endGesture()
{
    m_gesture = 0;
}

void Document::open(Experiment experiment, const QString& path, const Selection& selection)
{
    Q_ASSERT_X(!m_applying, "Document::open", "an edit from within changed()");
    commitPending();
    m_gesture = 0;
    m_undoStack.clear();
    m_before.reset();
    m_path = path;
    m_unknowns.reset();
    experiment.original = std::make_shared<const Model>(experiment.model);
    m_activations.clear();
    replace(std::move(experiment), selection);
    emit pathChanged();
}

void Document::setPath(const QString& path)
{
    if (std::exchange(m_path, path) != path)
        emit pathChanged();
}

void Document::setSaved(const QString& path)
{
    m_path = path;
    m_undoStack.setClean();
    emit pathChanged();
}

void Document::apply(const Experiment& experiment, int layer, int channel)
{
    Selection selection = m_selection.current();
    if (layer >= 0)
        selection.layer = layer;
    if (channel >= 0)
        selection.channel = channel;
    replace(experiment, selection);
}

void Document::replace(Experiment experiment, const Selection& selection)
{
    Q_ASSERT_X(!m_applying, "Document::apply", "an edit from within changed()");
    m_experiment = std::move(experiment);
    const Selection before = std::exchange(m_selection.m_current, clamped(selection, m_experiment));
    evaluateNow();
    findCodesBefore();

    m_applying = true;
    emit changed();
    m_applying = false;

    const Selection& now = m_selection.current();
    if (!(now == before))
        emit m_selection.changed(now.layer == before.layer && now.channel == before.channel);
}

void Document::select(const SelectionModel::Change& change)
{
    const auto changed = [&] {
        Selection selection = m_selection.current();
        change(selection);
        return clamped(selection, m_experiment);
    };
    if (changed() == m_selection.current())
        return;
    commitPending();
    const Selection before = m_selection.current();
    const Selection after = changed();
    if (after == before)
        return;
    m_selection.m_current = after;
    evaluateNow();
    const bool codeOnly = after.layer == before.layer && after.channel == before.channel;
    if (!codeOnly)
        findCodesBefore();
    emit m_selection.changed(codeOnly);
}

void Document::evaluateNow()
{
    m_evaluation = evaluate(m_experiment, m_selection.current(),
                            m_evaluation.layer ? &m_evaluation : nullptr);
    if (!m_evaluation.summary)
        m_evaluation.summary = m_summaries.summary(m_evaluation);
}

void Document::findCodesBefore()
{
    m_codesBefore = m_before ? codes_before(*m_before, m_evaluation) : std::vector<std::int32_t>();
}

void Document::summarizeAfterAll()
{
    m_summaries.resume();
    m_evaluation.summary = m_summaries.summary(m_evaluation);
}

} // namespace qbn::ui

#include "moc_document.cpp"
