#pragma once

#include "ui/document/work_list.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace qbn::desktop {

/// In the status bar: what takes long, how far it is, and a button that cancels it. Of several the
/// oldest. Shows nothing while work is quick, so that edits do not make it flicker.
class WorkBar : public QWidget
{
    Q_OBJECT

public:
    explicit WorkBar(ui::WorkList& works, QWidget* parent = nullptr);

private:
    void refresh();

    ui::WorkList& m_works;
    QLabel* m_what;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
    QTimer m_patience;
    bool m_isLong = false;
};

} // namespace qbn::desktop
