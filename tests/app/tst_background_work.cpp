#include "app/desktop/background_work.h"
#include "tests/support/room.h"

#include <QApplication>
#include <QCursor>
#include <QMouseEvent>
#include <QTest>
#include <QThread>
#include <QWidget>

#include <atomic>

using namespace qbn;
using namespace qbn::desktop;

namespace {

/// Counts what the mouse does over it.
class Pad : public QWidget
{
public:
    Pad() { setMouseTracking(true); }
    int moves = 0;

protected:
    void mouseMoveEvent(QMouseEvent* /*event*/) override { ++moves; }
};

} // namespace

class TestBackgroundWork : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void quickWorkIsDoneAtOnce();
    void noInputComesThroughWhileItWaits();
    void longWorkGoesOnBesideTheWindow();
    void aCancelledWorkGivesNothing();
    void theNewestOneGivesItsResult();
    void doneMayStartAnotherOne();

private:
    Pad m_window;
};

namespace {

int untilStopped(const std::stop_token& stop)
{
    while (!stop.stop_requested())
        QThread::msleep(5);
    return 1;
}

} // namespace

void TestBackgroundWork::init()
{
    m_window.resize(300, 200);
    m_window.move(0, 0);
    m_window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&m_window));
    QCursor::setPos(m_window.mapToGlobal(QPoint(10, 10)));
    QCoreApplication::processEvents();
    m_window.moves = 0;
}

void TestBackgroundWork::quickWorkIsDoneAtOnce()
{
    ui::WorkList works;
    BackgroundWork<int> work(works);
    int given = 0;
    work.start(
        {}, [](const std::stop_token&) { return 7; }, [&given](int result) { given = result; });
    QTRY_COMPARE(given, 7);
    QVERIFY(!work.isRunning());
    QVERIFY(works.works().empty());
}

/// The pointer moves through the window system, as a hand moves it.
void TestBackgroundWork::noInputComesThroughWhileItWaits()
{
    QTimer hand;
    int moved = 0;
    connect(&hand, &QTimer::timeout, this, [&] {
        ++moved;
        QCursor::setPos(m_window.mapToGlobal(QPoint(20 + moved, 20)));
    });
    hand.start(10);
    ui::WorkList works;
    BackgroundWork<int> work(works);
    int movesThen = -1;
    work.start(
        {},
        [](const std::stop_token&) {
            QThread::msleep(120);
            return 1;
        },
        [&](int /*result*/) { movesThen = m_window.moves; });
    hand.stop();
    QVERIFY2(moved > 0, "the test has moved the pointer");
    QCOMPARE(movesThen, 0);
    QTRY_VERIFY2(m_window.moves > 0, "it comes when the work is done");
}

void TestBackgroundWork::longWorkGoesOnBesideTheWindow()
{
    ui::WorkList works;
    BackgroundWork<int> work(works);
    std::atomic<bool> end = false;
    int given = 0;
    work.start(
        QStringLiteral("<b>name</b>"),
        [&end](const std::stop_token&) {
            while (!end)
                QThread::msleep(5);
            return 8;
        },
        [&given](int result) { given = result; });
    QVERIFY(work.isRunning());
    QCOMPARE(works.works().size(), std::size_t{1});
    QCOMPARE(works.works().front().what, QStringLiteral("<b>name</b>"));
    QCursor::setPos(m_window.mapToGlobal(QPoint(50, 50)));
    QTRY_VERIFY2(m_window.moves > 0, "the window goes on");
    end = true;
    QTRY_COMPARE(given, 8);
    QVERIFY(!work.isRunning());
    QVERIFY(works.works().empty());
}

void TestBackgroundWork::aCancelledWorkGivesNothing()
{
    ui::WorkList works;
    BackgroundWork<int> work(works);
    int given = 0;
    work.start({}, untilStopped, [&given](int result) { given = result; });
    works.cancel(works.works().front().id);
    QVERIFY(!work.isRunning());
    QVERIFY(works.works().empty());
    ui::taskThreads().waitForDone();
    QCoreApplication::processEvents();
    QCOMPARE(given, 0);
}

void TestBackgroundWork::theNewestOneGivesItsResult()
{
    ui::WorkList works;
    BackgroundWork<int> work(works);
    QList<int> given;
    const auto keep = [&given](int result) { given << result; };
    work.start({}, untilStopped, keep);
    work.start({}, [](const std::stop_token&) { return 2; }, keep);
    QTRY_COMPARE(given, QList<int>{2});
    QVERIFY(works.works().empty());
}

void TestBackgroundWork::doneMayStartAnotherOne()
{
    ui::WorkList works;
    BackgroundWork<int> work(works);
    int given = 0;
    const auto slow = [](const std::stop_token&) {
        QThread::msleep(400);
        return 3;
    };
    work.start({}, slow, [&](int /*result*/) {
        work.start({}, slow, [&given](int result) { given = result; });
    });
    QTRY_COMPARE(given, 3);
    QVERIFY(!work.isRunning());
}

QBN_TEST(TestBackgroundWork)
#include "tst_background_work.moc"
