#pragma once

#include "core/activations/agreement.h"
#include "core/activations/channel_activation.h"
#include "ui/document/document.h"
#include "ui/document/task.h"

#include <memory>
#include <vector>

namespace qbn::ui {

/// What the chosen backend makes of the activations, and how all backends agree with the output.
struct ActivationResult
{
    Activations::Counts counts;
    std::vector<ChannelActivation> channels; ///< where there are inputs
    std::vector<CodeUse> outputs; ///< as they were read, where there are outputs
    std::vector<BackendAgreement>
        agreements; ///< of the experiment's backends, the best first; these where there are both
    std::vector<Disagreement>
        disagreements; ///< of the backend that is looked at, the first in the tensor first
    std::optional<SeveralOutputs> several;

    int rows() const
    {
        return static_cast<int>(channels.empty() ? outputs.size() : channels.size());
    }
};

/// Computes them anew with each edit while somebody looks: at once if the layer is small, in a task if not. While a task is under way
/// the result before stands.
class ActivationRunner : public QObject
{
    Q_OBJECT

public:
    explicit ActivationRunner(Document& document, QObject* parent = nullptr);
    ~ActivationRunner() override;

    /// Nothing is computed before it is switched on, or while it is off.
    void setActive(bool active);

    /// Whose disagreements are listed: the best one until somebody says, and where it is not among the experiment's.
    void lookAt(const Backend* backend);
    const Backend* lookedAt() const;

    /// Null until something was computed, and without activations of the selected layer.
    const ActivationResult* result() const { return m_result.get(); }

    /// It was cancelled, and is not coming.
    bool isCancelled() const { return m_isCancelled; }

signals:
    void changed();

private:
    using Result = std::shared_ptr<const ActivationResult>;
    /// What a result is of.
    struct Subject
    {
        Activations::Counts counts;
        std::shared_ptr<const BatchNormLayer> layer;
        const Backend* chosen = nullptr;
        std::vector<const Backend*> backends;
        const Backend* lookedAt = nullptr;

        bool operator==(const Subject&) const = default;
    };

    static Result run(const Subject& subject, const std::stop_token& stop);
    Subject subject() const;
    void refresh();
    void start();
    void onReady();

    Document& m_document;
    bool m_active = false;
    const Backend* m_lookedAt = nullptr;
    Subject m_wanted; ///< what is shown or computed
    Subject m_running;
    Result m_result;
    bool m_isCancelled = false;
    int m_work = 0; ///< in the document's works
    Task<Result> m_task;
};

} // namespace qbn::ui
