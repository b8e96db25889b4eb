#include "tests/support/room.h"
#include "ui/edit/value_slider.h"

#include <QSignalSpy>
#include <QTest>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace qbn::ui;

class TestValueSlider : public QObject
{
    Q_OBJECT

private slots:
    void settingIsSilentAndExact();
    void numbersOutsideAreShownAtTheEndsAndKept_data();
    void numbersOutsideAreShownAtTheEndsAndKept();
    void aDragIsOneGesture();
    void aDragBackToItsStartRestoresTheNumber();
    void grabbingTheHandleChangesNothing();
    void theRangeDoesNotJumpWhileDragging();
    void keysMove_data();
    void keysMove();
    void aNewNumberFarAwayTakesANewRange();
    void theEndsAreLabelledWhereThereIsRoom();
    void theEndsAreSaidShortly_data();
    void theEndsAreSaidShortly();
    void theRangeFollowsItsSourceButNotInADrag();
};

namespace {

QPoint at(const ValueSlider& slider, double share)
{
    return {qRound(std::lerp(slider.grooveLeft(), slider.grooveRight(), share)), 10};
}

} // namespace

void TestValueSlider::settingIsSilentAndExact()
{
    ValueSlider slider(SliderKind::Mean);
    QSignalSpy edited(&slider, &ValueSlider::valueEdited);
    slider.setNumber(0.5653476119041443);
    QCOMPARE(slider.number(), 0.5653476119041443);
    QCOMPARE(edited.size(), 0);
}

void TestValueSlider::numbersOutsideAreShownAtTheEndsAndKept_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<int>("position");
    QTest::newRow("above") << 5.0 << 1000;
    QTest::newRow("below") << -5.0 << 0;
    QTest::newRow("infinity") << std::numeric_limits<double>::infinity() << 1000;
    QTest::newRow("not a number") << std::nan("") << 0;
}

void TestValueSlider::numbersOutsideAreShownAtTheEndsAndKept()
{
    QFETCH(double, number);
    QFETCH(int, position);
    ValueSlider slider;
    slider.setNumberRange({0, 1, SliderScale::Linear});
    slider.resize(216, 20);
    QSignalSpy edited(&slider, &ValueSlider::valueEdited);
    slider.setNumber(number);
    QVERIFY(slider.isBeyondRange());
    QCOMPARE(slider.value(), position);
    slider.grab();
    QCOMPARE(std::bit_cast<std::uint64_t>(slider.number()), std::bit_cast<std::uint64_t>(number));
    QCOMPARE(edited.size(), 0);
}

void TestValueSlider::aDragIsOneGesture()
{
    ValueSlider slider;
    slider.setNumberRange({0, 1, SliderScale::Linear});
    slider.resize(216, 20);
    slider.setNumber(0.25);
    QSignalSpy started(&slider, &ValueSlider::gestureStarted);
    QSignalSpy edited(&slider, &ValueSlider::valueEdited);
    QSignalSpy finished(&slider, &ValueSlider::gestureFinished);
    QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, 0.25));
    QTest::mouseMove(&slider, at(slider, 0.46));
    QTest::mouseMove(&slider, at(slider, 0.5));
    QVERIFY(std::abs(slider.number() - 0.5) < 0.01);
    QTest::mouseMove(&slider, QPoint(500, 10));
    QCOMPARE(slider.number(), 1.0);
    QCOMPARE(finished.size(), 0);
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, QPoint(500, 10));
    QCOMPARE(started.size(), 1);
    QCOMPARE(edited.size(), 3);
    QCOMPARE(finished.size(), 1);
}

void TestValueSlider::aDragBackToItsStartRestoresTheNumber()
{
    ValueSlider slider(SliderKind::Mean);
    slider.resize(216, 20);
    slider.setNumber(0.5653476119041443);
    const int x = qRound(slider.handleX());
    QTest::mousePress(&slider, Qt::LeftButton, {}, QPoint(x, 10));
    QTest::mouseMove(&slider, QPoint(x + 30, 10));
    QVERIFY(slider.number() > 0.6);
    QTest::mouseMove(&slider, QPoint(x, 10));
    QCOMPARE(slider.number(), 0.5653476119041443);
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, QPoint(x, 10));
}

void TestValueSlider::grabbingTheHandleChangesNothing()
{
    ValueSlider slider(SliderKind::Signed);
    slider.resize(216, 20);
    slider.setNumber(117.5);
    QSignalSpy edited(&slider, &ValueSlider::valueEdited);
    const int x = qRound(slider.handleX());
    QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(x + 3, 10));
    QCOMPARE(edited.size(), 0);
    QCOMPARE(slider.number(), 117.5);
}

void TestValueSlider::theRangeDoesNotJumpWhileDragging()
{
    ValueSlider slider(SliderKind::Mean);
    slider.resize(216, 20);
    slider.setNumber(0.5);
    const SliderRange before = slider.numberRange();
    // The owner shows each edit again, as a document does.
    connect(&slider, &ValueSlider::valueEdited, &slider, &ValueSlider::setNumber);
    QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, 0.75));
    QTest::mouseMove(&slider, at(slider, 1));
    QCOMPARE(slider.number(), before.high);
    QVERIFY(slider.numberRange() == before);
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, at(slider, 1));
    // The handle stays where it was let go.
    QVERIFY(slider.numberRange() == before);
    QCOMPARE(slider.value(), slider.maximum());
    slider.setNumber(before.high);
    QVERIFY(slider.numberRange() == before);
    slider.setNumber(before.high * 1.5); // typed elsewhere
    QVERIFY(slider.numberRange().high > before.high);
}

void TestValueSlider::theEndsAreLabelledWhereThereIsRoom()
{
    ValueSlider slider;
    slider.resize(216, 20);
    slider.setNumberRange({-12.5, 1000, SliderScale::Linear});
    QCOMPARE(slider.lowLabel(), QStringLiteral("-12.5"));
    QCOMPARE(slider.highLabel(), QStringLiteral("1000"));
    QVERIFY(slider.accessibleDescription().contains(slider.lowLabel()));
    const QFontMetricsF metrics(slider.font());
    QVERIFY(slider.grooveLeft() > 8);
    QVERIFY(slider.grooveRight() < 216 - 8);
    slider.show();
    slider.resize(80, 20);
    QCOMPARE(slider.grooveLeft(), 8.0);
}

void TestValueSlider::theEndsAreSaidShortly_data()
{
    QTest::addColumn<double>("end");
    QTest::addColumn<QString>("label");
    QTest::newRow("a whole number") << 1500.0 << QStringLiteral("1500");
    QTest::newRow("five digits") << 12345.0 << QStringLiteral("12345");
    QTest::newRow("a power that is shorter") << 1e6 << QStringLiteral("1e+06");
    QTest::newRow("three digits are enough") << 127.56 << QStringLiteral("128");
    QTest::newRow("a small one") << 1e-8 << QStringLiteral("1e-08");
}

void TestValueSlider::theEndsAreSaidShortly()
{
    QFETCH(double, end);
    ValueSlider slider;
    slider.setNumberRange({-end, end, SliderScale::Linear});
    QTEST(slider.highLabel(), "label");
    QCOMPARE(slider.lowLabel(), QStringLiteral("-") + slider.highLabel());
}

void TestValueSlider::theRangeFollowsItsSourceButNotInADrag()
{
    double reach = 1;
    ValueSlider slider;
    slider.resize(216, 20);
    slider.setRangeSource([&reach](double) {
        return SliderRange{.low = -reach, .high = reach, .scale = SliderScale::Linear};
    });
    slider.setNumber(0.5);
    reach = 8;
    QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, 0.75));
    slider.followRangeSource();
    QCOMPARE(slider.numberRange().high, 1.0);
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, at(slider, 0.75));
    slider.followRangeSource();
    QCOMPARE(slider.numberRange().high, 8.0);
    QCOMPARE(slider.number(), 0.5);
}

void TestValueSlider::keysMove_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<double>("number");
    QTest::newRow("right") << Qt::Key_Right << 0.505;
    QTest::newRow("left") << Qt::Key_Left << 0.495;
    QTest::newRow("page up") << Qt::Key_PageUp << 0.55;
    QTest::newRow("page down") << Qt::Key_PageDown << 0.45;
    QTest::newRow("home") << Qt::Key_Home << 0.0;
    QTest::newRow("end") << Qt::Key_End << 1.0;
}

void TestValueSlider::keysMove()
{
    QFETCH(Qt::Key, key);
    QFETCH(double, number);
    ValueSlider slider;
    slider.setNumberRange({0, 1, SliderScale::Linear});
    slider.setNumber(0.5);
    QSignalSpy started(&slider, &ValueSlider::gestureStarted);
    QSignalSpy edited(&slider, &ValueSlider::valueEdited);
    QSignalSpy finished(&slider, &ValueSlider::gestureFinished);
    QTest::keyClick(&slider, key);
    QCOMPARE(slider.number(), number);
    QCOMPARE(edited.size(), 1);
    QCOMPARE(edited[0][0].toDouble(), number);
    QCOMPARE(started.size(), 1);
    QCOMPARE(finished.size(), 1);
}

void TestValueSlider::aNewNumberFarAwayTakesANewRange()
{
    ValueSlider slider(SliderKind::Signed);
    slider.setNumber(117.5);
    QCOMPARE(slider.numberRange().high, 1000.0);
    slider.setNumber(96); // another channel, alike: the handle moves, the range stays
    QCOMPARE(slider.numberRange().high, 1000.0);
    slider.setNumber(1e6);
    QVERIFY(slider.numberRange().contains(1e6));
    slider.setNumber(0.5);
    QCOMPARE(slider.numberRange().high, 10.0);
}

QBN_TEST(TestValueSlider)
#include "tst_value_slider.moc"
