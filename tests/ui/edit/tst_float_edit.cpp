#include "tests/support/room.h"
#include "ui/edit/cut_number.h"
#include "ui/edit/float_edit.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QShortcut>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

std::uint64_t bitsOf(double value)
{
    return std::bit_cast<std::uint64_t>(value);
}

void turnWheel(QWidget& widget, int notches)
{
    const QPointF middle = QRectF(widget.rect()).center();
    QWheelEvent wheel(middle, widget.mapToGlobal(middle), {}, {0, 120 * notches}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &wheel);
}

} // namespace

class TestFloatEdit : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void typedTextBecomesTheValue_data();
    void typedTextBecomesTheValue();
    void valuesAreShownWithAllDigits_data();
    void valuesAreShownWithAllDigits();
    void leavingTheFieldCommits();
    void equalBitsAreNoEdit();
    void signOfZeroIsAnEdit();
    void theSignOfAProblemTakesNoRoomWithoutOne();
    void badTextIsMarkedAndChangesNothing_data();
    void badTextIsMarkedAndChangesNothing();
    void escapeRestoresTypedText();
    void aVisitIsOneRun();
    void leavingAHalfTypedNumberBringsTheFormerBack();
    void aListIsNeverCut_data();
    void aListIsNeverCut();
    void aRefusalIsToldAtTheField();
    void whatDoesNotFitKeepsSignAndExponent_data();
    void whatDoesNotFitKeepsSignAndExponent();
    void aShortenedNumberIsWholeInTheFocusAndTheToolTip();
    void keysStep_data();
    void keysStep();
    void aHeldKeyIsOneGesture();
    void aStepTakesTheTypedTextFirst();
    void theWheelNeedsTheFocus();
    void aSetValueReplacesTheTextBeingTyped();
    void undoGoesToTheWindowUnlessTextChanged();
    void theToolTipTellsTheBinary32();

private:
    void type(const QString& text)
    {
        m_edit->setFocus();
        m_edit->selectAll();
        QTest::keyClicks(m_edit, text);
    }

    QWidget m_window;
    FloatEdit* m_edit = nullptr;
    QLineEdit* m_other = nullptr;
};

void TestFloatEdit::initTestCase()
{
    auto* column = new QVBoxLayout(&m_window);
    m_edit = new FloatEdit;
    m_other = new QLineEdit;
    column->addWidget(m_edit);
    column->addWidget(m_other);
    m_window.show();
    m_window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_window));
}

void TestFloatEdit::init()
{
    m_edit->setFloat32Hint(false);
    m_edit->setToolTip({});
    m_edit->setValue(-1);
    m_edit->setValue(117.5);
    m_edit->setFocus();
}

void TestFloatEdit::typedTextBecomesTheValue_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("a decimal") << u"0.5653476119041443"_s << 0.5653476119041443;
    QTest::newRow("an exponent") << u"1e-5"_s << 1e-5;
    QTest::newRow("a pasted tensor") << u"tensor([5.2803])"_s << 5.2803;
    QTest::newRow("a pasted number of numpy") << u"np.float32(0.1)"_s << 0.1;
    QTest::newRow("a fraction") << u"1/127"_s << 1.0 / 127;
    QTest::newRow("a power") << u"2^-5"_s << 0.03125;
    QTest::newRow("a decimal comma") << u"0,5"_s << 0.5;
    QTest::newRow("white space around") << u"  42 "_s << 42.0;
    QTest::newRow("hexadecimal") << u"0x1.4p-3"_s << 0.15625;
    QTest::newRow("infinity") << u"-inf"_s << -std::numeric_limits<double>::infinity();
}

void TestFloatEdit::typedTextBecomesTheValue()
{
    QFETCH(QString, text);
    QFETCH(double, value);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(text);
    // At once, with the last keystroke.
    QVERIFY(!edited.isEmpty());
    QCOMPARE(bitsOf(edited.last()[0].toDouble()), bitsOf(value));
    QCOMPARE(bitsOf(m_edit->value()), bitsOf(value));
    QCOMPARE(m_edit->text(), text);
    const qsizetype keystrokes = edited.size();
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(edited.size(), keystrokes);
    QCOMPARE(bitsOf(m_edit->value()), bitsOf(value));
    QVERIFY(!m_edit->hasProblem());
}

void TestFloatEdit::valuesAreShownWithAllDigits_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("a scale") << 0.007870171219110489 << u"0.007870171219110489"_s;
    QTest::newRow("1/255") << 1.0 / 255 << u"0.00392156862745098"_s;
    QTest::newRow("eps") << 1e-5 << u"1e-05"_s;
    QTest::newRow("a whole number") << 73.0 << u"73"_s;
    QTest::newRow("minus zero") << -0.0 << u"-0"_s;
    QTest::newRow("not a number") << std::nan("") << u"nan"_s;
    QTest::newRow("infinity") << std::numeric_limits<double>::infinity() << u"inf"_s;
}

void TestFloatEdit::valuesAreShownWithAllDigits()
{
    QFETCH(double, value);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    m_edit->setValue(value);
    QTEST(m_edit->text(), "text");
    QCOMPARE(bitsOf(m_edit->value()), bitsOf(value));
    // Leaving the field or pressing Enter does not edit what was only looked at.
    QTest::keyClick(m_edit, Qt::Key_Return);
    m_other->setFocus();
    QCOMPARE(bitsOf(m_edit->value()), bitsOf(value));
    QCOMPARE(edited.size(), 0);
}

void TestFloatEdit::leavingTheFieldCommits()
{
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(u"96.0"_s);
    m_other->setFocus();
    QCOMPARE(edited.size(), 2); // 9 and 96
    QCOMPARE(m_edit->value(), 96.0);
    QCOMPARE(m_edit->text(), u"96"_s);
}

void TestFloatEdit::equalBitsAreNoEdit()
{
    m_edit->setCursorPosition(5);
    m_edit->deselect();
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    QTest::keyClicks(m_edit, u"00"_s);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(edited.size(), 0);
    QCOMPARE(m_edit->text(), u"117.5"_s);
}

void TestFloatEdit::signOfZeroIsAnEdit()
{
    m_edit->setValue(0);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(u"-0"_s);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(edited.size(), 1);
    QVERIFY(std::signbit(m_edit->value()));
}

void TestFloatEdit::theSignOfAProblemTakesNoRoomWithoutOne()
{
    auto* edit = new FloatEdit; // that never had one
    m_window.layout()->addWidget(edit);
    edit->show();
    const auto* sign = edit->findChild<QToolButton*>();
    QVERIFY(sign && !sign->isVisible());
    delete edit;
    type(QStringLiteral("x"));
    sign = m_edit->findChild<QToolButton*>();
    QVERIFY(sign->isVisible());
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QVERIFY(!sign->isVisible());
}

void TestFloatEdit::badTextIsMarkedAndChangesNothing_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a word") << u"abc"_s;
    QTest::newRow("two points") << u"1.2.3"_s;
    QTest::newRow("nothing") << u" "_s;
    QTest::newRow("half an exponent") << u"1e"_s;
}

void TestFloatEdit::badTextIsMarkedAndChangesNothing()
{
    QFETCH(QString, text);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(text);
    QVERIFY(m_edit->hasProblem());
    QVERIFY(m_edit->property("problem").toBool());
    QTest::keyClick(m_edit, Qt::Key_Return);
    QVERIFY(m_edit->hasProblem());
    const qsizetype keystrokes = edited.size(); // "1" of "1e" is a number
    if (keystrokes > 0)
        QCOMPARE(edited.last()[0].toDouble(), 117.5);
    QCOMPARE(m_edit->value(), 117.5);
    QCOMPARE(m_edit->text(), text);
    QVERIFY(m_edit->problem().endsWith(u"Escape brings back 117.5."_s));
    QVERIFY(m_edit->fullToolTip().contains(m_edit->problem()));
    QCOMPARE(m_edit->accessibleDescription(), m_edit->problem());
    QCOMPARE(m_edit->actions().size(), 1);
    QVERIFY(m_edit->actions()[0]->isVisible());
    const QImage marked = m_edit->grab().toImage();

    // It stays marked without the focus, and a step does not overwrite it.
    m_other->setFocus();
    QVERIFY(m_edit->hasProblem());
    m_edit->setFocus();
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(m_edit->text(), text);

    QTest::keyClick(m_edit, Qt::Key_Escape);
    QVERIFY(!m_edit->hasProblem());
    QCOMPARE(m_edit->text(), u"117.5"_s);
    QVERIFY(!m_edit->actions()[0]->isVisible());
    QVERIFY(!m_edit->property("problem").toBool());
    QVERIFY(m_edit->grab().toImage() != marked);
    QCOMPARE(edited.size(), keystrokes);
}

void TestFloatEdit::escapeRestoresTypedText()
{
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(u"96"_s);
    QCOMPARE(m_edit->value(), 96.0);
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QCOMPARE(m_edit->text(), u"117.5"_s);
    QCOMPARE(edited.last()[0].toDouble(), 117.5);
    QCOMPARE(m_edit->value(), 117.5);
    const qsizetype all = edited.size();
    m_other->setFocus();
    QCOMPARE(edited.size(), all);
}

void TestFloatEdit::aVisitIsOneRun()
{
    QStringList order;
    const auto a = connect(m_edit, &FloatEdit::visitStarted, this, [&] { order << u"start"_s; });
    const auto b = connect(m_edit, &FloatEdit::valueEdited, this,
                           [&](double value) { order << QString::number(value); });
    const auto c = connect(m_edit, &FloatEdit::visitFinished, this, [&] { order << u"end"_s; });
    type(u"12e"_s);
    QTest::keyClicks(m_edit, u"1"_s);
    QTest::keyClick(m_edit, Qt::Key_Up);
    m_other->setFocus();
    m_edit->setFocus(); // looked at only
    m_other->setFocus();
    for (const auto& connection : {a, b, c})
        disconnect(connection);
    QCOMPARE(order.join(u' '), u"start 1 12 120 121 end"_s);
}

void TestFloatEdit::leavingAHalfTypedNumberBringsTheFormerBack()
{
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    type(u"1e"_s);
    QCOMPARE(m_edit->value(), 1.0);
    m_other->setFocus();
    QCOMPARE(m_edit->value(), 117.5);
    QCOMPARE(edited.last()[0].toDouble(), 117.5);
    QVERIFY(m_edit->hasProblem());
}

void TestFloatEdit::aListIsNeverCut_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a Python list") << u"[0.91, 0.88, 0.7]"_s;
    QTest::newRow("a NumPy array") << u"[0.91 0.88 0.7 ]"_s;
    QTest::newRow("a C array") << u"float gamma[3] = {0.91f, 0.88f, 0.7f};"_s;
    QTest::newRow("cells of a spreadsheet") << u"0.91\t0.88\t0.7"_s;
    QTest::newRow("a tensor") << u"tensor([0.91, 0.88, 0.7], dtype=torch.float64)"_s;
    QTest::newRow("a column vector") << u"[[0.91],[0.88],[0.7]]"_s;
    QTest::newRow("a tensor of shape (1, 3, 1, 1)") << u"tensor([[[[0.91]],[[0.88]],[[0.7]]]])"_s;
    QTest::newRow("a tuple with a number that is none") << u"(1.0, 2.0, nan)"_s;
}

void TestFloatEdit::aListIsNeverCut()
{
    QFETCH(QString, text);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    QSignalSpy entered(m_edit, &FloatEdit::listEntered);
    m_edit->selectAll();
    QApplication::clipboard()->setText(text);
    QTest::keySequence(m_edit, QKeySequence::Paste);
    QCOMPARE(entered.size(), 0); // nobody takes it
    QVERIFY(m_edit->hasProblem());
    QCOMPARE(m_edit->value(), 117.5);
    QCOMPARE(edited.size(), 0);
    QTest::keyClick(m_edit, Qt::Key_Escape);

    m_edit->setTakesLists(true);
    QTest::keySequence(m_edit, QKeySequence::Paste);
    m_edit->setTakesLists(false);
    QCOMPARE(entered.size(), 1);
    QCOMPARE(entered[0][0].toString(), text);
    QCOMPARE(m_edit->text(), u"117.5"_s);
    QCOMPARE(edited.size(), 0);
}

void TestFloatEdit::aRefusalIsToldAtTheField()
{
    m_edit->setRefusal([](double value) {
        return value > 200 ? u"%1 is beyond 0 to 200"_s.arg(value) : QString();
    });
    type(u"250"_s);
    QCOMPARE(m_edit->value(), 25.0);
    const auto* message = m_window.findChild<QLabel*>(u"fieldMessage"_s);
    QVERIFY(message && message->isVisible());
    QCOMPARE(message->text(), u"250 is beyond 0 to 200; Escape brings back 117.5."_s);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_edit->value(), 117.5);
    QVERIFY(message->isVisible());
    m_other->setFocus(); // where it would lie over this one
    QVERIFY(!message->isVisible());
    QVERIFY(m_edit->hasProblem());
    m_edit->setFocus();
    QTest::keyClick(m_edit, Qt::Key_Return);
    QVERIFY(message->isVisible());
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QVERIFY(!message->isVisible());
    m_edit->setRefusal({});
}

void TestFloatEdit::whatDoesNotFitKeepsSignAndExponent_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("characters");
    QTest::addColumn<QString>("text");
    QTest::newRow("all digits fit") << 117.5 << 5 << u"117.5"_s;
    QTest::newRow("eps of a binary32") << 9.999999747378752e-06 << 18 << u"9.99999974737…e-06"_s;
    QTest::newRow("the same in less room") << 9.999999747378752e-06 << 10 << u"9.999…e-06"_s;
    QTest::newRow("the same in hardly any") << 9.999999747378752e-06 << 7 << u"9…e-06"_s;
    QTest::newRow("a negative one") << -9.999999747378752e-06 << 10 << u"-9.99…e-06"_s;
    QTest::newRow("a scale") << 0.007870171219110489 << 9 << u"0.007870…"_s;
    QTest::newRow("zeros that leave no room") << 0.00012345678901 << 6 << u"1…e-04"_s;
    QTest::newRow("a negative fraction") << -110.88679504394531 << 8 << u"-110.88…"_s;
    QTest::newRow("a point at the end") << 1234.56789 << 6 << u"1234…"_s;
    QTest::newRow("no room before the point") << 123456789.125 << 8 << u"1.2…e+08"_s;
    QTest::newRow("a round number that a power says whole") << 1e15 << 8 << u"1e+15"_s;
    QTest::newRow("three digits of exponent") << 1.2345678901e-300 << 10 << u"1.23…e-300"_s;
    QTest::newRow("less room than any number has") << -1.2345678901e-300 << 3 << u"-1…e-300"_s;
    QTest::newRow("infinity") << -HUGE_VAL << 3 << u"-inf"_s;
}

void TestFloatEdit::whatDoesNotFitKeepsSignAndExponent()
{
    QFETCH(double, value);
    QFETCH(int, characters);
    QTEST(cutNumber(value, characters), "text");
}

void TestFloatEdit::aShortenedNumberIsWholeInTheFocusAndTheToolTip()
{
    const int width = m_edit->width();
    m_edit->setValue(9.999999747378752e-06);
    m_other->setFocus();
    m_edit->resize(120, m_edit->height());
    QVERIFY2(m_edit->shownText().endsWith(u"…e-06"_s), qPrintable(m_edit->shownText()));
    for (int narrow = 80; narrow < 180; ++narrow) { // whole characters at any width
        m_edit->resize(narrow, m_edit->height());
        QVERIFY(QFontMetricsF(m_edit->font()).horizontalAdvance(m_edit->shownText())
                <= narrow - 12);
    }
    m_edit->resize(120, m_edit->height());
    QCOMPARE(m_edit->text(), u"9.999999747378752e-06"_s);
    QVERIFY(m_edit->fullToolTip().contains(u"9.999999747378752e-06"_s));
    const QImage shortened = m_edit->grab().toImage();
    m_edit->setFocus();
    QCOMPARE(m_edit->shownText(), m_edit->text());
    QVERIFY(m_edit->grab().toImage() != shortened);
    QVERIFY(m_edit->fullToolTip().contains(u"9.999999747378752e-06"_s));
    m_edit->resize(width, m_edit->height());
    m_other->setFocus();
    QCOMPARE(m_edit->shownText(), m_edit->text());
}

void TestFloatEdit::keysStep_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<Qt::KeyboardModifier>("modifier");
    QTest::addColumn<double>("value");
    QTest::newRow("up") << Qt::Key_Up << Qt::NoModifier << 118.5;
    QTest::newRow("down") << Qt::Key_Down << Qt::NoModifier << 116.5;
    QTest::newRow("ctrl and up") << Qt::Key_Up << Qt::ControlModifier << 127.5;
    QTest::newRow("shift and down") << Qt::Key_Down << Qt::ShiftModifier << 117.4;
    QTest::newRow("page up") << Qt::Key_PageUp << Qt::NoModifier << 127.5;
    QTest::newRow("page down") << Qt::Key_PageDown << Qt::NoModifier << 107.5;
}

void TestFloatEdit::keysStep()
{
    QFETCH(Qt::Key, key);
    QFETCH(Qt::KeyboardModifier, modifier);
    QFETCH(double, value);
    QSignalSpy edited(m_edit, &FloatEdit::valueEdited);
    QTest::keyClick(m_edit, key, modifier);
    QCOMPARE(edited.size(), 1);
    QCOMPARE(m_edit->value(), value);
    QCOMPARE(m_edit->text().toDouble(), value);
}

void TestFloatEdit::aHeldKeyIsOneGesture()
{
    QStringList order;
    const auto a = connect(m_edit, &FloatEdit::gestureStarted, this, [&] { order << u"start"_s; });
    const auto b = connect(m_edit, &FloatEdit::valueEdited, this, [&] { order << u"edit"_s; });
    const auto c = connect(m_edit, &FloatEdit::gestureFinished, this, [&] { order << u"end"_s; });
    QTest::keyPress(m_edit, Qt::Key_Up);
    for (int i = 0; i < 3; ++i) {
        QKeyEvent release(QEvent::KeyRelease, Qt::Key_Up, Qt::NoModifier, {}, true);
        QApplication::sendEvent(m_edit, &release);
        QKeyEvent again(QEvent::KeyPress, Qt::Key_Up, Qt::NoModifier, {}, true);
        QApplication::sendEvent(m_edit, &again);
    }
    QTest::keyRelease(m_edit, Qt::Key_Up);
    for (const auto& connection : {a, b, c})
        disconnect(connection);
    QCOMPARE(order.join(u' '), u"start edit edit edit edit end"_s);
    QCOMPARE(m_edit->value(), 121.5);
}

void TestFloatEdit::aStepTakesTheTypedTextFirst()
{
    type(u"200"_s);
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(m_edit->value(), 201.0);
}

void TestFloatEdit::theWheelNeedsTheFocus()
{
    m_other->setFocus();
    turnWheel(*m_edit, 1);
    QCOMPARE(m_edit->value(), 117.5);
    m_edit->setFocus();
    QSignalSpy finished(m_edit, &FloatEdit::gestureFinished);
    turnWheel(*m_edit, 1);
    turnWheel(*m_edit, 1);
    QCOMPARE(m_edit->value(), 119.5);
    QCOMPARE(finished.size(), 0);
    QTRY_COMPARE(finished.size(), 1);
}

void TestFloatEdit::aSetValueReplacesTheTextBeingTyped()
{
    type(u"96"_s);
    m_edit->setValue(5);
    QCOMPARE(m_edit->text(), u"5"_s);
    // The same number may now be another channel's, to which the text does not belong.
    type(u"96"_s);
    m_edit->setValue(5);
    QCOMPARE(m_edit->text(), u"5"_s);
}

void TestFloatEdit::undoGoesToTheWindowUnlessTextChanged()
{
    QShortcut undo(QKeySequence(u"Ctrl+Z"_s), &m_window);
    QShortcut redo(QKeySequence(u"Ctrl+Shift+Z"_s), &m_window);
    QSignalSpy undone(&undo, &QShortcut::activated);
    QSignalSpy redone(&redo, &QShortcut::activated);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 1);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(redone.size(), 1);

    type(u"abc"_s);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 1); // the text's own Undo
    QVERIFY(m_edit->text() != u"abc"_s);

    type(u"96"_s);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 2);
    QCOMPARE(m_edit->text(), u"96"_s);
}

void TestFloatEdit::theToolTipTellsTheBinary32()
{
    m_edit->setToolTip(u"Scale of the input"_s);
    m_edit->setValue(0.1);
    QCOMPARE(m_edit->fullToolTip(), u"Scale of the input"_s);
    m_edit->setFloat32Hint(true);
    QCOMPARE(m_edit->fullToolTip(),
             u"Scale of the input\n"
             "stored as binary32: 0.1 → 0.10000000149011612 (0x1.99999ap-4)"_s);
    m_edit->setValue(0.5);
    QCOMPARE(m_edit->fullToolTip(), u"Scale of the input"_s);
    m_edit->setValue(std::nan(""));
    QCOMPARE(m_edit->fullToolTip(), u"Scale of the input"_s);
}

QBN_TEST(TestFloatEdit)
#include "tst_float_edit.moc"
