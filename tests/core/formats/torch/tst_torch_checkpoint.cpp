#include "core/formats/torch/torch_checkpoint.h"
#include "core/formats/zip/zip_archive.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

using Values = std::vector<double>;

Result<Checkpoint> checkpointOf(const QString& name)
{
    const QByteArray bytes = bytesOf(name);
    if (is_legacy_torch({bytes.constData(), static_cast<std::size_t>(bytes.size())}))
        return read_torch_legacy(bytes);
    const auto archive = ZipArchive::open(bytes);
    if (!archive)
        return archive.error();
    for (const ZipMember& member : archive->members()) {
        if (QString::fromStdString(member.name).endsWith(QStringLiteral("/data.pkl")))
            return read_torch_zip(*archive, member.name);
    }
    return Error{"no data.pkl"};
}

QString listed(const Checkpoint& checkpoint)
{
    QStringList lines;
    for (const NamedTensor& tensor : checkpoint.tensors()) {
        QStringList sizes;
        for (const std::int64_t size : tensor.shape)
            sizes << QString::number(size);
        const std::string_view type = name_of(tensor.type);
        lines << QStringLiteral("%1 %2 (%3)")
                     .arg(QString::fromStdString(tensor.name),
                          QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size())),
                          sizes.join(QStringLiteral(", ")));
    }
    return lines.join(QStringLiteral("\n"));
}

Values valuesOf(const Checkpoint& checkpoint, std::string_view name)
{
    const auto index = checkpoint.index_of(name);
    if (!index)
        return {};
    const auto values = checkpoint.values(checkpoint.tensors()[*index]);
    return values ? *values : Values{};
}

} // namespace

class TestTorchCheckpoint : public QObject
{
    Q_OBJECT

private slots:
    void tensorsAreListedInTheFilesOrder_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("the zip form") << "checkpoints/BatchNorm_layer.pt";
        QTest::newRow("the form from before PyTorch 1.6")
            << "checkpoints/BatchNorm_layer.legacy.pt";
    }

    void tensorsAreListedInTheFilesOrder()
    {
        QFETCH(QString, file);
        const auto checkpoint = checkpointOf(file);
        QVERIFY2(checkpoint, qPrintable(messageOf(checkpoint)));
        QCOMPARE(listed(*checkpoint),
                 QStringLiteral("quant.scale float32 (1)\n"
                                "quant.zero_point int64 (1)\n"
                                "conv1.0.weight float32 (3)\n"
                                "conv1.0.bias float32 (3)\n"
                                "conv1.0.running_mean float32 (3)\n"
                                "conv1.0.running_var float32 (3)\n"
                                "conv1.0.num_batches_tracked int64 ()\n"
                                "conv1.0.scale float32 (1)\n"
                                "conv1.0.zero_point int32 (1)"));
        QCOMPARE(valuesOf(*checkpoint, "conv1.0.weight"), (Values{117.5, 96, -310}));
        QCOMPARE(valuesOf(*checkpoint, "conv1.0.zero_point"), Values{73});
        QCOMPARE(valuesOf(*checkpoint, "conv1.0.num_batches_tracked").size(), std::size_t{1});
        QVERIFY(!checkpoint->index_of("conv1.0"));
    }

    void elementTypesAndLayoutsAreDecoded_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file :
             {"float64", "float16", "bfloat16", "shared_storage", "quantized_mean"})
            QTest::newRow(file) << QStringLiteral("checkpoints/%1.pt").arg(QLatin1String(file));
    }

    void elementTypesAndLayoutsAreDecoded()
    {
        QFETCH(QString, file);
        const auto checkpoint = checkpointOf(file);
        QVERIFY2(checkpoint, qPrintable(messageOf(checkpoint)));
        QCOMPARE(valuesOf(*checkpoint, "bn.running_mean"), (Values{0.5, -1.25, 3}));
        QCOMPARE(valuesOf(*checkpoint, "bn.running_var"), (Values{0.25, 1, 4}));
        QCOMPARE(valuesOf(*checkpoint, "bn.weight"), (Values{2, -0.5, 1.5}));
        QCOMPARE(valuesOf(*checkpoint, "bn.bias"), (Values{0, 1, -8}));
    }

    void quantizedWeightsOfOtherLayersAreListedButNotNeeded()
    {
        const auto checkpoint = checkpointOf(QStringLiteral("checkpoints/after_conv.pt"));
        QVERIFY2(checkpoint, qPrintable(messageOf(checkpoint)));
        const NamedTensor& weight
            = checkpoint->tensors()[checkpoint->index_of("conv.weight").value()];
        QCOMPARE(name_of(weight.type), std::string_view("qint8"));
        QCOMPARE(messageOf(checkpoint->values(weight)),
                 QStringLiteral("tensor \"conv.weight\": it is quantized per channel, which is not "
                                "supported here"));
        QCOMPARE(valuesOf(*checkpoint, "conv.table"), (Values{1, 1}));
    }

    void aTrainingCheckpointGivesItsStateDict()
    {
        const auto checkpoint = checkpointOf(QStringLiteral("checkpoints/training.pt"));
        QVERIFY2(checkpoint, qPrintable(messageOf(checkpoint)));
        QVERIFY(checkpoint->index_of("bn.running_mean"));
        QCOMPARE(checkpoint->tensors().size(), std::size_t{7});
    }

    void aFileWithoutAnyTensorIsAnEmptyList()
    {
        const auto checkpoint = checkpointOf(QStringLiteral("broken/cycle.pt"));
        QVERIFY2(checkpoint, qPrintable(messageOf(checkpoint)));
        QVERIFY(checkpoint->tensors().empty());
    }
};

QBN_TEST(TestTorchCheckpoint)
#include "tst_torch_checkpoint.moc"
