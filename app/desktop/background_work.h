#pragma once

#include "ui/look/plain_text.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QProgressDialog>
#include <QTimer>
#include <QtConcurrent/QtConcurrentRun>

#include <atomic>
#include <memory>
#include <optional>

namespace qbn::desktop {

/// Set from the dialog's Cancel button, read by the work. Work that does not look at it is left to
/// end by itself.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

/// Runs `work(CancelFlag)` off the GUI thread while the window waits for it; after 300 ms a dialog
/// with Cancel shows. Until then keys, clicks and the closing of the window wait as well, and are
/// delivered afterwards. Nothing is returned when it was cancelled; what the work still gives is
/// dropped. `work` must own all that it reads.
template <typename Work>
auto runInBackground(QWidget* window, const QString& text, Work work)
    -> std::optional<decltype(work(CancelFlag{}))>
{
    using Value = decltype(work(CancelFlag{}));
    constexpr int milliseconds = 300;
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    QFutureWatcher<std::shared_ptr<Value>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(QtConcurrent::run(
        [work = std::move(work), cancelled] { return std::make_shared<Value>(work(cancelled)); }));
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    if (!watcher.isFinished()) {
        QProgressDialog dialog(window);
        dialog.setLabel(ui::plainLabel(text, &dialog));
        dialog.setObjectName(QStringLiteral("progressDialog"));
        dialog.setWindowModality(Qt::WindowModal);
        dialog.setRange(0, 0);
        QObject::connect(&dialog, &QProgressDialog::canceled, &loop, [cancelled, &loop] {
            *cancelled = true;
            loop.quit();
        });
        dialog.show();
        loop.exec();
    }
    if (*cancelled)
        return std::nullopt;
    return std::move(*watcher.result());
}

} // namespace qbn::desktop
