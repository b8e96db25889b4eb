#include "core/arithmetic/exact.h"
#include "core/evaluate/experiment.h"
#include "core/evaluate/wanted_code.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;

namespace {

BatchNormLayer withValue(BatchNormLayer layer, Field field, int channel, double value)
{
    (field == Field::gamma ? layer.gamma : layer.beta)[static_cast<std::size_t>(channel)] = value;
    return layer;
}

} // namespace

class TestWantedCode : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeIsReachedOrRefused_data();
    void everyCodeIsReachedOrRefused();
    void itLiesInTheMiddleOfTheCode_data() { everyCodeIsReachedOrRefused_data(); }
    void itLiesInTheMiddleOfTheCode();
    void itHasFewDigits_data();
    void itHasFewDigits();
    void aNarrowCodeIsReachedOrRefused();
    void whatItGivesAlreadyStays();
    void noValueLiesBehindARelu();
    void gammaMovesNothingOnTheMean();
    void anOutputScaleBelowZeroTurnsTheWay();
};

void TestWantedCode::everyCodeIsReachedOrRefused_data()
{
    QTest::addColumn<QString>("backend");
    QTest::addColumn<bool>("isGamma");
    for (const char* const backend :
         {"exact", "textbook", "pytorch", "pytorch-reference", "onnxruntime", "openvino"})
        for (const bool isGamma : {true, false})
            QTest::addRow("%s by %s", backend, isGamma ? "gamma" : "beta")
                << QString::fromLatin1(backend) << isGamma;
}

void TestWantedCode::everyCodeIsReachedOrRefused()
{
    QFETCH(QString, backend);
    QFETCH(bool, isGamma);
    const Field field = isGamma ? Field::gamma : Field::beta;
    const Backend& by = *find_backend(backend.toStdString());
    const Experiment example = example_experiment();
    const BatchNormLayer& layer = *example.model.layers.front();
    for (std::int32_t wanted = 0; wanted <= 255; ++wanted) {
        const auto value = value_giving(by, layer, 0, field, 38, wanted);
        QVERIFY2(value, qPrintable(QString::number(wanted)));
        QCOMPARE(codes(by, withValue(layer, field, 0, *value), 0)[38], wanted);
    }
}

/// Where all sound backends agree.
void TestWantedCode::itLiesInTheMiddleOfTheCode()
{
    QFETCH(QString, backend);
    QFETCH(bool, isGamma);
    const Field field = isGamma ? Field::gamma : Field::beta;
    const Backend& by = *find_backend(backend.toStdString());
    const Experiment example = example_experiment();
    const BatchNormLayer& layer = *example.model.layers.front();
    for (std::int32_t wanted = 0; wanted <= 255; ++wanted) {
        if (wanted == 52) // as it is
            continue;
        const double value = *value_giving(by, layer, 0, field, 38, wanted);
        const double beforeRounding
            = ExactChannel(withValue(layer, field, 0, value), 0).stages(38).requantized;
        QVERIFY2(std::abs(beforeRounding - wanted) < 0.26, qPrintable(QString::number(wanted)));
    }
}

void TestWantedCode::itHasFewDigits_data()
{
    QTest::addColumn<bool>("isGamma");
    QTest::addColumn<int>("wanted");
    QTest::addColumn<double>("value");
    // In 72.5 / 110.887 * 117.5 and the like; the scale is 5.28.
    QTest::newRow("gamma for the zero point is 0") << true << 73 << 0.0;
    QTest::newRow("gamma for the next code") << true << 51 << 123.0;
    QTest::newRow("beta for the next code") << false << 53 << 5.0;
    QTest::newRow("beta for a code far away") << false << 200 << 782.0;
}

void TestWantedCode::itHasFewDigits()
{
    QFETCH(bool, isGamma);
    QFETCH(int, wanted);
    const Experiment example = example_experiment();
    const BatchNormLayer& layer = *example.model.layers.front();
    QTEST(value_giving(*find_backend("pytorch"), layer, 0, isGamma ? Field::gamma : Field::beta, 38,
                       wanted)
              .value(),
          "value");
}

/// A code that is two or three steps of binary32 broad, beside such that are jumped over.
void TestWantedCode::aNarrowCodeIsReachedOrRefused()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.output.scale = 1e-6;
    layer.beta[0] = 1 + value_of(layer, Field::gamma, 0);
    const Backend& by = *find_backend("pytorch");
    int reached = 0;
    for (std::int32_t wanted = 0; wanted <= 255; ++wanted) {
        const auto value = value_giving(by, layer, 0, Field::gamma, 38, wanted);
        if (!value)
            continue;
        ++reached;
        QCOMPARE(codes(by, withValue(layer, Field::gamma, 0, *value), 0)[38], wanted);
    }
    QVERIFY2(reached > 2 && reached < 256, qPrintable(QString::number(reached)));
}

void TestWantedCode::whatItGivesAlreadyStays()
{
    const Experiment example = example_experiment();
    const BatchNormLayer& layer = *example.model.layers.front();
    QCOMPARE(value_giving(*find_backend("pytorch"), layer, 0, Field::gamma, 38, 52), 117.5);
}

void TestWantedCode::noValueLiesBehindARelu()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.relu = true;
    const Backend& by = *find_backend("pytorch");
    QVERIFY(!value_giving(by, layer, 0, Field::beta, 38, 72));
    QVERIFY(value_giving(by, layer, 0, Field::beta, 38, 74));
}

void TestWantedCode::gammaMovesNothingOnTheMean()
{
    BatchNormLayer layer = identity_layer("", 1);
    layer.input.scale = 1;
    layer.output.scale = 1;
    layer.mean[0] = 38;
    const Backend& by = *find_backend("exact");
    QVERIFY(!value_giving(by, layer, 0, Field::gamma, 38, 5));
    QCOMPARE(value_giving(by, layer, 0, Field::beta, 38, 1), 1);
}

void TestWantedCode::anOutputScaleBelowZeroTurnsTheWay()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.output.scale = -layer.output.scale;
    const Backend& by = *find_backend("exact");
    const auto value = value_giving(by, layer, 0, Field::beta, 38, 60);
    QVERIFY(value);
    QCOMPARE(codes(by, withValue(layer, Field::beta, 0, *value), 0)[38], 60);
}

QBN_TEST(TestWantedCode)
#include "tst_wanted_code.moc"
