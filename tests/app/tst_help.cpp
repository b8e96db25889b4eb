#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "tests/support/room.h"
#include "ui/look/help_button.h"
#include "ui/panels/help/help_panel.h"

#include <QAction>
#include <QDockWidget>
#include <QMenu>
#include <QTest>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace Qt::StringLiterals;

/// The ways from the window to a help page.
class TestHelp : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void helpIsHiddenUntilAskedFor();
    void f1OpensThePageOfWhatHasTheFocus_data();
    void f1OpensThePageOfWhatHasTheFocus();
    void theQuestionMarkOfACardOpensItsPage_data();
    void theQuestionMarkOfACardOpensItsPage();
    void theMenuLeadsToContentsAndTopics();

private:
    QDockWidget* dock() const { return m_window->findChild<QDockWidget*>(u"helpDock"_s); }
    QString page() const { return m_window->findChild<ui::HelpPanel*>()->page(); }

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestHelp::init()
{
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestHelp::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestHelp::helpIsHiddenUntilAskedFor()
{
    QVERIFY(!dock()->isVisible());
}

void TestHelp::f1OpensThePageOfWhatHasTheFocus_data()
{
    QTest::addColumn<QString>("widget");
    QTest::addColumn<QString>("expected");
    QTest::newRow("the input code") << u"inputCode"_s << u"input-code"_s;
    QTest::newRow("the real value on the same card") << u"inputValue"_s << u"input-code"_s;
    QTest::newRow("a field") << u"eps"_s << u"eps"_s;
    QTest::newRow("a slider") << u"gammaSlider"_s << u"affine"_s;
    QTest::newRow("a table") << u"channelTable"_s << u"normalize"_s;
    QTest::newRow("a plot") << u"errorPlot"_s << u"rounding"_s;
    QTest::newRow("what has no page") << u"channelChooser"_s << u"index"_s;
}

void TestHelp::f1OpensThePageOfWhatHasTheFocus()
{
    QFETCH(QString, widget);
    QFETCH(QString, expected);
    m_window->findChild<WorkArea*>()->showPage(u"channelPage"_s);
    auto* focused = m_window->findChild<QWidget*>(widget);
    focused->setFocus();
    QVERIFY(focused->hasFocus());
    QTest::keyClick(focused, Qt::Key_F1);
    QVERIFY(dock()->isVisible());
    QCOMPARE(page(), expected);
}

void TestHelp::theQuestionMarkOfACardOpensItsPage_data()
{
    QTest::addColumn<QString>("card");
    QTest::addColumn<QString>("expected");
    QTest::newRow("input code") << u"inputCard"_s << u"input-code"_s;
    QTest::newRow("dequantize") << u"dequantizeCard"_s << u"dequantize"_s;
    QTest::newRow("normalize") << u"normalizeCard"_s << u"normalize"_s;
    QTest::newRow("affine") << u"affineCard"_s << u"affine"_s;
    QTest::newRow("requantize") << u"requantizeCard"_s << u"requantize"_s;
    QTest::newRow("output code") << u"outputCard"_s << u"output-code"_s;
}

void TestHelp::theQuestionMarkOfACardOpensItsPage()
{
    QFETCH(QString, card);
    QFETCH(QString, expected);
    auto* button = m_window->findChild<QWidget*>(card)->findChild<ui::HelpButton*>(u"helpButton"_s);
    QVERIFY(!button->accessibleName().isEmpty());
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(dock()->isVisible());
    QCOMPARE(page(), expected);
    dock()->hide();
    button->setFocus();
    QTest::keyClick(button, Qt::Key_F1);
    QVERIFY(dock()->isVisible());
    QCOMPARE(page(), expected);
}

void TestHelp::theMenuLeadsToContentsAndTopics()
{
    for (QAction* topic : m_window->findChild<QMenu*>(u"helpTopicsMenu"_s)->actions()) {
        topic->trigger();
        const QString text = m_window->findChild<ui::HelpBrowser*>()->toPlainText();
        QVERIFY2(text.startsWith(topic->text()), qPrintable(topic->text()));
    }
    m_window->findChild<QAction*>(u"helpContentsAction"_s)->trigger();
    QCOMPARE(page(), u"index"_s);
}

QBN_TEST(TestHelp)
#include "tst_help.moc"
