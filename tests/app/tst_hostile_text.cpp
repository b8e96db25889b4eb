#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "core/formats/open_model.h"
#include "tests/support/opening.h"
#include "tests/support/room.h"
#include "ui/panels/explain/explain_panel.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>
#include <QTextDocument>
#include <QTimer>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;

namespace {

QString hostile(const char* name)
{
    return QStringLiteral(QBN_TEST_DATA "/hostile/") + QLatin1String(name);
}

/// Whether Qt would read it as rich text in which something of the file still is a tag.
bool isRichFromOutside(const QString& text)
{
    return Qt::mightBeRichText(text) && text.contains(QStringLiteral("<img"));
}

bool hasUnseenCharacter(const QString& text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format
            || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
    });
}

} // namespace

/// A session from a stranger is shown letter by letter.
class TestHostileText : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void noTextOfTheFileIsRich();
    void anErrorBoxIsPlain();
    void namesHaveNoUnseenCharacters();
    void aPercentSignInANameIsJustThat();

private:
    void showEverything();
    void rename(const QString& name);

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
    QStringList m_opened; ///< by rich texts
};

void TestHostileText::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("hostile-text"));
}

void TestHostileText::init()
{
    QSettings().clear();
    m_opened.clear();
    QTextDocument::setDefaultResourceProvider([this](const QUrl& url) {
        m_opened += url.toString();
        return QVariant();
    });
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestHostileText::cleanup()
{
    QTextDocument::setDefaultResourceProvider({});
    m_window.reset();
    m_document.reset();
}

void TestHostileText::showEverything()
{
    m_window->findChild<QAction*>(QStringLiteral("foldAction"))->trigger();
    auto* area = m_window->findChild<WorkArea*>();
    for (const QString& name : area->pageNames()) {
        area->showPage(name);
        QTest::qWait(20);
    }
    m_window->findChild<QAction*>(QStringLiteral("helpContentsAction"))->trigger();
    QCoreApplication::processEvents();
}

void TestHostileText::rename(const QString& name)
{
    m_document->editLayer(QStringLiteral("Rename"), std::nullopt,
                          [&name](BatchNormLayer& layer) { layer.name = name.toStdString(); });
}

void TestHostileText::noTextOfTheFileIsRich()
{
    QVERIFY(opens(m_window->files(), hostile("richtext_name.json")));
    QVERIFY(m_document->layer().name.starts_with("<img"));
    // What is observed and pasted is shown as well.
    m_document->editLayer(QStringLiteral("Observe"), std::nullopt, [](BatchNormLayer& layer) {
        layer.observations = {{.channel = 0, .input_code = 7, .output_code = 99}};
    });
    static_cast<ui::ExplainPanel*>(
        m_window->findChild<WorkArea*>()->page(QStringLiteral("explainPage")))
        ->showUnderstanding(QString(),
                            {.model = {},
                             .observations = {},
                             .understood = {m_document->layer().name},
                             .assumed = {m_document->layer().name},
                             .missing = {m_document->layer().name}});
    showEverything();

    const QStringList ours{QStringLiteral("agreementSentence"), QStringLiteral("auditFindings"),
                           QStringLiteral("nextMeasurement"), QStringLiteral("pastedLegend")};
    int plain = 0;
    for (const auto* label : m_window->findChildren<QLabel*>()) {
        QVERIFY2(!isRichFromOutside(label->text()) || label->textFormat() == Qt::PlainText,
                 qPrintable(label->objectName()));
        if (ours.contains(label->objectName()))
            continue;
        QVERIFY2(label->textFormat() == Qt::PlainText,
                 qPrintable(label->objectName() + QStringLiteral(": ") + label->text()));
        ++plain;
    }
    QVERIFY(plain > 30);
    for (const auto* widget : m_window->findChildren<QWidget*>()) {
        QVERIFY2(!isRichFromOutside(widget->toolTip()), qPrintable(widget->objectName()));
        QVERIFY2(!isRichFromOutside(widget->whatsThis()), qPrintable(widget->objectName()));
    }
    for (const auto* action : m_window->findChildren<QAction*>())
        QVERIFY2(!isRichFromOutside(action->toolTip()), qPrintable(action->text()));
    int cells = 0;
    for (const auto* view : m_window->findChildren<QAbstractItemView*>()) {
        const QAbstractItemModel* model = view->model();
        for (int row = 0; model != nullptr && row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column, ++cells)
                QVERIFY2(
                    !isRichFromOutside(model->index(row, column).data(Qt::ToolTipRole).toString()),
                    qPrintable(view->objectName()));
        }
    }
    QVERIFY(cells > 2000);
    QCOMPARE(m_opened.join(u' '), QString());
}

void TestHostileText::anErrorBoxIsPlain()
{
    bool isPlain = false;
    QString text;
    QTimer answer;
    connect(&answer, &QTimer::timeout, this, [&] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            const auto* label = box->findChild<QLabel*>(QStringLiteral("qt_msgbox_label"));
            isPlain = box->textFormat() == Qt::PlainText && label->textFormat() == Qt::PlainText;
            text = box->text();
            box->button(QMessageBox::Ok)->click();
        }
    });
    answer.start(10);
    QVERIFY(!opens(m_window->files(), hostile("richtext_errorbox.json")));
    QVERIFY2(text.contains(QStringLiteral("<img")), qPrintable(text));
    QVERIFY(isPlain);
    QCOMPARE(m_opened.join(u' '), QString());
}

void TestHostileText::namesHaveNoUnseenCharacters()
{
    rename(QStringLiteral("a\u202Eb\nc\u001B[31m\u2028d"));
    showEverything();
    const auto text = [this](const char* name) {
        return m_window->findChild<QLabel*>(QLatin1String(name))->text();
    };
    const QString chosen
        = m_window->findChild<QComboBox*>(QStringLiteral("layerChooser"))->currentText();
    QCOMPARE(chosen, QStringLiteral("a\\u202eb\\nc\\u001b[31m\\u2028d"));
    for (const QString& shown : {text("placeLabel"), text("foldLayer"), chosen})
        QVERIFY2(!hasUnseenCharacter(shown), qPrintable(shown));
}

void TestHostileText::aPercentSignInANameIsJustThat()
{
    rename(QStringLiteral("%2 %4"));
    QVERIFY(m_window->findChild<QLabel*>(QStringLiteral("placeLabel"))
                ->text()
                .startsWith(QStringLiteral("%2 %4 · channel 0 · code 38")));
}

QBN_TEST(TestHostileText)
#include "tst_hostile_text.moc"
