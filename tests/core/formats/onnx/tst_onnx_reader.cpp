#include "core/backends/backend.h"
#include "core/formats/open_model.h"
#include "tests/support/format_files.h"
#include "tests/support/npy_values.h"
#include "tests/support/room.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QString onnxFile(const QString& name)
{
    return QStringLiteral("onnx/") + name;
}

Model onnxModel(const char* name)
{
    return modelOf(onnxFile(QLatin1String(name)));
}

// Where the program's codes for ONNX Runtime are others than in a file of shape (C, 256); empty where all are the same.
QString differenceTo(const BatchNormLayer& layer, const Backend& backend, const QString& codesFile)
{
    const QByteArray bytes = bytesOf(codesFile);
    const auto array = read_npy(bytes);
    if (!array)
        return messageOf(array);
    const std::vector<double> golden = npyValues(*array);
    if (golden.size() != static_cast<std::size_t>(layer.channels()) * 256)
        return QStringLiteral("%1 codes").arg(golden.size());
    auto expected = golden.begin();
    for (int channel = 0; channel < layer.channels(); ++channel) {
        for (const std::int32_t code : codes(backend, layer, channel)) {
            if (code != *expected)
                return QStringLiteral("channel %1, entry %2: %3, not %4")
                    .arg(channel)
                    .arg(expected - golden.begin())
                    .arg(code)
                    .arg(*expected);
            ++expected;
        }
    }
    return {};
}

} // namespace

class TestOnnxReader : public QObject
{
    Q_OBJECT

private slots:
    void aModelGivesTheCodesThatOnnxRuntimeGivesForIt_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("codes");
        const QDir golden(filePath(QStringLiteral("golden")));
        for (const QString& name : golden.entryList({QStringLiteral("*.onnx")})) {
            const QString base = QStringLiteral("golden/") + name.chopped(5);
            QTest::newRow(qPrintable(name))
                << base + QStringLiteral(".onnx") << base + QStringLiteral(".onnxruntime.npy");
        }
        const QDir forms(filePath(QStringLiteral("onnx")));
        for (const QString& name : forms.entryList({QStringLiteral("*.npy")})) {
            const QString base = onnxFile(name.chopped(4));
            QTest::newRow(qPrintable(name))
                << base + QStringLiteral(".onnx") << base + QStringLiteral(".npy");
        }
    }

    void aModelGivesTheCodesThatOnnxRuntimeGivesForIt()
    {
        QFETCH(QString, model);
        QFETCH(QString, codes);
        const Model read = modelOf(model);
        QCOMPARE(read.layers.size(), std::size_t{1});
        const bool isPair = model.contains(QStringLiteral("qlinear"));
        QCOMPARE(read.backend, std::string(isPair ? "onnxruntime-qlinear" : "onnxruntime"));
        QCOMPARE(differenceTo(*read.layers.front(), *find_backend(read.backend), codes), QString());
    }

    // The numbers are those that make_onnx.py prints of the model which quantize_static wrote.
    void quantizedProductAndSumAreGainAndOffset()
    {
        const Model model = modelOf(onnxFile(QStringLiteral("qlinear.onnx")));
        QCOMPARE(model.layers.size(), std::size_t{1});
        const BatchNormLayer& layer = *model.layers.front();
        QCOMPARE(layer.name, std::string("norm_quant"));
        const double gainScale = 0.005563653074204922;
        const double offsetScale = 0.001863223616965115;
        const std::vector gains{137.0, 193.0, 77.0, 255.0};
        const std::vector offsets{255.0, 6.0, 0.0, 166.0};
        for (std::size_t i = 0; i < gains.size(); ++i) {
            QCOMPARE(layer.gamma[i], gainScale * gains[i]);
            QCOMPARE(layer.beta[i], offsetScale * (offsets[i] - 84));
        }
        QVERIFY(layer.input == (QuantizationParameters{quint8_type, 0.027052244171500206, 139}));
        QVERIFY(layer.output == (QuantizationParameters{quint8_type, 0.0330355279147625, 156}));
        QCOMPARE(layer.eps, 0.0);
        QCOMPARE(layer.provenance.of(Field::gamma).origin, Origin::inferred);
        QVERIFY(layer.intermediate);
        QVERIFY((layer.intermediate->gain == QuantizationParameters{quint8_type, gainScale, 0}));
        QVERIFY(
            (layer.intermediate->offset == QuantizationParameters{quint8_type, offsetScale, 84}));
        QVERIFY((layer.intermediate->product
                 == QuantizationParameters{quint8_type, 0.03311867639422417, 161}));
        QVERIFY(model.notes.empty());
    }

    void allGoldenModelsWereThere()
    {
        QCOMPARE(
            QDir(filePath(QStringLiteral("golden"))).entryList({QStringLiteral("*.onnx")}).size(),
            39);
        QCOMPARE(QDir(filePath(QStringLiteral("onnx"))).entryList({QStringLiteral("*.npy")}).size(),
                 18);
    }

    void aLayerIsTheOneThatTheModelWasMadeOf_data()
    {
        QTest::addColumn<QString>("session");
        for (const char* session : {"forum", "ocr_cls", "hard"})
            QTest::newRow(session) << QString::fromLatin1(session);
    }

    // But for its name, and scales and parameters in binary32, which they are in the model.
    void aLayerIsTheOneThatTheModelWasMadeOf()
    {
        QFETCH(QString, session);
        const Model layers = modelOf(QStringLiteral("golden/%1.json").arg(session));
        int compared = 0;
        for (std::size_t i = 0; i < layers.layers.size(); ++i) {
            const QString name = QStringLiteral("golden/%1.%2.onnx").arg(session).arg(i);
            if (!QFile::exists(filePath(name)))
                continue;
            const auto layer = modelOf(name).layers.front();
            const BatchNormLayer& read = *layer;
            const BatchNormLayer& made = *layers.layers[i];
            QCOMPARE(read.relu, made.relu);
            QVERIFY(read.input.type == made.input.type && read.output.type == made.output.type);
            for (const Field field : all_fields) {
                if (field == Field::input_type || field == Field::output_type)
                    continue;
                for (int channel = 0; channel < (is_per_channel(field) ? made.channels() : 1);
                     ++channel) {
                    const auto a = static_cast<float>(value_of(read, field, channel));
                    const auto b = static_cast<float>(value_of(made, field, channel));
                    QVERIFY2(a == b || (std::isnan(a) && std::isnan(b)),
                             std::string(name_of(field)).c_str());
                }
            }
            ++compared;
        }
        QVERIFY(compared > 0);
    }

    void whatTorchExportedIsWhatItSaved_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("torch.onnx.export, kept")
            << "exported.onnx" << QStringList{QStringLiteral("bn"), QStringLiteral("alone")};
        QTest::newRow("torch.onnx.export by dynamo, which folds")
            << "exported.dynamo.onnx" << QStringList{QStringLiteral("alone")};
    }

    void whatTorchExportedIsWhatItSaved()
    {
        QFETCH(QString, file);
        QFETCH(QStringList, names);
        const Model saved = onnxModel("exported.pt");
        const Model read = modelOf(onnxFile(file));
        QCOMPARE(read.layers.size(), static_cast<std::size_t>(names.size()));
        for (qsizetype i = 0; i < names.size(); ++i) {
            const BatchNormLayer& layer = *read.layers[static_cast<std::size_t>(i)];
            QCOMPARE(QString::fromStdString(layer.name), names[i]);
            const auto same
                = std::find_if(saved.layers.begin(), saved.layers.end(),
                               [&layer](const auto& other) { return other->name == layer.name; });
            QVERIFY(same != saved.layers.end());
            QVERIFY(layer.mean == (*same)->mean && layer.var == (*same)->var);
            QVERIFY(layer.gamma == (*same)->gamma && layer.beta == (*same)->beta);
            QCOMPARE(layer.eps, layer.name == "bn" ? 2e-3 : 1e-5);
            QVERIFY(layer.relu);
            QVERIFY(layer.provenance.of(Field::input_scale).origin == Origin::proposed);
            QVERIFY(layer.provenance.of(Field::output_scale).origin == Origin::proposed);
            QCOMPARE(layer.output.zero_point, 0); // behind a ReLU
        }
    }

    void whatTheLayerDoesNotHaveIsNoted_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("note");
        QTest::newRow("a Clip within the range of the codes")
            << "clip_cuts.onnx"
            << "layer \"norm\": its Clip to 0 .. 1 changes codes, which is not computed here";
        QTest::newRow("a batch norm that may be folded beside one that is not")
            << "exported.dynamo.onnx" << "1 convolution with bias may hold folded batch norms";
        QTest::newRow("batch norms in branches beside one that is not")
            << "beside.onnx"
            << "2 batch norms of its branches (If, Loop, Scan) are not read";
    }

    void whatTheLayerDoesNotHaveIsNoted()
    {
        QFETCH(QString, file);
        QFETCH(QString, note);
        const Model model = modelOf(onnxFile(file));
        QCOMPARE(model.notes.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(model.notes.front()), note);
    }

    void codesOf16BitsAreSaidToBeReplaced()
    {
        const Model model = onnxModel("codes16.onnx");
        const BatchNormLayer& layer = *model.layers.front();
        QVERIFY(layer.input.type == quint8_type && layer.output.type == qint8_type);
        QVERIFY(std::abs(real_value(layer.input, 0) + 3) < 0.02); // (0 - 30000) * 0.0001
        QVERIFY(std::abs(real_value(layer.input, 255) - 3.5535) < 0.02);
        const Provenance& origin = layer.provenance.of(Field::input_type);
        QVERIFY(origin.origin == Origin::proposed);
        QVERIFY(
            origin.note.starts_with("the model has uint16 codes, scale 0.0001, zero point 30000;"));
    }

    void aNodeThatIsNotComputedHereIsNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("isInput");
        QTest::addColumn<QString>("why");
        QTest::newRow("behind it") << "sigmoid.onnx" << false
                                   << "its output goes to Sigmoid gate, not to a QuantizeLinear";
        QTest::newRow("before it") << "softplus.onnx" << true
                                   << "its input comes from Softplus, not from a DequantizeLinear";
        QTest::newRow("none before it")
            << "float.onnx" << true << "no DequantizeLinear gives its input";
        QTest::newRow("none behind its ReLU")
            << "float.onnx" << false << "no QuantizeLinear takes its output";
    }

    void aNodeThatIsNotComputedHereIsNamed()
    {
        QFETCH(QString, file);
        QFETCH(bool, isInput);
        const Model model = modelOf(onnxFile(file));
        const LayerProvenance& provenance = model.layers.front()->provenance;
        const Provenance& type = provenance.of(isInput ? Field::input_type : Field::output_type);
        const Provenance& scale = provenance.of(isInput ? Field::input_scale : Field::output_scale);
        QCOMPARE(type.origin, Origin::defaulted);
        QTEST(QString::fromStdString(type.note), "why");
        QCOMPARE(scale.origin, Origin::proposed);
        QVERIFY(QString::fromStdString(scale.note).endsWith(QString::fromStdString(type.note)));
    }

    void whatCannotBeReadHasItsSentence_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("scales for each channel")
            << "per_channel.onnx"
            << "batch norm \"norm\": its DequantizeLinear has 3 scales, one for each channel or "
               "block; one for the tensor is needed";
        QTest::newRow("in a function")
            << "function.onnx"
            << "1 batch norm of its functions, which onnx.inliner.inline_local_functions takes "
               "out, is not read";
        QTest::newRow("in branches of branches")
            << "branches.onnx"
            << "3 batch norms of its branches (If, Loop, Scan) are not read";
        QTest::newRow("folded")
            << "folded.onnx" << "no batch norm left: 1 convolution with bias may hold folded ones";
    }

    void whatCannotBeReadHasItsSentence()
    {
        QFETCH(QString, file);
        QFETCH(QString, sentence);
        const QString path = filePath(onnxFile(file));
        QCOMPARE(messageOf(open_model(path)), path + QStringLiteral(": ") + sentence);
    }

    void severalHundredLayersOpen()
    {
        const Model model = onnxModel("many.onnx");
        QCOMPARE(model.layers.size(), std::size_t{400});
        QCOMPARE(model.layers.back()->name, std::string("norm399"));
        QVERIFY(model.layers.back()->provenance.of(Field::output_scale).origin == Origin::file);
    }

    void externalDataLiesBesideTheModel_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("as it was written") << QByteArray("external.data") << QString() << QString();
        const QString outside
            = QStringLiteral("which does not lie in the model's folder, so it is not read");
        QTest::newRow("an absolute path") << QByteArray("/etc/hostname") << QString() << outside;
        QTest::newRow("a path upwards") << QByteArray("../other.data") << QString() << outside;
        QTest::newRow("a path down and upwards")
            << QByteArray("a/../../b.dat") << QString() << outside;
        QTest::newRow("a link that leads out")
            << QByteArray("linked_.data_") << QStringLiteral("/etc/passwd") << outside;
        QTest::newRow("a device") << QByteArray("linked_.data_") << QStringLiteral("/dev/zero")
                                  << outside;
        QTest::newRow("the folder itself") << QByteArray(".////////////") << QString()
                                           << QStringLiteral("which is not a regular file");
        QTest::newRow("no such file") << QByteArray("missing.data_") << QString()
                                      << QStringLiteral("beside the model, where no such file is");
    }

    void externalDataLiesBesideTheModel()
    {
        QFETCH(QByteArray, location);
        QFETCH(QString, link);
        QFETCH(QString, complaint);
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("inner")));
        const QDir inner(folder.filePath(QStringLiteral("inner")));
        for (const QString& name : {inner.filePath(QStringLiteral("external.data")),
                                    folder.filePath(QStringLiteral("other.data")),
                                    folder.filePath(QStringLiteral("b.dat"))})
            QVERIFY(QFile::copy(filePath(QStringLiteral("onnx/external.data")), name));
        if (!link.isEmpty())
            QVERIFY(QFile::link(link, inner.filePath(QString::fromLatin1(location))));
        QByteArray bytes = bytesOf(QStringLiteral("onnx/external.onnx"));
        QVERIFY(bytes.contains("external.data"));
        bytes.replace("external.data", location);
        const auto model = read_model(bytes, inner.filePath(QStringLiteral("model.onnx")));
        if (complaint.isEmpty())
            QVERIFY2(model, qPrintable(messageOf(model)));
        else
            QVERIFY2(messageOf(model).endsWith(complaint), qPrintable(messageOf(model)));
    }

    void externalDataThatIsTooShortIsSaid()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("model.onnx"));
        QVERIFY(QFile::copy(filePath(QStringLiteral("onnx/external.onnx")), path));
        QFile data(folder.filePath(QStringLiteral("external.data")));
        QVERIFY(data.open(QIODevice::WriteOnly) && data.write("123456789012") == 12);
        data.close();
        QVERIFY(messageOf(open_model(path))
                    .contains(QStringLiteral(
                        "do not lie in the file \"external.data\" where the model says")));
    }

    void aSizeOfTwoToThe63IsRefused()
    {
        // The dims of gamma, one varint: 3 becomes 2^63 - 1, in all messages around it nine bytes less 1 longer.
        QByteArray bytes = bytesOf(QStringLiteral("onnx/typed_data.onnx"));
        const qsizetype at
            = bytes.indexOf(QByteArray("\x08\x03\x10\x01\x22\x0c", 6)); // dims 3, float, float_data
        QVERIFY(at > 0);
        for (const char* const dims : {"\x08\x7f", "\x08\x00"}) {
            QByteArray mutant = bytes;
            mutant.replace(at, 2, QByteArray(dims, 2));
            QVERIFY(messageOf(read_model(mutant, QStringLiteral("m.onnx")))
                        .contains(QStringLiteral("not the")));
        }
    }
};

QBN_TEST(TestOnnxReader)
#include "tst_onnx_reader.moc"
