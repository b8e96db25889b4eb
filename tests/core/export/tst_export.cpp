#include "core/backends/bound_backend.h"
#include "core/export/code_format.h"
#include "core/formats/onnx/onnx_writer.h"
#include "core/formula/functions.h"
#include "core/text/csv.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"
#include "tests/support/run_program.h"
#include "tests/support/wild_layer.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <bit>
#include <cmath>

using namespace qbn;
using namespace qbn::test;

/// Code that leaves the program is compiled or run by the real tool and gives the backend's own codes, all of them.
class TestExport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyBackendsCCompilesAndAgrees_data();
    void everyBackendsCCompilesAndAgrees();
    void everyOperationIsTheSameInCAndNumPy_data();
    void everyOperationIsTheSameInCAndNumPy();
    void everyOperationIsTried();
    void everyBackendsNumPyAgrees_data();
    void everyBackendsNumPyAgrees();
    void hlsOfIntegersAgrees_data();
    void hlsOfIntegersAgrees();
    void hlsOfRealsIsRefused();
    void fpcoreGivesTheRealsThatAreRounded_data();
    void fpcoreGivesTheRealsThatAreRounded();
    void fpcoreSaysWhatItCannotSay_data();
    void fpcoreSaysWhatItCannotSay();
    void allCodesFollowFromTheThresholds();
    void oneChannelIsThatChannel_data();
    void oneChannelIsThatChannel();
    void narrowCodesStayInTheirRange();
    void aNameFromOutsideDoesNoHarm_data();
    void aNameFromOutsideDoesNoHarm();
    void onnxRefusesWhatItCannotHold_data();
    void onnxRefusesWhatItCannotHold();

private:
    QTemporaryDir m_folder;
    QString write(const QString& name, const std::string& text);
    QString printedBy(CodeFormat format, const CodeRequest& request, const QString& compiler = {});
};

namespace {

const QString gcc = QStringLiteral("cc -O2");
const QString python = QStringLiteral("/usr/bin/python3");

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// As exported code prints them: a line a channel.
QString printedCodes(const CodeRequest& request)
{
    QString text;
    BoundBackend bound(request.backend, request.layer);
    for (int channel = 0; channel < request.layer.channels(); ++channel) {
        if (request.channel && channel != *request.channel)
            continue;
        QStringList line;
        for (const std::int32_t code : bound.codes(channel))
            line << QString::number(code);
        text += line.join(u' ') + u'\n';
    }
    return text;
}

/// What no trained layer has, and every seventh golden layer: both types, with and without ReLU.
const std::vector<BatchNormLayer>& testLayers()
{
    static const std::vector<BatchNormLayer> layers = [] {
        std::vector<BatchNormLayer> all{wildLayer(quint8_type, qint8_type, false),
                                        wildLayer(qint8_type, quint8_type, true)};
        for (const QString& session : {QStringLiteral("hard"), QStringLiteral("lanes")}) {
            const Model model = goldenModel(session);
            for (std::size_t i = 0; i < model.layers.size(); i += 7)
                all.push_back(*model.layers[i]);
        }
        return all;
    }();
    return layers;
}

/// Two of them for each test row: a compiler takes its time.
std::vector<BatchNormLayer> layersOfRow(std::size_t row)
{
    const auto& all = testLayers();
    const std::size_t golden = all.size() - 2;
    return {all[row % 2], all[2 + row % golden]};
}

/// Layers one behind the other in one text: which channel differs, if any.
QString firstDifference(const QString& want, const QString& got)
{
    const QStringList wanted = want.split(u'\n');
    const QStringList given = got.split(u'\n');
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (i >= given.size() || wanted[i] != given[i])
            return QStringLiteral("line %1: %2 instead of %3")
                .arg(i)
                .arg(i < given.size() ? given[i] : QStringLiteral("nothing"), wanted[i]);
    }
    return given.size() == wanted.size() ? QString() : QStringLiteral("more than was asked for");
}

void addBackendRows()
{
    QTest::addColumn<QString>("id");
    for (const Backend& backend : all_backends())
        QTest::newRow(backend.id.data()) << textOf(backend.id);
}

const char* const floatOperations = R"(title Every operation of T
channel
  a = T(f32(mean))
  b = T(f32(gamma))
  c = T(f32(beta))
  v = T(f32(var))
layer
  low   = smallest(a)
  high  = largest(b)
  some  = any(a < b)
  every = all(c <= v)
code
  q   = T(x - z_in) / 7
  w1  = a + q
  w2  = a - q
  w3  = a * q
  w4  = a / q
  w5  = -q
  w6  = fma(a, q, c)
  w7  = sqrt(v + q)
  w8  = abs(q)
  w9  = min(a, q)
  w10 = max(q, b)
  w11 = clamp(q, b, c)
  w12 = floor(w3)
  w13 = ceil(w3)
  w14 = trunc(w3)
  w15 = rint(w3)
  w16 = round_away(q * 3.5)
  w17 = round_up(q * 3.5)
  w18 = select(a < q && some || !every, a, select(b != q, b, select(is_nan(v), q, low)))
  w19 = select(c == q || c >= high, high, c)
  w20 = T(f16(w3))
  w21 = T(bf16(w3))
  w22 = T(f32(w6))
  w23 = T(f64(w6))
  n1 = to_code(w3, z_out)
  n2 = i64(to_int32_x86(f32(w3)))
  n3 = to_int64_x86(f64(w3) * 1e10)
  n4 = i64(exponent(f64(w6)))
  n5 = i64(quantized_multiplier(f64(w3)))
  n6 = i64(quantized_shift(f64(w3)))
  n7 = i64(some) + 2 * i64(every) + i64(w3 < w6)
  h0 = n1 + 3 * n2 + 5 * n3 + 7 * n4 + 11 * n5 + 13 * n6 + 17 * n7
)";

const char* const integerOperations = R"(title Every operation of T
layer
  low  = smallest(T(channel) - 13)
  high = largest(T(channel))
channel
  k = T(channel) - 13
code
  n   = T(x - z_in)
  m   = n * 123456789 + k * 7777777
  m1  = m + n * 2147483647
  m2  = m - n
  m3  = m * m
  m4  = m / n
  m5  = mod(m, k)
  m6  = -m
  m7  = abs(m)
  m8  = min(m, n) + max(m, k)
  m9  = clamp(m, low, high)
  m10 = shift_left(m, k)
  m11 = shift_right(m, k)
  m12 = shift_round_half_up(m, k)
  m13 = divide_by_pot_round(m, k)
  m14 = shift_round_half_up(n, 1) + divide_by_pot_round(n, 1) + divide_by_pot_round(m, k * 3)
  m15 = select(m < n || m == k, m, select(n <= k && n != m, n, k))
  m16 = m / k + mod(n, k - 13)
  r1 = f64(m)
  r2 = f32(m)
  r3 = f16(m)
  r4 = bf16(m)
  p1 = i64(high_mul_round(i32(m), i32(m3)))
  p2 = i64(saturate_int32(i64(m) * 5))
  p3 = wrap_code(i64(m))
  p4 = i64(high_mul_round(i32(-2147483648), i32(m) - i32(m) + -2147483648))
  h0 = p1 + 3 * p2 + 5 * p3 + 7 * p4 + to_int64_x86(r1) + 3 * to_int64_x86(f64(r2)) + 5 * to_int64_x86(f64(r3)) + 7 * to_int64_x86(f64(r4))
)";

/// The same with all numbers brought into the code: first into whole numbers, then their bytes summed.
std::string operationsOf(const std::string& type)
{
    const bool isFloat = type[0] != 'i';
    QString text = QString::fromLatin1(isFloat ? floatOperations : integerOperations);
    text.replace(QLatin1String("T("), textOf(type) + u'(');
    int last = 0;
    const int count = isFloat ? 23 : 16;
    for (int i = 1; i <= count; ++i) {
        const QString term = isFloat
            ? QStringLiteral("to_int64_x86(f64(w%1) * 0x1p20) + 3 * i64(exponent(f64(w%1)))").arg(i)
            : QStringLiteral("i64(m%1)").arg(i);
        text += QStringLiteral("  h%1 = %2 * h%3 + %4\n").arg(last + 1).arg(31).arg(last).arg(term);
        ++last;
    }
    QString sum = QStringLiteral("h%1").arg(last);
    for (int shift = 8; shift < 64; shift += 8)
        sum += QStringLiteral(" + shift_right(h%1, %2)").arg(last).arg(shift);
    return (text + QStringLiteral("  y = wrap_code(%1)\n").arg(sum)).toStdString();
}

const std::array<std::string, 6> types{"f64", "f32", "f16", "bf16", "i64", "i32"};

} // namespace

void TestExport::initTestCase()
{
    QVERIFY(m_folder.isValid());
}

QString TestExport::write(const QString& name, const std::string& text)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(text.data(), static_cast<qint64>(text.size()));
    return file.fileName();
}

/// What the exported code prints; instead of it what went wrong. `compiler` has its options behind it.
QString TestExport::printedBy(CodeFormat format, const CodeRequest& request,
                              const QString& compiler)
{
    const Result<std::string> text = code_text(format, request);
    if (!text)
        return QString::fromStdString(text.error().message);
    if (format == CodeFormat::numpy) {
        const ProgramRun run = runProgram(python, {write(QStringLiteral("exported.py"), *text)});
        return QString::fromUtf8(run.succeeded && run.errors.isEmpty() ? run.output : run.errors);
    }
    const bool isHls = format == CodeFormat::hls;
    const QString source
        = write(isHls ? QStringLiteral("exported.cpp") : QStringLiteral("exported.c"), *text);
    const QString program = m_folder.filePath(QStringLiteral("exported"));
    QStringList words = compiler.split(u' ');
    const QString command = words.takeFirst();
    if (isHls)
        words << QStringLiteral("-std=c++17")
              << QStringLiteral("-I" QBN_TEST_DATA "/../support/hls");
    else
        words << QStringLiteral("-std=c99") << QStringLiteral("-Wall") << QStringLiteral("-Wextra")
              << QStringLiteral("-Werror");
    words << QStringLiteral("-DQBN_MAIN") << source << QStringLiteral("-o") << program
          << QStringLiteral("-lm");
    const ProgramRun compiled = runProgram(command, words);
    if (!compiled.succeeded)
        return QString::fromUtf8(compiled.errors);
    const ProgramRun run = runProgram(program, {});
    return QString::fromUtf8(run.succeeded ? run.output : run.errors);
}

void TestExport::everyBackendsCCompilesAndAgrees_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("form");
    QTest::addColumn<QString>("compiler");
    QTest::addColumn<int>("row");
    int row = 0;
    const std::array forms{"arithmetic", "folded", "table"};
    for (const Backend& backend : all_backends()) {
        for (int form = 0; form < 3; ++form) {
            QStringList compilers{form == 0 ? QStringLiteral("cc -O0") : gcc};
            if (form == 0)
                compilers << QStringLiteral("cc -O2 -march=native") << QStringLiteral("clang -O2");
            for (const QString& compiler : std::as_const(compilers))
                QTest::addRow("%s, %s, %s", backend.id.data(),
                              forms[static_cast<std::size_t>(form)], qPrintable(compiler))
                    << textOf(backend.id) << form << compiler << row++;
        }
    }
}

void TestExport::everyBackendsCCompilesAndAgrees()
{
    QFETCH(QString, id);
    QFETCH(int, form);
    QFETCH(QString, compiler);
    QFETCH(int, row);
    if (QStandardPaths::findExecutable(compiler.section(u' ', 0, 0)).isEmpty())
        QSKIP("this compiler is not installed");
    for (const BatchNormLayer& layer : layersOfRow(static_cast<std::size_t>(row))) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  static_cast<CodeForm>(form)};
        QCOMPARE(
            firstDifference(printedCodes(request), printedBy(CodeFormat::c, request, compiler)),
            QString());
    }
}

void TestExport::everyOperationIsTheSameInCAndNumPy_data()
{
    QTest::addColumn<QString>("type");
    for (const std::string& type : types)
        QTest::newRow(type.c_str()) << QString::fromStdString(type);
}

void TestExport::everyOperationIsTheSameInCAndNumPy()
{
    QFETCH(QString, type);
    const auto backend
        = add_backend("every-" + type.toStdString(), operationsOf(type.toStdString()));
    QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
    const BatchNormLayer layer = wildLayer(qint8_type, qint8_type, false);
    const CodeRequest request{layer, **backend, std::nullopt, CodeForm::arithmetic};
    const QString want = printedCodes(request);
    QVERIFY(want.count(QStringLiteral("17 ")) < want.count(u' ') / 20); // the codes are spread
    for (const QString& compiler : {QStringLiteral("cc -O0"), gcc})
        QCOMPARE(firstDifference(want, printedBy(CodeFormat::c, request, compiler)), QString());
    QCOMPARE(firstDifference(want, printedBy(CodeFormat::numpy, request)), QString());
}

void TestExport::everyOperationIsTried()
{
    std::string all;
    for (const std::string& type : types)
        all += operationsOf(type);
    for (const formula::Function& function : formula::all_functions()) {
        const std::string name = function.name == "negate" ? "-" : std::string(function.name);
        QVERIFY2(all.find(name) != std::string::npos, name.c_str());
    }
}

void TestExport::everyBackendsNumPyAgrees_data()
{
    addBackendRows();
}

void TestExport::everyBackendsNumPyAgrees()
{
    QFETCH(QString, id);
    for (const BatchNormLayer& layer : testLayers()) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  CodeForm::arithmetic};
        QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::numpy, request)),
                 QString());
    }
}

void TestExport::hlsOfIntegersAgrees_data()
{
    QTest::addColumn<QString>("id");
    for (const Backend& backend : all_backends()) {
        if (backend.group == "Integer hardware" && backend.program)
            QTest::newRow(backend.id.data()) << textOf(backend.id);
    }
    QTest::newRow("litert") << QStringLiteral("litert");
    QTest::newRow("litert-optimized") << QStringLiteral("litert-optimized");
    for (const char* const type : {"i64", "i32"}) {
        std::string text = operationsOf(type);
        for (const char* const real : {"to_int64_x86(r1) + 3 * to_int64_x86(f64(r2)) + 5 * "
                                       "to_int64_x86(f64(r3)) + 7 * to_int64_x86(f64(r4))"})
            text.replace(text.find(real), std::strlen(real), "1");
        const std::string name = std::string("integers-") + type;
        const auto backend = add_backend(name, text);
        QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void TestExport::hlsOfIntegersAgrees()
{
    QFETCH(QString, id);
    for (const BatchNormLayer& layer : testLayers()) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  CodeForm::arithmetic};
        QCOMPARE(firstDifference(printedCodes(request),
                                 printedBy(CodeFormat::hls, request, QStringLiteral("c++ -O1"))),
                 QString());
    }
}

void TestExport::hlsOfRealsIsRefused()
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

void TestExport::fpcoreGivesTheRealsThatAreRounded_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QStringList>("reals");
    const auto row = [](const char* id, const QStringList& reals) {
        QTest::newRow(id) << QString::fromLatin1(id) << reals;
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

void TestExport::fpcoreGivesTheRealsThatAreRounded()
{
    QFETCH(QString, id);
    QFETCH(QStringList, reals);
    const Backend& backend = *find_backend(id.toStdString());
    for (const BatchNormLayer& layer : testLayers()) {
        const auto text = code_text(CodeFormat::fpcore, {layer, backend, std::nullopt, {}});
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        const ProgramRun run = runProgram(python,
                                          {QStringLiteral(QBN_TEST_DATA "/../support/fpcore.py"),
                                           write(QStringLiteral("exported.fpcore"), *text),
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

void TestExport::fpcoreSaysWhatItCannotSay_data()
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

void TestExport::fpcoreSaysWhatItCannotSay()
{
    QFETCH(QString, id);
    QFETCH(QString, sentence);
    const BatchNormLayer layer = identity_layer("bn", 1);
    const auto text
        = code_text(CodeFormat::fpcore, {layer, *find_backend(id.toStdString()), std::nullopt, {}});
    QCOMPARE(text ? QString() : QString::fromStdString(text.error().message), sentence);
}

void TestExport::allCodesFollowFromTheThresholds()
{
    for (const BatchNormLayer& layer : testLayers()) {
        for (const Backend& backend : all_backends()) {
            const CodeRequest request{layer, backend, std::nullopt, {}};
            const auto text = code_text(CodeFormat::thresholds, request);
            QVERIFY(text);
            const QStringList lines
                = QString::fromStdString(*text).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
            QCOMPARE(lines.front(), QStringLiteral("layer,channel,input_code,output_code"));
            QString got;
            qsizetype next = 1;
            for (int channel = 0; channel < layer.channels(); ++channel) {
                QStringList codes;
                for (int x = layer.input.type.qmin(); x <= layer.input.type.qmax(); ++x) {
                    const QString head = QStringLiteral(",%1,%2,").arg(channel).arg(x);
                    if (next < lines.size() && lines[next].contains(head))
                        codes << lines[next++].section(u',', -1);
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

void TestExport::oneChannelIsThatChannel_data()
{
    addBackendRows();
}

/// Which lane computes it, and what it takes of the other channels, stay as they are.
void TestExport::oneChannelIsThatChannel()
{
    QFETCH(QString, id);
    const BatchNormLayer layer = wildLayer(quint8_type, quint8_type, false);
    for (const int channel : {5, 26}) {
        for (const CodeForm form : {CodeForm::arithmetic, CodeForm::folded}) {
            const CodeRequest request{layer, *find_backend(id.toStdString()), channel, form};
            QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::c, request, gcc)),
                     QString());
        }
        const CodeRequest request{layer, *find_backend(id.toStdString()), channel, {}};
        QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::numpy, request)),
                 QString());
    }
}

void TestExport::narrowCodesStayInTheirRange()
{
    for (const char* const id : {"pytorch", "litert"}) {
        BatchNormLayer layer = wildLayer({false, 4}, {true, 3}, false);
        const auto wide = add_backend("wide", "code\ny = x * 5 + channel");
        QVERIFY(wide);
        for (const Backend* const backend : {find_backend(id), *wide}) {
            const CodeRequest request{layer, *backend, std::nullopt, {}};
            QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::c, request, gcc)),
                     QString());
            QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::numpy, request)),
                     QString());
        }
    }
}

void TestExport::aNameFromOutsideDoesNoHarm_data()
{
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("formula");
    const QString plain = QStringLiteral("code\n y = x");
    QTest::newRow("a layer named as a keyword") << QStringLiteral("return") << plain;
    QTest::newRow("a layer that begins with a digit") << QStringLiteral("1.0") << plain;
    QTest::newRow("a layer without a name") << QString() << plain;
    QTest::newRow("a layer that ends the comment") << QStringLiteral("*/ #error \\") << plain;
    QTest::newRow("a layer of two lines")
        << QStringLiteral("a\nimport os\n#include <none>") << plain;
    QTest::newRow("a layer in another script") << QStringLiteral("слой 卷积") << plain;
    QTest::newRow("a title that would go on") << QStringLiteral("bn")
                                              << QStringLiteral("title a ?"
                                                                "?/ \\\ncode\n y = x");
    QTest::newRow("names that are words of C and Python")
        << QStringLiteral("bn")
        << QStringLiteral("channel\nint = f32(mean) * 2\nlambda = int + 1\nqbn_add_i64 = lambda + "
                          "1\nrintf = qbn_add_i64 "
                          "+ 1\nnp = rintf + 1\n_min = np + 1\nbn = _min + 1\ncodes = "
                          "bn\ncode\ncode_ = x + 1\nchar = code_ + z_in\n"
                          "int_ = char + 1\ny = to_code(rint(bn + codes + f32(int_)), z_out)");
    QTest::newRow("a name that looks made")
        << QStringLiteral("bn")
        << QStringLiteral("code\na_1 = x + 1\na = (x + 2) * a_1\nb = a\ny = (b + a_1) * 3 + a");
    QTest::newRow("a formula over several lines, with comments")
        << QStringLiteral("bn")
        << QStringLiteral("code\ny = clamp(x, # one */ \\\n  qmin,\n qmax)");
    QTest::newRow("a formula of no code")
        << QStringLiteral("bn") << QStringLiteral("code\n y = z_out");
}

void TestExport::aNameFromOutsideDoesNoHarm()
{
    QFETCH(QString, layer);
    QFETCH(QString, formula);
    BatchNormLayer of = wildLayer(quint8_type, quint8_type, false);
    of.name = layer.toStdString();
    const auto backend = add_backend("mine", formula.toStdString());
    QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
    const CodeRequest request{of, **backend, std::nullopt, {}};
    QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::c, request, gcc)),
             QString());
    QCOMPARE(firstDifference(printedCodes(request), printedBy(CodeFormat::numpy, request)),
             QString());
}

void TestExport::onnxRefusesWhatItCannotHold_data()
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

void TestExport::onnxRefusesWhatItCannotHold()
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

QBN_TEST(TestExport)
#include "tst_export.moc"
