#pragma once

#include "core/evaluate/evaluation.h"
#include "core/evaluate/experiment.h"
#include "ui/document/activations.h"
#include "ui/document/report_runner.h"
#include "ui/document/selection.h"
#include "ui/document/summary_runner.h"
#include "ui/document/work_list.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <functional>
#include <memory>
#include <optional>

namespace qbn::ui {

class ModelSurvey;

/// Tells consecutive edits apart for undo: two edits with the same key inside of one gesture are
/// one step.
struct EditKey
{
    std::optional<Field> field = Field::mean; ///< none: what is no field of a layer
    int layer = -1;
    int channel = -1; ///< -1: not of a channel

    bool operator==(const EditKey&) const = default;
};

/// "mean", "input scale", ... as undo texts and labels say it.
QString spokenName(Field field);
/// "gamma" and "beta", or "slope" and "offset".
QString firstSpoken(const UnknownPair& pair);
QString secondSpoken(const UnknownPair& pair);

/// Owns the experiment, its evaluation and the undo stack. The only writer is apply(), which
/// replaces experiment and evaluation and emits changed() exactly once; every change goes
///     edit() -> EditCommand -> apply() -> changed()
/// Views read experiment(), evaluation() and selection() when changed() or selection().changed()
/// comes, and keep no copy. An edit, undo or redo that moves the selection emits changed() first
/// and selection().changed() after it. Needs Qt6::Gui only, so it is tested without a display.
class Document : public QObject
{
    Q_OBJECT

public:
    explicit Document(QObject* parent = nullptr);
    ~Document() override;

    const Experiment& experiment() const { return m_experiment; }
    const Evaluation& evaluation() const { return m_evaluation; }
    /// The selected layer.
    const BatchNormLayer& layer() const { return *m_evaluation.layer; }
    SelectionModel& selection() { return m_selection; }
    const SelectionModel& selection() const { return m_selection; }
    /// To look at; undo() and redo() change it.
    const QUndoStack& undoStack() const { return m_undoStack; }
    void undo();
    void redo();

    /// The output codes of the selected channel before the last change (a step of the undo stack,
    /// undo and redo included), by the backend that was chosen then. Empty if nothing was changed
    /// in it.
    const std::vector<std::int32_t>& codesBefore() const { return m_codesBefore; }

    /// Has every editor hand in what is being typed in it, while that still belongs where it was
    /// typed. All that changes experiment or selection calls it first; so must whoever reads them
    /// to save or to go on from them.
    void commitPending();

    /// Changes the experiment as one undoable step; nothing happens if the change leaves it equal.
    /// What changes only the backends that are looked at is no step.
    /// With a key, edits of one gesture merge into one step, which vanishes if it ends where it
    /// began; without one, each is a step of its own. Must not be called from within changed().
    void edit(const QString& text, const std::optional<EditKey>& key,
              const std::function<void(Experiment&)>& change);
    /// The same for the selected layer; marks nothing as typed by itself (set_value does).
    void editLayer(const QString& text, const std::optional<EditKey>& key,
                   const std::function<void(BatchNormLayer&)>& change);
    /// Sets one number of the selected layer (core's set_value) with the text "Change mean of
    /// channel 2". Nothing happens if the number is there already, wherever it came from.
    void setValue(Field field, int channel, double value);

    /// Sets mean, var, gamma or beta of all channels of the selected layer, as one step. Requires: as
    /// many values as it has channels.
    void setValues(Field field, std::vector<double> values);

    /// The number that the selected layer had when it was opened or pasted; nothing where there was
    /// no such layer.
    std::optional<double> originalValue(Field field, int channel) const;
    /// Sets a number back to it, and says again where it came from.
    void resetValue(Field field, int channel);

    /// To look at it: no step to undo, and the file is not modified.
    void chooseBackend(const Backend& backend);

    /// What the selected layer's observations come to. Made when it is asked for and kept as long
    /// as it fits; of many observations or channels in a task: null until reportChanged(). Its
    /// region is that of the selected channel, or of the first observed one.
    const Result<Report>* report();
    /// The pair that the report solves for: the one that was set, if any, else default_unknowns().
    UnknownPair unknowns() const;
    void setUnknowns(const std::optional<UnknownPair>& unknowns);

    /// A gesture is a drag or a run of key repeats. Between begin and end, edits with equal keys
    /// merge. An edit outside of a gesture never merges.
    void beginGesture();
    void endGesture();

    /// Replaces everything, forgets the undo history: a file was opened. `path` is empty for an
    /// example or a paste.
    void open(Experiment experiment, const QString& path, const Selection& selection = {});
    /// The file that Save writes to; empty if there is none (a checkpoint is never written to).
    QString path() const { return m_path; }
    void setPath(const QString& path);
    /// After saving: the present state is the clean one.
    void setSaved(const QString& path);
    bool isModified() const { return !m_undoStack.isClean(); }

    /// Long work that is going on, to be shown and cancelled.
    WorkList& works() { return m_works; }
    /// What was read of a layer's whole input and output.
    Activations& activations() { return m_activations; }
    const Activations& activations() const { return m_activations; }
    /// Of all layers.
    ModelSurvey& survey() { return *m_survey; }
    /// The summary of the selected layer was cancelled, and is not coming.
    bool isSummaryCancelled() const { return m_summaries.isCancelled(m_evaluation.layer); }
    void summarizeAfterAll();

signals:
    /// An editor commits now, or loses what is being typed in it.
    void commitRequested();
    void changed();
    /// The summary of a large layer has arrived (evaluation().summary); small ones come with
    /// changed().
    void summaryChanged();
    /// A report that took a task has arrived, or another pair of unknowns was set.
    void reportChanged();
    void pathChanged();

private:
    friend class EditCommand;

    /// The only writer. A layer or channel of at least 0 is where the selection goes.
    void apply(const Experiment& experiment, int layer = -1, int channel = -1);
    void select(const SelectionModel::Change& change);
    void replace(Experiment experiment, const Selection& selection);
    void evaluateNow();
    void findCodesBefore();
    int regionChannel() const;

    Experiment m_experiment;
    Evaluation m_evaluation;
    std::optional<Experiment> m_before; ///< as it was before the last change
    std::optional<Experiment> m_beforeThat; ///< and what m_before was until then
    std::vector<std::int32_t> m_codesBefore;
    SelectionModel m_selection;
    QUndoStack m_undoStack;
    QString m_path;
    WorkList m_works;
    Activations m_activations;
    SummaryRunner m_summaries;
    std::unique_ptr<ModelSurvey> m_survey;
    ReportRunner m_reports;
    std::optional<UnknownPair> m_unknowns;
    int m_gesture = 0; ///< number of the current gesture, 0 outside of one
    int m_lastGesture = 0;
    bool m_applying = false;
    bool m_committing = false;
};

} // namespace qbn::ui
