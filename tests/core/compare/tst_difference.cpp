#include "core/compare/difference.h"
#include "core/formula/bound_formula.h"
#include "core/formula/mixture.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <random>
#include <set>
#include <span>

using namespace qbn;
using namespace qbn::test;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// Parameters that a search for values near a boundary found.
BatchNormLayer nearLayer(QuantizationParameters input, QuantizationParameters output, double mean,
                         double var, double gamma, double beta)
{
    BatchNormLayer layer = identity_layer("near", 1);
    layer.input = input;
    layer.output = output;
    layer.mean[0] = mean;
    layer.var[0] = var;
    layer.gamma[0] = gamma;
    layer.beta[0] = beta;
    return layer;
}

/// Code 27 is -60.499999611661592 steps exactly (Python's fractions and decimal), so -91; PyTorch's
/// last rounding makes -60.5000038 of it.
BatchNormLayer pytorchDeviates()
{
    return nearLayer({qint8_type, 0.3955731987953186, 110}, {qint8_type, 0.022672371938824654, -31},
                     0.4780121147632599, 1.410631537437439, -0.020697619765996933,
                     -1.9521679878234863);
}

/// On code 68 offset is the first intermediate on which the two forms part.
BatchNormLayer offsetsPart()
{
    return nearLayer({qint8_type, 0.24607332050800323, -38}, {qint8_type, 0.11123266071081161, -32},
                     -0.6153162121772766, 4.565318584442139, -0.5773599743843079,
                     -0.18245787918567657);
}

/// On code -99 it is shift; neither form fuses anything.
BatchNormLayer shiftsPart()
{
    return nearLayer({qint8_type, 0.26827776432037354, -89},
                     {qint8_type, 0.04448840022087097, -105}, -1.7859382629394531,
                     0.08501829952001572, -0.07163628190755844, 3.627920627593994);
}

QString causesText(const Difference& difference)
{
    QStringList names;
    for (const Cause cause : difference.causes)
        names << text(name_of(cause));
    return names.join(u' ');
}

/// The step of that name, an empty one if there is none.
ComparedStep stepOf(const Difference& difference, std::string_view name)
{
    const auto found = std::find_if(difference.steps.begin(), difference.steps.end(),
                                    [name](const ComparedStep& step) { return step.name == name; });
    return found == difference.steps.end() ? ComparedStep() : *found;
}

/// NaN, an infinity or so large that the conversion decides.
bool isWild(const Trace& trace)
{
    return !(std::abs(trace.result.steps) < 0x1p30);
}

bool isIn(std::initializer_list<Cause> list, Cause cause)
{
    return std::find(list.begin(), list.end(), cause) != list.end();
}

/// "affine: product + offset in ONNX Runtime", of any statement; exact mathematics has those of its trace.
bool namesAStatementOf(const Trace& trace, const Backend& backend, const std::string& sentence)
{
    const auto has = [&](std::string_view expression) {
        return sentence.find(std::string(expression) + " in " + std::string(backend.title))
            != std::string::npos;
    };
    if (backend.is_exact())
        return sentence.find(backend.title) != std::string::npos;
    const auto names = backend.program->names();
    return std::any_of(names.begin(), names.end(),
                       [&](const formula::Named& named) { return has(named.text); })
        || std::any_of(trace.steps.begin(), trace.steps.end(),
                       [&](const TraceStep& step) { return has(step.formula); });
}

/// Four million codes, of which the last rounding decides a few.
std::shared_ptr<const BatchNormLayer> manyChannels()
{
    BatchNormLayer layer = identity_layer("many", 16384);
    layer.input = {qint8_type, 0.0371, 3};
    layer.output = {qint8_type, 0.01, -5};
    std::mt19937 random(1);
    std::uniform_real_distribution<float> about(-1, 1);
    for (std::size_t channel = 0; channel < layer.mean.size(); ++channel) {
        layer.mean[channel] = static_cast<double>(about(random));
        layer.var[channel] = static_cast<double>(0.5F + std::abs(about(random)));
        layer.gamma[channel] = static_cast<double>(about(random));
        layer.beta[channel] = static_cast<double>(about(random));
    }
    return std::make_shared<const BatchNormLayer>(std::move(layer));
}

Difference explain(const char* first, const char* second, const BatchNormLayer& layer, int channel,
                   std::int32_t code)
{
    return explain_difference(*find_backend(first), *find_backend(second), layer, channel, code);
}

} // namespace

/// Causes that are known beforehand, because the layer was built for them, and those of the golden
/// layers, where the frameworks themselves differ.
class TestDifference : public QObject
{
    Q_OBJECT

private slots:
    void theCauseIsNamed_data();
    void theCauseIsNamed();
    void conversionsAreTold_data();
    void conversionsAreTold();
    void bothSidesHaveAWholeClause();
    void theOrderOfTheBackendsChangesNoCause();
    void infinityPlusTheZeroPointIsInfinity();
    void decisiveRoundingsAreThoseWithoutWhichTheCodeIsExact_data();
    void decisiveRoundingsAreThoseWithoutWhichTheCodeIsExact();
    void roundingsAreNamedWhereOneSideDeparts();
    void sameCodesHaveNoCause();
    void stepsStandSideBySide();
    void distancesAreInUlp();
    void everyDifferenceOfTheGoldenLayersHasACause();
    void carryingTheCauseOverGivesTheOtherCode();
    void everyPairHasACauseInItsOwnWords();
    void aFormulaOfTheUserIsToldApart_data();
    void aFormulaOfTheUserIsToldApart();

private:
    static void checkCauses(const Difference& difference, std::int32_t first, std::int32_t second);
};

void TestDifference::theCauseIsNamed_data()
{
    QTest::addColumn<BatchNormLayer>("layer");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("causes");
    QTest::addColumn<QString>("inTheSentence");

    BatchNormLayer layer = identity_layer("nan", 8);
    layer.var[0] = -1;
    QTest::newRow("NaN in the SIMD lane is the cap, in exact mathematics nothing")
        << layer << "pytorch"
        << "exact" << 0 << "lane"
        << "SIMD lane";
    layer.output.zero_point = 200;
    QTest::newRow("the cap wraps with a zero point of 200") << layer << "pytorch"
                                                            << "textbook" << 0 << ""
                                                            << "both give code 0";
    layer = identity_layer("nan", 9);
    layer.var[8] = -1;
    layer.output.type = qint8_type;
    layer.output.zero_point = -5;
    QTest::newRow("NaN in the scalar lane wraps with a negative zero point")
        << layer << "pytorch"
        << "onnxruntime" << 8000 << "int64-wrap"
        << "scalar lane";
    QTest::newRow("PyTorch deviates, not the integers")
        << pytorchDeviates() << "pytorch"
        << "fixed-point:24:int64" << 27 << "precision"
        << "gives code -91";
    QTest::newRow("without a fused operation on either side the order alone is left")
        << shiftsPart() << "onnxruntime"
        << "pytorch-nofma" << -99 << "order-of-operations"
        << "they first part at shift";
    QTest::newRow("PyTorch's fused operator has no division at its end")
        << offsetsPart() << "pytorch-reference"
        << "pytorch" << 68 << "order-of-operations"
        << "they first part at offset";

    layer = identity_layer("halves", 1);
    layer.input.scale = 0.5;
    layer.eps = 0;
    QTest::newRow("a tie goes up or to even") << layer << "exact"
                                              << "fixed-point" << 1 << "tie"
                                              << "half way";
    layer.gamma[0] = 8;
    QTest::newRow("the accumulator is too narrow") << layer << "exact"
                                                   << "fixed-point:30" << 2 << "int32-wrap"
                                                   << "wraps";
    layer.gamma[0] = 0.7;
    QTest::newRow("four fraction bits are too few") << layer << "exact"
                                                    << "fixed-point:4" << 255 << "fraction-bits"
                                                    << "multiplier";
    QTest::newRow("LiteRT's bias is a whole number")
        << *goldenModel(QStringLiteral("forum")).layers[0] << "exact"
        << "litert-xnnpack" << 2110 << "integer-constants"
        << "bias is";
    QTest::newRow("LiteRT rounds twice")
        << *goldenModel(QStringLiteral("forum")).layers[0] << "exact"
        << "litert" << 34 << "double-rounding"
        << "rounds twice";
}

void TestDifference::theCauseIsNamed()
{
    QFETCH(BatchNormLayer, layer);
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(int, code);
    QFETCH(QString, causes);
    QFETCH(QString, inTheSentence);
    const int channel = code < 0 ? 0 : code / 1000;
    const Difference difference
        = explain(qPrintable(first), qPrintable(second), layer, channel, code % 1000);
    const QString sentence = QString::fromStdString(difference.sentence);
    QCOMPARE(causesText(difference), causes);
    QVERIFY2(sentence.contains(inTheSentence), qPrintable(sentence));
}

void TestDifference::conversionsAreTold_data()
{
    QTest::addColumn<QString>("session");
    QTest::addColumn<int>("layer");
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("causes");
    QTest::addColumn<QStringList>("inTheSentence");
    const QString hard = QStringLiteral("hard");
    const auto row = [&](const char* name, int layer, int channel, int code, const char* first,
                         const char* second, const char* causes, const QStringList& texts) {
        QTest::newRow(name) << hard << layer << channel << code << QString::fromLatin1(first)
                            << QString::fromLatin1(second) << QString::fromLatin1(causes) << texts;
    };
    // 5.2e32 does not fit into int64. INT64_MIN is -128 in either lane: zero point 61 is added.
    row("a lane that makes no difference is no cause", 1, 19, -128, "pytorch-nofma", "onnxruntime",
        "conversion",
        {QStringLiteral("to -2^63 (INT64_MIN), as they do not fit into int64, and gives code -128"),
         QStringLiteral("ONNX Runtime clamps steps 5.246144619621158e+32 to code 127")});
    row("exact mathematics clamps what the reference pattern overflows on", 1, 19, -128, "exact",
        "pytorch-reference", "conversion",
        {QStringLiteral("Exact clamps steps 5.24614461124807e+32 to code 127"),
         QStringLiteral(
             "PyTorch reference (Debian) converts steps 5.246144619621158e+32 to -2^63")});
    row("the SIMD lane caps NaN, the scalar lane would not", 1, 2, -128, "pytorch", "pytorch-nofma",
        "lane",
        {QStringLiteral("converts NaN to 2147483520, its cap, comes to 2147483581"),
         QStringLiteral("in its scalar lane PyTorch fused would give code -128 too")});
    row("NumPy's conversion of NaN", 1, 2, -128, "textbook", "pytorch-nofma", "conversion",
        {QStringLiteral("Textbook makes of NaN code 0"),
         QStringLiteral("y: select(is_nan(requantized), 0, to_code(rint(requantized), z_out)) in "
                        "Textbook")});
    row("a multiplier that no integer holds", 9, 1, -42, "exact", "fixed-point", "overflow",
        {QStringLiteral("does not fit into int64 with 4 fraction bits, so M is set to 0"),
         QStringLiteral("Exact makes code 84 of steps 10")});
    row("a multiplier that is no number", 1, 2, -128, "exact", "fixed-point", "overflow",
        {QStringLiteral("has a multiplier of nan, which is no number, so M is set to 0")});
}

void TestDifference::conversionsAreTold()
{
    QFETCH(QString, session);
    QFETCH(int, layer);
    QFETCH(int, channel);
    QFETCH(int, code);
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(QString, causes);
    QFETCH(QStringList, inTheSentence);
    const Model model = goldenModel(session);
    const Difference difference
        = explain(qPrintable(first), qPrintable(second),
                  *model.layers[static_cast<std::size_t>(layer)], channel, code);
    QCOMPARE(causesText(difference), causes);
    for (const QString& part : inTheSentence)
        QVERIFY2(QString::fromStdString(difference.sentence).contains(part),
                 difference.sentence.c_str());
}

void TestDifference::bothSidesHaveAWholeClause()
{
    // The one that does not fuse comes first. The two differ in nothing else.
    const BatchNormLayer layer = nearLayer(
        {quint8_type, 0.07616134732961655, 159}, {quint8_type, 0.5312160849571228, 127},
        -0.09046965837478638, 1.3960031270980835, -8.596481323242188, 74.59403228759766);
    const Difference difference = explain("pytorch-nofma", "pytorch", layer, 0, 198);
    QCOMPARE(causesText(difference), QStringLiteral("multiply-add"));
    QVERIFY2(QString::fromStdString(difference.sentence)
                 .startsWith(QStringLiteral(
                     "PyTorch without FMA multiplies and adds with two roundings, PyTorch fused "
                     "multiplies and adds with one rounding (requantized: scaled + fused_beta in "
                     "PyTorch "
                     "without FMA, fma(alpha, centred, fused_beta) in PyTorch fused): steps is ")),
             difference.sentence.c_str());
}

void TestDifference::theOrderOfTheBackendsChangesNoCause()
{
    const std::array ids{"exact",         "textbook",          "pytorch",
                         "pytorch-nofma", "pytorch-reference", "onnxruntime",
                         "fixed-point",   "fixed-point:8"};
    std::vector<BatchNormLayer> layers{pytorchDeviates(), offsetsPart(), shiftsPart()};
    for (const auto& layer : goldenModel(QStringLiteral("hard")).layers)
        layers.push_back(*layer);
    int differing = 0;
    for (const BatchNormLayer& layer : layers) {
        for (int channel = 0; channel < layer.channels(); channel += 3) {
            for (std::int32_t code = layer.input.type.qmin(); code <= layer.input.type.qmax();
                 code += 11) {
                for (std::size_t i = 0; i < ids.size(); ++i) {
                    const std::size_t k = (i + 1 + static_cast<std::size_t>(code & 3)) % ids.size();
                    const Difference there = explain(ids[i], ids[k], layer, channel, code);
                    const Difference back = explain(ids[k], ids[i], layer, channel, code);
                    QCOMPARE(causesText(there), causesText(back));
                    differing += there.causes.empty() ? 0 : 1;
                }
            }
        }
    }
    QVERIFY(differing > 1000);
}

void TestDifference::infinityPlusTheZeroPointIsInfinity()
{
    const Model model = goldenModel(QStringLiteral("hard"));
    const Difference difference = explain("onnxruntime", "textbook", *model.layers[21], 12, 54);
    const ComparedStep sum = stepOf(difference, "sum");
    QVERIFY(sum.first && sum.second);
    QVERIFY(std::isinf(sum.first->value));
    QVERIFY(std::isinf(sum.second->value));
    QVERIFY(!sum.ulp);
}

/// Worked in Python with decimals of 60 digits, each rounding to binary32 by fractions.
void TestDifference::decisiveRoundingsAreThoseWithoutWhichTheCodeIsExact_data()
{
    QTest::addColumn<BatchNormLayer>("layer");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("sets");
    QTest::addColumn<QString>("says");
    QTest::newRow("either of two") << pytorchDeviates() << 27 << "offset|fused_beta"
                                   << "without the rounding of offset or fused_beta (one "
                                      "of them is enough) PyTorch fused would give code -91 too";
    QTest::newRow("no single one")
        << nearLayer({quint8_type, 0.06365778297185898, 190},
                     {quint8_type, 0.07352714240550995, 65}, -0.8841568827629089, 62.47026824951172,
                     12.88451862335205, 22.622169494628906)
        << 69 << "var + eps & std_dev|inv_std & offset|scaled_mean & offset"
        << "no single rounding decides: without those of var + eps and std_dev together PyTorch "
           "fused would give code 222 too";
    QTest::newRow("none, where the codes are the same") << offsetsPart() << 68 << ""
                                                        << "";
}

void TestDifference::decisiveRoundingsAreThoseWithoutWhichTheCodeIsExact()
{
    QFETCH(BatchNormLayer, layer);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Difference difference = explain("exact", "pytorch", layer, 0, code);
    QStringList sets;
    for (const RoundingSet& set : difference.decisive) {
        QStringList names;
        for (const std::string& name : set)
            names << text(name);
        sets << names.join(QStringLiteral(" & "));
    }
    QTEST(sets.join(u'|'), "sets");
    QVERIFY2(QString::fromStdString(difference.sentence).endsWith(says),
             difference.sentence.c_str());
}

void TestDifference::roundingsAreNamedWhereOneSideDeparts()
{
    const BatchNormLayer layer = pytorchDeviates();
    QVERIFY(!explain("fixed-point:24:int64", "pytorch", layer, 0, 27).decisive.empty());
    QVERIFY(!explain("pytorch", "textbook", layer, 0, 27).decisive.empty());
    QVERIFY(explain("pytorch", "onnxruntime", layer, 0, 27).decisive.empty());
}

void TestDifference::sameCodesHaveNoCause()
{
    const Model model = goldenModel(QStringLiteral("forum"));
    const Difference difference = explain("pytorch", "pytorch-reference", *model.layers[0], 0, 38);
    QVERIFY(difference.causes.empty());
    QVERIFY(difference.first_differing.has_value());
    const QString sentence = QString::fromStdString(difference.sentence);
    QVERIFY2(sentence.startsWith(QStringLiteral("both give code 52; they first part at offset")),
             qPrintable(sentence));
    QVERIFY(!explain("pytorch", "pytorch", *model.layers[0], 0, 38).first_differing);
}

void TestDifference::stepsStandSideBySide()
{
    const Model model = goldenModel(QStringLiteral("forum"));
    const Difference difference = explain("pytorch", "onnxruntime", *model.layers[0], 0, 38);
    QStringList names;
    for (const ComparedStep& step : difference.steps)
        names << text(step.name) + QLatin1String(step.first ? "1" : "")
                + QLatin1String(step.second ? "2" : "");
    QCOMPARE(
        names.join(u' '),
        QStringLiteral("std_dev12 inv_std12 gain12 alpha1 scaled_mean1 shift12 offset12 "
                       "fused_beta1 centred1 dequantized2 product2 affine2 requantized12 rounded12 "
                       "sum12 output_code12"));
}

void TestDifference::distancesAreInUlp()
{
    // shift is 235.57443237304688 and 235.5744171142578: binary32 has 2^-16 there, one ulp.
    const Model model = goldenModel(QStringLiteral("forum"));
    const Difference difference = explain("pytorch", "onnxruntime", *model.layers[0], 0, 38);
    QCOMPARE(stepOf(difference, "shift").ulp, std::optional(-1.0));
    QCOMPARE(stepOf(difference, "gain").ulp, std::optional(0.0));
    const ComparedStep alpha = stepOf(difference, "alpha");
    QVERIFY(alpha.first && !alpha.second);
    QVERIFY(!alpha.ulp);
    QCOMPARE(text(difference.steps[*difference.first_differing].name), QStringLiteral("shift"));
}

void TestDifference::everyDifferenceOfTheGoldenLayersHasACause()
{
    const std::array ids{"pytorch-nofma", "pytorch-reference", "onnxruntime"};
    int wild = 0;
    int fused = 0;
    int all = 0;
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            for (int channel = 0; channel < layer->channels(); ++channel) {
                const auto first = codes(*find_backend("pytorch"), *layer, channel);
                for (const char* other : ids) {
                    const auto second = codes(*find_backend(other), *layer, channel);
                    for (std::size_t i = 0; i < first.size(); ++i) {
                        if (first[i] == second[i])
                            continue;
                        const auto code = layer->input.type.qmin() + static_cast<std::int32_t>(i);
                        const Difference difference
                            = explain("pytorch", other, *layer, channel, code);
                        checkCauses(difference, first[i], second[i]);
                        if (QTest::currentTestFailed())
                            return;
                        ++all;
                        wild += isWild(difference.first_trace) ? 1 : 0;
                        fused += difference.causes == std::vector{Cause::multiply_add} ? 1 : 0;
                    }
                }
            }
        }
    }
    QVERIFY(wild > 1000);
    QVERIFY(fused > 10);
    QVERIFY(all > wild + fused);
}

/// The causes are of the kind that the steps leave open, and the sentence tells of both codes.
void TestDifference::checkCauses(const Difference& difference, std::int32_t first,
                                 std::int32_t second)
{
    const char* const sentence = difference.sentence.c_str();
    QCOMPARE(difference.first_trace.result.output_code, first);
    QCOMPARE(difference.second_trace.result.output_code, second);
    QVERIFY2(!difference.causes.empty(), sentence);
    QVERIFY2(difference.first_differing.has_value(), sentence);
    const bool wild = isWild(difference.first_trace) || isWild(difference.second_trace);
    const bool alike = difference.second->id == "pytorch-nofma"; // but for the multiply-add
    for (const Cause cause : difference.causes) {
        const bool rounding
            = isIn({Cause::multiply_add, Cause::order_of_operations, Cause::tie}, cause);
        const bool conversion = isIn(
            {Cause::lane, Cause::conversion, Cause::overflow, Cause::int32_wrap, Cause::int64_wrap},
            cause);
        QVERIFY2(wild ? conversion : rounding, sentence);
        QVERIFY2(!alike || cause != Cause::order_of_operations, sentence);
    }
    for (const std::int32_t code : {first, second}) {
        const std::string digits = std::to_string(code);
        QVERIFY2(difference.sentence.find(digits) != std::string::npos, sentence);
    }
}

namespace {

/// The code of one formula with statements of another, or with its own multiply-adds fused or unfused.
std::int32_t codeWith(const Backend& own, const Backend& other,
                      const std::vector<ExchangedStatement>& statements,
                      const BatchNormLayer& layer, int channel, std::int32_t code)
{
    using Kind = formula::Exchange::Kind;
    const auto instructions = own.program->instructions();
    const bool fused
        = std::any_of(instructions.begin(), instructions.end(), [](const auto& instruction) {
              return instruction.op == formula::Op::fma && instruction.per_code;
          });
    std::vector<formula::Exchange> exchanges;
    for (const ExchangedStatement& statement : statements) {
        if (statement.causes == std::vector{Cause::multiply_add})
            exchanges.push_back({.kind = fused ? Kind::unfuse : Kind::fuse});
        else
            exchanges.push_back({.kind = Kind::statement, .name = statement.first_name});
    }
    formula::BoundFormula bound(formula::mixed(own.program, other.program, exchanges), layer);
    bound.run(channel);
    return bound.code(static_cast<std::size_t>(code - layer.input.type.qmin()));
}

} // namespace

/// The two differ in three statements. Those that are named carry either to the other's code, and none of them can be spared.
void TestDifference::carryingTheCauseOverGivesTheOtherCode()
{
    std::set<std::vector<Cause>> found;
    const Backend& reference = *find_backend("pytorch-reference");
    const Backend& onnxruntime = *find_backend("onnxruntime");
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            for (int channel = 0; channel < layer->channels(); ++channel) {
                const auto first = codes(reference, *layer, channel);
                const auto second = codes(onnxruntime, *layer, channel);
                for (std::size_t i = 0; i < first.size(); ++i) {
                    const auto code = layer->input.type.qmin() + static_cast<std::int32_t>(i);
                    if (first[i] == second[i])
                        continue;
                    const Difference difference
                        = explain_difference(reference, onnxruntime, *layer, channel, code);
                    if (isWild(difference.first_trace) || isWild(difference.second_trace))
                        continue;
                    const auto follow = [&](const std::vector<ExchangedStatement>& statements) {
                        return codeWith(reference, onnxruntime, statements, *layer, channel, code)
                            == second[i]
                            || codeWith(onnxruntime, reference, statements, *layer, channel, code)
                            == first[i];
                    };
                    const char* const sentence = difference.sentence.c_str();
                    QVERIFY2(!difference.exchanged.empty(), sentence);
                    QVERIFY2(follow(difference.exchanged), sentence);
                    for (std::size_t spared = 0; spared < difference.exchanged.size(); ++spared) {
                        auto fewer = difference.exchanged;
                        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(spared));
                        QVERIFY2(!follow(fewer), sentence);
                    }
                    std::vector<Cause> causes = difference.causes;
                    std::erase(causes, Cause::tie);
                    found.insert(causes);
                }
            }
        }
    }
    QVERIFY(found.contains({Cause::multiply_add}));
    QVERIFY(!allGoldenSessions || found.size() > 1);
}

/// Any two backends, on codes of every layer: a cause, and a sentence that has a statement of each.
void TestDifference::everyPairHasACauseInItsOwnWords()
{
    std::vector<const Backend*> backends;
    for (const Backend& backend : all_backends())
        backends.push_back(&backend);
    int all = 0;
    int told = 0;
    int exchanged = 0;
    std::map<QString, int> causes;
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            for (int channel = 0; channel < layer->channels(); channel += 20) {
                std::vector<std::vector<std::int32_t>> table;
                for (const Backend* backend : backends)
                    table.push_back(codes(*backend, *layer, channel));
                for (std::size_t a = 0; a < backends.size(); ++a) {
                    for (std::size_t b = a + 1; b < backends.size(); ++b) {
                        // The first and another one: most channels differ on a single code or on nearly all.
                        const auto parted
                            = std::mismatch(table[a].begin(), table[a].end(), table[b].begin());
                        if (parted.first == table[a].end())
                            continue;
                        const auto code = layer->input.type.qmin()
                            + static_cast<std::int32_t>(parted.first - table[a].begin());
                        const Difference difference
                            = explain_difference(*backends[a], *backends[b], *layer, channel, code);
                        ++all;
                        exchanged += difference.exchanged.empty() ? 0 : 1;
                        const bool is_told = namesAStatementOf(difference.first_trace, *backends[a],
                                                               difference.sentence)
                            && namesAStatementOf(difference.second_trace, *backends[b],
                                                 difference.sentence)
                            && !difference.causes.empty();
                        told += is_told ? 1 : 0;
                        ++causes[causesText(difference)];
                        if (!is_told && all - told < 10)
                            qInfo("%s", difference.sentence.c_str());
                    }
                }
            }
        }
    }
    qInfo(
        "%d of %d differences of all pairs are told in statements of both, %d of them by exchange",
        told, all, exchanged);
    for (const auto& [name, count] : causes)
        qInfo("%7d %s", count, qPrintable(name));
    QVERIFY(all > (allGoldenSessions ? 2000 : 500));
    QVERIFY(told >= all / 100 * 99);
}

void TestDifference::aFormulaOfTheUserIsToldApart_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("causes");
    QTest::addColumn<QString>("says");
    QTest::newRow("a reciprocal") << "rectified / s_out"
                                  << "rectified * (1 / s_out)"
                                  << "reciprocal"
                                  << "requantized: rectified / s_out in ONNX Runtime, rectified * "
                                     "(1 / s_out) in Mine";
    QTest::newRow("a fused multiply-add")
        << "product + offset"
        << "fma(dequantized, gain, offset)"
        << "multiply-add"
        << "affine: product + offset in ONNX Runtime, fma(dequantized, gain, offset) in Mine";
    QTest::newRow("a fused offset") << "beta - shift"
                                    << "fma(-mean, gain, beta)"
                                    << "offset-multiply-add"
                                    << "offset: beta - shift in ONNX Runtime, fma(-mean, gain, "
                                       "beta) in Mine";
    QTest::newRow("one step in binary64") << "product + offset"
                                          << "f32(f64(dequantized) * f64(gain) + f64(offset))"
                                          << "precision"
                                          << "affine: product + offset in ONNX Runtime, f32(f64(";
    QTest::newRow("halves away from zero") << "rint(requantized)"
                                           << "round_away(requantized)"
                                           << "tie"
                                           << "rounds halves to even, Mine rounds them away";
}

/// ONNX Runtime's formula with one change, on a code where it decides.
void TestDifference::aFormulaOfTheUserIsToldApart()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    const Backend& original = *find_backend("onnxruntime");
    QString text = QString::fromStdString(original.program->text());
    text.replace(QStringLiteral("title   ONNX Runtime"), QStringLiteral("title   Mine"));
    QVERIFY(text.contains(from));
    text.replace(from, to);
    const auto mine = add_backend("told-apart", text.toStdString());
    QVERIFY2(mine, mine ? "" : mine.error().message.c_str());
    std::vector<std::shared_ptr<const BatchNormLayer>> layers{manyChannels()};
    for (const QString& session : goldenSessions()) {
        const Model model = goldenModel(session);
        layers.insert(layers.end(), model.layers.begin(), model.layers.end());
    }
    int told = 0;
    for (const auto& layer : layers) {
        {
            for (int channel = 0; channel < layer->channels() && told < 20; ++channel) {
                const auto first = codes(original, *layer, channel);
                const auto second = codes(**mine, *layer, channel);
                for (std::size_t i = 0; i < first.size(); ++i) {
                    const auto code = layer->input.type.qmin() + static_cast<std::int32_t>(i);
                    if (first[i] == second[i])
                        continue;
                    const Difference difference
                        = explain_difference(original, **mine, *layer, channel, code);
                    if (isWild(difference.first_trace))
                        continue;
                    QFETCH(QString, says);
                    QFETCH(QString, causes);
                    QString found = causesText(difference);
                    if (causes != QLatin1String("tie"))
                        found.remove(
                            QStringLiteral(" tie")); // an exact tie may be one of its causes
                    QVERIFY2(found == causes, difference.sentence.c_str());
                    QVERIFY2(QString::fromStdString(difference.sentence).contains(says),
                             difference.sentence.c_str());
                    ++told;
                }
            }
        }
    }
    QVERIFY(told > 0);
}

QBN_TEST(TestDifference)
#include "tst_difference.moc"
