#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn::test;

/// The program itself, from the outside.
class TestExplorer : public QObject
{
    Q_OBJECT

private slots:
    void aScreenshotHasTheSizeAndTheTheme_data();
    void aScreenshotHasTheSizeAndTheTheme();
    void whatCannotBeShownIsSaid_data();
    void whatCannotBeShownIsSaid();
    void helpNeedsNoDisplay();
    void theFirstFrameIsTimed();

private:
    int run(const QStringList& arguments);

    QByteArray m_output;
    QByteArray m_errors;
    QTemporaryDir m_folder;
};

int TestExplorer::run(const QStringList& arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_folder.path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(QBN_EXPLORER), arguments);
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
        return -1;
    m_output = process.readAllStandardOutput();
    m_errors = process.readAllStandardError();
    return process.exitCode();
}

void TestExplorer::aScreenshotHasTheSizeAndTheTheme_data()
{
    QTest::addColumn<QString>("theme");
    QTest::addColumn<QSize>("size");
    QTest::newRow("light, small") << "light" << QSize(1280, 800);
    QTest::newRow("dark, large") << "dark" << QSize(1920, 1080);
}

void TestExplorer::aScreenshotHasTheSizeAndTheTheme()
{
    QFETCH(QString, theme);
    QFETCH(QSize, size);
    const QString path = m_folder.filePath(theme + QStringLiteral(".png"));
    QCOMPARE(
        run({dataPath(QStringLiteral("checkpoints/BatchNorm_layer.pt")),
             QStringLiteral("--channel"), QStringLiteral("2"), QStringLiteral("--code"),
             QStringLiteral("100"), QStringLiteral("--screenshot"), path, QStringLiteral("--size"),
             QStringLiteral("%1x%2").arg(size.width()).arg(size.height()),
             QStringLiteral("--theme"), theme}),
        0);
    const QImage picture(path);
    QCOMPARE(picture.size(), size);
    const bool isDark = picture.scaled(1, 1, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                            .pixelColor(0, 0)
                            .lightness()
        < 128;
    QCOMPARE(isDark, theme == QStringLiteral("dark"));
}

void TestExplorer::whatCannotBeShownIsSaid_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("says");
    const auto list = [](const char* text) { return QString::fromUtf8(text).split(u' '); };
    QTest::newRow("a file that is not there")
        << list("nothing.pt --screenshot out.png") << 3 << "nothing.pt: ";
    QTest::newRow("a channel that is not there")
        << list("--channel 9 --screenshot out.png") << 2 << "there is no channel 9";
    QTest::newRow("a layer that is not there")
        << list("--layer fc --screenshot out.png") << 2 << "there is no layer \"fc\"";
    QTest::newRow("a tab that is not there")
        << list("--tab nowhere --screenshot out.png") << 2 << "there is no tab \"nowhere\"";
    QTest::newRow("a tab that one layer has no use for")
        << list("--tab layers --screenshot out.png") << 2 << "there is no tab \"layers\"";
    QTest::newRow("a folder that is not there") << list("--screenshot /nonexistent/out.png") << 4
                                                << "/nonexistent/out.png: could not be written";
    QTest::newRow("an unknown option") << list("--fast") << 2 << "Unknown option 'fast'";
}

void TestExplorer::whatCannotBeShownIsSaid()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    QTEST(run(arguments), "exitCode");
    QVERIFY2(m_errors.contains(says.toUtf8()), m_errors.constData());
}

void TestExplorer::helpNeedsNoDisplay()
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* const name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(QBN_EXPLORER), {QStringLiteral("--help")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    const QByteArray help = process.readAllStandardOutput();
    for (const char* const option :
         {"--layer", "--channel", "--code", "--tab", "--screenshot", "--size", "--theme"})
        QVERIFY2(help.contains(option), option);
}

void TestExplorer::theFirstFrameIsTimed()
{
    QCOMPARE(run({QStringLiteral("--measure-startup")}), 0);
    QVERIFY2(m_output.endsWith(" ms from main() to the first painted frame\n"),
             m_output.constData());
    QVERIFY(m_output.split(' ').front().toDouble() > 0);
}

QBN_TEST(TestExplorer)
#include "tst_explorer.moc"
