#include "core/evaluate/stage.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

class TestStage : public QObject
{
    Q_OBJECT

private slots:
    void whatNobodyGaveOfALayerIsNamed_data();
    void whatNobodyGaveOfALayerIsNamed();
};

namespace {

const Provenance file{.origin = Origin::file, .note = {}};
const Provenance nobody{.origin = Origin::unknown, .note = {}};

BatchNormLayer knownLayer()
{
    BatchNormLayer layer = identity_layer("layer", 3);
    layer.provenance.set_all(file);
    return layer;
}

} // namespace

void TestStage::whatNobodyGaveOfALayerIsNamed_data()
{
    QTest::addColumn<BatchNormLayer>("layer");
    QTest::addColumn<QString>("names");

    BatchNormLayer layer = knownLayer();
    QTest::newRow("all are from a file") << layer << QString();
    layer.provenance.set(Field::eps, nobody);
    QTest::newRow("eps") << layer << QStringLiteral("eps");
    layer = knownLayer();
    layer.provenance.set_channel(Field::beta, 2, nobody);
    QTest::newRow("beta of the last channel alone") << layer << QStringLiteral("beta");
    layer = knownLayer();
    layer.provenance.set(Field::gamma, nobody);
    layer.provenance.set_channel(Field::gamma, 0, file);
    QTest::newRow("gamma of all channels but one") << layer << QStringLiteral("gamma");
    for (const int channel : {1, 2})
        layer.provenance.set_channel(Field::gamma, channel, file);
    QTest::newRow("gamma of no channel, as each was given by itself") << layer << QString();
    layer.provenance.set(Field::output_scale, nobody);
    layer.provenance.set(Field::mean, nobody);
    QTest::newRow("two, in the order of the formula")
        << layer << QStringLiteral("mean and output scale");
}

void TestStage::whatNobodyGaveOfALayerIsNamed()
{
    QFETCH(BatchNormLayer, layer);
    const std::vector<Field> unknown = unknown_fields(layer);
    QTEST(QString::fromStdString(joined_names(unknown)), "names");
    bool inAChannel = false;
    for (int channel = 0; channel < layer.channels(); ++channel)
        inAChannel |= !unknown_fields(layer, channel).empty();
    QCOMPARE(!unknown.empty(), inAChannel);
}

QBN_TEST(TestStage)
#include "tst_stage.moc"
