#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

struct ShellOutcome
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

} // namespace

/// Where `qbn` writes: what is no file stays what it is, and what a full disk says is passed on.
class TestCliOutput : public QObject
{
    Q_OBJECT

private slots:
    void aDeviceIsWrittenThrough_data();
    void aDeviceIsWrittenThrough();
    void aPipeIsWrittenThrough();
    void standardOutputHasAnotherName();
    void aFileIsReplacedByAWholeOne();
    void theReasonOfAFullDiskIsSaid();
    void helpThatCannotBeWrittenIsSaid_data();
    void helpThatCannotBeWrittenIsSaid();
    void controlCharactersDoNotReachTheTerminal();
    void namesThatAreNotUtf8AreOpened();
    void aLayersNameComesBeforeAnIndex();
    void anUnknownBackendIsAnsweredWithTheKnownOnes();

private:
    /// $qbn is the program, $model a session, and the folder a new one for each test.
    ShellOutcome shell(const QString& script) const;

    QTemporaryDir m_folder;
};

ShellOutcome TestCliOutput::shell(const QString& script) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"qbn"_s, QStringLiteral(QBN_CLI));
    environment.insert(u"model"_s, dataPath(u"golden/forum.json"_s));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_folder.path());
    process.start(u"/bin/bash"_s, {u"-c"_s, script});
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestCliOutput::aDeviceIsWrittenThrough_data()
{
    QTest::addColumn<QString>("device");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("what takes everything") << u"/dev/null"_s << 0 << QByteArray();
    QTest::newRow("what takes nothing")
        << u"/dev/full"_s << 4 << QByteArray("could not be written: No space left on device");
}

/// By a link, so that a test that fails does not cost the machine its device.
void TestCliOutput::aDeviceIsWrittenThrough()
{
    QFETCH(QString, device);
    QFETCH(QByteArray, says);
    const QString link = m_folder.filePath(device.section(u'/', -1));
    QVERIFY(QFile::link(device, link));
    const ShellOutcome outcome = shell(u"$qbn export $model -o '%1'"_s.arg(link));
    QTEST(outcome.exitCode, "exitCode");
    QVERIFY2(outcome.errors.contains(says), outcome.errors.constData());
    QVERIFY(QFileInfo(link).isSymLink());
    QVERIFY(!QFileInfo(link).isFile());
}

void TestCliOutput::aPipeIsWrittenThrough()
{
    const ShellOutcome outcome
        = shell(u"mkfifo pipe && (cat pipe > copy & $qbn export $model -o pipe; code=$?; wait; "
                u"test -p pipe && exit $code)"_s);
    QCOMPARE(outcome.exitCode, 0);
    QFile copy(m_folder.filePath(u"copy"_s));
    QVERIFY(copy.open(QIODevice::ReadOnly));
    QVERIFY(copy.readAll().startsWith("layer,channel,input_code"));
}

void TestCliOutput::standardOutputHasAnotherName()
{
    const ShellOutcome outcome = shell(u"$qbn export $model -o /dev/stdout | head -1"_s);
    QVERIFY(outcome.output.startsWith("layer,channel,input_code"));
    QCOMPARE(outcome.errors, QByteArray());
    const ShellOutcome appended = shell(u"echo before > all; $qbn export $model -o /dev/stdout >> "
                                        u"all; head -1 all"_s);
    QCOMPARE(appended.output, QByteArray("before\n"));
}

void TestCliOutput::aFileIsReplacedByAWholeOne()
{
    QCOMPARE(shell(u"echo old > out.csv; $qbn export $model -o out.csv"_s).exitCode, 0);
    QVERIFY(shell(u"head -1 out.csv"_s).output.startsWith("layer,channel"));
}

/// A limit on the size of files stands for the disk's.
void TestCliOutput::theReasonOfAFullDiskIsSaid()
{
    const ShellOutcome outcome = shell(u"echo old > kept.csv; trap '' XFSZ; ulimit -f 1; $qbn "
                                       u"export $model -o kept.csv"_s);
    QCOMPARE(outcome.exitCode, 4);
    QCOMPARE(outcome.errors, QByteArray("qbn: kept.csv: could not be written: File too large\n"));
    QCOMPARE(shell(u"cat kept.csv; ls | grep -c kept"_s).output, QByteArray("old\n1\n"));
}

void TestCliOutput::helpThatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::newRow("help") << u"--help"_s;
    QTest::newRow("the version") << u"--version"_s;
    QTest::newRow("help of a command") << u"export --help"_s;
}

void TestCliOutput::helpThatCannotBeWrittenIsSaid()
{
    QFETCH(QString, arguments);
    const ShellOutcome outcome = shell(u"$qbn %1 > /dev/full"_s.arg(arguments));
    QCOMPARE(outcome.exitCode, 4);
    QCOMPARE(outcome.errors,
             QByteArray("qbn: standard output: could not be written: No space left on device\n"));
}

void TestCliOutput::controlCharactersDoNotReachTheTerminal()
{
    const ShellOutcome outcome = shell(uR"(sed 's/"conv1.0"/"a\\u001b[31mb\\nc"/' $model > red.json
                    $qbn inspect red.json | grep '^layer'
                    $qbn why red.json --code 38 | head -1
                    $qbn compare red.json | head -1
                    $qbn why red.json --code 999)"_s);
    QVERIFY2(outcome.output.contains("layer 0: a\\u001b[31mb\\nc, 3 channels"),
             outcome.output.constData());
    QVERIFY(!outcome.output.contains('\x1b'));
    QVERIFY(!outcome.errors.contains('\x1b'));
    QCOMPARE(outcome.errors.count('\n'), 1);
    QCOMPARE(outcome.output.count('\n'), 3);
}

void TestCliOutput::namesThatAreNotUtf8AreOpened()
{
    const ShellOutcome outcome = shell(
        u"cp $model $'not\\xff.json' && $qbn inspect $'not\\xff.json' | head -1; rm $'not\\xff.json'"_s);
    QCOMPARE(outcome.errors, QByteArray());
    QVERIFY2(outcome.output.endsWith(".json: 1 layer\n"), outcome.output.constData());
    const ShellOutcome missing = shell(u"$qbn inspect $'no\\xfe.json'"_s);
    QCOMPARE(missing.exitCode, 3);
    QVERIFY2(missing.errors.endsWith(".json: there is no such file\n"), missing.errors.constData());
}

void TestCliOutput::aLayersNameComesBeforeAnIndex()
{
    const ShellOutcome help = shell(u"$qbn export --help"_s);
    QVERIFY(help.output.simplified().contains(
        "by its name, or by its index from 0 if no layer has that name"));
}

void TestCliOutput::anUnknownBackendIsAnsweredWithTheKnownOnes()
{
    const ShellOutcome outcome = shell(u"$qbn export $model --backend tflite"_s);
    QCOMPARE(outcome.exitCode, 2);
    QCOMPARE(
        outcome.errors,
        QByteArray("qbn: there is no backend \"tflite\"; there are exact, textbook, pytorch, "
                   "pytorch-nofma, pytorch-onednn, pytorch-onednn-avx512, pytorch-wheel-reference, "
                   "pytorch-2.13-reference, "
                   "pytorch-decomposed, pytorch-fake-quantize, pytorch-reference, onnxruntime, "
                   "onnxruntime-qlinear, openvino, openvino-static, litert, litert-optimized, "
                   "litert-xnnpack, litert-mul-add, litert-mul-add-xnnpack, fixed-point, "
                   "fixed-point-gemmlowp; fixed-point:N and fixed-point:N:int64 have N "
                   "fraction bits, 4 to 30; or a FILE.formula of your own, see qbn formula\n"));
}

QBN_TEST(TestCliOutput)
#include "tst_cli_output.moc"
