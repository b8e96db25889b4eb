#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace qbn::ui {

/// Long work that is going on off the GUI thread: what it is, how far it is, and how to end it.
/// Whoever begins a work ends it, also after cancel().
class WorkList : public QObject
{
    Q_OBJECT

public:
    struct Work
    {
        int id = 0;
        QString what;
        int done = 0;
        int total = 0; ///< 0: not known
        std::function<void()> cancel;
    };

    using QObject::QObject;

    int begin(const QString& what, std::function<void()> cancel);
    void progress(int id, int done, int total);
    void end(int id); ///< nothing if there is none of it
    void cancel(int id);

    /// The oldest first.
    const std::vector<Work>& works() const { return m_works; }

signals:
    void changed();

private:
    Work* find(int id);

    std::vector<Work> m_works;
    int m_last = 0;
};

} // namespace qbn::ui
