#include "core/backends/backend.h"
#include "core/formats/open_model.h"
#include "tests/support/format_files.h"
#include "tests/support/npy_values.h"
#include "tests/support/room.h"

#include <QDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QString tfliteFile(const QString& name)
{
    return QStringLiteral("tflite/") + name;
}

} // namespace

class TestTfliteReader : public QObject
{
    Q_OBJECT

private slots:
    void aModelGivesTheCodesThatLiteRtGivesForIt_data()
    {
        QTest::addColumn<QString>("base");
        const QStringList files
            = QDir(filePath(QStringLiteral("tflite"))).entryList({QStringLiteral("*.npy")});
        QCOMPARE(files.size(), 20);
        for (const QString& name : files)
            QTest::newRow(qPrintable(name)) << tfliteFile(name.chopped(4));
    }

    void aModelGivesTheCodesThatLiteRtGivesForIt()
    {
        QFETCH(QString, base);
        const Model model = modelOf(base + QStringLiteral(".tflite"));
        QCOMPARE(model.layers.size(), std::size_t{1});
        const bool isPair = base.endsWith(QStringLiteral("product"));
        QCOMPARE(model.backend, std::string(isPair ? "litert-mul-add" : "litert"));
        QVERIFY(model.notes.empty());
        const BatchNormLayer& layer = *model.layers.front();
        const QByteArray bytes = bytesOf(base + QStringLiteral(".npy"));
        const auto array = read_npy(bytes);
        QVERIFY(array);
        QCOMPARE(array->shape, (std::vector<std::int64_t>{layer.channels(), 256}));
        auto golden = npyValues(*array);
        auto expected = golden.begin();
        for (int channel = 0; channel < layer.channels(); ++channel) {
            for (const std::int32_t code : codes(*find_backend(model.backend), layer, channel))
                QCOMPARE(code, *expected++);
        }
    }

    void whatWasFoldedIsSaid()
    {
        const Model model = modelOf(tfliteFile(QStringLiteral("forum.0.tflite")));
        const BatchNormLayer& layer = *model.layers.front();
        QVERIFY(layer.mean == std::vector<double>(3, 0) && layer.var == std::vector<double>(3, 1));
        QCOMPARE(layer.eps, 0.0);
        const Provenance& gamma = layer.provenance.of(Field::gamma);
        QVERIFY(gamma.origin == Origin::inferred);
        QCOMPARE(gamma.note, std::string("the model holds the folded gain and offset alone"));
        QVERIFY(layer.provenance.of(Field::mean).origin == Origin::inferred);
    }

    void aProductAndASumAreALayer()
    {
        const Model model = modelOf(tfliteFile(QStringLiteral("product.tflite")));
        const BatchNormLayer& layer = *model.layers.front();
        const std::vector<double> gains{100, -50, 127};
        const std::vector<double> offsets{10, -20, 0};
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(layer.gamma[i], gains[i] * static_cast<double>(0.01F));
            QCOMPARE(layer.beta[i], offsets[i] * static_cast<double>(0.02F));
        }
        QVERIFY(layer.input == (QuantizationParameters{qint8_type, static_cast<double>(0.05F), 3}));
        QVERIFY(layer.output
                == (QuantizationParameters{qint8_type, static_cast<double>(0.06F), 7}));
        QVERIFY(layer.intermediate);
        QVERIFY((layer.intermediate->product
                 == QuantizationParameters{qint8_type, static_cast<double>(0.04F), -5}));
        QVERIFY((layer.intermediate->offset
                 == QuantizationParameters{qint8_type, static_cast<double>(0.02F), 1}));
    }

    void whatTheConverterDoesNotWriteIsNoted()
    {
        const Model model = modelOf(tfliteFile(QStringLiteral("weights.tflite")));
        QCOMPARE(model.notes.size(), std::size_t{1});
        QVERIFY2(model.notes.front().ends_with(
                     ": the weights or biases of 1 channel are not as the converter writes those "
                     "of a batch norm; codes may differ from the model's"),
                 model.notes.front().c_str());
    }

    void aModelWithoutABatchNormSaysSo()
    {
        const QString path = filePath(tfliteFile(QStringLiteral("convolution.tflite")));
        QCOMPARE(messageOf(open_model(path)),
                 path + QStringLiteral(": no batch norm left: 1 convolution may hold folded ones"));
    }
};

QBN_TEST(TestTfliteReader)
#include "tst_tflite_reader.moc"
