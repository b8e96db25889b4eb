#include "core/activations/agreement.h"
#include "core/formats/dump/dump.h"
#include "core/formats/npy/npy.h"
#include "core/formats/open_model.h"
#include "tests/support/room.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace qbn;
using namespace Qt::StringLiterals;

namespace {

BatchNormLayer threeChannels()
{
    BatchNormLayer layer = identity_layer("l", 3);
    layer.input = layer.output = {quint8_type, 0.1, 128};
    return layer;
}

std::vector<std::int32_t> codesOf(std::size_t count)
{
    std::vector<std::int32_t> codes(count);
    for (std::size_t i = 0; i < count; ++i)
        codes[i] = static_cast<std::int32_t>(i * 7 % 256);
    return codes;
}

} // namespace

class TestDump : public QObject
{
    Q_OBJECT

private slots:
    // tests/data/activations/make.py wrote the files with NumPy; the figures are numpy.bincount's.
    void numPysFilesAreRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("isLast");
        QTest::addColumn<QString>("shape");
        QTest::newRow("an array") << u"x.npy"_s << false << u""_s;
        QTest::newRow("channels last") << u"x_nhwc.npy"_s << true << u""_s;
        QTest::newRow("stored in an archive") << u"xy.npz:x"_s << false << u""_s;
        QTest::newRow("deflated in an archive") << u"xy_deflated.npz:x"_s << false << u""_s;
        QTest::newRow("the only one in an archive") << u"x.npz"_s << false << u""_s;
        QTest::newRow("raw bytes") << u"x.raw"_s << false << u"2,3,5,7"_s;
        QTest::newRow("an array of another shape") << u"x_flat.npy"_s << false << u"2, 3, 5, 7"_s;
    }

    void numPysFilesAreRead()
    {
        QFETCH(QString, file);
        QFETCH(bool, isLast);
        QFETCH(QString, shape);
        DumpRequest request{.input = DumpFile::named(data(file)), .output = std::nullopt};
        request.order = isLast ? ChannelOrder::nhwc : ChannelOrder::nchw;
        if (!shape.isEmpty())
            request.shape = parse_shape(shape);
        const auto counts = read_dump(request, threeChannels());
        QVERIFY2(counts, counts ? "" : counts.error().message.c_str());
        QFile expected(data(u"x_counts.npy"_s));
        QVERIFY(expected.open(QIODevice::ReadOnly));
        const QByteArray bytes = expected.readAll();
        const auto array = read_npy(bytes);
        std::vector<std::int64_t> figures(array->count);
        array->read_integers(0, figures);
        QCOMPARE(std::vector<std::int64_t>(counts->inputs.begin(), counts->inputs.end()), figures);
    }

    void inputAndOutputOfOneArchiveAreRead()
    {
        const DumpRequest request{.input = DumpFile::named(data(u"xy.npz:x"_s)),
                                  .output = DumpFile::named(data(u"xy_deflated.npz:y"_s))};
        const auto counts = read_dump(request, threeChannels());
        QVERIFY(counts);
        QVERIFY(counts->has_pairs());
        for (const CodePair& pair : counts->pairs)
            QCOMPARE(pair.output, 255 - pair.input); // as make.py has it
    }

    // make_pytorch.py ran PyTorch 2.13.0's operator on a tensor; the backends part on the layer.
    void aTensorThatPyTorchComputedAgreesWithItsBackendAlone()
    {
        const auto model = open_model(QStringLiteral(QBN_TEST_DATA "/golden/hard.json"));
        QVERIFY(model);
        const BatchNormLayer& layer = *model->layers[21];
        const auto counts
            = read_dump({.input = DumpFile{.path = data(u"pytorch_in.npy"_s), .member = {}},
                         .output = DumpFile{.path = data(u"pytorch_out.npy"_s), .member = {}}},
                        layer);
        QVERIFY2(counts, counts ? "" : counts.error().message.c_str());
        std::vector<const Backend*> backends;
        for (const Backend& backend : all_backends())
            backends.push_back(&backend);
        const auto all = agreements(*counts, layer, backends);
        QCOMPARE(all[0].backend->id, std::string_view("pytorch"));
        QCOMPARE(all[0].agreeing, std::uint64_t{19840});
        QCOMPARE(all[0].elements, std::uint64_t{19840});
        QVERIFY(all[1].agreeing < 19840);
        QVERIFY(!several_outputs(*counts));
    }

    void whatDoesNotFitIsSaid_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("output");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("message");
        QTest::newRow("no file") << u"none.npy"_s << u""_s << u""_s
                                 << u"none.npy: there is no such file"_s;
        QTest::newRow("a folder") << u"."_s << u""_s << u""_s
                                  << u"it is a directory, a file is needed"_s;
        QTest::newRow("reals")
            << u"reals.npy"_s << u""_s << u""_s
            << u"reals.npy: its elements are real numbers, float32; codes are needed, in PyTorch those of tensor.int_repr()"_s;
        QTest::newRow("16 bits")
            << u"wide.npy"_s << u""_s << u""_s
            << u"wide.npy: its elements are int16, codes of quint8 are uint8"_s;
        QTest::newRow("signed codes")
            << u"signed.npy"_s << u""_s << u""_s
            << u"signed.npy: its elements are int8, codes of quint8 are uint8"_s;
        QTest::newRow("Fortran's order")
            << u"fortran.npy"_s << u""_s << u""_s
            << u"fortran.npy: it is in Fortran order; write it with numpy.ascontiguousarray"_s;
        QTest::newRow("a single number") << u"scalar.npy"_s << u""_s << u""_s
                                         << u"scalar.npy: it is a single number, no tensor"_s;
        QTest::newRow("other channels")
            << u"x_nhwc.npy"_s << u""_s << u""_s
            << u"x_nhwc.npy: its shape (2, 5, 7, 3) has not the layer's 3 channels in its second dimension"_s;
        QTest::newRow("no element") << u"empty.npy"_s << u""_s << u""_s
                                    << u"empty.npy: its shape (0, 3, 5, 7) has no element"_s;
        QTest::newRow("raw bytes without a shape")
            << u"x.raw"_s << u""_s << u""_s
            << u"x.raw: it is neither .npy nor .npz, and raw bytes need a shape"_s;
        QTest::newRow("raw bytes of another size")
            << u"x.raw"_s << u""_s << u"2,3,5,8"_s
            << u"x.raw: it has 210 codes, the shape (2, 3, 5, 8) has 240"_s;
        QTest::newRow("a shape that no file has")
            << u"x.raw"_s << u""_s << u"4294967296,4294967296,3"_s
            << u"x.raw: the shape (4294967296, 4294967296, 3) is not possible"_s;
        QTest::newRow("an archive of several arrays")
            << u"xy.npz"_s << u""_s << u""_s
            << u"xy.npz: choose one of its arrays, as FILE.npz:NAME; there are 2: \"x\", \"y\""_s;
        QTest::newRow("an array that an archive has not")
            << u"xy.npz:z"_s << u""_s << u""_s
            << u"xy.npz:z: it has no array \"z\"; there are 2: \"x\", \"y\""_s;
        QTest::newRow("an output of another shape")
            << u"x.npy"_s << u"x_flat.npy"_s << u""_s << u"its shape (210,) is not that of "_s;
    }

    void whatDoesNotFitIsSaid()
    {
        QFETCH(QString, input);
        QFETCH(QString, output);
        QFETCH(QString, shape);
        QFETCH(QString, message);
        DumpRequest request{.input = DumpFile::named(data(input)), .output = std::nullopt};
        if (!output.isEmpty())
            request.output = DumpFile::named(data(output));
        if (!shape.isEmpty())
            request.shape = parse_shape(shape);
        const auto counts = read_dump(request, threeChannels());
        QVERIFY(!counts);
        const QString said = QString::fromStdString(counts.error().message);
        QVERIFY2(said.contains(message), qPrintable(said));
    }

    void aFileCutAnywhereIsAnErrorWithItsName_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("an array") << u"x.npy"_s;
        QTest::newRow("an archive") << u"x.npz"_s;
    }

    void aFileCutAnywhereIsAnErrorWithItsName()
    {
        QFETCH(QString, file);
        QFile whole(data(file));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            const QString path = write(bytes.left(size));
            const auto counts
                = read_dump({.input = DumpFile{.path = path, .member = {}}, .output = std::nullopt},
                            threeChannels());
            QVERIFY2(!counts, qPrintable(QString::number(size)));
            QVERIFY(counts.error().message.starts_with(path.toStdString() + ": "));
        }
    }

    void aHeaderThatLiesIsRefused()
    {
        const std::vector<std::int64_t> shape{1, 3, 5};
        QByteArray bytes = write_npy(shape, quint8_type, codesOf(15));
        bytes.replace("(1, 3, 5)", "(9, 3, 5)");
        const QString path = write(bytes);
        const auto counts
            = read_dump({.input = DumpFile{.path = path, .member = {}}, .output = std::nullopt},
                        threeChannels());
        QVERIFY(!counts);
        QCOMPARE(counts.error().message,
                 path.toStdString()
                     + ": the NumPy array has 15 bytes of data, which do not fit its shape");
    }

private:
    static QString data(const QString& name)
    {
        return QStringLiteral(QBN_TEST_DATA "/activations/") + name;
    }

    QString write(const QByteArray& bytes)
    {
        QFile file(m_folder.filePath(u"cut"_s));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
            ? file.fileName()
            : QString();
    }

    QTemporaryDir m_folder;
};

QBN_TEST(TestDump)
#include "tst_dump.moc"
