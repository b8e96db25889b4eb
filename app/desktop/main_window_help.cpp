// Help: the menu, F1 and the way from a panel to its page.

#include "app/desktop/main_window.h"

#include "app/version.h"
#include "ui/look/help_page.h"
#include "ui/panels/help/help_pages.h"
#include "ui/panels/help/help_panel.h"

#include <QApplication>
#include <QDockWidget>
#include <QMenuBar>
#include <QMessageBox>

namespace qbn::desktop {

namespace {

const QString indexPage = QStringLiteral("index");

} // namespace

void MainWindow::showHelp(const QString& page)
{
    if (m_help->widget() == nullptr)
        m_help->setWidget(new ui::HelpPanel(m_document, m_help));
    static_cast<ui::HelpPanel*>(m_help->widget())->showPage(page.isEmpty() ? indexPage : page);
    m_help->show();
}

void MainWindow::addHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->setObjectName(QStringLiteral("helpMenu"));
    QAction* contents = addAction(menu, QStringLiteral("helpContentsAction"), tr("&Contents"), {});
    connect(contents, &QAction::triggered, this, [this] { showHelp(indexPage); });
    QAction* here = addAction(menu, QStringLiteral("helpHereAction"), tr("&Explain where I am"),
                              QKeySequence::HelpContents);
    connect(here, &QAction::triggered, this,
            [this] { showHelp(ui::helpPageOf(QApplication::focusWidget())); });
    QMenu* topics = menu->addMenu(tr("&Topics"));
    topics->setObjectName(QStringLiteral("helpTopicsMenu"));
    for (const char* const topic :
         {"rounding", "ties", "eps", "reduce-range", "folding", "overflow-and-nan", "audit"}) {
        const QString page = QLatin1String(topic);
        connect(topics->addAction(ui::helpPageTitle(page)), &QAction::triggered, this,
                [this, page] { showHelp(page); });
    }
    menu->addSeparator();
    QAction* shortcuts = addAction(menu, QStringLiteral("shortcutsAction"), tr("&Keys"),
                                   QKeySequence(tr("Ctrl+?")));
    connect(shortcuts, &QAction::triggered, this, &MainWindow::showShortcuts);
    QAction* about = addAction(menu, QStringLiteral("aboutAction"), tr("&About QBN Explorer"), {});
    about->setMenuRole(QAction::AboutRole);
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
    QAction* aboutQt = addAction(menu, QStringLiteral("aboutQtAction"), tr("About &Qt"), {});
    aboutQt->setMenuRole(QAction::AboutQtRole);
    connect(aboutQt, &QAction::triggered, qApp, &QApplication::aboutQt);
}

void MainWindow::showShortcuts()
{
    QString rows;
    for (const QAction* action : findChildren<QAction*>()) {
        if (!action->shortcut().isEmpty() && !action->objectName().isEmpty()) {
            rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                        .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                             action->text().remove(u'&').toHtmlEscaped());
        }
    }
    rows += tr(
        "<tr><td>Up, Down&nbsp;&nbsp;</td><td>step a number; Shift in small, Ctrl in large "
        "steps</td></tr>"
        "<tr><td>Arrows, Home, End&nbsp;&nbsp;</td><td>in a plot: move the current code</td></tr>"
        "<tr><td>+, −, 0&nbsp;&nbsp;</td><td>in a plot: zoom in, out, show all</td></tr>");
    QMessageBox box(QMessageBox::NoIcon, tr("Keys"), QStringLiteral("<table>%1</table>").arg(rows),
                    QMessageBox::Close, this);
    box.setObjectName(QStringLiteral("shortcutsBox"));
    box.exec();
}

void MainWindow::showAbout()
{
    QMessageBox box(QMessageBox::NoIcon, tr("About QBN Explorer"),
                    tr("<h3>Quantized Batch Norm Explorer %1</h3><p>Follows each input code of a "
                       "quantized batch norm layer to its "
                       "output code, as PyTorch, ONNX Runtime and exact mathematics compute "
                       "it.</p><p>It opens no network "
                       "connection and sends nothing.</p><p>GPL-3.0-or-later. Made with Qt, "
                       "QCustomPlot, Eigen, Boost.Multiprecision "
                       "and libzip.</p>")
                        .arg(QStringLiteral(QBN_VERSION)),
                    QMessageBox::Close, this);
    box.setObjectName(QStringLiteral("aboutBox"));
    box.exec();
}

} // namespace qbn::desktop
