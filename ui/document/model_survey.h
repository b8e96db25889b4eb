#pragma once

#include "core/evaluate/code_verdict.h"
#include "core/evaluate/layer_digest.h"
#include "ui/document/task.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace qbn::ui {

class Document;

/// A digest of each layer of the model, by the chosen and the compared backends, made layer by
/// layer in a task. What has become outdated while it was computed is dropped and computed anew;
/// layers that stand as they were are kept.
class ModelSurvey : public QObject
{
    Q_OBJECT

public:
    explicit ModelSurvey(Document& document);
    ~ModelSurvey() override;

    /// Null: not known yet.
    const LayerDigest* digest(int layer) const;
    /// Of all layers that are known.
    ModelDifferences differences() const;

    /// This one, before all others; cancel() forgets it.
    void request(int layer);

    /// Until it is resumed, one is requested, or another model is opened or pasted.
    bool isCancelled() const;
    void cancel();
    void resume();

signals:
    void changed();
    void cancelled();

private:
    using DigestPointer = std::shared_ptr<const LayerDigest>;

    bool fits(const LayerDigest& digest, std::size_t layer) const;
    void refresh();
    void startNext();
    std::optional<std::size_t> next() const;
    void onReady();
    void endWork();

    Document& m_document;
    std::vector<DigestPointer> m_digests; ///< of each layer; null or outdated ones among them
    Task<DigestPointer> m_task;
    std::size_t m_running = 0; ///< layer of the task
    std::optional<std::size_t> m_requested;
    std::shared_ptr<const Model> m_cancelledOf; ///< the model as it was opened
    int m_work = 0; ///< in the document's works, 0: none
};

} // namespace qbn::ui
