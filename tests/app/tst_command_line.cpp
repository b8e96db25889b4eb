#include "app/desktop/command_line.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn::desktop;

namespace {

ParsedCommandLine parsed(const QString& line)
{
    return parseCommandLine(QStringList(QStringLiteral("qbn-explorer"))
                            + line.split(u' ', Qt::SkipEmptyParts));
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsRead();
    void nothingIsNeeded();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
};

void TestCommandLine::everythingIsRead()
{
    const auto result
        = parsed(QStringLiteral("a.pt --layer conv1.0 --channel 2 --code -7 --tab audit "
                                "--screenshot out.png --size 1280x800 --theme dark"));
    QVERIFY(result.commandLine);
    QCOMPARE(result.commandLine->file, QStringLiteral("a.pt"));
    QCOMPARE(result.commandLine->layer, QStringLiteral("conv1.0"));
    QCOMPARE(result.commandLine->channel, std::optional(2));
    QCOMPARE(result.commandLine->code, std::optional(-7));
    QCOMPARE(result.commandLine->tab, QStringLiteral("audit"));
    QCOMPARE(result.commandLine->screenshot, QStringLiteral("out.png"));
    QCOMPARE(result.commandLine->size, QSize(1280, 800));
    QVERIFY(result.commandLine->theme == qbn::ui::Theme::Dark);
}

void TestCommandLine::nothingIsNeeded()
{
    const auto result = parsed({});
    QVERIFY(result.commandLine);
    QVERIFY(result.commandLine->file.isEmpty());
    QVERIFY(!result.commandLine->channel);
    QVERIFY(!result.commandLine->size.isValid());
    QVERIFY(!result.commandLine->theme);
}

void TestCommandLine::nonsenseIsRefused_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("a channel that is no number") << "--channel two"
                                                 << "--channel needs a number, found \"two\"";
    QTest::newRow("a code that is no number") << "--code x"
                                              << "--code needs a number, found \"x\"";
    QTest::newRow("a size without a height") << "--size 1280"
                                             << "--size needs WxH such as 1280x800, found \"1280\"";
    QTest::newRow("a size beyond reason") << "--size 99999x99999"
                                          << "--size needs WxH";
    QTest::newRow("a theme that is none") << "--theme blue"
                                          << "--theme is light or dark, found \"blue\"";
    QTest::newRow("two files") << "a.pt b.pt"
                               << "one file at most, found 2";
    QTest::newRow("an unknown option") << "--fast"
                                       << "Unknown option 'fast'";
}

void TestCommandLine::nonsenseIsRefused()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    const auto result = parsed(line);
    QVERIFY(!result.commandLine);
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.text.contains(says), qPrintable(result.text));
}

QBN_TEST(TestCommandLine)
#include "tst_command_line.moc"
