#pragma once

#include "core/evaluate/evaluation.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace qbn::ui {

template <typename T> class Task;
class WorkList;

/// Summarizes the selected layer: at once where few channels have changed, in a task where many have. A task begins after what has
/// changed is painted, and ends when the next change overtakes it; the channels that it has done are taken over where they still fit.
class SummaryRunner : public QObject
{
    Q_OBJECT

public:
    using SummaryPointer = std::shared_ptr<const LayerSummary>;

    explicit SummaryRunner(WorkList& works, QObject* parent = nullptr);
    ~SummaryRunner() override;

    /// The one that fits the evaluation; null while a task makes it, which ends with ready().
    SummaryPointer summary(const Evaluation& evaluation);

    /// The summary of this layer was cancelled, and is not coming until it is resumed.
    bool isCancelled(const std::shared_ptr<const BatchNormLayer>& layer) const
    {
        return layer == m_cancelled;
    }
    void resume() { m_cancelled.reset(); }

signals:
    /// It has been made, or cancelled.
    void ready();

private:
    /// What a summary is of.
    struct Subject
    {
        std::shared_ptr<const BatchNormLayer> layer;
        const Backend* chosen = nullptr;
        std::vector<const Backend*> compared;

        bool operator==(const Subject&) const = default;
    };

    bool isWanted(const LayerSummary& summary) const;
    void request();
    void start();
    void onReady();
    void cancel();
    void endWork();

    WorkList& m_works;
    Subject m_wanted;
    SummaryPointer m_last; ///< the newest there is; a stopped one has fewer channels
    std::shared_ptr<const BatchNormLayer> m_cancelled;
    std::unique_ptr<Task<SummaryPointer>> m_task;
    QTimer m_start; ///< once the events that came before, paints among them, are done
    int m_work = 0; ///< in m_works, 0: nothing is awaited
};

} // namespace qbn::ui
