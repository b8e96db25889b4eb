#include "tests/support/room.h"
#include "ui/edit/int_edit.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <limits>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

class TestIntEdit : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void typedTextBecomesTheValue_data();
    void typedTextBecomesTheValue();
    void textOutsideOfTheRangeIsNotTaken_data();
    void textOutsideOfTheRangeIsNotTaken();
    void whatIsNoWholeNumberIsToldAtOnce_data();
    void whatIsNoWholeNumberIsToldAtOnce();
    void settingIsSilent();
    void keysStepAndEmitAtOnce();
    void theWheelNeedsTheFocus();
    void undoGoesToTheWindowUnlessTextChanged();
    void theRangeMayBeAllOfInt32();
    void escapeRestores();

private:
    void type(const QString& text)
    {
        m_edit->setFocus();
        m_edit->selectAll();
        QTest::keyClicks(m_edit, text);
    }

    QWidget m_window;
    IntEdit* m_edit = nullptr;
    QLineEdit* m_other = nullptr;
};

void TestIntEdit::initTestCase()
{
    auto* column = new QVBoxLayout(&m_window);
    m_edit = new IntEdit;
    m_other = new QLineEdit;
    column->addWidget(m_edit);
    column->addWidget(m_other);
    m_window.show();
    m_window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_window));
}

void TestIntEdit::init()
{
    m_edit->setRange(-128, 255);
    m_edit->setValue(0);
    m_edit->setValue(73);
    m_edit->setFocus();
}

void TestIntEdit::typedTextBecomesTheValue_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("value");
    QTest::newRow("digits") << u"38"_s << 38;
    QTest::newRow("hexadecimal") << u"0x26"_s << 38;
    QTest::newRow("binary") << u"0b100110"_s << 38;
    QTest::newRow("negative") << u"-128"_s << -128;
    QTest::newRow("negative hexadecimal") << u"-0x10"_s << -16;
    QTest::newRow("white space") << u" 7 "_s << 7;
}

void TestIntEdit::typedTextBecomesTheValue()
{
    QFETCH(QString, text);
    QFETCH(int, value);
    QSignalSpy edited(m_edit, &IntEdit::valueEdited);
    type(text);
    QCOMPARE(edited.last()[0].toInt(), value);
    QCOMPARE(m_edit->value(), value);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_edit->value(), value);
    QCOMPARE(m_edit->text(), QString::number(value));
}

void TestIntEdit::textOutsideOfTheRangeIsNotTaken_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("too large") << u"256"_s;
    QTest::newRow("too small") << u"-129"_s;
    QTest::newRow("beyond 64 bits") << u"99999999999999999999"_s;
    QTest::newRow("hexadecimal without digits") << u"0x"_s;
    QTest::newRow("a fraction") << u"1.25"_s;
    QTest::newRow("a decimal comma") << u"1,5"_s;
    QTest::newRow("a letter behind digits") << u"12e"_s;
    QTest::newRow("a word") << u"abc"_s;
    QTest::newRow("two numbers") << u"1 2"_s;
}

void TestIntEdit::textOutsideOfTheRangeIsNotTaken()
{
    QFETCH(QString, text);
    QSignalSpy finished(m_edit, &IntEdit::visitFinished);
    type(text);
    QCOMPARE(m_edit->text(), text);
    QVERIFY(m_edit->hasProblem());
    QVERIFY(m_edit->property("problem").toBool());
    QVERIFY(m_edit->problem().endsWith(u"Escape brings back 73."_s));
    QVERIFY(m_edit->toolTip().contains(m_edit->problem()) || m_edit->problem().contains(u'“'));
    const QString said = m_edit->problem();
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_edit->value(), 73);
    QCOMPARE(m_edit->text(), u"73"_s);
    QVERIFY(!m_edit->hasProblem());
    QVERIFY(finished.size() <= 1);
    // It does not go silently.
    const auto* message = m_window.findChild<QLabel*>(u"fieldMessage"_s);
    QVERIFY(message && message->isVisible());
    QCOMPARE(message->text(), said);
    // But it does not lie over the next field.
    m_other->setFocus();
    QVERIFY(!message->isVisible());
}

void TestIntEdit::whatIsNoWholeNumberIsToldAtOnce_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("a fraction") << u"1.5"_s << true;
    QTest::newRow("a letter") << u"12e"_s << true;
    QTest::newRow("beyond the range") << u"300"_s << true;
    QTest::newRow("a sign, that digits may follow") << u"-"_s << false;
    QTest::newRow("a prefix, that digits may follow") << u"0x"_s << false;
}

void TestIntEdit::whatIsNoWholeNumberIsToldAtOnce()
{
    QFETCH(QString, text);
    QFETCH(bool, isTold);
    type(text);
    QVERIFY(m_edit->hasProblem());
    const auto* message = m_window.findChild<QLabel*>(u"fieldMessage"_s);
    QCOMPARE(message && message->isVisible(), isTold);
    m_other->setFocus(); // leaving it brings the former number back
    QCOMPARE(m_edit->value(), 73);
    QCOMPARE(m_edit->text(), u"73"_s);
    QVERIFY(!m_edit->hasProblem());
    QVERIFY(!message || !message->isVisible());
}

void TestIntEdit::settingIsSilent()
{
    QSignalSpy edited(m_edit, &IntEdit::valueEdited);
    m_edit->setValue(5);
    QCOMPARE(m_edit->text(), u"5"_s);
    QCOMPARE(edited.size(), 0);
}

void TestIntEdit::keysStepAndEmitAtOnce()
{
    QSignalSpy started(m_edit, &IntEdit::gestureStarted);
    QSignalSpy edited(m_edit, &IntEdit::valueEdited);
    QSignalSpy finished(m_edit, &IntEdit::gestureFinished);
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(edited.size(), 1);
    QCOMPARE(edited[0][0].toInt(), 74);
    QTest::keyClick(m_edit, Qt::Key_PageDown);
    QCOMPARE(m_edit->value(), 64);
    QCOMPARE(started.size(), 2);
    QCOMPARE(finished.size(), 2);
}

void TestIntEdit::theWheelNeedsTheFocus()
{
    const auto turn = [this] {
        const QPointF middle = QRectF(m_edit->rect()).center();
        QWheelEvent wheel(middle, m_edit->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_edit, &wheel);
    };
    m_other->setFocus();
    turn();
    QCOMPARE(m_edit->value(), 73);
    m_edit->setFocus();
    turn();
    QCOMPARE(m_edit->value(), 74);
}

void TestIntEdit::undoGoesToTheWindowUnlessTextChanged()
{
    QShortcut undo(QKeySequence(u"Ctrl+Z"_s), &m_window);
    QSignalSpy undone(&undo, &QShortcut::activated);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 1);
    type(u"300"_s);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 1);
    type(u"12"_s);
    QTest::keyClick(m_edit, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone.size(), 2);
    QCOMPARE(m_edit->value(), 12);
}

void TestIntEdit::theRangeMayBeAllOfInt32()
{
    constexpr int lowest = std::numeric_limits<int>::min();
    m_edit->setRange(lowest, std::numeric_limits<int>::max());
    type(u"-2147483648"_s);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_edit->value(), lowest);
    type(u"0x7fffffff"_s);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_edit->value(), std::numeric_limits<int>::max());
}

void TestIntEdit::escapeRestores()
{
    QSignalSpy edited(m_edit, &IntEdit::valueEdited);
    type(u"9"_s);
    QCOMPARE(m_edit->value(), 9);
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QCOMPARE(m_edit->text(), u"73"_s);
    QCOMPARE(edited.last()[0].toInt(), 73);
    m_other->setFocus();
    QCOMPARE(edited.size(), 2);
}

QBN_TEST(TestIntEdit)
#include "tst_int_edit.moc"
