#include "app/desktop/code_actions.h"
#include "app/desktop/main_window.h"
#include "core/paste/snippets.h"
#include "tests/support/fake_python.h"
#include "tests/support/room.h"

#include <QAction>
#include <QClipboard>
#include <QDialog>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// A layer leaves the window as code; the user's own Python is asked from it.
class TestCodeActions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void theLayerIsCopiedAsCode();
    void whatCannotBeSaidIsTold();
    void theSnippetIsCopied();
    void aPythonIsCheckedAndRemembered();
    void aPythonThatFailsIsForgotten();

private:
    void trigger(const char* action)
    {
        auto* found = m_window->findChild<QAction*>(QLatin1String(action));
        QVERIFY2(found, action);
        found->trigger();
    }
    static QString clipboard() { return QGuiApplication::clipboard()->text(); }

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
    QTemporaryDir m_folder;
};

void TestCodeActions::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"qbn-test"_s);
    QCoreApplication::setApplicationName(u"code"_s);
}

void TestCodeActions::init()
{
    QSettings().clear();
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestCodeActions::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestCodeActions::theLayerIsCopiedAsCode()
{
    const Backend& chosen = *m_document->evaluation().chosen;
    for (const auto& [action, format] :
         {std::pair{"copyAs-c", CodeFormat::c}, std::pair{"copyAs-numpy", CodeFormat::numpy},
          std::pair{"copyAs-pytorch", CodeFormat::pytorch},
          std::pair{"copyAs-fpcore", CodeFormat::fpcore},
          std::pair{"copyAs-thresholds", CodeFormat::thresholds}}) {
        trigger(action);
        const auto text = code_text(format, {m_document->layer(), chosen, std::nullopt, {}});
        QVERIFY(text);
        QCOMPARE(clipboard(), QString::fromStdString(*text));
    }
}

void TestCodeActions::whatCannotBeSaidIsTold()
{
    QGuiApplication::clipboard()->setText(u"mine"_s);
    QString said;
    QTimer::singleShot(0, this, [&said] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            said = box->text();
            box->accept();
        }
    });
    trigger("copyAs-hls");
    QVERIFY2(said.contains(u"HLS code is written of integer arithmetic"_s), qPrintable(said));
    QCOMPARE(clipboard(), u"mine"_s);
}

void TestCodeActions::theSnippetIsCopied()
{
    trigger("copySnippetAction");
    QCOMPARE(clipboard().toStdString(), std::string(notebook_snippet()));
}

void TestCodeActions::aPythonIsCheckedAndRemembered()
{
    std::vector<std::int32_t> codes = allCodes("pytorch", m_document->layer());
    codes[52] ^= 1;
    const QString python = writeFakePython(m_folder.filePath(u"python"_s),
                                           answering("2.13.0", answerOf("fused", codes)));
    m_settings->setPython(python);
    QString shown;
    QTimer timer;
    timer.setInterval(20);
    connect(&timer, &QTimer::timeout, this, [&] {
        auto* dialog = m_window->findChild<QDialog*>(u"checkDialog"_s);
        if (!dialog)
            return;
        QVERIFY(!dialog->isModal());
        timer.stop();
        shown = dialog->findChild<QPlainTextEdit*>(u"checkText"_s)->toPlainText();
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"checkCopyButton"_s), Qt::LeftButton);
        QTest::keyClick(dialog, Qt::Key_Escape);
    });
    timer.start();
    trigger("checkPythonAction");
    QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), 60000);
    QVERIFY2(shown.contains(u"1 of %1 codes differ from pytorch"_s.arg(codes.size())),
             qPrintable(shown));
    QCOMPARE(clipboard(), shown);
    QVERIFY(shown.contains(u"Codes that are not predicted"_s));
    QCOMPARE(Settings().python(), python);
}

void TestCodeActions::aPythonThatFailsIsForgotten()
{
    const QString python
        = writeFakePython(m_folder.filePath(u"python"_s), "echo 'no torch here' >&2; exit 3");
    m_settings->setPython(python);
    QString said;
    QTimer timer;
    timer.setInterval(20);
    connect(&timer, &QTimer::timeout, this, [&] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            timer.stop();
            said = box->text();
            box->accept();
        }
    });
    timer.start();
    trigger("checkPythonAction");
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), 60000);
    QCOMPARE(said, python + u" failed with exit code 3: no torch here"_s);
    QCOMPARE(Settings().python(), QString());
}

QBN_TEST(TestCodeActions)
#include "tst_code_actions.moc"
