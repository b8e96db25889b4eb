#include "core/compare/difference.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <array>
#include <cmath>

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
         QStringLiteral("PyTorch reference converts steps 5.246144619621158e+32 to -2^63")});
    row("the SIMD lane caps NaN, the scalar lane would not", 1, 2, -128, "pytorch", "pytorch-nofma",
        "lane",
        {QStringLiteral("converts NaN to 2147483520, its cap, comes to 2147483581"),
         QStringLiteral("in its scalar lane PyTorch fused would give code -128 too")});
    row("NumPy's conversion of NaN", 1, 2, -128, "textbook", "pytorch-nofma", "conversion",
        {QStringLiteral("Textbook clips NaN, which stays NaN, and converts it to code 0")});
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
                     "PyTorch, no FMA multiplies and adds with two roundings, PyTorch fused "
                     "multiplies and adds with one rounding: steps is ")),
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
    for (const ComparedStep& step : difference.steps) {
        if (step.name != "sum")
            continue;
        QVERIFY(std::isinf(step.first->value) && std::isinf(step.second->value));
    }
}

/// Worked in Python with decimals of 60 digits, each rounding to binary32 by fractions.
void TestDifference::decisiveRoundingsAreThoseWithoutWhichTheCodeIsExact_data()
{
    QTest::addColumn<BatchNormLayer>("layer");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("sets");
    QTest::addColumn<QString>("says");
    QTest::newRow("either of two")
        << pytorchDeviates() << 27 << "offset|fused_beta"
        << "without the rounding of offset or fused_beta to binary32 (one "
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
        for (const std::string_view name : set)
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
    QCOMPARE(names.join(u' '),
             QStringLiteral("std_dev12 inv_std12 gain12 alpha1 scaled_mean1 shift12 offset12 "
                            "fused_beta1 centred1 dequantized2 product2 affine2 steps12 rounded12 "
                            "sum12 output_code12"));
}

void TestDifference::distancesAreInUlp()
{
    // shift is 235.57443237304688 and 235.5744171142578: binary32 has 2^-16 there, one ulp.
    const Model model = goldenModel(QStringLiteral("forum"));
    const Difference difference = explain("pytorch", "onnxruntime", *model.layers[0], 0, 38);
    for (const ComparedStep& step : difference.steps) {
        if (step.name == "shift")
            QVERIFY(step.ulp == -1.0);
        if (step.name == "gain")
            QVERIFY(step.ulp == 0.0);
        if (step.name == "alpha")
            QVERIFY(!step.ulp);
    }
    QCOMPARE(text(difference.steps[*difference.first_differing].name), QStringLiteral("shift"));
}

void TestDifference::everyDifferenceOfTheGoldenLayersHasACause()
{
    const std::array ids{"pytorch", "pytorch-nofma", "pytorch-reference", "onnxruntime"};
    int explained = 0;
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers) {
            for (int channel = 0; channel < layer->channels(); ++channel) {
                for (const char* other : ids) {
                    const auto first = codes(*find_backend("pytorch"), *layer, channel);
                    const auto second = codes(*find_backend(other), *layer, channel);
                    for (std::size_t i = 0; i < first.size(); ++i) {
                        if (first[i] == second[i])
                            continue;
                        const auto code = layer->input.type.qmin() + static_cast<std::int32_t>(i);
                        const Difference difference
                            = explain("pytorch", other, *layer, channel, code);
                        QVERIFY(!difference.causes.empty());
                        QVERIFY(difference.first_differing.has_value());
                        QVERIFY(!difference.sentence.empty());
                        ++explained;
                    }
                }
            }
        }
    }
    QVERIFY(explained > 1000);
}

/// multiply_add is the one choice between these two, and only where steps is sane.
void TestDifference::carryingTheCauseOverGivesTheOtherCode()
{
    const Model model = goldenModel(QStringLiteral("hard"));
    int rounding = 0;
    for (const auto& layer : model.layers) {
        for (int channel = 0; channel < layer->channels(); ++channel) {
            for (std::int32_t code = layer->input.type.qmin(); code <= layer->input.type.qmax();
                 ++code) {
                const Difference difference
                    = explain("pytorch-reference", "onnxruntime", *layer, channel, code);
                const bool wild = !(std::abs(difference.first_trace.result.steps) < 0x1p30)
                    || !(std::abs(difference.second_trace.result.steps) < 0x1p30);
                if (difference.causes.empty() || wild)
                    continue;
                ++rounding;
                for (const Cause cause : difference.causes) {
                    QVERIFY2(cause == Cause::multiply_add || cause == Cause::offset_multiply_add
                                 || cause == Cause::reciprocal || cause == Cause::tie,
                             difference.sentence.c_str());
                }
            }
        }
    }
    QVERIFY(rounding > 0);
}

QBN_TEST(TestDifference)
#include "tst_difference.moc"
