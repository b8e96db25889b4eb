#pragma once

#include "ui/document/task.h"
#include "ui/look/plain_text.h"

#include <QEventLoop>
#include <QProgressDialog>
#include <QTimer>

#include <optional>
#include <stop_token>

namespace qbn::desktop {

/// Runs `work(std::stop_token)` off the GUI thread while the window waits for it; after 300 ms a
/// dialog with Cancel shows. Until then keys, clicks and the closing of the window wait as well, and
/// are delivered afterwards. Nothing is returned when it was cancelled: the work is asked to stop,
/// and what it still gives is dropped. `work` must own all that it reads.
template <typename Work>
auto runInBackground(QWidget* window, const QString& text, Work work)
    -> std::optional<decltype(work(std::stop_token{}))>
{
    constexpr int milliseconds = 300;
    QEventLoop loop;
    ui::Task<decltype(work(std::stop_token{}))> task([&loop] { loop.quit(); });
    task.start(std::move(work));
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    bool isCancelled = false;
    if (task.isRunning()) {
        QProgressDialog dialog(window);
        dialog.setLabel(ui::plainLabel(text, &dialog));
        dialog.setObjectName(QStringLiteral("progressDialog"));
        dialog.setWindowModality(Qt::WindowModal);
        dialog.setRange(0, 0);
        QObject::connect(&dialog, &QProgressDialog::canceled, &loop, [&isCancelled, &loop] {
            isCancelled = true;
            loop.quit();
        });
        dialog.show();
        loop.exec();
    }
    if (isCancelled)
        return std::nullopt;
    return task.takeResult();
}

} // namespace qbn::desktop
