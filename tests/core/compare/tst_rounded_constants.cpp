#include "core/compare/difference.h"
#include "core/compare/rounded_constants.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace qbn;
using namespace qbn::test;

class TestRoundedConstants : public QObject
{
    Q_OBJECT

private slots:
    void aWeightAloneDecides();
    void twoDecideTogether();
    void whatRoundsNothingDecidesNothing();
    void liteRTPartsByItsConstantsOrRoundsTwice_data();
    void liteRTPartsByItsConstantsOrRoundsTwice();
};

namespace {

Backend whole(const char* bias)
{
    Backend backend{.id = "whole", .title = "Whole"};
    backend.program = *formula::compile(
        std::string("channel\n  weight = to_int64_x86(gamma)\n  bias = ") + bias
        + "\ncode\n  acc = (x - z_in) * weight + bias\n  requantized = f64(acc)\n"
          "  y = clamp(acc + z_out, qmin, qmax)\n");
    return backend;
}

BatchNormLayer layerOf(double gamma, double beta)
{
    BatchNormLayer layer = identity_layer("whole", 1);
    layer.eps = 0;
    layer.gamma[0] = gamma;
    layer.beta[0] = beta;
    return layer;
}

} // namespace

void TestRoundedConstants::aWeightAloneDecides()
{
    // 3 * 1.375 = 4.125, which is 4; with weight 1 it is 3, and rounding the weight moves by (1 - 1.375) * 3.
    const Backend backend = whole("to_int64_x86(beta)");
    const auto constants = decisive_constants(backend, layerOf(1.375, 0), 0, 3, 4);
    QCOMPARE(constants.size(), std::size_t(1));
    QCOMPARE(constants[0].name, std::string_view("weight"));
    QCOMPARE(constants[0].whole, 1.0);
    QCOMPARE(constants[0].real, 1.375);
    QCOMPARE(constants[0].steps, -1.125);
}

void TestRoundedConstants::twoDecideTogether()
{
    // 1 * 1.375 + 0.375 = 1.75 is 2; the weight alone leaves 1.375, the bias alone too.
    const Backend backend = whole("to_int64_x86(beta)");
    const auto constants = decisive_constants(backend, layerOf(1.375, 0.375), 0, 1, 2);
    QCOMPARE(constants.size(), std::size_t(2));
    QCOMPARE(constants[0].steps + constants[1].steps, -0.75);
}

void TestRoundedConstants::whatRoundsNothingDecidesNothing()
{
    QVERIFY(decisive_constants(whole("i64(0)"), layerOf(1, 0), 0, 3, 4).empty());
    QVERIFY(decisive_constants(*find_backend("exact"), layerOf(1.375, 0), 0, 3, 4).empty());
    QVERIFY(decisive_constants(*find_backend("pytorch"), layerOf(1.375, 0), 0, 3, 5).empty());
}

void TestRoundedConstants::liteRTPartsByItsConstantsOrRoundsTwice_data()
{
    QTest::addColumn<QString>("backend");
    QTest::addColumn<bool>("roundsTwice");
    QTest::newRow("reference kernels") << "litert" << true;
    QTest::newRow("XNNPACK") << "litert-xnnpack" << false;
}

void TestRoundedConstants::liteRTPartsByItsConstantsOrRoundsTwice()
{
    QFETCH(QString, backend);
    QFETCH(bool, roundsTwice);
    const Backend& litert = *find_backend(backend.toStdString());
    const Backend& exact = *find_backend("exact");
    int differing = 0;
    int explained = 0;
    for (const auto& layer : goldenModel(QStringLiteral("ocr_cls")).layers) {
        for (int channel = 0; channel < layer->channels(); channel += 8) {
            const auto a = codes(exact, *layer, channel);
            const auto b = codes(litert, *layer, channel);
            for (std::size_t i = 0; i < a.size(); ++i) {
                if (a[i] == b[i])
                    continue;
                const auto code = layer->input.type.qmin() + static_cast<std::int32_t>(i);
                const Difference difference
                    = explain_difference(exact, litert, *layer, channel, code);
                ++differing;
                QVERIFY(difference.causes == std::vector{Cause::integer_constants}
                        || difference.causes == std::vector{Cause::double_rounding});
                if (difference.constants.empty())
                    continue;
                ++explained;
                double moved = 0;
                for (const RoundedConstant& constant : difference.constants)
                    moved += constant.steps;
                // Moved back, the steps are those of exact mathematics but for what else rounds.
                const double steps = difference.second_trace.result.steps - moved;
                const double left = std::abs(steps - difference.first_trace.result.steps);
                QVERIFY2(left < 0.02, qPrintable(QString::number(left)));
                QVERIFY(QString::fromStdString(difference.sentence)
                            .contains(QStringLiteral("rounded from")));
            }
        }
    }
    qInfo("%d of %d", explained, differing);
    QVERIFY(differing > 20);
    QVERIFY(explained > 10);
    QCOMPARE(explained < differing, roundsTwice);
}

QBN_TEST(TestRoundedConstants)
#include "tst_rounded_constants.moc"
