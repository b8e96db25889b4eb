#pragma once

#include "app/desktop/settings.h"
#include "core/formats/dump/dump.h"
#include "ui/document/document.h"
#include "ui/document/task.h"

#include <QObject>

#include <optional>

class QWidget;

namespace qbn::desktop {

/// Loads a layer's whole input and output off the GUI thread, with its progress among the document's works, and the dialog before.
/// What fails is told in one box with one sentence, and what was loaded stays.
class ActivationActions : public QObject
{
    Q_OBJECT

public:
    ActivationActions(ui::Document& document, Settings& settings, QWidget* window);
    ~ActivationActions() override;

    /// Asks for files, layout and shape; `proposed` are arrays to choose from.
    void loadWithDialog(const QStringList& proposed = {});
    /// Reads it as the selected layer's; one at a time, a later one overtakes.
    void load(const DumpRequest& request);
    bool isLoading() const { return m_task.isRunning(); }

    /// The arrays in files that were dropped; empty where one of them has none, or is a model.
    static QStringList arraysOf(const QStringList& paths);

signals:
    void loaded();
    void said(const QString& sentence); ///< for the status bar

private:
    using Outcome = std::shared_ptr<const Result<CodeCounts>>;
    struct Wanted
    {
        DumpRequest request;
        std::shared_ptr<const BatchNormLayer> layer;
    };
    void start();
    void onReady();

    ui::Document& m_document;
    Settings& m_settings;
    QWidget* m_window;
    std::optional<Wanted> m_next; ///< after the one that runs
    Wanted m_running;
    int m_work = 0;
    bool m_isCancelled = false;
    ui::Task<Outcome> m_task;
};

} // namespace qbn::desktop
