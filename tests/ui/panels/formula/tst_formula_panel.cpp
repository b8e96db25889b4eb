#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/formula/formula_panel.h"
#include "ui/panels/formula/mathematics_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QPainter>
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
    void asMathematicsItHasTheNumbersOfTheCode();
    void mathematicsLeavesAsLatex();
    void everyFormulaIsDrawn_data();
    void everyFormulaIsDrawn();

private:
    QPlainTextEdit& editor() { return *m_panel->findChild<QPlainTextEdit*>(u"formulaEditor"_s); }
    QString message() { return m_panel->findChild<QLabel*>(u"formulaMessage"_s)->text(); }
    void copy()
    {
        QTest::mouseClick(m_panel->findChild<QToolButton*>(u"formulaCopy"_s), Qt::LeftButton);
    }
    void selectWord(const QString& word);
    MathematicsView& mathematics()
    {
        return *m_panel->findChild<MathematicsView*>(u"mathematicsView"_s);
    }
    void showMathematics()
    {
        QTest::mouseClick(m_panel->findChild<QToolButton*>(u"formulaMathematics"_s),
                          Qt::LeftButton);
    }
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
    // Nobody has shown that its roundings are bounded once it is changed.
    QVERIFY(!editor().toPlainText().contains(u"sound"_s));
    copy();
    QVERIFY(m_document->evaluation().chosen->title == "My ONNX Runtime");
}

void TestFormulaPanel::eachKeystrokeIsComputed()
{
    copy();
    selectWord(u"rectified / s_out"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out + 1"_s);
    QCOMPARE(code(), 53);
    QTest::keyClick(&editor(), Qt::Key_0);
    QCOMPARE(code(), 62);
    // The curve from before is that of the copy, which is found by its id as it is now.
    QVERIFY(m_document->codesBefore().size() == 256 && m_document->codesBefore()[38] == 52);
    QCOMPARE(find_backend(m_document->experiment().backend), m_document->evaluation().chosen);
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
    // Looking at another backend loses nothing of it.
    const QString typed = editor().toPlainText();
    const Backend* const mine = m_document->evaluation().chosen;
    m_document->chooseBackend(*find_backend("pytorch"));
    QVERIFY(!editor().toPlainText().contains(u"nothing"_s));
    m_document->chooseBackend(*mine);
    QCOMPARE(editor().toPlainText(), typed);
    QVERIFY2(message().endsWith(u"\"nothing\" is not known here"_s), qPrintable(message()));
    QCOMPARE(code(), 52);
    selectWord(u"nothing"_s);
    QTest::keyClicks(&editor(), u"rectified / s_out"_s);
    QCOMPARE(code(), 52);
    QCOMPARE(message(), u"The formula is right: this is what is computed"_s);
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

void TestFormulaPanel::asMathematicsItHasTheNumbersOfTheCode()
{
    showMathematics();
    QVERIFY(mathematics().isVisible() && !editor().isVisible());
    const auto statements = m_document->evaluation().chosen->program->names().size();
    QCOMPARE(static_cast<std::size_t>(mathematics().numbers().size()), statements);
    QCOMPARE(mathematics().numbers().back(), u"52"_s); // y
    const Selection before = m_document->selection().current();
    m_document->selection().set({.layer = 0, .channel = 0, .code = 39});
    QCOMPARE(mathematics().numbers().back(), QString::number(code()));
    QVERIFY(code() != 52);
    m_document->selection().set(before);
    // A copy is for editing, so its text is shown.
    copy();
    QVERIFY(editor().isVisible());
}

void TestFormulaPanel::mathematicsLeavesAsLatex()
{
    showMathematics();
    mathematics().setFocus();
    QTest::keyClick(&mathematics(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"\\frac{\\mathrm{rectified}}{s_{y}}"_s));
}

void TestFormulaPanel::everyFormulaIsDrawn_data()
{
    QTest::addColumn<QString>("id");
    for (const Backend& backend : all_backends()) {
        if (backend.program)
            QTest::newRow(std::string(backend.id).c_str())
                << QString::fromStdString(std::string(backend.id));
    }
}

/// Each statement is drawn within the place that it says it takes.
void TestFormulaPanel::everyFormulaIsDrawn()
{
    QFETCH(QString, id);
    const auto& program = find_backend(id.toStdString())->program;
    for (const formula::Statement& statement : program->syntax().statements) {
        const MathematicsPicture picture(formula::mathematics(statement, *program),
                                         m_panel->font());
        constexpr int margin = 20;
        QImage image(qCeil(picture.width()) + 2 * margin,
                     qCeil(picture.size().height()) + 2 * margin, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter painter(&image);
        picture.paint(painter, {margin, margin + picture.ascent()});
        painter.end();
        QRect ink;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (qGray(image.pixel(x, y)) < 128)
                    ink |= QRect(x, y, 1, 1);
        const QRect place(margin - 2, margin - 2, image.width() - 2 * margin + 4,
                          image.height() - 2 * margin + 4);
        QVERIFY2(!ink.isEmpty() && place.contains(ink), std::string(statement.name).c_str());
    }
}

QBN_TEST(TestFormulaPanel)
#include "tst_formula_panel.moc"
