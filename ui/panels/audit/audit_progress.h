#pragma once

#include <QTimer>
#include <QWidget>

class QProgressBar;
class QPushButton;

namespace qbn::ui {

class AuditRunner;

/// How far a long audit is, with a button that cancels it; afterwards one that begins it again.
/// Shows nothing while an audit is quick, so that edits do not make it flicker.
class AuditProgress : public QWidget
{
    Q_OBJECT

public:
    explicit AuditProgress(AuditRunner& runner, QWidget* parent = nullptr);

private:
    void refresh();
    void showProgress(int done, int channels);

    AuditRunner& m_runner;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
    QPushButton* m_again;
    QTimer m_patience;
    bool m_isLong = false; ///< the one under way
};

} // namespace qbn::ui
