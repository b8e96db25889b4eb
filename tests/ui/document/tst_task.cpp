#include "tests/support/room.h"
#include "ui/document/task.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#ifdef __linux__
#include <sys/resource.h>
#endif

#include <atomic>

using namespace qbn::ui;

class TestTask : public QObject
{
    Q_OBJECT

private slots:
    void theResultIsToldOfOnTheOwnersThread();
    void anOwnerThatGoesStopsTheWork();
    void theGuiGoesBeforeTasks();
};

void TestTask::theResultIsToldOfOnTheOwnersThread()
{
    int told = 0;
    Task<int> task([&] { told = task.result(); });
    task.start([](const std::stop_token&) { return 7; });
    QVERIFY(task.isRunning());
    QTRY_COMPARE(told, 7);
    QVERIFY(!task.isRunning());
}

void TestTask::anOwnerThatGoesStopsTheWork()
{
    std::atomic<bool> isStopped = false;
    bool told = false;
    {
        Task<int> task([&told] { told = true; });
        task.start([&isStopped](const std::stop_token& stop) {
            QElapsedTimer time;
            time.start();
            while (!stop.stop_requested() && time.elapsed() < 20'000)
                QThread::msleep(1);
            isStopped = stop.stop_requested();
            return 1;
        });
    }
    taskThreads().waitForDone();
    QVERIFY(isStopped);
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

void TestTask::theGuiGoesBeforeTasks()
{
#ifdef __linux__
    int niceness = 0;
    Task<int> task([&] { niceness = task.result(); });
    task.start([](const std::stop_token&) { return getpriority(PRIO_PROCESS, 0); });
    QTRY_VERIFY(!task.isRunning());
    QVERIFY(niceness > getpriority(PRIO_PROCESS, 0));
#else
    QSKIP("threads have no priority of their own");
#endif
}

QBN_TEST(TestTask)
#include "tst_task.moc"
