#pragma once

#include "core/explain/report.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace qbn::ui {

template <typename T> class Task;

/// Explains a layer's observations when somebody asks, and keeps the answer until layer, backend or
/// unknown pair are others; for another channel or pair only the region is computed. Long work is
/// done in a task, and what it brings is given out only if it is of the subject that was asked for
/// last: layers are never changed in place, so a subject is equal to no older one by accident.
class ReportRunner : public QObject
{
    Q_OBJECT

public:
    using LayerPointer = std::shared_ptr<const BatchNormLayer>;

    /// What a report is of.
    struct Subject
    {
        LayerPointer layer;
        const Backend* chosen = nullptr;
        UnknownPair unknowns;
        int channel = 0; ///< whose region it has
        std::vector<const Backend*> also; ///< beside all_backends()

        bool operator==(const Subject&) const = default;
    };

    explicit ReportRunner(QObject* parent = nullptr);
    ~ReportRunner() override;

    /// The report; null while a task makes it, which ends with ready().
    const Result<Report>* report(const Subject& subject);

signals:
    void ready();

private:
    /// A report and what it is of.
    struct Made
    {
        Subject subject;
        Result<Report> report;
    };
    using MadePointer = std::shared_ptr<const Made>; ///< a task may read it

    /// With `before` of the same observations, of another channel or unknown pair, the region alone
    /// is computed.
    static MadePointer make(const Subject& subject, const MadePointer& before,
                            const std::stop_token& stop = {});
    void start();
    void onReady();

    Subject m_wanted;
    MadePointer m_made;
    std::unique_ptr<Task<MadePointer>> m_task;
};

} // namespace qbn::ui
