#pragma once

#include "ui/document/task.h"
#include "ui/look/plain_text.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QProgressDialog>
#include <QTimer>
#include <QtConcurrent/QtConcurrentRun>

#include <memory>
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
    using Value = decltype(work(std::stop_token{}));
    constexpr int milliseconds = 300;
    std::stop_source stop;
    QFutureWatcher<std::shared_ptr<Value>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(
        QtConcurrent::run(&ui::taskThreads(), [work = std::move(work), stop = stop.get_token()] {
            return std::make_shared<Value>(work(stop));
        }));
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    if (!watcher.isFinished()) {
        QProgressDialog dialog(window);
        dialog.setLabel(ui::plainLabel(text, &dialog));
        dialog.setObjectName(QStringLiteral("progressDialog"));
        dialog.setWindowModality(Qt::WindowModal);
        dialog.setRange(0, 0);
        QObject::connect(&dialog, &QProgressDialog::canceled, &loop, [&stop, &loop] {
            stop.request_stop();
            loop.quit();
        });
        dialog.show();
        loop.exec();
    }
    if (stop.stop_requested())
        return std::nullopt;
    return std::move(*watcher.result());
}

} // namespace qbn::desktop
