#include "core/formats/open_model.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTest>
#include <QtEndian>

using namespace qbn;
using namespace qbn::test;

namespace {

QString dataFile(const char* name)
{
    return QStringLiteral("safetensors/") + QLatin1String(name);
}

QByteArray fileOf(const QByteArray& header, const QByteArray& data, quint64 length)
{
    QByteArray bytes(8, '\0');
    qToLittleEndian(length, bytes.data());
    return bytes + header + data;
}

QByteArray fileOf(const QByteArray& header, const QByteArray& data)
{
    return fileOf(header, data, static_cast<quint64>(header.size()));
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private slots:
    void theLayersAreThoseOfTheCheckpoint_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("checkpoint");
        for (const char* const kind : {"float", "float16", "bfloat16", "float64"})
            QTest::newRow(kind) << dataFile(kind) + QStringLiteral(".safetensors")
                                << dataFile(kind) + QStringLiteral(".pt");
        for (const char* const kind : {"float", "float16", "float64"})
            QTest::addRow("%s.npz", kind) << dataFile(kind) + QStringLiteral(".npz")
                                          << dataFile(kind) + QStringLiteral(".pt");
        QTest::newRow("compressed.npz") << dataFile("compressed.npz") << dataFile("float.pt");
    }

    // In the file's order, which safetensors makes that of types and names.
    void theLayersAreThoseOfTheCheckpoint()
    {
        QFETCH(QString, file);
        QFETCH(QString, checkpoint);
        const Model read = modelOf(file);
        const Model saved = modelOf(checkpoint);
        QCOMPARE(read.layers.size(), std::size_t{2});
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(*read.layers[i] == *saved.layers[i]);
    }

    void noInputIsInferredFromAnOrderThatMeansNothing()
    {
        const Model model = modelOf(dataFile("quantized.safetensors"));
        const BatchNormLayer& layer = *model.layers.front();
        QCOMPARE(layer.output.scale, static_cast<double>(0.05F));
        QCOMPARE(layer.output.zero_point, 117);
        const Provenance& input = layer.provenance.of(Field::input_scale);
        QVERIFY(input.origin == Origin::unknown);
        QCOMPARE(
            input.note,
            std::string("the file has its tensors in an order that says nothing of the model"));
    }

    void aBrokenHeaderHasItsSentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("sentence");
        const QByteArray data(8, '\0');
        QTest::newRow("a length beyond the file")
            << fileOf("{}", data, 1000)
            << "its header of 1000 bytes reaches beyond the end of the file";
        QTest::newRow("a length of 4 GiB less one")
            << fileOf("{}", data, 0xffffffffU)
            << "its header of 4294967295 bytes reaches beyond the end of the file";
        QTest::newRow("no JSON") << fileOf("{\"a\"]", data)
                                 << "its header: line 1, column 5: it is not valid JSON: missing a "
                                    "colon after a name of object member";
        QTest::newRow("no tensors")
            << fileOf("{}", data)
            << "no batch norm found: it has 0 tensors, none named *.running_mean";
        const auto tensor = [&data](const char* entry) {
            return fileOf(QByteArray("{\"t\":") + entry + '}', data);
        };
        QTest::newRow("a tensor without a type")
            << tensor(R"({"shape":[2],"data_offsets":[0,8]})")
            << "tensor \"t\": its entry has no dtype, shape and data_offsets as they have to be";
        QTest::newRow("a size of 2^63")
            << tensor(R"({"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]})")
            << "tensor \"t\": its entry has no dtype, shape and data_offsets as they have to be";
        QTest::newRow("sizes whose product is 2^64")
            << tensor(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})")
            << "tensor \"t\": its shape is not possible";
        QTest::newRow("2^62 values")
            << tensor(R"({"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]})")
            << "tensor \"t\": its 8 bytes are not those of its shape";
        QTest::newRow("an empty one with sizes of 2^62") << tensor(
            R"({"dtype":"F32","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]})")
                                                         << "no batch norm found: it has 1 tensor, "
                                                            "none named *.running_mean";
        QTest::newRow("an end behind the file")
            << tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})")
            << "tensor \"t\": it reaches beyond the end of the file";
        QTest::newRow("an end before the start")
            << tensor(R"({"dtype":"F32","shape":[1],"data_offsets":[8,4]})")
            << "tensor \"t\": it reaches beyond the end of the file";
    }

    void aBrokenHeaderHasItsSentence()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, sentence);
        QCOMPARE(messageOf(read_model(bytes, QStringLiteral("m"))),
                 QStringLiteral("m: ") + sentence);
    }

    void aTensorOfAnUnknownTypeIsPassedOver()
    {
        const QByteArray mean
            = R"("bn.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
              R"("bn.running_var":{"dtype":"F32","shape":[1],"data_offsets":[4,8]})";
        QVERIFY(
            read_model(fileOf("{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]},"
                                  + mean + '}',
                              QByteArray(8, '\0')),
                       QStringLiteral("m")));
        const auto model = read_model(
            fileOf(QByteArray("{" + mean + '}').replace("F32", "F4"), QByteArray(8, '\0')),
            QStringLiteral("m"));
        QCOMPARE(
            messageOf(model),
            QStringLiteral(
                "m: tensor \"bn.running_mean\": values of type another program's cannot be used"));
    }
};

QBN_TEST(TestSafetensors)
#include "tst_safetensors.moc"
