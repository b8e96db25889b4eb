// From starting the process to the first painted frame, over several starts; the first is often
// slower, its files are cold.

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <algorithm>
#include <cstdio>
#include <vector>

int main(int argc, char* argv[])
{
    const QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    constexpr int starts = 15;
    std::vector<double> milliseconds;
    QByteArray fromMain;
    for (int i = 0; i < starts; ++i) {
        QProcess process;
        QElapsedTimer timer;
        timer.start();
        process.start(QStringLiteral(QBN_PROGRAM), {QStringLiteral("--measure-startup")});
        if (!process.waitForFinished() || process.exitCode() != 0) {
            std::fprintf(stderr, "%s", process.readAllStandardError().constData());
            return 1;
        }
        milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        fromMain = process.readAllStandardOutput().trimmed();
    }
    std::printf("first start %.0f ms until it ended, having painted\n", milliseconds.front());
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("%d starts: p50 %.0f ms, slowest %.0f ms; the last: %s\n", starts,
                milliseconds[starts / 2], milliseconds.back(), fromMain.constData());
    return 0;
}
