#include "app/desktop/background_work.h"
#include "tests/support/room.h"

#include <QApplication>
#include <QCursor>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QTest>
#include <QThread>
#include <QWidget>

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
    void theResultComes();
    void noInputComesThroughWhileItWaits();
    void longWorkShowsAPlainTextAndCanBeCancelled();

private:
    Pad m_window;
};

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

void TestBackgroundWork::theResultComes()
{
    QCOMPARE(runInBackground(&m_window, {}, [](const std::stop_token&) { return 7; }),
             std::optional(7));
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
    const auto result = runInBackground(&m_window, {}, [](const std::stop_token&) {
        QThread::msleep(120);
        return 1;
    });
    hand.stop();
    QVERIFY(result);
    QVERIFY2(moved > 0, "the test has moved the pointer");
    QCOMPARE(m_window.moves, 0);
    QTRY_VERIFY2(m_window.moves > 0, "it comes when the work is done");
}

void TestBackgroundWork::longWorkShowsAPlainTextAndCanBeCancelled()
{
    Qt::TextFormat format = Qt::AutoText;
    QTimer hand;
    connect(&hand, &QTimer::timeout, this, [&] {
        auto* dialog = m_window.findChild<QProgressDialog*>(QStringLiteral("progressDialog"));
        if (dialog == nullptr || !dialog->isVisible())
            return;
        for (const auto* label : dialog->findChildren<QLabel*>())
            format = label->textFormat();
        dialog->findChild<QPushButton*>()->click();
    });
    hand.start(10);
    const auto result = runInBackground(&m_window, QStringLiteral("<b>name</b>"),
                                        [](const std::stop_token& stop) {
                                            while (!stop.stop_requested())
                                                QThread::msleep(5);
                                            return 1;
                                        });
    QVERIFY(!result);
    QCOMPARE(format, Qt::PlainText);
}

QBN_TEST(TestBackgroundWork)
#include "tst_background_work.moc"
