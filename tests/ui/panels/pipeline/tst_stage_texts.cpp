#include "core/evaluate/evaluation.h"
#include "tests/support/room.h"
#include "ui/look/number_text.h"
#include "ui/panels/pipeline/stage_texts.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double notANumber = std::nan("");

using Contents = std::array<StageCardContent, stage_count>;

/// The example with its first channel changed.
Contents contentsOf(const std::function<void(BatchNormLayer&)>& change, std::int32_t code = 38,
                    const char* backend = "exact")
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = *experiment.model.layers[0];
    change(layer);
    experiment.model.layers[0] = std::make_shared<const BatchNormLayer>(std::move(layer));
    experiment.backend = backend;
    return stageContents(evaluate(experiment, clamped({.code = code}, experiment)));
}

const StageCardContent& at(const Contents& contents, Stage stage)
{
    return contents[static_cast<std::size_t>(stage)];
}

QStringList badgesOf(const StageCardContent& card)
{
    QStringList texts;
    for (const Badge& badge : card.badges)
        texts << badge.text;
    return texts;
}

/// Whole steps in, whole steps out, so that ties and clamps can be counted on fingers.
void makePlain(BatchNormLayer& layer)
{
    layer.input = {.type = quint8_type, .scale = 1, .zero_point = 0};
    layer.output = {.type = quint8_type, .scale = 1, .zero_point = 0};
    layer.eps = 0;
    layer.mean[0] = 0;
    layer.var[0] = 1;
    layer.gamma[0] = 1;
    layer.beta[0] = 0;
    layer.provenance.set_all({.origin = Origin::typed});
}

} // namespace

class TestStageTexts : public QObject
{
    Q_OBJECT

private slots:
    void theExampleReadsAsInTheForum_data();
    void theExampleReadsAsInTheForum();
    void theBackendsOwnStepsAreInTheTooltips();
    void badgesSayWhatHappens_data();
    void badgesSayWhatHappens();
    void degenerateLayersGiveDrawableLines_data();
    void degenerateLayersGiveDrawableLines();
    void numbersAreShortened_data();
    void numbersAreShortened();
    void aBackendsOwnNumbersAreShown();
    void whatNobodyGaveIsMuted();
    void bitsOfSignedAndNarrowCodes();
    void theZeroPointIsAddedBehindTheRounding();
};

void TestStageTexts::theExampleReadsAsInTheForum_data()
{
    QTest::addColumn<int>("stage");
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("substituted");
    QTest::addColumn<QStringList>("badges");
    const auto row = [](const char* name, Stage stage, const char16_t* result,
                        const char16_t* substituted, const QStringList& badges = {}) {
        QTest::newRow(name) << int(stage) << QString::fromUtf16(result)
                            << QString::fromUtf16(substituted) << badges;
    };
    row("input code", Stage::input_code, u"38", u"0x26\n0b00100110");
    row("dequantize", Stage::dequantize, u"0.29906651", u"0.00787017 · (38 − 0)");
    row("normalize", Stage::normalize, u"-0.94431102",
        u"(0.299067 − 0.565348)\n/ √(0.0795053 + 1e-05)", {u"exact"_s});
    row("affine", Stage::affine, u"-110.956544", u"117.5 · (-0.944311)\n+ 0",
        {u"exact"_s, u"made up"_s});
    row("requantize", Stage::requantize, u"51.9867897", u"-110.9565 / 5.280324\n+ 73",
        {u"exact 51.9867904"_s});
    row("output code", Stage::output_code, u"52", u"round(-21.01321) + 73\nvalue -110.886795");
}

void TestStageTexts::theExampleReadsAsInTheForum()
{
    QFETCH(int, stage);
    const Experiment experiment = example_experiment();
    const Contents contents = stageContents(evaluate(experiment, {.code = example_input_code}));
    const StageCardContent& card = contents[static_cast<std::size_t>(stage)];
    QTEST(card.result, "result");
    QTEST(card.substituted, "substituted");
    QTEST(badgesOf(card), "badges");
    QVERIFY(!card.help.isEmpty());
    QVERIFY(!card.formula.isEmpty());
}

void TestStageTexts::theBackendsOwnStepsAreInTheTooltips()
{
    const auto nothing = [](BatchNormLayer&) { };
    const Contents fused = contentsOf(nothing, 38, "pytorch");
    const QString affine = at(fused, Stage::affine).tooltip;
    QVERIFY2(affine.contains(u"alpha = "_s) && affine.contains(u"0x1."_s), qPrintable(affine));
    QVERIFY(at(fused, Stage::requantize).tooltip.contains(u"requantized = "_s));
    QVERIFY(at(fused, Stage::requantize).help.contains(u"requantized = "_s));
    QVERIFY(at(fused, Stage::dequantize).tooltip.contains(u"0.299066514 (0x1.323e"_s));
    const Contents exact = contentsOf(nothing, 38, "exact");
    QVERIFY(!at(exact, Stage::affine).tooltip.contains(u"computes"_s));
}

void TestStageTexts::badgesSayWhatHappens_data()
{
    QTest::addColumn<double>("beta");
    QTest::addColumn<double>("var");
    QTest::addColumn<bool>("relu");
    QTest::addColumn<int>("stage");
    QTest::addColumn<QStringList>("badges");
    QTest::addColumn<QString>("result");
    const auto row = [](const char* name, double beta, double var, bool relu, Stage stage,
                        const QStringList& badges, const QString& result) {
        QTest::newRow(name) << beta << var << relu << int(stage) << badges << result;
    };
    row("a sane code has none", 0, 1, false, Stage::output_code, {}, u"38"_s);
    row("half a step more is a tie", 0.5, 1, false, Stage::requantize, {u"tie"_s}, u"38.5"_s);
    row("ties go to even", 0.5, 1, false, Stage::output_code, {}, u"38"_s);
    row("too large", 300, 1, false, Stage::output_code, {u"saturated high"_s}, u"255"_s);
    row("too small", -300, 1, false, Stage::output_code, {u"saturated low"_s}, u"0"_s);
    row("a negative variance", 0, -1, false, Stage::normalize, {u"√ of a negative"_s},
        u"not a number"_s);
    row("no variance at all", 0, 0, false, Stage::normalize, {u"divides by zero"_s}, u"∞"_s);
    row("not a number at the end", 0, -1, false, Stage::output_code, {u"not a number"_s}, u"0"_s);
}

void TestStageTexts::badgesSayWhatHappens()
{
    QFETCH(double, beta);
    QFETCH(double, var);
    QFETCH(bool, relu);
    QFETCH(int, stage);
    const Contents contents = contentsOf([&](BatchNormLayer& layer) {
        makePlain(layer);
        layer.beta[0] = beta;
        layer.var[0] = var;
        layer.relu = relu;
    });
    const StageCardContent& card = contents[static_cast<std::size_t>(stage)];
    QTEST(badgesOf(card), "badges");
    QTEST(card.result, "result");
}

void TestStageTexts::degenerateLayersGiveDrawableLines_data()
{
    QTest::addColumn<double>("gamma");
    QTest::addColumn<double>("var");
    QTest::addColumn<double>("inputScale");
    QTest::addColumn<double>("outputScale");
    QTest::newRow("NaN variance") << 1.0 << notANumber << 1.0 << 1.0;
    QTest::newRow("infinite variance") << 1.0 << infinity << 1.0 << 1.0;
    QTest::newRow("huge gamma") << 1e38 << 1.0 << 1.0 << 1.0;
    QTest::newRow("denormal variance") << 1.0 << 1e-320 << 1.0 << 1.0;
    QTest::newRow("negative scales") << 1.0 << 1.0 << -0.5 << -0.25;
    QTest::newRow("scales of zero") << 1.0 << 1.0 << 0.0 << 0.0;
    QTest::newRow("infinite scales") << 1.0 << 1.0 << infinity << infinity;
    QTest::newRow("NaN scales") << 1.0 << 1.0 << notANumber << notANumber;
    QTest::newRow("the largest double") << 1.7976931348623157e308 << 1.0 << 1e300 << 1e-300;
}

void TestStageTexts::degenerateLayersGiveDrawableLines()
{
    QFETCH(double, gamma);
    QFETCH(double, var);
    QFETCH(double, inputScale);
    QFETCH(double, outputScale);
    for (const char* backend : {"exact", "pytorch", "pytorch-reference", "onnxruntime"}) {
        const Contents contents = contentsOf(
            [&](BatchNormLayer& layer) {
                layer.gamma[0] = gamma;
                layer.var[0] = var;
                layer.input.scale = inputScale;
                layer.output.scale = outputScale;
            },
            38, backend);
        for (const StageCardContent& card : contents) {
            QVERIFY2(std::isfinite(card.line.low) && std::isfinite(card.line.high)
                         && card.line.low < card.line.high,
                     qPrintable(card.title));
            QVERIFY2(!card.result.isEmpty() && card.result.size() <= 13, qPrintable(card.result));
        }
    }
}

void TestStageTexts::numbersAreShortened_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("few digits are shown whole") << 117.5 << u"117.5"_s;
    QTest::newRow("an exponent as Python writes it") << 1e-5 << u"1e-05"_s;
    QTest::newRow("nine digits") << -110.88679504394531 << u"-110.886795"_s;
    QTest::newRow("the zero before the point counts") << 0.29906651377677917 << u"0.29906651"_s;
    QTest::newRow("six digits matter at least") << 0.00123456789 << u"0.00123457"_s;
    QTest::newRow("zeros say that there is more") << 0.30000000000000004 << u"0.30000000"_s;
    QTest::newRow("large") << 9.999999680285692e+37 << u"1.00000e+38"_s;
    QTest::newRow("large and round") << 3e12 << u"3e+12"_s;
    QTest::newRow("tiny") << -1.23456789e-12 << u"-1.23457e-12"_s;
    QTest::newRow("denormal") << 5e-324 << u"5e-324"_s;
    QTest::newRow("zero") << 0.0 << u"0"_s;
    QTest::newRow("NaN") << notANumber << u"not a number"_s;
    QTest::newRow("infinity") << -infinity << u"-∞"_s;
}

void TestStageTexts::numbersAreShortened()
{
    QFETCH(double, value);
    QTEST(shortNumber(value), "text");
}

/// ONNX Runtime has an affine value of its own, in binary32; PyTorch's fused kernel has none.
void TestStageTexts::aBackendsOwnNumbersAreShown()
{
    const auto nothing = [](BatchNormLayer&) { };
    const Contents onnx = contentsOf(nothing, 38, "onnxruntime");
    QCOMPARE(at(onnx, Stage::affine).result, u"-110.956535"_s);
    QVERIFY(badgesOf(at(onnx, Stage::affine)).contains(u"exact -110.956544"_s));
    QVERIFY(badgesOf(at(onnx, Stage::normalize)).contains(u"exact"_s));
    const Contents exact = contentsOf(nothing, 38, "exact");
    QCOMPARE(at(exact, Stage::affine).result, u"-110.956544"_s);
    QCOMPARE(badgesOf(at(exact, Stage::affine)), QStringList{u"made up"_s});
    // The calculation gives its own result, not one that another way gave.
    QVERIFY(!at(onnx, Stage::affine).substituted.contains(u'='));
    const Contents rounded = contentsOf(nothing, 38, "litert-mul-add-xnnpack");
    QVERIFY(at(rounded, Stage::requantize).result.startsWith(u"51.8"_s));
    QVERIFY2(at(rounded, Stage::requantize).substituted.endsWith(u"+ 73 = 51.98679"_s),
             qPrintable(at(rounded, Stage::requantize).substituted));
}

void TestStageTexts::whatNobodyGaveIsMuted()
{
    const Contents contents = contentsOf(
        [](BatchNormLayer& layer) { layer.provenance.set(Field::gamma, {}); }, 38, "pytorch");
    QVERIFY(at(contents, Stage::normalize).kind == ValueKind::Real);
    for (const Stage stage : {Stage::affine, Stage::requantize, Stage::output_code}) {
        QVERIFY(at(contents, stage).kind == ValueKind::Muted);
        QCOMPARE(badgesOf(at(contents, stage)).front(), u"gamma unknown"_s);
    }
    const Contents nothing
        = contentsOf([](BatchNormLayer& layer) { layer.provenance.set_all({}); }, 38, "pytorch");
    QCOMPARE(badgesOf(at(nothing, Stage::output_code)).front(), u"12 values unknown"_s);
}

void TestStageTexts::bitsOfSignedAndNarrowCodes()
{
    QCOMPARE(hexText(-1, qint8_type), u"0xff"_s);
    QCOMPARE(binaryText(-128, qint8_type), u"0b10000000"_s);
    QCOMPARE(hexText(5, {.is_signed = false, .bits = 4}), u"0x5"_s);
    QCOMPARE(binaryText(-1, {.is_signed = true, .bits = 3}), u"0b111"_s);
}

void TestStageTexts::theZeroPointIsAddedBehindTheRounding()
{
    const Contents contents = contentsOf([](BatchNormLayer& layer) {
        makePlain(layer);
        layer.beta[0] = 0.5;
        layer.output.zero_point = 73;
    });
    // 38.5 goes to 38, and 38 + 73 is odd; 111.5 would have gone to 112.
    QCOMPARE(at(contents, Stage::output_code).result, u"111"_s);
    QCOMPARE(at(contents, Stage::output_code).formula, u"output-code"_s);
    QVERIFY(at(contents, Stage::requantize).line.tie);
}

QBN_TEST(TestStageTexts)
#include "tst_stage_texts.moc"
