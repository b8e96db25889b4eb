#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

QJsonObject jsonOf(const Outcome& outcome)
{
    return QJsonDocument::fromJson(outcome.output).object();
}

QString session(const char* name)
{
    return dataPath(u"golden/%1.json"_s.arg(QLatin1String(name)));
}

} // namespace

/// `qbn compare` and `qbn why` as a script runs them.
class TestCliCompare : public QObject
{
    Q_OBJECT

private slots:
    void layersThatAgreeExitWith0();
    void countsAreThoseOfTheFrameworksFiles();
    void theFirstPlacesAreNamed();
    void fractionBitsAreSaidOfIntegers();
    void tooFewFractionBitsAreNotCertified();
    void hopelessCodesAreCountedApart();
    void tiesAreListedWithTheirDistances();
    void whyThereIsNoExactNumberOfBits();
    void whyShowsBothSides();
    void whyNamesTheCause();
    void wrongUsageIsRefused_data();
    void wrongUsageIsRefused();
};

void TestCliCompare::layersThatAgreeExitWith0()
{
    const Outcome outcome = runQbn({u"compare"_s, session("ocr_quantized")});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.output.contains("15 pairs agree on every code"));
    QVERIFY(outcome.output.contains("no tie and none near: certified, every sound binary32 backend "
                                    "gives the same codes; proved "
                                    "of their own roundings: openvino\n"));
    QVERIFY(outcome.output.endsWith("2 layers, 4096 codes: backends differ in 0 layers\n"));
}

void TestCliCompare::countsAreThoseOfTheFrameworksFiles()
{
    const Outcome outcome = runQbn({u"compare"_s, session("hard"), u"--backends"_s,
                                    u"pytorch,pytorch-reference"_s, u"--json"_s});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY(jsonOf(outcome)[u"differs"_s].toBool());
    const QJsonArray layers = jsonOf(outcome)[u"layers"_s].toArray();
    QCOMPARE(layers.size(), 24);
    for (int i = 0; i < layers.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto fused = goldenCodes(u"hard"_s, at, "pytorch");
        const auto reference = goldenCodes(u"hard"_s, at, "pytorch-reference");
        int expected = 0;
        for (std::size_t k = 0; k < fused->values.size(); ++k)
            expected += fused->values[k] != reference->values[k] ? 1 : 0;
        const QJsonObject pair = layers[i][u"pairs"_s].toArray()[0].toObject();
        QCOMPARE(pair[u"differing"_s].toInt(), expected);
    }
}

void TestCliCompare::theFirstPlacesAreNamed()
{
    const Outcome outcome = runQbn({u"compare"_s, session("hard"), u"--layer"_s, u"hard1"_s,
                                    u"--backends"_s, u"pytorch,onnxruntime"_s});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.output.contains("pytorch, onnxruntime: 256 codes differ (256 by -255)\n"
                                     "    channel 2, code -128: 127 and -128\n"),
             outcome.output.constData());
}

void TestCliCompare::fractionBitsAreSaidOfIntegers()
{
    const Outcome outcome
        = runQbn({u"compare"_s, session("forum"), u"--backends"_s, u"exact,fixed-point:12"_s});
    QVERIFY2(outcome.output.contains("fixed-point: largest safe number of fraction bits 22, "
                                     "smallest exact 11"),
             outcome.output.constData());
}

void TestCliCompare::tooFewFractionBitsAreNotCertified()
{
    // The layer's codes lie far from every tie; 4 fraction bits are wrong all the same.
    const Outcome outcome = runQbn({u"compare"_s, session("ocr_quantized"), u"--backends"_s,
                                    u"exact,fixed-point:4,fixed-point:20:int64"_s});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(
        outcome.output.contains("certified, every sound binary32 backend gives the same "
                                "codes; proved of their own roundings: fixed-point:20:int64; not "
                                "covered: fixed-point:4\n"),
        outcome.output.constData());
    QVERIFY2(outcome.output.contains("fixed-point, int64: largest safe number of fraction bits 30"),
             outcome.output.constData());
}

void TestCliCompare::hopelessCodesAreCountedApart()
{
    const Outcome outcome
        = runQbn({u"compare"_s, session("hard"), u"--layer"_s, u"13"_s, u"--json"_s});
    const QJsonObject layer = jsonOf(outcome)[u"layers"_s].toArray()[0].toObject();
    int uncertain = 0;
    for (const QJsonValue& channel : layer[u"by_channel"_s].toArray())
        uncertain += channel[u"uncertain"_s].toInt();
    QCOMPARE(layer[u"uncertain"_s].toInt(), uncertain);
    QVERIFY(uncertain > 0);
    QCOMPARE(layer[u"near_ties"_s].toInt(), 0);
}

void TestCliCompare::tiesAreListedWithTheirDistances()
{
    // conv1.0 of the example, code 38: -21.01320956476661.. steps lies 0.4867904.. from -21.5, and
    // binary32 has 2^-19 there: 255218.3 ulp.
    const Outcome outcome = runQbn({u"compare"_s, session("forum"), u"--backends"_s,
                                    u"pytorch,onnxruntime"_s, u"--ties"_s, u"--json"_s});
    const QJsonObject layer = jsonOf(outcome)[u"layers"_s].toArray()[0].toObject();
    const QJsonObject channel = layer[u"by_channel"_s].toArray()[0].toObject();
    const double steps = channel[u"distance_steps"_s].toArray()[38].toDouble();
    QVERIFY(std::abs(steps - 0.48679043523338805) < 1e-8);
    const double ulp = channel[u"distance_ulp"_s].toArray()[38].toDouble();
    QVERIFY(std::abs(ulp - 0.48679043523338805 * 0x1p19) < 1e-2);
    QCOMPARE(layer[u"ulp_of"_s].toString(), u"pytorch"_s);

    const Outcome text = runQbn(
        {u"compare"_s, session("hard"), u"--backends"_s, u"pytorch,onnxruntime"_s, u"--ties"_s});
    QVERIFY(text.output.contains(": a tie\n"));
    QVERIFY(text.output.contains(" ulp of pytorch\n"));
}

void TestCliCompare::whyThereIsNoExactNumberOfBits()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"halves.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"format":"qbn-session","version":1,"name":"h","layers":[{"name":"h",
        "input":{"type":"quint8","scale":0.5,"zero_point":0},
        "output":{"type":"quint8","scale":1,"zero_point":0},"eps":0,"relu":false,
        "mean":[0],"var":[1],"gamma":[1],"beta":[0]}]})");
    file.close();
    const Outcome outcome = runQbn({u"compare"_s, path, u"--backends"_s, u"exact,fixed-point"_s});
    QVERIFY2(outcome.output.contains("smallest exact none (ties: half up against half even)"),
             outcome.output.constData());
    QVERIFY2(outcome.output.contains("channel 0: 128 ties, 0 near, 0 uncertain; 64 codes differ"),
             outcome.output.constData());
}

void TestCliCompare::whyShowsBothSides()
{
    const Outcome outcome
        = runQbn({u"why"_s, session("forum"), u"--channel"_s, u"0"_s, u"--code"_s, u"38"_s,
                  u"--backends"_s, u"pytorch,onnxruntime"_s, u"--json"_s});
    QCOMPARE(outcome.exitCode, 0);
    const QJsonObject why = jsonOf(outcome);
    QCOMPARE(why[u"output_codes"_s].toArray(), (QJsonArray{52, 52}));
    QCOMPARE(why[u"first_differing"_s].toString(), u"shift"_s);
    for (const QJsonValue& step : why[u"steps"_s].toArray()) {
        if (step[u"name"_s].toString() != u"shift"_s)
            continue;
        // NumPy: float.hex(float(np.float32(235.57443237304688)))
        QCOMPARE(step[u"first"_s][u"hex"_s].toString(), u"0x1.d7261cp+7"_s);
        QCOMPARE(step[u"second"_s][u"hex"_s].toString(), u"0x1.d7261ap+7"_s);
        QCOMPARE(step[u"ulp"_s].toInt(), -1);
    }
    const Outcome text = runQbn({u"why"_s, session("forum"), u"--code"_s, u"38"_s});
    QCOMPARE(text.exitCode, 0);
    // Python's decimal with 80 digits: 0.48679043523338756...
    QVERIFY(text.output.contains("Margin: 0.48679043523338755 output steps to the boundary 51.5 "
                                 "(-21.5 before the zero point), "));
    QVERIFY2(text.output.contains(" ulp of exact, 255218.39 ulp of pytorch.\n"),
             text.output.constData());
}

void TestCliCompare::whyNamesTheCause()
{
    const Outcome outcome
        = runQbn({u"why"_s, session("hard"), u"--layer"_s, u"1"_s, u"--channel"_s, u"2"_s,
                  u"--code"_s, u"-128"_s, u"--backends"_s, u"pytorch,pytorch-nofma"_s});
    QVERIFY2(outcome.output.contains("which has no root: PyTorch fused in its SIMD lane converts "
                                     "NaN to 2147483520"),
             outcome.output.constData());
}

void TestCliCompare::wrongUsageIsRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    const QString file = session("forum");
    QTest::newRow("one backend is no pair")
        << QStringList{u"compare"_s, file, u"--backends"_s, u"exact"_s}
        << u"two backends at least are compared"_s;
    QTest::newRow("a backend twice")
        << QStringList{u"compare"_s, file, u"--backends"_s, u"exact,exact"_s}
        << u"is named twice"_s;
    QTest::newRow("an unknown one")
        << QStringList{u"compare"_s, file, u"--backends"_s, u"exact,tflite"_s}
        << u"there is no backend \"tflite\""_s;
    QTest::newRow("why of three") << QStringList{u"why"_s,        file,
                                                 u"--code"_s,     u"1"_s,
                                                 u"--backends"_s, u"exact,pytorch,textbook"_s}
                                  << u"two backends are compared, 3 given"_s;
    QTest::newRow("why without a code") << QStringList{u"why"_s, file} << u"--code N is needed"_s;
    QTest::newRow("a code that quint8 does not have")
        << QStringList{u"why"_s, file, u"--code"_s, u"256"_s}
        << u"\"256\" is no input code of conv1.0: they are 0 to 255"_s;
}

void TestCliCompare::wrongUsageIsRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const Outcome outcome = runQbn(arguments);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.output.isEmpty());
    QVERIFY2(outcome.errors.contains(says.toUtf8()), outcome.errors.constData());
}

QBN_TEST(TestCliCompare)
#include "tst_cli_compare.moc"
