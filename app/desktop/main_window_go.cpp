// The Go menu of MainWindow, and where it leads.

#include "app/desktop/main_window.h"

#include "app/desktop/work_area.h"
#include "ui/document/difference_search.h"

#include <QApplication>
#include <QDockWidget>
#include <QMenuBar>

namespace qbn::desktop {

void MainWindow::addGoMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Go"));
    menu->setObjectName(QStringLiteral("goMenu"));
    const auto add = [this, menu](const QString& name, const QString& text, const QString& keys,
                                  auto move) {
        connect(addAction(menu, name, text, QKeySequence(keys)), &QAction::triggered, this, move);
    };
    add(QStringLiteral("nextCodeAction"), tr("&Next code"), tr("Alt+Right"),
        [this] { moveCode(1); });
    add(QStringLiteral("previousCodeAction"), tr("&Previous code"), tr("Alt+Left"),
        [this] { moveCode(-1); });
    add(QStringLiteral("goToCodeAction"), tr("&Input code…"), tr("Ctrl+G"), [this] {
        if (auto* edit = findChild<QWidget*>(QStringLiteral("inputCode")))
            edit->setFocus(Qt::ShortcutFocusReason);
    });
    menu->addSeparator();
    add(QStringLiteral("nextDifferenceAction"), tr("Next &difference"), tr("F8"),
        [this] { m_search->start(Direction::forward); });
    add(QStringLiteral("previousDifferenceAction"), tr("P&revious difference"), tr("Shift+F8"),
        [this] { m_search->start(Direction::backward); });
    menu->addSeparator();
    add(QStringLiteral("nextChannelAction"), tr("Next &channel"), tr("Ctrl+PgDown"),
        [this] { moveChannel(1); });
    add(QStringLiteral("previousChannelAction"), tr("Previous c&hannel"), tr("Ctrl+PgUp"),
        [this] { moveChannel(-1); });
    menu->addSeparator();
    add(QStringLiteral("nextLayerAction"), tr("Next &layer"), tr("Ctrl+Shift+PgDown"),
        [this] { moveLayer(1); });
    add(QStringLiteral("previousLayerAction"), tr("Previous l&ayer"), tr("Ctrl+Shift+PgUp"),
        [this] { moveLayer(-1); });
    menu->addSeparator();
    add(QStringLiteral("nextPanelAction"), tr("Next pan&el"), tr("F6"),
        [this] { focusNextPanel(1); });
    add(QStringLiteral("previousPanelAction"), tr("Previo&us panel"), tr("Shift+F6"),
        [this] { focusNextPanel(-1); });
}

void MainWindow::moveChannel(int by)
{
    m_document.selection().setChannel(m_document.selection().channel() + by);
}

void MainWindow::moveLayer(int by)
{
    m_document.selection().setLayer(m_document.selection().layer() + by);
}

void MainWindow::moveCode(int by)
{
    m_document.selection().setCode(m_document.selection().code() + by);
}

void MainWindow::focusNextPanel(int by)
{
    QList<QWidget*> panels = m_area->panels();
    if (m_help->widget() != nullptr)
        panels << m_help->widget();
    panels.removeIf([](const QWidget* panel) { return !panel->isVisible(); });
    if (panels.isEmpty())
        return;
    const QWidget* focused = QApplication::focusWidget();
    qsizetype current = -1;
    for (qsizetype i = 0; i < panels.size(); ++i) {
        if (panels[i] == focused || panels[i]->isAncestorOf(focused))
            current = i;
    }
    QWidget* next = panels[(current + by + panels.size()) % panels.size()];
    // A panel itself may not take the focus: the first in it that does.
    QWidget* target = next;
    while (target->focusPolicy() == Qt::NoFocus || !target->isVisible() || !target->isEnabled()) {
        target = target->nextInFocusChain();
        if (target == next)
            return;
    }
    target->setFocus(Qt::TabFocusReason);
}

} // namespace qbn::desktop
