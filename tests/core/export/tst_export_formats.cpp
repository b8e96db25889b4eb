#include "core/formats/onnx/onnx_writer.h"
#include "core/formula/bound_formula.h"
#include "tests/support/every_operation.h"
#include "tests/support/exported_code.h"
#include "tests/support/room.h"

#include <bit>

using namespace qbn;
using namespace qbn::test;

/// HLS C++ is compiled, FPCore computed, thresholds are read back: all codes are the backend's. What a format cannot say is told.
class TestExportFormats : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void hlsOfIntegersAgrees_data();
    void hlsOfIntegersAgrees();
    void hlsOfRealsIsRefused();
    void fpcoreGivesTheRealsThatAreRounded_data();
    void fpcoreGivesTheRealsThatAreRounded();
    void fpcoreSaysWhatItCannotSay_data();
    void fpcoreSaysWhatItCannotSay();
    void allCodesFollowFromTheThresholds();
    void whatNobodyGaveIsSaid_data();
    void whatNobodyGaveIsSaid();
    void onnxRefusesWhatItCannotHold_data();
    void onnxRefusesWhatItCannotHold();

private:
    ExportedCode m_code;
};

void TestExportFormats::initTestCase()
{
    QVERIFY(m_code.isValid());
}

void TestExportFormats::hlsOfIntegersAgrees_data()
{
    QTest::addColumn<QString>("id");
    for (const Backend& backend : all_backends()) {
        if (backend.group == "Integer hardware" && backend.program)
            QTest::newRow(backend.id.data()) << textOf(backend.id);
    }
    QTest::newRow("litert") << QStringLiteral("litert");
    QTest::newRow("litert-optimized") << QStringLiteral("litert-optimized");
    for (const char* const type : {"i64", "i32"}) {
        QString text = QString::fromStdString(operationsOf(type));
        text.replace(QStringLiteral("to_int64_x86(r1) + 3 * to_int64_x86(f64(r2)) + 5 * "
                                    "to_int64_x86(f64(r3)) + 7 * to_int64_x86(f64(r4))"),
                     QStringLiteral("1"));
        const std::string name = std::string("integers-") + type;
        const auto backend = add_backend(name, text.toStdString());
        QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void TestExportFormats::hlsOfIntegersAgrees()
{
    QFETCH(QString, id);
    for (const BatchNormLayer& layer : testLayers()) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  CodeForm::arithmetic};
        QCOMPARE(
            firstDifference(printedCodes(request),
                            m_code.printedBy(CodeFormat::hls, request, QStringLiteral("c++ -O1"))),
            QString());
    }
}

void TestExportFormats::hlsOfRealsIsRefused()
{
    const BatchNormLayer layer = identity_layer("bn", 1);
    const auto text
        = code_text(CodeFormat::hls, {layer, *find_backend("onnxruntime"), std::nullopt, {}});
    QVERIFY(!text);
    QCOMPARE(
        QString::fromStdString(text.error().message),
        QStringLiteral("onnxruntime computes \"dequantized = f32(x - z_in) * s_in\" in floating "
                       "point for each code; HLS code is written of integer arithmetic, as "
                       "that of litert or of fixed point"));
}

void TestExportFormats::fpcoreGivesTheRealsThatAreRounded_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QStringList>("reals");
    QTest::addColumn<int>("layers");
    int count = 0;
    const auto row = [&count](const char* id, const QStringList& reals) {
        QTest::newRow(id) << QString::fromLatin1(id) << reals << count++;
    };
    const QStringList requantized{QStringLiteral("rint(requantized)")};
    const QStringList both{QStringLiteral("min(requantized, 2147483520)"),
                           QStringLiteral("requantized")};
    row("textbook", requantized);
    row("onnxruntime", requantized);
    row("pytorch", both);
    row("pytorch-nofma", {QStringLiteral("requantized")});
    row("pytorch-reference", {QStringLiteral("requantized")});
    row("pytorch-wheel-reference", {QStringLiteral("min(requantized, 2147483520)")});
    row("pytorch-2.13-reference", {QStringLiteral("min(shifted, 2147483520)")});
    row("pytorch-decomposed", {QStringLiteral("clamped")});
    row("pytorch-fake-quantize", {QStringLiteral("clamp(sum, f32(qmin), f32(qmax))")});
    row("openvino", {QStringLiteral("steps_above_qmin")});
    row("openvino-static", {QStringLiteral("steps_above_qmin")});
}

/// The text of a value that a core gives, as the formula says it.
static int instructionOf(const formula::Program& program, const QString& text)
{
    const std::string wanted = text.toStdString();
    if (const formula::Named* named = program.find(wanted))
        return named->instruction;
    for (std::size_t i = 0; i < program.instructions().size(); ++i) {
        if (program.instructions()[i].text == wanted)
            return static_cast<int>(i);
    }
    return -1;
}

void TestExportFormats::fpcoreGivesTheRealsThatAreRounded()
{
    QFETCH(QString, id);
    QFETCH(QStringList, reals);
    QFETCH(int, layers);
    const Backend& backend = *find_backend(id.toStdString());
    for (const BatchNormLayer& layer : layersOfRow(static_cast<std::size_t>(layers))) {
        const auto text = code_text(CodeFormat::fpcore, {layer, backend, std::nullopt, {}});
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        const ProgramRun run = runProgram(python,
                                          {QStringLiteral(QBN_TEST_DATA "/../support/fpcore.py"),
                                           m_code.write(QStringLiteral("exported.fpcore"), *text),
                                           QString::number(layer.input.type.qmin()),
                                           QString::number(layer.input.type.qmax())});
        QVERIFY2(run.succeeded, run.errors.constData());
        QStringList want;
        formula::BoundFormula bound(backend.program, layer);
        for (int channel = 0; channel < layer.channels(); ++channel) {
            bound.run(channel);
            for (const QString& real : std::as_const(reals)) {
                const int instruction = instructionOf(*backend.program, real);
                QVERIFY2(instruction >= 0, qPrintable(real));
                QStringList line;
                for (std::size_t lane = 0; lane < 256; ++lane) {
                    const double value = bound.value(instruction, lane);
                    const auto bits = value != value ? std::uint64_t{0x7ff8000000000000}
                                                     : std::bit_cast<std::uint64_t>(value);
                    line << QString::number(bits, 16);
                }
                want << line.join(u' ');
            }
        }
        QStringList got;
        for (const QString& line : QString::fromUtf8(run.output).split(u'\n', Qt::SkipEmptyParts))
            got << line.section(u' ', 1);
        QCOMPARE(firstDifference(want.join(u'\n'), got.join(u'\n')), QString());
    }
}

void TestExportFormats::fpcoreSaysWhatItCannotSay_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("integers alone")
        << QStringLiteral("litert")
        << QStringLiteral(
               "litert computes the code from integers alone; FPCore says floating point");
    QTest::newRow("no formula")
        << QStringLiteral("exact")
        << QStringLiteral("exact has no formula; thresholds and a table of C say its codes");
    const auto wraps
        = add_backend("wraps", "code\ny = to_code(rint(f32(i32(x) * 1000000000)), z_out)");
    QVERIFY(wraps);
    QTest::newRow("a product that wraps")
        << QStringLiteral("wraps")
        << QStringLiteral("wraps computes \"y = to_code(rint(f32(i32(x) * 1000000000)), z_out)\", "
                          "channel 0: it wraps, and FPCore's integers do not");
}

void TestExportFormats::fpcoreSaysWhatItCannotSay()
{
    QFETCH(QString, id);
    QFETCH(QString, sentence);
    const BatchNormLayer layer = identity_layer("bn", 1);
    const auto text
        = code_text(CodeFormat::fpcore, {layer, *find_backend(id.toStdString()), std::nullopt, {}});
    QCOMPARE(text ? QString() : QString::fromStdString(text.error().message), sentence);
}

void TestExportFormats::allCodesFollowFromTheThresholds()
{
    for (const BatchNormLayer& layer : testLayers()) {
        for (const Backend& backend : all_backends()) {
            const CodeRequest request{layer, backend, std::nullopt, {}};
            const auto text = code_text(CodeFormat::thresholds, request);
            QVERIFY(text);
            const QStringList lines
                = QString::fromStdString(*text).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
            QCOMPARE(lines.front(), QStringLiteral("layer,channel,input_code,output_code,unknown"));
            QString got;
            qsizetype next = 1;
            for (int channel = 0; channel < layer.channels(); ++channel) {
                QStringList codes;
                for (int x = layer.input.type.qmin(); x <= layer.input.type.qmax(); ++x) {
                    const QString head = QStringLiteral("%1,%2").arg(channel).arg(x);
                    if (next < lines.size() && lines[next].section(u',', -4, -3) == head)
                        codes << lines[next++].section(u',', -2, -2);
                    else
                        codes << codes.back();
                }
                got += codes.join(u' ') + u'\n';
            }
            QCOMPARE(next, lines.size());
            QCOMPARE(firstDifference(printedCodes(request), got), QString());
        }
    }
}

void TestExportFormats::whatNobodyGaveIsSaid_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("said");
    const QString sentence
        = QStringLiteral("Nobody gave output scale, gamma: what depends on it is a placeholder.");
    for (const CodeFormat format :
         {CodeFormat::c, CodeFormat::numpy, CodeFormat::pytorch, CodeFormat::fpcore})
        QTest::addRow("format %d", static_cast<int>(format))
            << static_cast<int>(format) << sentence;
    QTest::newRow("thresholds") << static_cast<int>(CodeFormat::thresholds)
                                << QStringLiteral(",output_scale gamma\r\n");
}

void TestExportFormats::whatNobodyGaveIsSaid()
{
    QFETCH(int, format);
    QFETCH(QString, said);
    BatchNormLayer layer = identity_layer("bn", 2);
    layer.provenance.set_all({.origin = Origin::file});
    const auto text = [&] {
        return QString::fromStdString(
            *code_text(static_cast<CodeFormat>(format), {layer, *find_backend("pytorch"), {}, {}}));
    };
    QVERIFY(!text().contains(said));
    layer.provenance.set(Field::output_scale, {});
    layer.provenance.set_channel(Field::gamma, 1, {});
    QVERIFY(text().contains(said));
}

void TestExportFormats::onnxRefusesWhatItCannotHold_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("4 bits") << 4 << 0
                            << QStringLiteral("\"bn\" has codes of type quint4; ONNX's "
                                              "DequantizeLinear takes 8 bits");
    QTest::newRow("a zero point outside")
        << 8 << 256
        << QStringLiteral("\"bn\" has the zero point 256, which lies outside of quint8; ONNX holds "
                          "it in that type");
    QTest::newRow("all in order") << 8 << 255 << QString();
}

void TestExportFormats::onnxRefusesWhatItCannotHold()
{
    QFETCH(int, bits);
    QFETCH(int, zeroPoint);
    QFETCH(QString, sentence);
    BatchNormLayer layer = identity_layer("bn", 2);
    layer.input.type.bits = static_cast<std::uint8_t>(bits);
    layer.output.zero_point = zeroPoint;
    const auto bytes = write_onnx(layer, false);
    QCOMPARE(bytes ? QString() : QString::fromStdString(bytes.error().message), sentence);
}

QBN_TEST(TestExportFormats)
#include "tst_export_formats.moc"
