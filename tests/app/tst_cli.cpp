#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

const QString checkpoint = QStringLiteral("checkpoints/BatchNorm_layer.pt");

} // namespace

class TestCli : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsRowIsExported();
    void exportChoosesLayerChannelAndBackend();
    void theBackendIsThatOfTheFile_data();
    void theBackendIsThatOfTheFile();
    void theLocaleChangesNoByte();
    void aMachineWithoutALocaleIsNotScolded();
    void codesAreTheFrameworksArrays_data();
    void codesAreTheFrameworksArrays();
    void inspectTellsWhereValuesComeFrom();
    void whatTheFileDoesNotGiveIsSaid_data();
    void whatTheFileDoesNotGiveIsSaid();
    void inspectChecks_data();
    void inspectChecks();
    void wrongUsageIsRefused_data();
    void wrongUsageIsRefused();
    void badInputIsNamed_data();
    void badInputIsNamed();
    void whatCannotBeWrittenIsSaid_data();
    void whatCannotBeWrittenIsSaid();
    void helpAndVersionAreAnswered_data();
    void helpAndVersionAreAnswered();
    void noGuiLibraryIsNeeded();
};

void TestCli::theThreadsRowIsExported()
{
    const Outcome outcome = runQbn({QStringLiteral("export"), dataPath(checkpoint),
                                    QStringLiteral("--channel"), QStringLiteral("0")});
    QCOMPARE(outcome.exitCode, 0);
    const QList<QByteArray> lines = outcome.output.split('\n');
    QCOMPARE(lines.size(), 258);
    QCOMPARE(lines[0],
             QByteArray("layer,channel,input_code,dequantized,normalized,affine,requantized,output_"
                        "code,output_value,saturation,backend,unknown\r"));
    QCOMPARE(lines[39],
             QByteArray("conv1.0,0,38,0.2990665137767792,-0.9443110160746137,-110.9565443887671,51."
                        "98679043523339,52,"
                        "-110.88679504394531,none,pytorch,\r"));
}

void TestCli::exportChoosesLayerChannelAndBackend()
{
    const QString file = dataPath(QStringLiteral("golden/ocr_quantized.json"));
    const Outcome all = runQbn({QStringLiteral("export"), file});
    QCOMPARE(all.output.count('\n'), 1 + 2 * 8 * 256);
    const Outcome some
        = runQbn({QStringLiteral("export"), file, QStringLiteral("--layer"),
                  QStringLiteral("conv1.1"), QStringLiteral("--channel"), QStringLiteral("7"),
                  QStringLiteral("--backend"), QStringLiteral("onnxruntime")});
    QCOMPARE(some.output.count('\n'), 1 + 256);
    QVERIFY(some.output.contains("\r\nconv1.1,7,255,"));
    QCOMPARE(some.output.count(",onnxruntime,\r\n"), 256);
    const Outcome byIndex
        = runQbn({QStringLiteral("export"), file, QStringLiteral("--layer"), QStringLiteral("1"),
                  QStringLiteral("--channel"), QStringLiteral("7"), QStringLiteral("--backend"),
                  QStringLiteral("onnxruntime")});
    QCOMPARE(byIndex.output, some.output);
}

void TestCli::theBackendIsThatOfTheFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("backend");
    const auto row = [](const char* name, const char* file, const char* backend) {
        QTest::newRow(name) << dataPath(QLatin1String(file)) << QByteArray(backend);
    };
    row("an ONNX model runs in ONNX Runtime", "onnx/bfloat16.onnx", "onnxruntime");
    row("a TensorFlow Lite model runs in LiteRT", "tflite/forum.0.tflite", "litert");
    row("an exported program is decomposed", "checkpoints/quantized.pt2", "pytorch-decomposed");
    row("a state_dict says nothing", "checkpoints/BatchNorm_layer.pt", "pytorch");
}

/// Without --backend; with it, the option's.
void TestCli::theBackendIsThatOfTheFile()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, backend);
    const QStringList command{QStringLiteral("export"),    file,
                              QStringLiteral("--layer"),   QStringLiteral("0"),
                              QStringLiteral("--channel"), QStringLiteral("0")};
    QCOMPARE(runQbn(command).output.count(',' + backend + ','), 256);
    const QStringList option{QStringLiteral("--backend"), QStringLiteral("textbook")};
    QCOMPARE(runQbn(command + option).output.count(",textbook,"), 256);

    // A session keeps it, a formula of the user's too.
    QTemporaryDir directory;
    QFile original(dataPath(QStringLiteral("golden/forum.json")));
    QVERIFY(original.open(QIODevice::ReadOnly));
    QJsonObject session = QJsonDocument::fromJson(original.readAll()).object();
    session[QStringLiteral("backend")] = QStringLiteral("mine");
    session[QStringLiteral("formulas")] = QJsonArray{
        QJsonObject{{QStringLiteral("id"), QStringLiteral("mine")},
                    {QStringLiteral("text"),
                     QStringLiteral("code\n  y = to_code(rint(f64(x) * 0.5), z_out)\n")}}};
    QFile saved(directory.filePath(QStringLiteral("session.json")));
    QVERIFY(saved.open(QIODevice::WriteOnly));
    saved.write(QJsonDocument(session).toJson());
    saved.close();
    const Outcome own = runQbn({QStringLiteral("export"), saved.fileName()});
    QVERIFY2(own.output.contains(",mine,"), own.errors.constData());
}

void TestCli::theLocaleChangesNoByte()
{
    QProcessEnvironment german = QProcessEnvironment::systemEnvironment();
    german.insert(QStringLiteral("LOCPATH"), QStringLiteral(QBN_LOCALES));
    german.insert(QStringLiteral("LC_ALL"), QStringLiteral("de_DE.UTF-8"));
    QProcess printf;
    printf.setProcessEnvironment(german);
    printf.start(QStringLiteral("/bin/bash"),
                 {QStringLiteral("-c"), QStringLiteral("printf %.1f 1,5")});
    QVERIFY(printf.waitForFinished());
    QCOMPARE(printf.readAllStandardOutput(),
             QByteArray("1,5")); // else the locale is not there and this proves nothing
    const QStringList arguments{QStringLiteral("export"), dataPath(checkpoint)};
    QCOMPARE(runQbn(arguments, german).output, runQbn(arguments).output);
    const QStringList inspect{QStringLiteral("inspect"), dataPath(checkpoint)};
    QCOMPARE(runQbn(inspect, german).output, runQbn(inspect).output);
}

void TestCli::aMachineWithoutALocaleIsNotScolded()
{
    QProcessEnvironment bare = QProcessEnvironment::systemEnvironment();
    for (const auto name : {"LANG", "LC_ALL", "LC_CTYPE"})
        bare.remove(QString::fromLatin1(name));
    const QStringList arguments{QStringLiteral("inspect"), dataPath(checkpoint)};
    QCOMPARE(runQbn(arguments, bare).errors, QByteArray());
    bare.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
    QCOMPARE(runQbn(arguments, bare).errors, QByteArray());
}

void TestCli::codesAreTheFrameworksArrays_data()
{
    QTest::addColumn<QString>("session");
    QTest::addColumn<int>("layer");
    QTest::addColumn<QString>("backend");
    QTest::newRow("unsigned") << "ocr_cls" << 4 << "onnxruntime";
    QTest::newRow("signed with ReLU") << "ocr_cls" << 5 << "onnxruntime";
    QTest::newRow("ties and NaN") << "hard" << 21 << "pytorch-reference";
}

void TestCli::codesAreTheFrameworksArrays()
{
    QFETCH(QString, session);
    QFETCH(int, layer);
    QFETCH(QString, backend);
    const Outcome outcome
        = runQbn({QStringLiteral("codes"), dataPath(QStringLiteral("golden/%1.json").arg(session)),
                  QStringLiteral("--layer"), QString::number(layer), QStringLiteral("--backend"),
                  backend, QStringLiteral("-o"), QStringLiteral("-")});
    QCOMPARE(outcome.exitCode, 0);
    QFile golden(
        dataPath(QStringLiteral("golden/%1.%2.%3.npy").arg(session).arg(layer).arg(backend)));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    QCOMPARE(outcome.output, golden.readAll()); // NumPy's own file, byte for byte
}

void TestCli::inspectTellsWhereValuesComeFrom()
{
    const Outcome outcome = runQbn({QStringLiteral("inspect"), dataPath(checkpoint)});
    QCOMPARE(outcome.exitCode, 0);
    for (const char* const part :
         {"layer 0: conv1.0, 3 channels, quint8 -> quint8\n",
          "0.007870171219110489   [inferred: output of \"quant\"",
          "5.280323505401611      [file: conv1.0.scale]",
          "1e-05                  [default: PyTorch's default",
          "  0        0.5653476119041443      0.07950527966022491     117.5                   0\n",
          "warning: channel 2: 53 % of the input codes saturate (135 low, 0 high) "
          "(half-saturates)\n"}) {
        QVERIFY2(outcome.output.contains(part), part);
    }
}

void TestCli::whatTheFileDoesNotGiveIsSaid_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("note");
    const QStringList codes{QStringLiteral("codes"), QStringLiteral("-o"), QStringLiteral("-")};
    const QStringList compare{QStringLiteral("compare")};
    const QStringList exported{QStringLiteral("export")};
    const QString ranges = QStringLiteral(
        "it does not give input scale, input zero point, output scale, output zero point");
    QTest::newRow("a model with nothing quantized") << codes << "onnx/float.onnx" << ranges;
    QTest::newRow("the same compared") << compare << "onnx/float.onnx" << ranges;
    QTest::newRow("the same as CSV") << exported << "onnx/float.onnx" << ranges;
    QTest::newRow("of several layers")
        << exported << "onnx/exported.onnx" << ranges + QStringLiteral(" of 2 layers");
    QTest::newRow("a node that is not computed behind the layer")
        << codes << "onnx/sigmoid.onnx"
        << "it does not give output scale, output zero point";
    QTest::newRow("what the reader noted")
        << codes << "onnx/clip_cuts.onnx"
        << "layer \"norm\": its Clip to 0 .. 1 changes codes, which is not computed here";
    QTest::newRow("all is given") << codes << "golden/forum.json" << QString();
}

void TestCli::whatTheFileDoesNotGiveIsSaid()
{
    QFETCH(QStringList, command);
    QFETCH(QString, file);
    QFETCH(QString, note);
    const Outcome outcome = runQbn(command + QStringList{dataPath(file)});
    QVERIFY2(outcome.exitCode == 0 && !outcome.output.isEmpty(), outcome.errors.constData());
    QCOMPARE(
        QString::fromUtf8(outcome.errors),
        note.isEmpty()
            ? QString()
            : QStringLiteral("qbn: note: %1: %2; see qbn inspect\n").arg(dataPath(file), note));
}

void TestCli::inspectChecks_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("check");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("a warning, not asked for") << "golden/forum.json" << false << 0;
    QTest::newRow("a warning, asked for") << "golden/forum.json" << true << 1;
    QTest::newRow("nothing to warn of") << "golden/ocr_quantized.json" << true << 0;
}

void TestCli::inspectChecks()
{
    QFETCH(QString, file);
    QFETCH(bool, check);
    QStringList arguments{QStringLiteral("inspect"), dataPath(file)};
    if (check)
        arguments << QStringLiteral("--check");
    QTEST(runQbn(arguments).exitCode, "exitCode");
}

void TestCli::wrongUsageIsRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    const QString file = dataPath(checkpoint);
    QTest::newRow("no command") << QStringList{} << "Usage: qbn COMMAND";
    QTest::newRow("an unknown command")
        << QStringList{QStringLiteral("explode")} << "there is no command \"explode\"";
    QTest::newRow("no file") << QStringList{QStringLiteral("export")}
                             << "1 argument(s) expected, 0 given";
    QTest::newRow("an unknown option")
        << QStringList{QStringLiteral("export"), file, QStringLiteral("--fast")}
        << "Unknown option 'fast'";
    QTest::newRow("an unknown backend")
        << QStringList{QStringLiteral("export"), file, QStringLiteral("--backend"),
                       QStringLiteral("tflite")}
        << "there is no backend \"tflite\"";
    QTest::newRow("an unknown layer")
        << QStringList{QStringLiteral("export"), file, QStringLiteral("--layer"),
                       QStringLiteral("fc")}
        << "there is no layer \"fc\"";
    QTest::newRow("a channel too many")
        << QStringList{QStringLiteral("export"), file, QStringLiteral("--channel"),
                       QStringLiteral("3")}
        << "channels are 0 to 2";
    QTest::newRow("codes without a file to write")
        << QStringList{QStringLiteral("codes"), file} << "-o OUT.npy is needed";
    QTest::newRow("codes of which layer")
        << QStringList{QStringLiteral("codes"),
                       dataPath(QStringLiteral("golden/ocr_quantized.json")), QStringLiteral("-o"),
                       QStringLiteral("-")}
        << "it has 2 layers";
}

void TestCli::wrongUsageIsRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const Outcome outcome = runQbn(arguments);
    QCOMPARE(outcome.exitCode, 2);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.errors.contains(says.toUtf8()), outcome.errors.constData());
}

void TestCli::badInputIsNamed_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("says");
    QTest::newRow("a file that is not there") << "nothing.pt"
                                              << "nothing.pt: ";
    QTest::newRow("a directory") << "golden"
                                 << "golden: ";
    QTest::newRow("an ONNX model without a batch norm") << "onnx/folded.onnx"
                                                        << "no batch norm left";
    QTest::newRow("a text") << "forum.print.txt"
                            << "forum.print.txt: ";
}

void TestCli::badInputIsNamed()
{
    QFETCH(QString, file);
    QFETCH(QString, says);
    for (const auto* const command : {"inspect", "export"}) {
        const Outcome outcome = runQbn({QString::fromUtf8(command), dataPath(file)});
        QCOMPARE(outcome.exitCode, 3);
        QCOMPARE(outcome.output, QByteArray());
        QCOMPARE(outcome.errors.count('\n'), 1);
        QVERIFY2(outcome.errors.contains(says.toUtf8()), outcome.errors.constData());
    }
}

void TestCli::whatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("a folder that is not there") << "/nonexistent/out.csv";
    QTest::newRow("a folder") << "/tmp";
}

void TestCli::whatCannotBeWrittenIsSaid()
{
    QFETCH(QString, target);
    const Outcome outcome
        = runQbn({QStringLiteral("export"), dataPath(checkpoint), QStringLiteral("-o"), target});
    QCOMPARE(outcome.exitCode, 4);
    QVERIFY2(outcome.errors.contains(target.toUtf8() + ": could not be written: "),
             outcome.errors.constData());

    QProcess full;
    full.start(QStringLiteral("/bin/bash"),
               {QStringLiteral("-c"),
                QStringLiteral("'%1' export '%2' > /dev/full")
                    .arg(QStringLiteral(QBN_CLI), dataPath(checkpoint))});
    QVERIFY(full.waitForFinished());
    QCOMPARE(full.exitCode(), 4);
}

void TestCli::helpAndVersionAreAnswered_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    QTest::newRow("help") << QStringList{QStringLiteral("--help")} << "Usage: qbn COMMAND";
    QTest::newRow("version") << QStringList{QStringLiteral("--version")} << "qbn 0.";
    QTest::newRow("help of a command")
        << QStringList{QStringLiteral("export"), QStringLiteral("--help")}
        << "Usage: qbn export [options] FILE";
}

void TestCli::helpAndVersionAreAnswered()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    const Outcome outcome = runQbn(arguments);
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.errors, QByteArray());
    QVERIFY2(outcome.output.startsWith(says.toUtf8()), outcome.output.constData());
}

void TestCli::noGuiLibraryIsNeeded()
{
    QProcess process;
    process.start(QStringLiteral("ldd"), {QStringLiteral(QBN_CLI)});
    QVERIFY(process.waitForFinished());
    const QByteArray libraries = process.readAllStandardOutput();
    QVERIFY(libraries.contains("libQt6Core"));
    for (const char* const gui : {"libQt6Gui", "libQt6Widgets", "libX11", "libGL", "QCustomPlot"})
        QVERIFY2(!libraries.contains(gui), gui);
}

QBN_TEST(TestCli)
#include "tst_cli.moc"
