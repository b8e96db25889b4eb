#pragma once

#include "core/evaluate/audit.h"
#include "ui/document/document.h"
#include "ui/document/task.h"

#include <memory>
#include <optional>

namespace qbn::ui {

/// Audits the selected layer while somebody looks: at once if it is small, on all cores in a task if
/// not. While a task is under way the result before stands, if it is of the same layer; an edit
/// stops it, as its result would be outdated.
class AuditRunner : public QObject
{
    Q_OBJECT

public:
    explicit AuditRunner(Document& document, QObject* parent = nullptr);
    ~AuditRunner() override;

    /// Nothing is computed before it is switched on, or while it is off.
    void setActive(bool active);

    /// How often each input code of the selected layer occurs, and what to call it; until another
    /// file is opened. Activations that are loaded take its place. N(mean, var) without one.
    void setHistogram(CodeDistribution distribution, const QString& name);
    void clearHistogram();
    /// Empty: the inputs are N(mean, var).
    QString histogramName() const;

    /// Null until something was computed.
    const LayerAudit* result() const { return m_result.get(); }
    /// The result is not, or not yet, that of the layer as it stands.
    bool isPending() const;
    /// A task that audits the layer is under way.
    bool isRunning() const;
    /// The layer as it stands is not audited, because cancel() stopped that.
    bool isCancelled() const;
    void cancel();
    void audit(); ///< after all

signals:
    void changed();
    void progressed(int done, int channels); ///< of a task, some 25 times a second

private:
    struct Histogram
    {
        int layer = 0;
        int channels = 0;
        CodeType type;
        CodeDistribution distribution;
        QString name;
        bool isOfActivations = false;
    };
    using Result = std::shared_ptr<const LayerAudit>;

    void takeActivations();
    const Histogram* histogram() const;
    void auditAnew();
    void refresh();
    void start();
    void onReady();

    Document& m_document;
    bool m_active = false;
    std::optional<Histogram> m_histogram;
    Result m_result;
    std::shared_ptr<const BatchNormLayer> m_audited; ///< what m_result is of; null: it is outdated
    std::shared_ptr<const BatchNormLayer> m_running; ///< what the task audits
    std::shared_ptr<const BatchNormLayer> m_cancelled;
    int m_shownLayer = -1;
    int m_work = 0; ///< in the document's works
    Task<Result> m_task;
};

} // namespace qbn::ui
