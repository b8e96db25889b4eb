#include "core/evaluate/layer_digest.h"

#include "core/evaluate/experiment.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

class TestLayerDigest : public QObject
{
    Q_OBJECT

private slots:
    void countsWhatTheSummaryHas_data();
    void countsWhatTheSummaryHas();
};

void TestLayerDigest::countsWhatTheSummaryHas_data()
{
    QTest::addColumn<QByteArray>("compared");
    QTest::newRow("backends that differ") << QByteArray("pytorch-nofma");
    QTest::newRow("a backend and itself") << QByteArray("pytorch");
}

/// Against counts made code by code.
void TestLayerDigest::countsWhatTheSummaryHas()
{
    QFETCH(QByteArray, compared);
    BatchNormLayer layer = test::partingLayer(3, 2);
    layer.var[1] = -1;
    layer.gamma[0] = 50; // saturates
    const auto shared = std::make_shared<const BatchNormLayer>(layer);
    const auto summary
        = summarize(shared, *find_backend("pytorch"), {find_backend(compared.toStdString())});
    const LayerDigest digest = digest_of(*summary);
    int differing = 0, saturated = 0, channels = 0;
    std::optional<CodePlace> first, last;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const int before = differing;
        for (std::int32_t code = 0; code < 256; ++code) {
            if (summary->difference_at({channel, code}) == 0)
                continue;
            ++differing;
            first = first ? first : CodePlace{channel, code};
            last = CodePlace{channel, code};
        }
        channels += differing > before ? 1 : 0;
        const ChannelSummary& of = *summary->channels[static_cast<std::size_t>(channel)];
        saturated += of.saturated_low + of.saturated_high;
    }
    QCOMPARE(digest.differing, differing);
    QCOMPARE(digest.differing > 0, compared != "pytorch");
    QCOMPARE(digest.differing_channels, channels);
    QCOMPARE(digest.saturated, saturated);
    QVERIFY(saturated > 0);
    QVERIFY(digest.first_difference == first);
    QVERIFY(digest.last_difference == last);
    QCOMPARE(digest.codes(), 3 * 256);
    QVERIFY(digest.errors > 0); // var + eps < 0
}

QBN_TEST(TestLayerDigest)
#include "tst_layer_digest.moc"
