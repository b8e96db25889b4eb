#pragma once

#include <QObject>
#include <QTimer>

namespace qbn::ui {

/// A run of small edits that belong together, such as a drag or a key held down: whoever records
/// undo steps makes one of all that happens between started() and finished(). The two signals
/// always come in pairs.
class EditGesture : public QObject
{
    Q_OBJECT

public:
    explicit EditGesture(QObject* parent = nullptr);

    bool isActive() const { return m_active; }
    void begin(); ///< emits started() unless a gesture is going on
    void end(); ///< emits finished() if a gesture is going on
    void endSoon(); ///< ends the gesture when nothing follows for 0.7 s (a wheel has no release)

signals:
    void started();
    void finished();

private:
    QTimer m_idle;
    bool m_active = false;
};

} // namespace qbn::ui
