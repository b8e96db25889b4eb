#include "core/formats/session/session_json.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QJsonDocument>
#include <QRandomGenerator64>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>

using namespace qbn;
using namespace qbn::test;

namespace {

using Limits = std::numeric_limits<double>;

QByteArray session(const QByteArray& layerKeys, const QByteArray& sessionKeys = {})
{
    return R"({"format": "qbn-session", "version": 1, )" + sessionKeys
        + R"("layers": [{"name": "bn",)" + layerKeys
        + R"("input": {"type": "quint8", "scale": 0.5, "zero_point": 3},
            "output": {"type": "qint4", "scale": 2, "zero_point": -300},
            "eps": 1e-5, "relu": true, "var": [1, 2], "gamma": [3, 4], "beta": [5, 6]}]})";
}

Model withValues(const std::vector<double>& values)
{
    BatchNormLayer layer = identity_layer("values", static_cast<int>(values.size()));
    layer.mean = values;
    std::transform(values.begin(), values.end(), layer.beta.begin(), std::negate());
    layer.provenance.set_all({.origin = Origin::file, .note = {}});
    return {.name = "m", .layers = {std::make_shared<const BatchNormLayer>(std::move(layer))}};
}

Model reread(const Model& model)
{
    const auto result = read_session(write_session(model), QStringLiteral("x.json"));
    if (result)
        return *result;
    QTest::qFail(result.error().message.c_str(), __FILE__, __LINE__);
    return {};
}

} // namespace

class TestSessionJson : public QObject
{
    Q_OBJECT

private slots:
    void goldenSessionsSurviveSaving_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("layers");
        QTest::newRow("the forum's layer") << "golden/forum.json" << 1;
        QTest::newRow("trained layers") << "golden/ocr_cls.json" << 18;
        QTest::newRow("converted layers") << "golden/ocr_quantized.json" << 2;
        QTest::newRow("layers with infinities, NaN and denormals") << "golden/hard.json" << 24;
        QTest::newRow("a product and a sum of codes") << "golden/pairs.json" << 2;
    }

    void goldenSessionsSurviveSaving()
    {
        QFETCH(QString, file);
        QFETCH(int, layers);
        const Model model = modelOf(file);
        QCOMPARE(static_cast<int>(model.layers.size()), layers);
        const QByteArray saved = write_session(model);
        QVERIFY(reread(model) == model);
        QCOMPARE(write_session(reread(model)), saved);
        QVERIFY(QJsonDocument::fromJson(saved).isObject());
    }

    void theNumbersOfTheForumLayerAreRead()
    {
        const Model model = modelOf(QStringLiteral("golden/forum.json"));
        QCOMPARE(model.name, "forum");
        const BatchNormLayer& layer = *model.layers.front();
        QCOMPARE(layer.name, "conv1.0");
        QVERIFY((layer.input == QuantizationParameters{quint8_type, 0.007870171219110489, 0}));
        QVERIFY((layer.output == QuantizationParameters{quint8_type, 5.280323505401611, 73}));
        QCOMPARE(layer.channels(), 3);
        QVERIFY(layer.var[1] == 0.06208014488220215);
        QVERIFY(layer.gamma[2] == -310.0);
        QVERIFY(layer.eps == 1e-5);
        QVERIFY(!layer.relu);
    }

    void specialValuesKeepTheirBits_data()
    {
        QTest::addColumn<double>("value");
        QTest::newRow("zero") << 0.0;
        QTest::newRow("negative zero") << -0.0;
        QTest::newRow("infinity") << Limits::infinity();
        QTest::newRow("NaN") << Limits::quiet_NaN();
        QTest::newRow("NaN with a sign") << -Limits::quiet_NaN();
        QTest::newRow("NaN with a payload") << std::bit_cast<double>(0x7ff8000000001234ULL);
        QTest::newRow("smallest denormal") << Limits::denorm_min();
        QTest::newRow("largest") << Limits::max();
        QTest::newRow("a whole number beyond 2^53") << 9007199254740994.0;
        QTest::newRow("a whole number beyond 2^63") << 1e19;
        QTest::newRow("1/3") << 1.0 / 3;
        QTest::newRow("a binary32 value") << static_cast<double>(0.1F);
    }

    void specialValuesKeepTheirBits()
    {
        QFETCH(double, value);
        const Model model = withValues(std::vector<double>(2, value));
        QVERIFY(reread(model) == model);
        QCOMPARE(write_session(reread(model)), write_session(model));
    }

    void anyBinary64KeepsItsBits()
    {
        QRandomGenerator64 random(20240607);
        std::vector<double> values(20000);
        for (double& value : values)
            value = std::bit_cast<double>(random.generate64());
        const Model model = withValues(values);
        QVERIFY(reread(model) == model);
    }

    void everythingInALayerSurvivesSaving()
    {
        BatchNormLayer layer = identity_layer("a \"b\"\\\n\u00e9\xf0\x9f\x98\x80", 3);
        layer.input
            = {{.is_signed = true, .bits = 3}, -1e-300, std::numeric_limits<std::int32_t>::min()};
        layer.output = {{.is_signed = false, .bits = 2},
                        Limits::infinity(),
                        std::numeric_limits<std::int32_t>::max()};
        layer.eps = -0.0;
        layer.relu = true;
        layer.intermediate
            = {.gain = layer.input,
               .offset = layer.output,
               .product = {.type = qint8_type, .scale = Limits::quiet_NaN(), .zero_point = -7}};
        layer.provenance.set(Field::eps,
                             {.origin = Origin::defaulted, .note = "PyTorch's \"default\""});
        layer.provenance.set(Field::mean, {.origin = Origin::file, .note = {}});
        layer.provenance.set_channel(Field::mean, 2, {.origin = Origin::typed, .note = {}});
        layer.provenance.set_channel(Field::mean, 0, {.origin = Origin::example, .note = "n"});
        const Model model{.name = "",
                          .layers = {std::make_shared<const BatchNormLayer>(layer),
                                     std::make_shared<const BatchNormLayer>(layer)}};
        QVERIFY(reread(model) == model);
        QCOMPARE(write_session(reread(model)), write_session(model));
    }

    void anIntermediateQuantizationIsReadAndTold_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QString>("says");
        const QByteArray end = R"({"type": "quint8", "scale": 0.25, "zero_point": 7})";
        QTest::newRow("whole") << R"("intermediate": {"gain": )" + end + R"(, "offset": )" + end
                + R"(, "product": )" + end
                + "}," << QString();
        QTest::newRow("without its product")
            << R"("intermediate": {"gain": )" + end + R"(, "offset": )" + end + "},"
            << "x.json: layers[0] \"bn\": intermediate: the key \"product\" is missing";
        QTest::newRow("a number")
            << QByteArray(R"("intermediate": 3,)")
            << "x.json: layers[0] \"bn\": intermediate: an object is needed, found 3";
    }

    void anIntermediateQuantizationIsReadAndTold()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QString, says);
        const auto model
            = read_session(session(R"("mean": [1, 2],)" + keys), QStringLiteral("x.json"));
        if (!model) {
            QCOMPARE(messageOf(model), says);
            return;
        }
        QVERIFY(says.isEmpty());
        const BatchNormLayer& layer = *model->layers[0];
        QVERIFY(layer.intermediate);
        QVERIFY((layer.intermediate->product == QuantizationParameters{quint8_type, 0.25, 7}));
        BatchNormLayer other = layer;
        QVERIFY(other == layer);
        other.intermediate->offset.zero_point = 8;
        QVERIFY(!(other == layer));
        other.intermediate.reset();
        QVERIFY(!(other == layer));
    }

    void aBareNegativeZeroKeepsItsSign_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("-0") << QByteArray("-0");
        QTest::newRow("-0.0 as Python writes it") << QByteArray("-0.0");
        QTest::newRow("-0.0e5") << QByteArray("-0.0e5");
    }

    void aBareNegativeZeroKeepsItsSign()
    {
        QFETCH(QByteArray, text);
        const auto model
            = read_session(session("\"mean\": [" + text + ", -0.5],", R"("name": "\"-0, -0.0",)"),
                           QStringLiteral("x"));
        QVERIFY2(model, qPrintable(messageOf(model)));
        QVERIFY(std::signbit(model->layers[0]->mean[0]));
        QVERIFY(model->layers[0]->mean[0] == 0);
        QVERIFY(model->layers[0]->mean[1] == -0.5);
        QCOMPARE(model->name, "\"-0, -0.0");
    }

    void numbersBeyondBinary64_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("too small") << QByteArray("1e-999") << 0.0;
        QTest::newRow("too small and negative") << QByteArray("-1.5E-0999") << -0.0;
        QTest::newRow("too small by its digits") << "0." + QByteArray(400, '0') + "1" << 0.0;
        QTest::newRow("its digits outweigh the exponent")
            << "0." + QByteArray(400, '0') + "1e400" << 0.1;
        QTest::newRow("zero with an exponent") << QByteArray("0e300") << 0.0;
        QTest::newRow("a denormal") << QByteArray("5e-324") << Limits::denorm_min();
    }

    void numbersBeyondBinary64()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, value);
        const auto model
            = read_session(session("\"mean\": [" + text + ", 2],"), QStringLiteral("x"));
        QVERIFY2(model, qPrintable(messageOf(model)));
        QVERIFY(std::bit_cast<std::uint64_t>(model->layers[0]->mean[0])
                == std::bit_cast<std::uint64_t>(value));
    }

    void aNumberThatIsTooLargeIsNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("by its exponent") << QByteArray("1e999");
        QTest::newRow("with a sign before it") << QByteArray("-1e+999");
        QTest::newRow("by an exponent that no integer holds")
            << QByteArray("1e99999999999999999999");
        QTest::newRow("by its exponent alone, though it is 0") << QByteArray("0e999");
        QTest::newRow("by its digits") << QByteArray(70, '9') + "e300";
    }

    void aNumberThatIsTooLargeIsNamed()
    {
        QFETCH(QByteArray, text);
        const auto model
            = read_session("{\n \"mean\": [1,\n" + text + "]}", QStringLiteral("x.json"));
        QCOMPARE(messageOf(model),
                 QStringLiteral("x.json: line 3, column 1: \"%1\" is too large for a number of 64 "
                                "bits (infinity is written as text: \"inf\", \"-inf\")")
                     .arg(QString::fromLatin1(text)));
    }

    void aKeyThatStandsTwiceIsRefused_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QString>("says");
        QTest::newRow("plainly")
            << QByteArray("\"mean\": [1, 2],\n \"mean\": [3, 4],")
            << "x.json: line 2, column 2: the key \"mean\" stands twice in one "
               "object";
        QTest::newRow("once in escapes")
            << QByteArray(R"("mean": [1, 2], "a": 1, "\u0061": {}, )")
            << "x.json: line 1, column 90: the key \"a\" stands twice in one object";
    }

    void aKeyThatStandsTwiceIsRefused()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QString, says);
        QCOMPARE(messageOf(read_session(session(keys), QStringLiteral("x.json"))), says);
    }

    void theSameKeyInTwoObjectsIsNone()
    {
        const auto model = read_session(
            session(R"("mean": [1, 2], "a": [{"b": "c"}, {"b": "b", "c": {"b": 1}}], )"),
            QStringLiteral("x"));
        QVERIFY2(model, qPrintable(messageOf(model)));
    }

    void observationsAreWholeNumbers_data()
    {
        QTest::addColumn<QByteArray>("seen");
        QTest::addColumn<QString>("says");
        const QString needed
            = QStringLiteral("x.json: layers[0] \"bn\": observations[0]: %1: a whole number of 32 "
                             "bits is needed, found %2");
        QTest::newRow("a fraction")
            << QByteArray("[0, 38, 1.5]")
            << needed.arg(QStringLiteral("output_code"), QStringLiteral("1.5"));
        QTest::newRow("infinity") << QByteArray("[0, \"inf\", 1]")
                                  << needed.arg(QStringLiteral("input_code"),
                                                QStringLiteral("\"inf\""));
        QTest::newRow("too large")
            << QByteArray("[3000000000, 1, 1]")
            << needed.arg(QStringLiteral("channel"), QStringLiteral("3000000000"));
        QTest::newRow("-0 is 0") << QByteArray("[0, 38, -0]") << QString();
    }

    void observationsAreWholeNumbers()
    {
        QFETCH(QByteArray, seen);
        QFETCH(QString, says);
        const auto model
            = read_session(session("\"mean\": [1, 2], \"observations\": [" + seen + "],"),
                           QStringLiteral("x.json"));
        QCOMPARE(model ? QString() : messageOf(model), says);
        if (model)
            QCOMPARE(model->layers[0]->observations[0].output_code, 0);
    }

    void aSessionWithoutProvenanceIsFromTheFile()
    {
        const auto model
            = read_session(session("\"mean\": [1, 2],"), QStringLiteral("/tmp/my net.json"));
        QVERIFY2(model, qPrintable(messageOf(model)));
        QCOMPARE(model->name, "my net");
        for (const Field field : all_fields)
            QVERIFY((model->layers[0]->provenance.of(field) == Provenance{Origin::file, {}}));
        QCOMPARE(model->layers[0]->output.zero_point, -300);
        QVERIFY(!write_session(*model).contains("provenance"));
    }

    void provenanceIsReadForFieldsAndChannels()
    {
        const auto model = read_session(
            session(R"("mean": [1, 2], "provenance": {"eps": {"origin": "default", "note": "why"},
                "mean": {"origin": "inferred", "channels": {"1": {"origin": "typed"}}}, "later": 1},)"),
            QStringLiteral("x"));
        QVERIFY2(model, qPrintable(messageOf(model)));
        const LayerProvenance& provenance = model->layers[0]->provenance;
        QVERIFY((provenance.of(Field::eps) == Provenance{Origin::defaulted, "why"}));
        QVERIFY((provenance.of(Field::mean, 0) == Provenance{Origin::inferred, {}}));
        QVERIFY((provenance.of(Field::mean, 1) == Provenance{Origin::typed, {}}));
        QVERIFY((provenance.of(Field::var) == Provenance{Origin::file, {}}));
    }

    void unknownKeysAndAByteOrderMarkArePassedOver()
    {
        const auto model = read_session(
            "\xef\xbb\xbf"
                + session(R"("mean": [1, 2], "colour": "red",)", R"("experiment": {"a": [1]}, )"),
            QStringLiteral("x"));
        QVERIFY2(model, qPrintable(messageOf(model)));
        QCOMPARE(model->layers.size(), std::size_t{1});
    }

    void onlyTheAgreedTextsStandForNumbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"1", "Infinity", "NaN", "INF", "", "nan(0x7ff0000000000000)",
                                 "nan(0x1)", "nan(0x7ff800000000000g)"})
            QTest::newRow(
                qPrintable(QStringLiteral("\"%1\" is no number").arg(QLatin1String(text))))
                << QByteArray(text);
    }

    void onlyTheAgreedTextsStandForNumbers()
    {
        QFETCH(QByteArray, text);
        const auto model
            = read_session(session(R"("mean": [1, ")" + text + R"("],)"), QStringLiteral("x.json"));
        QCOMPARE(
            messageOf(model),
            QStringLiteral("x.json: layers[0] \"bn\": mean[1]: a number is needed, found \"%1\"")
                .arg(QString::fromLatin1(text)));
    }

    void aDeviceIsNotReplaced()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("full"));
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), path));
        const auto error = save_session(modelOf(QStringLiteral("golden/forum.json")), path);
        QVERIFY(error);
        QCOMPARE(QString::fromStdString(error->message),
                 path + QStringLiteral(": cannot be written: No space left on device"));
        QVERIFY(QFileInfo(path).isSymLink() && !QFileInfo(path).isFile());
    }

    void whatAQuestionIsAboutIsRead_data()
    {
        QTest::addColumn<QByteArray>("view");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* view, const char* message) {
            QTest::newRow(name) << QByteArray(view) << QString::fromLatin1(message);
        };
        row("a place", R"({"layer": 0, "channel": 1, "input_code": 7})", "no error");
        row("a pair", R"({"layer": 0, "channel": 1, "input_code": 7,
                          "unknowns": ["slope", "offset"]})",
            "no error");
        row("no object", "[0, 1, 7]", "x.json: view: an object is needed, found an array");
        row("no code", R"({"layer": 0, "channel": 1})",
            "x.json: view: the key \"input_code\" is missing");
        row("no pair",
            R"({"layer": 0, "channel": 1, "input_code": 7, "unknowns": ["mean", "var"]})",
            "x.json: view: unknowns: two parameters are needed: var cannot be solved for");
        row("three parameters",
            R"({"layer": 0, "channel": 1, "input_code": 7, "unknowns": ["mean", "beta", "gamma"]})",
            "x.json: view: unknowns: two parameters are needed");
    }

    void whatAQuestionIsAboutIsRead()
    {
        QFETCH(QByteArray, view);
        QFETCH(QString, message);
        const auto model = read_session(session(R"("mean": [1, 2],)", "\"view\": " + view + ", "),
                                        QStringLiteral("x.json"));
        QCOMPARE(messageOf(model), message);
        if (!model)
            return;
        QVERIFY(model->view && model->view->channel == 1 && model->view->input_code == 7);
        QVERIFY(reread(*model) == *model);
    }

    void aRoundingIsNotBelowZero()
    {
        const auto model = read_session(session(R"("mean": [1, 2],
                       "provenance": {"var": {"origin": "pasted", "rounding": -1}},)"),
                                        QStringLiteral("x.json"));
        QVERIFY2(messageOf(model).endsWith(QStringLiteral("\"rounding\" is below 0")),
                 qPrintable(messageOf(model)));
    }

    void savingReplacesAFile()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s.json"));
        const Model first = modelOf(QStringLiteral("golden/hard.json"));
        const Model second = modelOf(QStringLiteral("golden/forum.json"));
        QVERIFY(!save_session(first, path));
        QVERIFY(!save_session(second, path));
        const auto opened = open_model(path);
        QVERIFY2(opened, qPrintable(messageOf(opened)));
        QVERIFY(*opened == second);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("s.json")});
    }

    void savingWhereItIsNotPossibleSaysSo_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("a folder that does not exist") << "none/s.json";
        QTest::newRow("a path that is a folder") << "";
    }

    void savingWhereItIsNotPossibleSaysSo()
    {
        QFETCH(QString, name);
        const QTemporaryDir folder;
        const QString path = folder.filePath(name);
        const auto error = save_session(modelOf(QStringLiteral("golden/forum.json")), path);
        QVERIFY(error);
        QVERIFY(QString::fromStdString(error->message)
                    .startsWith(path + QStringLiteral(": cannot be written: ")));
    }
};

QBN_TEST(TestSessionJson)
#include "tst_session_json.moc"
