#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"
#include "tests/app/run_qbn.h"
#include "tests/support/fake_python.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// `qbn check` and `qbn export --format` from outside. The real packages are held against it by tests/run --conformance.
class TestCliCheck : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void whatGoesWrongIsOneSentence_data();
    void whatGoesWrongIsOneSentence();
    void aSlowOneIsStopped();
    void anInterruptEndsBoth();
    void predictedCodesAreSaidSo();
    void theVersionSaysWhichBackend_data();
    void theVersionSaysWhichBackend();
    void aDifferenceIsReportedWhole();
    void aRefusedLayerIsNamed();
    void onePredictionIsHeldAgainstAll();
    void exportWritesEachFormat_data();
    void exportWritesEachFormat();
    void exportRefuses_data();
    void exportRefuses();
    void theSnippetIsWritten();

private:
    Outcome check(const QByteArray& body, const QStringList& more = {})
    {
        const QString python = writeFakePython(m_folder.filePath(u"python"_s), body);
        return runQbn(QStringList{u"check"_s, u"--python"_s, python, m_file} + more);
    }

    QTemporaryDir m_folder;
    QString m_file = dataPath(u"golden/forum.json"_s);
    std::shared_ptr<const BatchNormLayer> m_layer;
};

void TestCliCheck::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_layer = goldenModel(u"forum"_s).layers.front();
}

void TestCliCheck::whatGoesWrongIsOneSentence_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("a program that is no Python")
        << QByteArray("echo hello") << u"gave no answer; is it a Python interpreter?"_s;
    QTest::newRow("neither package")
        << QByteArray(R"(echo '{"found": {"python": "3.11.2"}}'; echo '{"done": true}')")
        << u"has neither torch nor onnxruntime installed"_s;
    QTest::newRow("it fails") << QByteArray(
        "echo Traceback >&2; echo 'SyntaxError: no' >&2; exit 1")
                              << u"failed with exit code 1: SyntaxError: no"_s;
    QTest::newRow("it crashes") << QByteArray("kill -SEGV $$") << u"crashed"_s;
    QTest::newRow("it ends in the middle") << QByteArray(R"(echo '{"found": {"torch": "2.13.0"}}')")
                                           << u"gave no answer; is it a Python interpreter?"_s;
    QTest::newRow("too few codes")
        << answering("2.13.0", "{\"operator\": \"fused\", \"layer\": 0, \"codes\": \"00ff\"}\n")
        << u"gave an answer that cannot be read"_s;
    QTest::newRow("a layer that was not asked for")
        << answering("2.13.0", "{\"operator\": \"fused\", \"layer\": 7, \"codes\": \"00ff\"}\n")
        << u"gave an answer that cannot be read"_s;
}

void TestCliCheck::whatGoesWrongIsOneSentence()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    const Outcome outcome = check(body);
    QCOMPARE(outcome.exitCode, 3);
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(QString::fromUtf8(outcome.errors),
             u"qbn: %1 %2\n"_s.arg(m_folder.filePath(u"python"_s), says));
}

void TestCliCheck::aSlowOneIsStopped()
{
    QElapsedTimer timer;
    timer.start();
    const Outcome outcome = check("exec sleep 100", {u"--timeout"_s, u"1"_s});
    QVERIFY(timer.elapsed() < 30000);
    QCOMPARE(outcome.exitCode, 3);
    QVERIFY(outcome.errors.endsWith(
        "/python took longer than 1 s and was stopped; --timeout gives it more\n"));
    const Outcome nobody = runQbn({u"check"_s, u"--python"_s, u"/nowhere/python"_s, m_file});
    QCOMPARE(nobody.exitCode, 3);
    QCOMPARE(nobody.errors, QByteArray("qbn: there is no interpreter \"/nowhere/python\"\n"));
    QCOMPARE(check("", {u"--timeout"_s, u"soon"_s}).exitCode, 2);
}

/// Ctrl-C reaches qbn alone here; what it had started must not go on.
void TestCliCheck::anInterruptEndsBoth()
{
    const QString mark = m_folder.filePath(u"pid"_s);
    const QString python = writeFakePython(m_folder.filePath(u"python"_s),
                                           "echo $$ >" + mark.toUtf8() + "; exec sleep 100");
    QProcess process;
    process.start(QStringLiteral(QBN_CLI), {u"check"_s, u"--python"_s, python, m_file});
    QFile pid(mark);
    QTRY_VERIFY_WITH_TIMEOUT(pid.exists() && pid.size() > 0, 30000);
    QVERIFY(pid.open(QIODevice::ReadOnly));
    const auto child = static_cast<pid_t>(pid.readAll().trimmed().toLongLong());
    QVERIFY(child > 0);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(30000));
    QTRY_VERIFY_WITH_TIMEOUT(::kill(child, 0) != 0, 30000);
}

void TestCliCheck::predictedCodesAreSaidSo()
{
    const Outcome outcome = check(answering(
        "2.12.1", "PyTorch says hello\n" + answerOf("fused", allCodes("pytorch", *m_layer))));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(QString::fromUtf8(outcome.output),
             u"Python 3.11.2, PyTorch 2.12.1 (AVX2, FBGEMM)\n\nquantized::batch_norm2d\n"
             "  768 codes, all as predicted by pytorch\n"_s);
}

void TestCliCheck::theVersionSaysWhichBackend_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("capability");
    QTest::addColumn<QByteArray>("op");
    QTest::addColumn<QByteArray>("backend");
    QTest::newRow("2.13.0 of pip")
        << QByteArray("2.13.0+cpu") << QByteArray("AVX2") << QByteArray("reference")
        << QByteArray("pytorch-2.13-reference");
    QTest::newRow("2.12.1 of pip")
        << QByteArray("2.12.1") << QByteArray("AVX2") << QByteArray("reference")
        << QByteArray("pytorch-wheel-reference");
    QTest::newRow("oneDNN with AVX2") << QByteArray("2.13.0+cpu") << QByteArray("AVX2")
                                      << QByteArray("onednn") << QByteArray("pytorch-onednn");
    QTest::newRow("oneDNN with AVX-512")
        << QByteArray("2.13.0+cpu") << QByteArray("AVX512") << QByteArray("onednn")
        << QByteArray("pytorch-onednn-avx512");
}

void TestCliCheck::theVersionSaysWhichBackend()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, capability);
    QFETCH(QByteArray, op);
    QFETCH(QByteArray, backend);
    const Outcome outcome = check(
        answering(version, answerOf(op, allCodes(backend.constData(), *m_layer)), capability));
    QVERIFY2(outcome.output.contains("768 codes, all as predicted by " + backend + "\n"),
             outcome.output.constData());
}

void TestCliCheck::aDifferenceIsReportedWhole()
{
    std::vector<std::int32_t> codes = allCodes("pytorch", *m_layer);
    codes[256 + 38] ^= 1;
    codes[512 + 7] ^= 1;
    const Outcome outcome = check(answering("2.14.1", answerOf("fused", codes)));
    QCOMPARE(outcome.exitCode, 1);
    const QString first
        = u"layer \"conv1.0\", channel 1, input code 38: it gives %1, predicted %2"_s
              .arg(codes[256 + 38])
              .arg(codes[256 + 38] ^ 1);
    const QString text = QString::fromUtf8(outcome.output);
    QVERIFY2(text.contains(u"  2 of 768 codes differ from pytorch, the first in "_s + first),
             qPrintable(text));
    QVERIFY(text.contains(u"  no backend gives all of its codes\n"_s));
    QVERIFY(text.contains(u"Codes that are not predicted\n\nPython 3.11.2, PyTorch 2.14.1"_s));
    QVERIFY(text.contains(u"\nProcessor: "_s));
    // The card opens again with the codes as observations.
    const auto session = session_in(outcome.output);
    QVERIFY(session && *session);
    const auto model = read_session(**session, u"report"_s);
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    const BatchNormLayer& layer = *model->layers.front();
    const std::vector<Observation> want{{1, 38, codes[256 + 38]}, {2, 7, codes[512 + 7]}};
    QVERIFY(layer.observations == want);
    QVERIFY(layer.gamma == m_layer->gamma);
}

void TestCliCheck::aRefusedLayerIsNamed()
{
    const Outcome outcome = check(answering(
        "2.13.0",
        "{\"operator\": \"onnxruntime\", \"layer\": 0, \"refused\": \"no\\u001b[31m such\"}\n"));
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.output.contains("  refused layer \"conv1.0\": no\\u001b[31m such\n"),
             outcome.output.constData());
}

void TestCliCheck::onePredictionIsHeldAgainstAll()
{
    const QByteArray answers = answerOf("fused", allCodes("litert", *m_layer));
    const Outcome wrong = check(answering("2.13.0", answers));
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY(wrong.output.contains("  given by litert"));
    const Outcome right = check(answering("2.13.0", answers), {u"--backend"_s, u"litert"_s});
    QCOMPARE(right.exitCode, 0);
}

void TestCliCheck::exportWritesEachFormat_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("backend");
    QTest::addColumn<QByteArray>("holds");
    QTest::newRow("C") << u"c"_s << u"pytorch"_s
                       << QByteArray("uint8_t bn_conv1_0(int channel, uint8_t code)");
    QTest::newRow("NumPy") << u"numpy"_s << u"pytorch"_s << QByteArray("import numpy as np");
    QTest::newRow("PyTorch, with the operator")
        << u"pytorch"_s << u"pytorch"_s << QByteArray("torch.ops.quantized.batch_norm2d(x");
    QTest::newRow("HLS") << u"hls"_s << u"litert"_s << QByteArray("#include <ap_int.h>");
    QTest::newRow("FPCore") << u"fpcore"_s << u"onnxruntime"_s
                            << QByteArray("(FPCore bn_conv1_0_0_y_1 (x)");
    QTest::newRow("thresholds") << u"thresholds"_s << u"exact"_s
                                << QByteArray("layer,channel,input_code,output_code,unknown\r\n");
    QTest::newRow("ONNX") << u"onnx"_s << u"openvino"_s << QByteArray("BatchNormalization");
}

void TestCliCheck::exportWritesEachFormat()
{
    QFETCH(QString, format);
    QFETCH(QString, backend);
    QFETCH(QByteArray, holds);
    const QString path = m_folder.filePath(u"exported"_s);
    const Outcome outcome = runQbn(
        {u"export"_s, m_file, u"--format"_s, format, u"--backend"_s, backend, u"-o"_s, path});
    QCOMPARE(outcome.exitCode, 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains(holds));
}

void TestCliCheck::exportRefuses_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("an unknown format")
        << QStringList{u"--format"_s, u"rust"_s}
        << QByteArray("qbn: there is no format \"rust\"; there are csv, onnx, c, numpy, pytorch, "
                      "hls, fpcore, thresholds\n");
    QTest::newRow("an unknown form")
        << QStringList{u"--format"_s, u"c"_s, u"--form"_s, u"short"_s}
        << QByteArray("qbn: there is no form \"short\"; there are arithmetic, folded, table\n");
    QTest::newRow("ONNX of PyTorch's arithmetic")
        << QStringList{u"--format"_s, u"onnx"_s}
        << QByteArray("qbn: the arithmetic of pytorch cannot be said in ONNX: its operators "
                      "compute as onnxruntime, openvino and openvino-static do\n");
    QTest::newRow("ONNX of one channel")
        << QStringList{u"--format"_s,    u"onnx"_s,      u"--backend"_s,
                       u"onnxruntime"_s, u"--channel"_s, u"1"_s}
        << QByteArray("qbn: an ONNX model holds all channels of the layer; leave --channel out\n");
}

void TestCliCheck::exportRefuses()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, says);
    const Outcome outcome = runQbn(QStringList{u"export"_s, m_file} + options);
    QCOMPARE(outcome.exitCode, 2);
    QCOMPARE(outcome.errors, says);
}

void TestCliCheck::theSnippetIsWritten()
{
    const Outcome outcome = runQbn({u"snippet"_s});
    QCOMPARE(outcome.exitCode, 0);
    QFile file(dataPath(u"prints/snippet.txt"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(outcome.output, file.readAll());
}

QBN_TEST(TestCliCheck)
#include "tst_cli_check.moc"
