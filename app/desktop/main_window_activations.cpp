// Whole activations in the window: the menu, the panel, and files that are dropped.

#include "app/desktop/activation_actions.h"
#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "ui/panels/activations/activation_panel.h"

#include <QMenu>
#include <QStatusBar>

namespace qbn::desktop {

QWidget* MainWindow::makeActivationPanel(QWidget* parent)
{
    auto* panel = new ui::ActivationPanel(m_document, parent);
    connect(panel, &ui::ActivationPanel::loadRequested, m_activations,
            [this] { m_activations->loadWithDialog(); });
    return panel;
}

void MainWindow::connectActivations()
{
    connect(m_activations, &ActivationActions::loaded, this,
            [this] { m_area->showPage(QStringLiteral("activationPage")); });
    connect(m_activations, &ActivationActions::said, this,
            [this](const QString& sentence) { say(sentence); });
}

void MainWindow::addActivationActions(QMenu* menu)
{
    QAction* load
        = addAction(menu, QStringLiteral("loadActivationsAction"), tr("Load ac&tivations…"), {});
    connect(load, &QAction::triggered, m_activations, [this] { m_activations->loadWithDialog(); });
    QAction* clear
        = addAction(menu, QStringLiteral("clearActivationsAction"), tr("Clear acti&vations"), {});
    clear->setEnabled(false);
    ui::Activations& activations = m_document.activations();
    connect(clear, &QAction::triggered, &activations, &ui::Activations::clear);
    connect(&activations, &ui::Activations::changed, clear,
            [&activations, clear] { clear->setEnabled(activations.isLoaded()); });
    menu->addSeparator();
}

/// Arrays of NumPy are activations, and the dialog asks of which side; two files are nothing else.
void MainWindow::openDropped(const QStringList& paths)
{
    if (const QStringList arrays = ActivationActions::arraysOf(paths);
        !arrays.isEmpty() || paths.size() > 1)
        m_activations->loadWithDialog(arrays.isEmpty() ? paths : arrays);
    else
        m_files->open(paths.front());
}

} // namespace qbn::desktop
