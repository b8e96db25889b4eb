// Help: the menu, F1 and the way from a panel to its page.

#include "app/desktop/main_window.h"

#include "app/version.h"
#include "ui/look/help_page.h"
#include "ui/panels/help/help_pages.h"
#include "ui/panels/help/help_panel.h"

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QMenuBar>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>

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
    // Fields and tables share theirs.
    QStringList rows;
    for (const QAction* action : findChildren<QAction*>()) {
        if (action->shortcut().isEmpty() || action->objectName().isEmpty())
            continue;
        const QString row
            = QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                  .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                       action->text().remove(u'&').toHtmlEscaped());
        if (!rows.contains(row))
            rows << row;
    }
    rows << tr(
        "<tr><td>Up, Down&nbsp;&nbsp;</td><td>step a number; Shift in small, Ctrl in large "
        "steps</td></tr>"
        "<tr><td>Arrows, Home, End&nbsp;&nbsp;</td><td>in a plot: move the current code</td></tr>"
        "<tr><td>Alt+Up, Alt+Down&nbsp;&nbsp;</td><td>in the transfer curve: give the current "
        "code the next output code by gamma; with Shift by beta</td></tr>"
        "<tr><td>+, −, 0&nbsp;&nbsp;</td><td>in a plot: zoom in, out, show all</td></tr>");
    auto* dialog = new QDialog(this);
    dialog->setObjectName(QStringLiteral("shortcutsBox"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keys"));
    auto* text = new QTextBrowser(dialog);
    text->setAccessibleName(tr("Keys"));
    text->setHtml(QStringLiteral("<table>%1</table>").arg(rows.join(QString())));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    dialog->resize(fontMetrics().averageCharWidth() * 70, height() * 2 / 3);
    dialog->show();
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
