#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

QJsonObject jsonOf(const Outcome& outcome)
{
    return QJsonDocument::fromJson(outcome.output).object();
}

} // namespace

/// `qbn explain` and `qbn audit` as people and scripts run them.
class TestCliExplain : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsPrintIsExplained();
    void withoutWeightAndBiasTheStripIsSaid();
    void jsonHasTheDocumentedKeys();
    void theThreadIsReadAsItStands();
    void severalLayersAreAList();
    void fractionBitsAreABackend_data();
    void fractionBitsAreABackend();
    void nothingIsPredictedFromPlaceholders();
    void everyObservedChannelHasItsRegion();
    void oneChannelCanBeAskedFor();
    void theInputScaleIsAScale();
    void aRoundedPrintExplains();
    void smallChancesAreNumbers();
    void aTextFillsInASession();
    void aCardRestoresTheState();
    void aCardKeepsWhatItIsAbout();
    void oneLayersSentencesAreItsOwn();
    void observationsAreCodesOrValues_data();
    void observationsAreCodesOrValues();
    void observationsComeFromFiles();
    void aCardIsNoPrint_data();
    void aCardIsNoPrint();
    void auditExitsByTheLimit_data();
    void auditExitsByTheLimit();
    void aFleetIsAuditedPastABrokenFile();
    void aChannelWithoutSamplesIsSaid();
    void wrongUsageIsRefused_data();
    void wrongUsageIsRefused();

private:
    QString write(const QString& name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        return file.fileName();
    }

    QByteArray printWithoutWeightAndBias() const
    {
        QFile file(dataPath(u"forum.print.txt"_s));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QByteArray text = file.readAll();
        return text.left(text.indexOf("weight"));
    }

    QTemporaryDir m_folder;
};

void TestCliExplain::theThreadsPrintIsExplained()
{
    const Outcome outcome = runQbn({u"explain"_s, u"--print"_s, dataPath(u"forum.print.txt"_s)});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("Verdict: 38 -> 52 explained"), outcome.output.constData());
    QVERIFY(outcome.output.contains("gamma: 3 values (weight, line 13)"));
    QVERIFY(outcome.output.contains("batch-norm: explains 1 of 1"));
}

void TestCliExplain::withoutWeightAndBiasTheStripIsSaid()
{
    const QString path = write(u"print.txt"_s, printWithoutWeightAndBias());
    const Outcome outcome = runQbn({u"explain"_s, u"--print"_s, path});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.output.contains("gamma and beta are missing; 1 and 0 stand in their place"));
    QVERIFY(outcome.output.contains("Feasible gamma and beta of channel 0: strip"));
    QVERIFY(!outcome.output.contains("Recipes")); // nothing follows from placeholders
}

void TestCliExplain::jsonHasTheDocumentedKeys()
{
    const Outcome outcome
        = runQbn({u"explain"_s, u"--print"_s, dataPath(u"forum.print.txt"_s), u"--json"_s});
    const QJsonObject json = jsonOf(outcome);
    QCOMPARE(json[u"understood"_s][u"channels"_s].toInt(), 3);
    QVERIFY(json[u"missing"_s].toArray().isEmpty());
    const QJsonObject seen = json[u"observations"_s].toArray()[0].toObject();
    QCOMPARE(seen[u"channel"_s].toInt(), 0);
    QCOMPARE(seen[u"input_code"_s].toInt(), 38);
    QCOMPARE(seen[u"output_code"_s].toInt(), 52);
    QCOMPARE(seen[u"predicted"_s].toInt(), 52);
    QCOMPARE(seen[u"explained_by"_s].toArray()[0].toString(), u"batch-norm"_s);
    const QJsonObject best = json[u"recipes"_s].toArray()[0].toObject();
    QCOMPARE(best[u"id"_s].toString(), u"batch-norm"_s);
    QCOMPARE(best[u"explains"_s].toInt(), 1);
    QCOMPARE(best[u"of"_s].toInt(), 1);
    QCOMPARE(json[u"feasible"_s][u"kind"_s].toString(), u"strip"_s);
}

void TestCliExplain::theThreadIsReadAsItStands()
{
    const QStringList arguments{u"explain"_s, u"--print"_s, dataPath(u"paste/thread.txt"_s)};
    const Outcome text = runQbn(arguments);
    QCOMPARE(text.exitCode, 0);
    QVERIFY2(text.output.contains("-113.52695536613464 < -0.9443110160746137 * gamma + beta < "
                                  "-108.24663186073303"),
             text.output.constData());
    const QJsonObject json = jsonOf(runQbn(arguments + QStringList{u"--json"_s}));
    QCOMPARE(json[u"layers"_s].toArray().size(), 1);
    const QJsonObject seen = json[u"observations"_s].toArray()[0].toObject();
    QCOMPARE(seen[u"input_code"_s].toInt(), 38);
    QCOMPARE(seen[u"output_code"_s].toInt(), 52);
    const QJsonObject parameters = json[u"understood"_s][u"parameters"_s].toObject();
    QCOMPARE(parameters[u"gamma"_s][u"from"_s].toString(), u"unknown"_s);
    QCOMPARE(parameters[u"eps"_s][u"from"_s].toString(), u"default"_s);
    QVERIFY(json[u"snippets"_s].toArray().contains(u"print(\"weight\", net.block[0].weight)"_s));
    int used = 0;
    for (const QJsonValue& claim : json[u"claims"_s].toArray()) {
        const bool isUsed = claim[u"used"_s].toBool();
        used += isUsed ? 1 : 0;
        QVERIFY(claim[u"line"_s].toInt() > 0 && claim[u"column"_s].toInt() > 0);
        QVERIFY(!claim[isUsed ? u"meaning"_s : u"because"_s].toString().isEmpty());
    }
    QCOMPARE(used, 9);
}

void TestCliExplain::severalLayersAreAList()
{
    const QJsonArray layers
        = jsonOf(runQbn({u"explain"_s, u"--print"_s, dataPath(u"paste/two_headings.txt"_s),
                         u"--json"_s}))[u"layers"_s]
              .toArray();
    QCOMPARE(layers.size(), 2);
    QCOMPARE(layers[0][u"understood"_s][u"layer"_s].toString(), u"Handwritten"_s);
    QCOMPARE(layers[1][u"understood"_s][u"layer"_s].toString(), u"Library"_s);
}

void TestCliExplain::fractionBitsAreABackend_data()
{
    QTest::addColumn<QString>("backend");
    for (const char* id : {"fixed-point:8", "fixed-point:16:int64"})
        QTest::newRow(id) << QString::fromLatin1(id);
}

void TestCliExplain::fractionBitsAreABackend()
{
    QFETCH(QString, backend);
    const Outcome outcome = runQbn({u"explain"_s, dataPath(u"golden/forum.json"_s),
                                    u"--observation"_s, u"0:38=52"_s, u"--backend"_s, backend});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("Verdict: 38 -> 52 explained: Fixed"),
             outcome.output.constData());
}

void TestCliExplain::nothingIsPredictedFromPlaceholders()
{
    const QString path = write(u"print.txt"_s, printWithoutWeightAndBias());
    const QJsonObject json = jsonOf(
        runQbn({u"explain"_s, u"--print"_s, path, u"--observation"_s, u"0:38=55"_s, u"--json"_s}));
    QCOMPARE(json[u"verdict"_s].toString(), u"parameters-missing"_s);
    QVERIFY(json[u"recipes"_s].toArray().isEmpty());
    const QJsonArray observations = json[u"observations"_s].toArray();
    QCOMPARE(observations.size(), 2);
    for (const QJsonValue& seen : observations) {
        QVERIFY(seen[u"predicted"_s].isNull());
        QVERIFY(seen[u"explained_by"_s].toArray().isEmpty());
    }
}

void TestCliExplain::everyObservedChannelHasItsRegion()
{
    const QStringList arguments{u"explain"_s, u"--print"_s,
                                dataPath(u"prints/nchw_summarized.txt"_s)};
    const Outcome text = runQbn(arguments);
    for (const char* channel : {"0", "1", "2"})
        QVERIFY(text.output.contains(QByteArray("Feasible slope and offset of channel ") + channel
                                     + ": polygon"));
    QVERIFY(!text.output.contains("contradicting"));
    const QJsonObject feasible
        = jsonOf(runQbn(arguments + QStringList{u"--json"_s}))[u"feasible"_s].toObject();
    QCOMPARE(feasible[u"channel"_s].toInt(), 0);
    QCOMPARE(feasible[u"kind"_s].toString(), u"polygon"_s);
    QCOMPARE(feasible[u"unknowns"_s].toArray(), (QJsonArray{u"slope"_s, u"offset"_s}));
    const QJsonArray channels = feasible[u"channels"_s].toArray();
    QCOMPARE(channels.size(), 3);
    QCOMPARE(channels[2][u"channel"_s].toInt(), 2);
    QVERIFY(channels[2][u"corners"_s] != channels[0][u"corners"_s]);
    QCOMPARE(channels[0][u"corners"_s], feasible[u"corners"_s]);
}

void TestCliExplain::oneChannelCanBeAskedFor()
{
    const QStringList arguments{u"explain"_s, u"--print"_s,
                                dataPath(u"prints/nchw_summarized.txt"_s), u"--channel"_s, u"1"_s};
    const Outcome text = runQbn(arguments);
    QCOMPARE(text.output.count("Feasible "), 1);
    QVERIFY(text.output.contains("Feasible slope and offset of channel 1: "));
    const QJsonObject feasible
        = jsonOf(runQbn(arguments + QStringList{u"--json"_s}))[u"feasible"_s].toObject();
    QCOMPARE(feasible[u"channel"_s].toInt(), 1);
    QCOMPARE(feasible[u"channels"_s].toArray().size(), 1);
    const Outcome card = runQbn(arguments + QStringList{u"--markdown"_s});
    QVERIFY(card.output.startsWith("# Quantized batch norm: "));
    QVERIFY(card.output.contains(", channel 1, input code "));
}

void TestCliExplain::theInputScaleIsAScale()
{
    const Outcome outcome
        = runQbn({u"explain"_s, dataPath(u"golden/forum.json"_s), u"--observation"_s, u"0:38=52"_s,
                  u"--unknowns"_s, u"mean,scale"_s});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("Feasible mean and input_scale of channel 0: "),
             outcome.output.constData());
}

void TestCliExplain::aRoundedPrintExplains()
{
    // var 0.0001 is 0.00005 to 0.00015, so that 1 step of 0.01 is 1.29 to 0.79 units after
    // normalize: 0.01 / sqrt(0.00006) and 0.01 / sqrt(0.00016); over 0.1 steps 13 to 8.
    const QString path = write(u"rounded.txt"_s,
                               "running_mean tensor([0.])\nrunning_var tensor([0.0001])\n"
                               "weight tensor([1.])\nbias tensor([0.])\neps 1e-05\n"
                               "input scale 0.01\ninput zero point 0\n"
                               "output scale 0.1\noutput zero point 0\n");
    const auto explained = [&](const QString& observation) {
        return jsonOf(runQbn(
            {u"explain"_s, u"--print"_s, path, u"--observation"_s, observation, u"--json"_s}));
    };
    const QJsonObject within = explained(u"0:1=13"_s);
    QVERIFY2(
        within[u"sentence"_s].toString().contains(u"explained within the rounding of the print"_s),
        qPrintable(within[u"sentence"_s].toString()));
    const QJsonObject seen = within[u"observations"_s][0].toObject();
    QCOMPARE(seen[u"possible"_s].toArray(), (QJsonArray{8, 13}));
    QVERIFY(seen[u"within_rounding"_s].toBool());
    QCOMPARE(within[u"recipes"_s][0][u"id"_s].toString(), u"batch-norm"_s);
    QCOMPARE(within[u"recipes"_s][0][u"within_rounding"_s].toInt(), 1);
    QVERIFY(explained(u"0:1=15"_s)[u"verdict"_s].toString() != u"explained"_s);
}

void TestCliExplain::smallChancesAreNumbers()
{
    // 30 codes of the prediction: the product of their shares is far below binary32's 1e-45.
    const QByteArray codes
        = runQbn({u"codes"_s, dataPath(u"golden/forum.json"_s), u"-o"_s, u"-"_s}).output;
    const qsizetype header = codes.size() - 3 * 256;
    QStringList arguments{u"explain"_s, dataPath(u"golden/forum.json"_s)};
    for (int i = 0; i < 30; ++i) {
        const int code = 30 + 4 * i;
        arguments << u"--observation"_s
                  << u"0:%1=%2"_s.arg(code).arg(static_cast<uchar>(codes[header + code]));
    }
    const Outcome outcome = runQbn(arguments);
    QVERIFY(
        outcome.output.contains("batch-norm: explains 30 of 30, a coincidence with probability "));
    QVERIFY(!outcome.output.contains("probability 0\n"));
}

void TestCliExplain::aTextFillsInASession()
{
    const QString path = write(u"print.txt"_s, printWithoutWeightAndBias());
    const Outcome outcome
        = runQbn({u"explain"_s, u"--print"_s, path, dataPath(u"golden/forum.json"_s)});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("Verdict: 38 -> 52 explained"), outcome.output.constData());
}

void TestCliExplain::aCardRestoresTheState()
{
    const Outcome card = runQbn({u"explain"_s, dataPath(u"golden/forum.json"_s), u"--observation"_s,
                                 u"0:38=52"_s, u"--observation"_s, u"1:7=9"_s, u"--backend"_s,
                                 u"onnxruntime"_s, u"--markdown"_s});
    QCOMPARE(card.exitCode, 0);
    const QString path = write(u"card.md"_s, card.output);
    const Outcome again = runQbn({u"explain"_s, path, u"--markdown"_s});
    QCOMPARE(again.output, card.output);
}

void TestCliExplain::aCardKeepsWhatItIsAbout()
{
    const Outcome card = runQbn({u"explain"_s, dataPath(u"golden/forum.json"_s), u"--observation"_s,
                                 u"0:38=52"_s, u"--observation"_s, u"1:7=9"_s, u"--channel"_s,
                                 u"1"_s, u"--unknowns"_s, u"output_scale,mean"_s, u"--markdown"_s});
    QCOMPARE(card.exitCode, 0);
    QVERIFY(card.output.contains(", channel 1, input code 7"));
    const QString path = write(u"card.md"_s, card.output);
    QCOMPARE(runQbn({u"explain"_s, path, u"--markdown"_s}).output, card.output);
    const QJsonObject feasible
        = jsonOf(runQbn({u"explain"_s, path, u"--json"_s}))[u"feasible"_s].toObject();
    QCOMPARE(feasible[u"channel"_s].toInt(), 1);
    QCOMPARE(feasible[u"unknowns"_s].toArray(), (QJsonArray{u"output_scale"_s, u"mean"_s}));
    QCOMPARE(feasible[u"channels"_s].toArray().size(), 2);
}

void TestCliExplain::oneLayersSentencesAreItsOwn()
{
    const Outcome outcome
        = runQbn({u"explain"_s, u"--print"_s, dataPath(u"prints/state_dict.txt"_s), u"--layer"_s,
                  u"conv1.1"_s});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.output.contains("  conv1.1: mean: 8 values"));
    QVERIFY2(!outcome.output.contains("  conv1.0: "), outcome.output.constData());
}

void TestCliExplain::observationsAreCodesOrValues_data()
{
    QTest::addColumn<QString>("observation");
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("output");
    QTest::addColumn<QString>("assumed");
    QTest::newRow("codes") << u"0:38=52"_s << 38 << 52 << QString();
    QTest::newRow("values") << u"0:0.2991=-110.8868"_s << 38 << 52
                            << u"input 0.2991 is taken for code 38 (0.2990665)"_s;
    QTest::newRow("a code and a value that was cut")
        << u"0:38=-110.88"_s << 38 << 52 << u"output -110.88 is taken for code 52 (-110.886795)"_s;
    QTest::newRow("a value that no code has")
        << u"0:38=-110.0"_s << 38 << 52
        << u"output -110.0 is taken for code 52 (-110.886795), the nearest; no code has that value"_s;
    QTest::newRow("few digits, which may be several codes")
        << u"0:3e-1=52"_s << 38 << 52
        << u"input 3e-1 is taken for code 38 (0.2990665), the nearest of 13 that it may be"_s;
    QTest::newRow("an output outside of the range") << u"0:38=404"_s << 38 << 404 << QString();
    // (404 - 73) * 5.280323505401611
    QTest::newRow("a value outside of the range")
        << u"0:38=1747.7871"_s << 38 << 404
        << u"output 1747.7871 is taken for code 404 (1747.7871), outside of quint8"_s;
}

void TestCliExplain::observationsAreCodesOrValues()
{
    QFETCH(QString, observation);
    QFETCH(int, input);
    QFETCH(int, output);
    QFETCH(QString, assumed);
    const Outcome outcome = runQbn({u"explain"_s, dataPath(u"golden/forum.json"_s),
                                    u"--observation"_s, observation, u"--json"_s});
    QVERIFY2(outcome.exitCode == 0, outcome.errors.constData());
    const QJsonObject json = jsonOf(outcome);
    const QJsonObject seen = json[u"observations"_s].toArray()[0].toObject();
    QCOMPARE(seen[u"input_code"_s].toInt(), input);
    QCOMPARE(seen[u"output_code"_s].toInt(), output);
    QString said;
    for (const QJsonValue& sentence : json[u"assumed"_s].toArray())
        said += sentence.toString();
    QVERIFY2(said.contains(assumed), qPrintable(said));
    QCOMPARE(said.isEmpty(), assumed.isEmpty());
}

void TestCliExplain::observationsComeFromFiles()
{
    const QString forum = dataPath(u"golden/forum.json"_s);
    const QString csv = write(u"seen.csv"_s, "channel,input,output\n0,0.2991,-110.8868\n");
    const Outcome table
        = runQbn({u"explain"_s, forum, u"--observations"_s, csv, u"--observation"_s, u"0:60=66"_s});
    QVERIFY2(table.output.contains("Verdict: 2 observations explained"), table.output.constData());
    const auto array = [&](const QString& name, const QByteArray& codes) {
        const QByteArray header("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3, 1), }");
        return write(name,
                     QByteArray("\x93NUMPY\x01\x00\x76\x00", 10) + header.leftJustified(117) + '\n'
                         + codes);
    };
    // 38, 58, 69 of the three channels and what PyTorch gave for them: 52, 76, 90
    const Outcome arrays = runQbn({u"explain"_s, forum, u"--input"_s,
                                   array(u"in.npy"_s, QByteArray("\x26\x3a\x45", 3)), u"--output"_s,
                                   array(u"out.npy"_s, QByteArray("\x34\x4c\x5a", 3))});
    QVERIFY2(arrays.output.contains("Verdict: 3 observations explained"),
             arrays.errors.constData());
}

void TestCliExplain::aCardIsNoPrint_data()
{
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<bool>("hasFences");
    QTest::newRow("as it was written") << QByteArray() << true;
    QTest::newRow("copied from a web page") << QByteArray() << false;
    QTest::newRow("quoted") << QByteArray("> ") << true;
}

// What the card predicts, 73, is not what was observed.
void TestCliExplain::aCardIsNoPrint()
{
    QFETCH(QByteArray, prefix);
    QFETCH(bool, hasFences);
    const QString print = write(u"noaff.txt"_s, printWithoutWeightAndBias());
    QByteArray card = prefix + runQbn({u"explain"_s, u"--print"_s, print, u"--markdown"_s}).output;
    QVERIFY(card.contains("| 0 | 38 | 52 | 73 |"));
    if (!hasFences)
        card.replace("```python\n", "").replace("```json\n", "").replace("```\n", "");
    card.replace("\n", "\n" + prefix);
    const Outcome again
        = runQbn({u"explain"_s, u"--print"_s, write(u"noaff.md"_s, card), u"--json"_s});
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(jsonOf(again)[u"verdict"_s].toString(), u"parameters-missing"_s);
    const QJsonObject seen = jsonOf(again)[u"observations"_s].toArray()[0].toObject();
    QCOMPARE(seen[u"output_code"_s].toInt(), 52);
}

void TestCliExplain::auditExitsByTheLimit_data()
{
    QTest::addColumn<QString>("limit");
    QTest::addColumn<int>("exitCode");
    // Channel 2 of the example saturates on 4.55 % of N(mean, var).
    QTest::newRow("the channel that saturates most is past it") << u"0.01"_s << 1;
    QTest::newRow("none is past it") << u"0.05"_s << 0;
}

void TestCliExplain::auditExitsByTheLimit()
{
    QFETCH(QString, limit);
    QFETCH(int, exitCode);
    const Outcome outcome = runQbn(
        {u"audit"_s, dataPath(u"golden/forum.json"_s), u"--max-saturation"_s, limit, u"--json"_s});
    QCOMPARE(outcome.exitCode, exitCode);
    const QJsonObject layer = jsonOf(outcome); // one line, as there is one layer
    QCOMPARE(layer[u"past_limit"_s].toBool(), exitCode == 1);
    QCOMPARE(layer[u"channels"_s].toArray()[0].toObject()[u"used_codes"_s].toInt(), 160);
    QVERIFY(layer[u"proposal"_s][u"gain_db"_s].toDouble() > 0);
}

void TestCliExplain::aFleetIsAuditedPastABrokenFile()
{
    const QStringList files{dataPath(u"golden/ocr_quantized.json"_s),
                            dataPath(u"broken/empty.pt"_s), dataPath(u"golden/forum.0.onnx"_s),
                            u"/no/such/file.pt"_s};
    const QStringList arguments{u"audit"_s, u"--json"_s, u"--max-saturation"_s, u"1"_s, u"-"_s};
    const auto environment = QProcessEnvironment::systemEnvironment();
    const Outcome outcome = runQbn(arguments, environment, files.join(u'\n').toUtf8() + '\n');
    QCOMPARE(outcome.exitCode, 1);
    QCOMPARE(outcome.errors, QByteArray());
    QStringList seen;
    for (const QByteArray& line : outcome.output.trimmed().split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        seen << object[u"file"_s].toString().section(u'/', -1)
                + (object.contains(u"error"_s)
                       ? u": "_s + object[u"error"_s].toString().section(u": "_s, -1)
                       : u" %1"_s.arg(object[u"layer"_s].toInt()));
    }
    QCOMPARE(seen,
             (QStringList{u"ocr_quantized.json 0"_s, u"ocr_quantized.json 1"_s,
                          u"empty.pt: it is empty"_s, u"forum.0.onnx 0"_s,
                          u"file.pt: there is no such file"_s}));
    QCOMPARE(runQbn(arguments, environment, files.front().toUtf8() + "\n\n" + files[2].toUtf8())
                 .exitCode,
             0);
}

void TestCliExplain::aChannelWithoutSamplesIsSaid()
{
    const QStringList arguments{u"audit"_s, dataPath(u"golden/forum.json"_s), u"--histogram"_s,
                                write(u"one.csv"_s, "channel,input_code,count\n0,38,4\n")};
    const Outcome text = runQbn(arguments);
    QCOMPARE(text.exitCode, 0);
    QVERIFY2(text.output.contains("channel 1: no samples, "), text.output.constData());
    QVERIFY(!text.output.contains("inf dB"));
    const QJsonObject layer = jsonOf(runQbn(arguments + QStringList{u"--json"_s}));
    const QJsonArray channels = layer[u"channels"_s].toArray();
    QVERIFY(channels[0][u"saturation"_s].isDouble());
    QVERIFY(channels[1][u"saturation"_s].isNull());
    QVERIFY(channels[1][u"sqnr_db"_s].isNull());
    QCOMPARE(layer[u"sqnr_db"_s], channels[0][u"sqnr_db"_s]);
}

void TestCliExplain::wrongUsageIsRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("says");
    const QString forum = dataPath(u"golden/forum.json"_s);
    QTest::newRow("nothing to explain") << QStringList{u"explain"_s} << 2 << u"--print FILE or"_s;
    QTest::newRow("a text about something else")
        << QStringList{u"explain"_s, u"--print"_s, write(u"hello.txt"_s, "hello\n")} << 3
        << u"nothing in it looks like a batch norm"_s;
    QTest::newRow("a card that was cut")
        << QStringList{u"explain"_s, u"--print"_s,
                       write(u"cut.md"_s,
                             "# Quantized batch norm: bn, channel 0, input code 38\n"
                             "| output code | `pytorch` | 73 |\n")}
        << 3 << u"cut.md: the text is a question card, but its session is missing"_s;
    QTest::newRow("a card beside a session")
        << QStringList{u"explain"_s, u"--print"_s, forum, forum} << 2
        << u"it holds a session of its own"_s;
    QTest::newRow("an input without its output")
        << QStringList{u"explain"_s, forum, u"--input"_s, u"in.npy"_s} << 2
        << u"--input and --output are given together"_s;
    QTest::newRow("an observation in words")
        << QStringList{u"explain"_s, forum, u"--observation"_s, u"0:38=many"_s} << 2
        << u"many is no code and no value"_s;
    QTest::newRow("an input that no code stands for")
        << QStringList{u"explain"_s, forum, u"--observation"_s, u"0:9.5=52"_s} << 2
        << u"has an input that no quint8 code stands for: 9.5"_s;
    QTest::newRow("a value without a scale")
        << QStringList{u"explain"_s, u"--print"_s, write(u"mean.txt"_s, "mean [0.5]\nvar [1.0]\n"),
                       u"--observation"_s, u"0:0.5=52"_s}
        << 2 << u"has a value, but the input scale is not known"_s;
    QTest::newRow("a table that is no table")
        << QStringList{u"explain"_s, forum, u"--observations"_s, forum} << 3
        << u"forum.json, line 1: "_s;
    QTest::newRow("no such text") << QStringList{u"explain"_s, u"--print"_s, u"/none"_s} << 3
                                  << u"/none: there is no such"_s;
    QTest::newRow("an observation in another form")
        << QStringList{u"explain"_s, forum, u"--observation"_s, u"38=52"_s} << 2
        << u"is not CHANNEL:IN=OUT"_s;
    QTest::newRow("a channel that is not there")
        << QStringList{u"explain"_s, forum, u"--observation"_s, u"9:38=52"_s} << 3 << u"channel"_s;
    QTest::newRow("unknowns that are none")
        << QStringList{u"explain"_s, forum, u"--unknowns"_s, u"gamma"_s} << 2
        << u"does not name two parameters"_s;
    QTest::newRow("unknowns that cannot be solved for")
        << QStringList{u"explain"_s, forum, u"--unknowns"_s, u"mean,var"_s} << 2
        << u"--unknowns \"mean,var\": var cannot be solved for"_s;
    QTest::newRow("two forms at once")
        << QStringList{u"explain"_s, forum, u"--json"_s, u"--markdown"_s} << 2
        << u"--json and --markdown exclude each other"_s;
    QTest::newRow("a channel that was not observed")
        << QStringList{u"explain"_s, forum,          u"--observation"_s,
                       u"0:38=52"_s, u"--channel"_s, u"1"_s}
        << 2 << u"--channel \"1\" is no channel that was observed"_s;
    QTest::newRow("a limit above 1")
        << QStringList{u"audit"_s, forum, u"--max-saturation"_s, u"5"_s} << 2
        << u"is no share from 0 to 1"_s;
    QTest::newRow("a histogram of nothing")
        << QStringList{u"audit"_s, forum, u"--histogram"_s,
                       write(u"none.csv"_s, "channel,input_code,count\n")}
        << 3 << u"none.csv: no input is counted in it"_s;
    QTest::newRow("a histogram of another layer")
        << QStringList{u"audit"_s, forum, u"--histogram"_s,
                       write(u"counts.csv"_s, "channel,input_code,count\n3,0,1\n")}
        << 3 << u"counts.csv, line 2: \"3\" is no channel"_s;
}

void TestCliExplain::wrongUsageIsRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, says);
    const Outcome outcome = runQbn(arguments);
    QCOMPARE(outcome.exitCode, exitCode);
    QVERIFY(outcome.output.isEmpty());
    QVERIFY2(outcome.errors.contains(says.toUtf8()), outcome.errors.constData());
}

QBN_TEST(TestCliExplain)
#include "tst_cli_explain.moc"
