#include "core/difference.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
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
        << "onnxruntime" << 8000 << "int32-wrap"
        << "scalar lane";

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
    const int channel = code / 1000;
    const Difference difference
        = explain(qPrintable(first), qPrintable(second), layer, channel, code % 1000);
    const QString sentence = QString::fromStdString(difference.sentence);
    QCOMPARE(causesText(difference), causes);
    QVERIFY2(sentence.contains(inTheSentence), qPrintable(sentence));
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
