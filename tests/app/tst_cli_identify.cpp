#include "tests/app/run_qbn.h"
#include "tests/support/room.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn::test;

namespace {

QString golden(const char* name)
{
    return QStringLiteral(QBN_TEST_DATA "/golden/") + QLatin1String(name);
}

QString written(const QTemporaryDir& folder, const char* name, const QByteArray& content)
{
    QFile file(folder.filePath(QLatin1String(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        QTest::qFail(name, __FILE__, __LINE__);
    return file.fileName();
}

/// A .npy array of int64.
QByteArray npy(const QByteArray& shape, const QList<qint64>& values)
{
    QByteArray header = "{'descr': '<i8', 'fortran_order': False, 'shape': " + shape + ", }";
    header = header.leftJustified(117) + '\n';
    QByteArray bytes = QByteArray("\x93NUMPY\x01\x00", 8) + char(header.size()) + '\0' + header;
    for (const qint64 value : values)
        bytes += QByteArray(reinterpret_cast<const char*>(&value), 8);
    return bytes;
}

} // namespace

class TestCliIdentify : public QObject
{
    Q_OBJECT

private slots:
    void theMakerIsNamed();
    void jsonSaysTheSame();
    void whatItWritesIsReadAgain();
    void pairsAndPrintsAreRead_data();
    void pairsAndPrintsAreRead();
    void badInputIsOneSentence_data();
    void badInputIsOneSentence();
};

void TestCliIdentify::theMakerIsNamed()
{
    const Outcome outcome
        = runQbn({QStringLiteral("identify"), golden("hard.json"), QStringLiteral("--layer"),
                  QStringLiteral("0"), QStringLiteral("--observed"), golden("hard.0.litert.npy")});
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("1. LiteRT (litert)"), outcome.output);
    QVERIFY2(outcome.output.contains("Do not:\n"), outcome.output);
}

void TestCliIdentify::jsonSaysTheSame()
{
    const Outcome outcome
        = runQbn({QStringLiteral("identify"), golden("hard.json"), QStringLiteral("--layer"),
                  QStringLiteral("0"), QStringLiteral("--observed"), golden("hard.0.litert.npy"),
                  QStringLiteral("--json")});
    QCOMPARE(outcome.exitCode, 0);
    const QJsonObject json = QJsonDocument::fromJson(outcome.output).object();
    QCOMPARE(json[QStringLiteral("observed")].toInt(), 20 * 256);
    QCOMPARE(json[QStringLiteral("complete")].toInt(), 1);
    const QJsonObject first = json[QStringLiteral("classes")].toArray()[0].toObject();
    QCOMPARE(first[QStringLiteral("differing")].toInt(), 0);
    QCOMPARE(first[QStringLiteral("formulas")]
                 .toArray()[0]
                 .toObject()[QStringLiteral("backend")]
                 .toString(),
             QStringLiteral("litert"));
    const QJsonObject last = json[QStringLiteral("classes")].toArray().last().toObject();
    QVERIFY(last[QStringLiteral("differing")].toInt() > 0);
    QVERIFY(last.contains(QStringLiteral("first_difference")));
}

void TestCliIdentify::whatItWritesIsReadAgain()
{
    const QTemporaryDir folder;
    const QString formula = folder.filePath(QStringLiteral("device.formula")),
                  layer = folder.filePath(QStringLiteral("test.json"));
    const Outcome outcome
        = runQbn({QStringLiteral("identify"), golden("forum.json"), QStringLiteral("--observed"),
                  golden("forum.0.onnxruntime.npy"), QStringLiteral("--write-formula"), formula,
                  QStringLiteral("--write-layer"), layer});
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.exitCode, 0);
    const Outcome codes
        = runQbn({QStringLiteral("codes"), layer, QStringLiteral("--backend"), formula,
                  QStringLiteral("--layer"), QStringLiteral("0"), QStringLiteral("-o"),
                  folder.filePath(QStringLiteral("codes.npy"))});
    QCOMPARE(codes.errors, QByteArray());
    QCOMPARE(codes.exitCode, 0);
    const Outcome again = runQbn({QStringLiteral("identify"), layer, QStringLiteral("--observed"),
                                  folder.filePath(QStringLiteral("codes.npy"))});
    QCOMPARE(again.errors, QByteArray());
    QCOMPARE(again.exitCode, 0);
}

void TestCliIdentify::pairsAndPrintsAreRead_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("channel");
    // The forum's own pair: 38 became 52.
    QTest::newRow("pairs of one channel") << npy("(1, 2)", {38, 52}) << QStringLiteral("0");
    QTest::newRow("triples") << npy("(1, 3)", {0, 38, 52}) << QString();
    QTest::newRow("CSV") << QByteArray("channel,input_code,output_code\n0,38,52\n") << QString();
}

void TestCliIdentify::pairsAndPrintsAreRead()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, channel);
    const QTemporaryDir folder;
    QStringList arguments{QStringLiteral("identify"), golden("forum.json"),
                          QStringLiteral("--observed"), written(folder, "codes", content)};
    if (!channel.isEmpty())
        arguments << QStringLiteral("--channel") << channel;
    const Outcome outcome = runQbn(arguments);
    QCOMPARE(outcome.errors, QByteArray());
    QVERIFY2(outcome.output.contains("1 code observed"), outcome.output);
    QVERIFY2(outcome.output.contains("To tell them apart on this layer: channel "), outcome.output);
}

void TestCliIdentify::badInputIsOneSentence_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("sentence");
    QTest::newRow("another shape") << npy("(2, 2, 1)", {1, 2, 3, 4})
                                   << QByteArray("its shape is (2, 2, 1); codes of this layer have "
                                                 "(3, 256), (256,), (N, 2) or (N, 3)");
    QTest::newRow("a channel that is not there")
        << npy("(1, 3)", {3, 0, 0})
        << QByteArray("row 0, column 0 counted from 0: the layer has no channel 3");
    QTest::newRow("an input code that is not there")
        << npy("(1, 3)", {0, 256, 0})
        << QByteArray("row 0, column 1 counted from 0: 256 is no input code of quint8");
    QTest::newRow("an output code that is not there")
        << npy("(2, 3)", {0, 1, 0, 0, 2, -1})
        << QByteArray("row 1, column 2 counted from 0: -1 is no output code of quint8");
    QTest::newRow("one channel of which nobody said the number")
        << npy("(1, 2)", {0, 0})
        << QByteArray("it holds one channel and the layer has 3: name it with --channel");
    QTest::newRow("two codes for one")
        << npy("(2, 3)", {0, 1, 5, 0, 1, 6})
        << QByteArray(
               "channel 0, input code 1 was observed as 5 and as 6; one formula gives one code");
    QTest::newRow("nothing")
        << QByteArray()
        << QByteArray("it is no .npy array, its first line is not channel,input_code,output_code, "
                      "and no codes are printed in it");
    QTest::newRow("a broken array") << QByteArray("\x93NUMPY\x01") << QByteArray("");
}

void TestCliIdentify::badInputIsOneSentence()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, sentence);
    const QTemporaryDir folder;
    const QString path = written(folder, "codes", content);
    const Outcome outcome = runQbn(
        {QStringLiteral("identify"), golden("forum.json"), QStringLiteral("--observed"), path});
    QCOMPARE(outcome.exitCode, 3);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.errors.startsWith("qbn: " + path.toUtf8() + ": " + sentence), outcome.errors);
    QCOMPARE(outcome.errors.count('\n'), 1);
}

QBN_TEST(TestCliIdentify)
#include "tst_cli_identify.moc"
