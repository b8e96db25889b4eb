#include "core/formats/session/session_json.h"
#include "core/formats/tensors/layer_finder.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

namespace {

QString originOf(const BatchNormLayer& layer, Field field)
{
    const Provenance& provenance = layer.provenance.of(field);
    const std::string_view name = name_of(provenance.origin);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))
        + QStringLiteral(": ") + QString::fromStdString(provenance.note);
}

BatchNormLayer onlyLayer(const QString& file)
{
    const Model model = modelOf(QStringLiteral("checkpoints/") + file);
    return model.layers.size() == 1 ? *model.layers.front() : BatchNormLayer{};
}

// Storages of zeros, and what of them was asked for.
class RecordedStorages : public StorageSource
{
public:
    std::optional<std::uint64_t> size(const std::string& /*key*/) const override
    {
        return std::uint64_t{1} << 30U;
    }

    Result<QByteArray> read(const std::string& key, std::uint64_t offset,
                            std::uint64_t count) const override
    {
        reads << QStringLiteral("%1 %2 %3").arg(QString::fromStdString(key)).arg(offset).arg(count);
        return QByteArray(static_cast<qsizetype>(count), '\0');
    }

    mutable QStringList reads;
};

NamedTensor floats(const char* name, const char* storage, std::int64_t offset, std::int64_t count)
{
    return {.name = name,
            .shape = {count},
            .strides = {1},
            .offset = offset,
            .element_count = count,
            .storage = storage,
            .scale = {},
            .zero_point = {}};
}

} // namespace

class TestLayerFinder : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsReadButWhatABatchNormNeeds()
    {
        auto storages = std::make_shared<RecordedStorages>();
        const Checkpoint checkpoint(
            {floats("conv.weight", "0", 0, 250'000'000), floats("conv.bias", "1", 0, 64),
             floats("bn.weight", "2", 7, 3), floats("bn.bias", "2", 0, 3),
             floats("bn.running_mean", "3", 100'000'000, 3), floats("bn.running_var", "4", 0, 3),
             floats("bn.num_batches_tracked", "5", 0, 1)},
            storages);
        const auto model = find_layers(checkpoint, "m");
        QVERIFY2(model, qPrintable(messageOf(model)));
        QCOMPARE(storages->reads,
                 (QStringList{QStringLiteral("3 400000000 12"), QStringLiteral("4 0 12"),
                              QStringLiteral("2 28 12"), QStringLiteral("2 0 12")}));
    }

    void valuesThatLieFarApartAreRefused()
    {
        NamedTensor far = floats("bn.running_mean", "0", 0, 2);
        far.strides = {1 << 27};
        const Checkpoint checkpoint({far, floats("bn.running_var", "0", 0, 2)},
                                    std::make_shared<RecordedStorages>());
        QCOMPARE(
            messageOf(find_layers(checkpoint, "m")),
            QStringLiteral("tensor \"bn.running_mean\": its values lie more than 64 MiB apart"));
    }

    void checkpointsGiveTheGoldenLayers_data()
    {
        QTest::addColumn<QString>("checkpoint");
        QTest::addColumn<QString>("session");
        QTest::newRow("the forum's layer") << "BatchNorm_layer.pt"
                                           << "forum.json";
        QTest::newRow("the forum's layer in the old form") << "BatchNorm_layer.legacy.pt"
                                                           << "forum.json";
        QTest::newRow("two converted layers") << "ocr_quantized.pt"
                                              << "ocr_quantized.json";
    }

    void checkpointsGiveTheGoldenLayers()
    {
        QFETCH(QString, checkpoint);
        QFETCH(QString, session);
        const Model found = modelOf(QStringLiteral("checkpoints/") + checkpoint);
        const Model expected = modelOf(QStringLiteral("golden/") + session);
        QVERIFY(!expected.layers.empty());
        QVERIFY(sameNumbers(found, expected));
    }

    void everyValueOfAQuantizedLayerKnowsWhereItCameFrom()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("BatchNorm_layer.pt"));
        QCOMPARE(originOf(layer, Field::mean), QStringLiteral("file: conv1.0.running_mean"));
        QCOMPARE(originOf(layer, Field::var), QStringLiteral("file: conv1.0.running_var"));
        QCOMPARE(originOf(layer, Field::gamma), QStringLiteral("file: conv1.0.weight"));
        QCOMPARE(originOf(layer, Field::beta), QStringLiteral("file: conv1.0.bias"));
        QCOMPARE(originOf(layer, Field::output_scale), QStringLiteral("file: conv1.0.scale"));
        QCOMPARE(originOf(layer, Field::output_zero_point),
                 QStringLiteral("file: conv1.0.zero_point"));
        const QString inferred = QStringLiteral(
            "inferred: output of \"quant\", the entry before; key order suggests it");
        QCOMPARE(originOf(layer, Field::input_scale), inferred);
        QCOMPARE(originOf(layer, Field::input_zero_point), inferred);
        const QString type = QStringLiteral("default: a state_dict does not say the type");
        QCOMPARE(originOf(layer, Field::input_type), type);
        QCOMPARE(originOf(layer, Field::output_type), type);
        QCOMPARE(originOf(layer, Field::eps),
                 QStringLiteral("default: PyTorch's default; a state_dict holds no eps"));
        QCOMPARE(originOf(layer, Field::relu),
                 QStringLiteral("default: a state_dict does not say whether a ReLU is fused"));
    }

    void theLayerBeforeGivesTheInputScale()
    {
        const Model model = modelOf(QStringLiteral("checkpoints/ocr_quantized.pt"));
        QCOMPARE(model.layers.size(), std::size_t{2});
        QVERIFY(model.layers[1]->input == model.layers[0]->output);
        QCOMPARE(originOf(*model.layers[1], Field::input_scale),
                 QStringLiteral(
                     "inferred: output of \"conv1.0\", the entry before; key order suggests it"));
        QVERIFY((onlyLayer(QStringLiteral("after_conv.pt")).input
                 == QuantizationParameters{quint8_type, 0.75, 33}));
    }

    void theInputScaleThatFxWritesComesFirst()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("fx_input.pt"));
        QVERIFY((layer.input == QuantizationParameters{quint8_type, 0.25, 9}));
        QCOMPARE(originOf(layer, Field::input_scale), QStringLiteral("file: bn_input_scale_0"));
        QCOMPARE(originOf(layer, Field::input_zero_point),
                 QStringLiteral("file: bn_input_zero_point_0"));
    }

    void withoutALayerBeforeTheInputIsUnknown()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("no_predecessor.pt"));
        QVERIFY((layer.input == QuantizationParameters{quint8_type, 1, 0}));
        QVERIFY((layer.output == QuantizationParameters{quint8_type, 0.5, 64}));
        QCOMPARE(originOf(layer, Field::input_scale),
                 QStringLiteral("unknown: no scale and zero point stand before this layer"));
    }

    void aFloatCheckpointGetsRangesFromItsStatistics()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("float64.pt"));
        // mean - 4 sd and mean + 4 sd are -1.5 .. 2.5, -5.25 .. 2.75 and -5 .. 11
        QVERIFY(layer.input == choose_quantization(quint8_type, -5.25, 11));
        // beta -+ 4 |gamma| are -8 .. 8, -1 .. 3 and -14 .. -2
        QVERIFY(layer.output == choose_quantization(quint8_type, -14, 8));
        QCOMPARE(
            originOf(layer, Field::input_scale),
            QStringLiteral("proposed: from mean +- 4 sqrt(var); a float checkpoint has no scales"));
        QCOMPARE(
            originOf(layer, Field::output_zero_point),
            QStringLiteral("proposed: from beta +- 4 |gamma|; a float checkpoint has no scales"));
        const Model trained = modelOf(QStringLiteral("checkpoints/ocr_float.pt"));
        QCOMPARE(trained.layers.size(), std::size_t{2});
        for (const auto& found : trained.layers)
            QCOMPARE(found->provenance.of(Field::input_scale).origin, Origin::proposed);
    }

    void statisticsThatAreNotSaneProposeNothing()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("nonfinite.pt"));
        QVERIFY((layer.input == QuantizationParameters{quint8_type, 1, 0}));
        QCOMPARE(originOf(layer, Field::input_scale),
                 QStringLiteral("unknown: no channel has finite statistics to propose it from"));
        // gamma is NaN, 1 and inf: the second channel alone counts, beta 1 -+ 4
        QVERIFY(layer.output == choose_quantization(quint8_type, -3, 5));
        QVERIFY(std::isnan(layer.var[1]));
    }

    void withoutWeightAndBiasGammaIs1AndBeta0()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("not_affine.pt"));
        QVERIFY(layer.gamma == std::vector<double>(3, 1.0));
        QVERIFY(layer.beta == std::vector<double>(3, 0.0));
        QCOMPARE(originOf(layer, Field::gamma),
                 QStringLiteral("default: no weight in the file (affine=False?)"));
    }

    void aNegativeZeroPointMeansASignedType()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("signed.pt"));
        QVERIFY((layer.output == QuantizationParameters{qint8_type, 0.5, -5}));
        QVERIFY((layer.input == QuantizationParameters{quint8_type, 0.125, 3}));
        QCOMPARE(layer.provenance.of(Field::output_type).origin, Origin::inferred);
    }

    void aBatchNormThatWasSavedAloneHasAName()
    {
        const BatchNormLayer layer = onlyLayer(QStringLiteral("bare.pt"));
        QCOMPARE(layer.name, "batch_norm");
        QCOMPARE(originOf(layer, Field::mean), QStringLiteral("file: running_mean"));
        QCOMPARE(layer.channels(), 3);
    }

    void anOpenedCheckpointSurvivesBeingSavedAsASession_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file :
             {"BatchNorm_layer", "ocr_quantized", "ocr_float", "nonfinite", "signed", "fx_input"})
            QTest::newRow(file) << QStringLiteral("checkpoints/%1.pt").arg(QLatin1String(file));
    }

    void anOpenedCheckpointSurvivesBeingSavedAsASession()
    {
        QFETCH(QString, file);
        const Model model = modelOf(file);
        const auto again = read_session(write_session(model), QStringLiteral("x"));
        QVERIFY2(again, qPrintable(messageOf(again)));
        QVERIFY(*again == model);
    }
};

QBN_TEST(TestLayerFinder)
#include "tst_layer_finder.moc"
