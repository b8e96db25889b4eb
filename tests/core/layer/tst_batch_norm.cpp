#include "core/evaluate/experiment.h"
#include "core/layer/batch_norm.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qbn;

class TestBatchNorm : public QObject
{
    Q_OBJECT

private slots:
    void aSetValueIsReadBackAndMarkedAsTyped_data();
    void aSetValueIsReadBackAndMarkedAsTyped();
    void aZeroPointIsKeptInInt32_data();
    void aZeroPointIsKeptInInt32();
    void aTypeIsItsBitsAndNegativeIfSigned();
    void layersAreEqualBitForBit();
    void modelsCompareTheirLayers();
    void selectionsAreClampedToWhatExists();
};

void TestBatchNorm::aSetValueIsReadBackAndMarkedAsTyped_data()
{
    QTest::addColumn<int>("field");
    for (const Field field : all_fields) {
        if (field == Field::relu)
            continue;
        QTest::newRow(std::string(name_of(field)).c_str()) << static_cast<int>(field);
    }
}

void TestBatchNorm::aSetValueIsReadBackAndMarkedAsTyped()
{
    QFETCH(int, field);
    const auto which = static_cast<Field>(field);
    BatchNormLayer layer = identity_layer("a", 3);
    set_value(layer, which, 1, 7);
    QCOMPARE(value_of(layer, which, 1), 7.0);
    QCOMPARE(layer.provenance.of(which, 1).origin, Origin::typed);
    if (is_per_channel(which)) {
        QVERIFY(value_of(layer, which, 2) != 7.0);
        QCOMPARE(layer.provenance.of(which, 2).origin, Origin::unknown);
    }
}

void TestBatchNorm::aZeroPointIsKeptInInt32_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("zeroPoint");
    QTest::newRow("outside of the code's range stays") << 300.0 << 300;
    QTest::newRow("a fraction is rounded") << 12.6 << 13;
    QTest::newRow("too large") << 1e30 << std::numeric_limits<int>::max();
    QTest::newRow("minus infinity") << -HUGE_VAL << std::numeric_limits<int>::min();
    QTest::newRow("not a number") << std::nan("") << 0;
}

void TestBatchNorm::aZeroPointIsKeptInInt32()
{
    QFETCH(double, value);
    BatchNormLayer layer = identity_layer("a", 1);
    set_value(layer, Field::output_zero_point, 0, value);
    QTEST(layer.output.zero_point, "zeroPoint");
}

void TestBatchNorm::aTypeIsItsBitsAndNegativeIfSigned()
{
    BatchNormLayer layer = identity_layer("a", 1);
    set_value(layer, Field::input_type, 0, -8);
    QVERIFY(layer.input.type == qint8_type);
    QCOMPARE(value_of(layer, Field::input_type, 0), -8.0);
    set_value(layer, Field::output_type, 0, 4);
    QVERIFY((layer.output.type == CodeType{.is_signed = false, .bits = 4}));
}

void TestBatchNorm::layersAreEqualBitForBit()
{
    BatchNormLayer a = identity_layer("a", 2);
    BatchNormLayer b = a;
    a.var[1] = b.var[1] = std::nan("");
    QVERIFY(a == b);
    b.beta[0] = -0.0;
    QVERIFY(!(a == b));
    b = a;
    b.provenance.set(Field::eps, {Origin::typed, {}});
    QVERIFY(!(a == b));
    QVERIFY(!(identity_layer("a", 2) == identity_layer("a", 3)));
}

void TestBatchNorm::modelsCompareTheirLayers()
{
    const Experiment a = example_experiment();
    Experiment b = example_experiment(); // other pointers, the same layers
    QVERIFY(a == b);
    BatchNormLayer layer = *b.model.layers.front();
    layer.eps = 1e-3;
    b.model.layers.front() = std::make_shared<const BatchNormLayer>(layer);
    QVERIFY(!(a == b));
}

void TestBatchNorm::selectionsAreClampedToWhatExists()
{
    const Experiment experiment = example_experiment();
    QVERIFY((clamped({5, 9, 300}, experiment) == Selection{0, 2, 255}));
    QVERIFY((clamped({-1, -1, -1}, experiment) == Selection{0, 0, 0}));
}

QBN_TEST(TestBatchNorm)
#include "tst_batch_norm.moc"
