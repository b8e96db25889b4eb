// The tool bars of MainWindow and what it says at the bottom.

#include "app/desktop/main_window.h"

#include "app/desktop/navigation_bar.h"
#include "ui/look/plain_text.h"

#include <QAction>
#include <QEvent>
#include <QLabel>
#include <QScreen>
#include <QToolButton>

#include <algorithm>

namespace qbn::desktop {

namespace {

/// Text alone on the tool bar: the words are short, and icons for them would have to be learnt.
QToolBar* textToolBar(QMainWindow* window, const QString& name, const QString& title)
{
    auto* bar = new QToolBar(title, window);
    bar->setObjectName(name);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    window->addToolBar(bar);
    return bar;
}

/// A button for an action whose text changes with every edit, and the text of the button does not:
/// a button that is bound to the action would have the window laid out every time.
QToolButton* steadyButton(QAction& action, const QString& name, const QString& text,
                          QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus); // as all of the bar; the menu has the keys
    const auto follow = [&action, button] {
        button->setEnabled(action.isEnabled());
        button->setToolTip(ui::plainToolTip(action.toolTip()));
    };
    QObject::connect(&action, &QAction::changed, button, follow);
    QObject::connect(button, &QToolButton::clicked, &action, &QAction::trigger);
    follow();
    return button;
}

} // namespace

void MainWindow::addToolBars()
{
    QToolBar* files = textToolBar(this, QStringLiteral("fileBar"), tr("File"));
    for (const char* const name : {"openAction", "saveAction", "exportLayerCsvAction"})
        files->addAction(findChild<QAction*>(QLatin1String(name)));
    // The menu says of what; the bar has room for one word and a tooltip.
    auto* csv = findChild<QAction*>(QStringLiteral("exportLayerCsvAction"));
    csv->setIconText(tr("Export CSV"));
    csv->setToolTip(tr("Export all codes of this layer as CSV (Ctrl+Shift+E)"));
    QToolBar* edits = textToolBar(this, QStringLiteral("editBar"), tr("Edit"));
    edits->addWidget(steadyButton(*findChild<QAction*>(QStringLiteral("undoAction")),
                                  QStringLiteral("undoButton"), tr("Undo"), edits));
    edits->addWidget(steadyButton(*findChild<QAction*>(QStringLiteral("redoAction")),
                                  QStringLiteral("redoButton"), tr("Redo"), edits));
    m_navigation = new NavigationBar(m_document, this);
    m_navigation->installEventFilter(this);
    addToolBar(m_navigation);
}

/// The navigation gets a row of its own where it does not fit beside the other bars.
void MainWindow::wrapBars()
{
    int wanted = 0;
    for (const QToolBar* bar : findChildren<QToolBar*>(Qt::FindDirectChildrenOnly))
        wanted += bar->isVisibleTo(this) && !bar->isFloating() ? bar->sizeHint().width() : 0;
    const bool fits = wanted <= width();
    if (toolBarArea(m_navigation) != Qt::TopToolBarArea || fits == !toolBarBreak(m_navigation))
        return;
    if (fits)
        removeToolBarBreak(m_navigation);
    else
        insertToolBarBreak(m_navigation);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    wrapBars();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_navigation && event->type() == QEvent::LayoutRequest) // a longer name
        wrapBars();
    return QMainWindow::eventFilter(watched, event);
}

/// Of a fixed size: a label that may grow asks for a new layout of the window with every text.
void MainWindow::fitPlace()
{
    const QFontMetrics metrics = m_place->fontMetrics();
    m_place->setFixedSize(
        std::min(metrics.averageCharWidth() * 64, screen()->availableSize().width() / 2),
        metrics.height() + 4);
    m_place->setToolTip({}); // for another width
    updateStatus();
}

} // namespace qbn::desktop
