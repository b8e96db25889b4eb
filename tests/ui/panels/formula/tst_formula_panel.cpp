#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/formula/formula_panel.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

/// The formula of the chosen backend, and a copy of it that is edited live.
class TestFormulaPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theChosenBackendsTextIsShownAndFixed();
    void aBackendWithoutAFormulaSaysSo();
    void aCopyIsABackendOfItsOwn();
    void eachKeystrokeIsComputed();
    void aWrongFormulaIsToldAndChangesNothing();
    void theVisitIsOneUndoStep();
    void undoBringsTheTextBack();
    void aHiddenPanelReadsNothing();

private:
    QPlainTextEdit& editor() { return *m_panel->findChild<QPlainTextEdit*>(u"formulaEditor"_s); }
    QString message() { return m_panel->findChild<QLabel*>(u"formulaMessage"_s)->text(); }
    void copy()
    {
        QTest::mouseClick(m_panel->findChild<QToolButton*>(u"formulaCopy"_s), Qt::LeftButton);
    }
    void selectWord(const QString& word);
    std::int32_t code() { return m_document->evaluation().row().output_code; }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<FormulaPanel> m_panel;
};

void TestFormulaPanel::init()
{
    m_document = std::make_unique<Document>();
    m_document->open(example_experiment(), {}, {.layer = 0, .channel = 0, .code = 38});
    m_document->chooseBackend(*find_backend("onnxruntime"));
    m_panel = std::make_unique<FormulaPanel>(*m_document);
    m_panel->resize(600, 500);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestFormulaPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestFormulaPanel::selectWord(const QString& word)
{
    const QTextCursor found = editor().document()->find(word);
    QVERIFY2(!found.isNull(), qPrintable(word));
    editor().setTextCursor(found);
}

void TestFormulaPanel::theChosenBackendsTextIsShownAndFixed()
{
    QVERIFY(editor().toPlainText().contains(u"requantized = rectified / s_out"_s));
    QVERIFY(editor().isReadOnly());
    QVERIFY(message().contains(u"1.30.0"_s));
    m_document->chooseBackend(*find_backend("pytorch"));
    QVERIFY(editor().toPlainText().contains(u"fma(alpha, centred, fused_beta)"_s));
}

void TestFormulaPanel::aBackendWithoutAFormulaSaysSo()
{
    m_document->chooseBackend(*find_backend("exact"));
    QVERIFY(editor().toPlainText().isEmpty());
    QCOMPARE(message(), u"Exact has no formula: it is exact rational arithmetic"_s);
    QVERIFY(!m_panel->findChild<QToolButton*>(u"formulaCopy"_s)->isEnabled());
}

void TestFormulaPanel::aCopyIsABackendOfItsOwn()
{
    const auto before = m_document->experiment().backends.size();
    copy();
    QVERIFY(m_document->experiment().backend.starts_with("my-onnxruntime"));
    QCOMPARE(m_document->experiment().backends.size(), before + 1);
    QCOMPARE(m_document->experiment().model.formulas.size(), std::size_t{1});
    QVERIFY(!editor().isReadOnly());
    QCOMPARE(code(), 52);
    QVERIFY(m_document->evaluation().chosen->title == "My ONNX Runtime");
    QVERIFY(m_document->evaluation().chosen->checked.empty());
}

void TestFormulaPanel::eachKeystrokeIsComputed()
{
    copy();
    selectWord(u"rectified / s_out"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out + 1"_s);
    QCOMPARE(code(), 53);
    QTest::keyClick(&editor(), Qt::Key_0);
    QCOMPARE(code(), 62);
}

void TestFormulaPanel::aWrongFormulaIsToldAndChangesNothing()
{
    copy();
    selectWord(u"rectified / s_out"_s);
    QTest::keyClicks(&editor(), u"nothing"_s);
    QVERIFY2(message().endsWith(u"\"nothing\" is not known here"_s), qPrintable(message()));
    QVERIFY(message().startsWith(u"line "_s));
    QCOMPARE(editor().extraSelections().size(), 1);
    QCOMPARE(code(), 52);
    selectWord(u"nothing"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out"_s);
    QCOMPARE(code(), 52);
    QCOMPARE(message(), u"Right, and computed as it stands"_s);
    QVERIFY(editor().extraSelections().isEmpty());
}

void TestFormulaPanel::theVisitIsOneUndoStep()
{
    copy();
    const int before = m_document->undoStack().count();
    selectWord(u"rectified / s_out"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out + 12"_s);
    QCOMPARE(code(), 64);
    QCOMPARE(m_document->undoStack().count(), before + 1);
}

void TestFormulaPanel::undoBringsTheTextBack()
{
    copy();
    selectWord(u"rectified / s_out"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out + 12"_s);
    m_document->undo();
    QCOMPARE(code(), 52);
    QVERIFY(!editor().toPlainText().contains(u"+ 12"_s));
    m_document->redo();
    QCOMPARE(code(), 64);
    QVERIFY(editor().toPlainText().contains(u"+ 12"_s));
    m_document->undo();
    m_document->undo();
    QVERIFY(editor().isReadOnly());
    QVERIFY(m_document->experiment().model.formulas.empty());
}

void TestFormulaPanel::aHiddenPanelReadsNothing()
{
    m_panel->hide();
    const QString before = editor().toPlainText();
    m_document->chooseBackend(*find_backend("pytorch"));
    QCOMPARE(editor().toPlainText(), before);
    m_panel->show();
    QVERIFY(editor().toPlainText() != before);
}

QBN_TEST(TestFormulaPanel)
#include "tst_formula_panel.moc"
