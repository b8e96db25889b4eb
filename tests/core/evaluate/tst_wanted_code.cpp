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
    void nothingNearerDoes();
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

/// One step of binary32 back to the present value gives another code.
void TestWantedCode::nothingNearerDoes()
{
    const Experiment example = example_experiment();
    const BatchNormLayer& layer = *example.model.layers.front();
    for (const char* const id : {"exact", "pytorch", "onnxruntime"}) {
        const Backend& by = *find_backend(id);
        for (const Field field : {Field::gamma, Field::beta}) {
            const double present = value_of(layer, field, 0);
            for (std::int32_t wanted = 0; wanted <= 255; wanted += 3) {
                const double value = *value_giving(by, layer, 0, field, 38, wanted);
                if (value == present)
                    continue;
                const double nearer = by.is_exact()
                    ? std::nextafter(value, present)
                    : std::nextafter(static_cast<float>(value), static_cast<float>(present));
                QVERIFY(codes(by, withValue(layer, field, 0, nearer), 0)[38] != wanted
                        || std::abs(nearer - present) >= std::abs(value - present));
            }
        }
    }
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
    QCOMPARE(value_giving(by, layer, 0, Field::beta, 38, 1), std::nextafter(0.5, 1.0));
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
