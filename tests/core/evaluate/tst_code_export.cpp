#include "core/evaluate/code_export.h"

#include "core/evaluate/experiment.h"
#include "tests/support/room.h"

#include <QTest>

#include <QStringList>

#include <clocale>

using namespace qbn;

namespace {

std::string exported(const Model& model, const ExportChoice& choice)
{
    std::string text;
    export_csv(model, choice, [&text](std::string_view piece) {
        text += piece;
        return true;
    });
    return text;
}

Model twoLayers()
{
    Model model = example_experiment().model;
    model.layers.push_back(
        std::make_shared<const BatchNormLayer>(identity_layer("second, with a comma", 1)));
    return model;
}

} // namespace

class TestCodeExport : public QObject
{
    Q_OBJECT

private slots:
    void theThreadsRowIsExact();
    void theChoiceIsWhatIsWritten_data();
    void theChoiceIsWhatIsWritten();
    void theLocaleChangesNothing();
    void aSinkThatRefusesStopsTheExport();
    void saturationAndBackendAreNamed();
    void whatNobodyGaveIsNamed();
};

void TestCodeExport::theThreadsRowIsExact()
{
    const QStringList lines
        = QString::fromStdString(exported(example_experiment().model,
                                          {.channel = 0, .backend = find_backend("pytorch")}))
              .split(QStringLiteral("\r\n"));
    QCOMPARE(lines.size(), 1 + 256 + 1);
    QCOMPARE(lines.front(),
             QStringLiteral(
                 "layer,channel,input_code,dequantized,normalized,affine,requantized,output_code,"
                 "output_value,saturation,backend,unknown"));
    // dequantized and output_value as torch prints them in full; the three between worked with 60
    // digits.
    QCOMPARE(
        lines[39],
        QStringLiteral("conv1.0,0,38,0.2990665137767792,-0.9443110160746137,-110.9565443887671,"
                       "51.98679043523339,52,-110.88679504394531,none,pytorch,"));
    QCOMPARE(lines.back(), QString());
}

void TestCodeExport::theChoiceIsWhatIsWritten_data()
{
    QTest::addColumn<int>("layer");
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("rows");
    QTest::newRow("everything") << -1 << -1 << 4 * 256;
    QTest::newRow("one layer") << 1 << -1 << 256;
    QTest::newRow("one channel of all layers that have it") << -1 << 2 << 256;
    QTest::newRow("channel 0 of all layers") << -1 << 0 << 2 * 256;
    QTest::newRow("one channel of one layer") << 0 << 1 << 256;
}

void TestCodeExport::theChoiceIsWhatIsWritten()
{
    QFETCH(int, layer);
    QFETCH(int, channel);
    QFETCH(int, rows);
    ExportChoice choice{.backend = find_backend("exact")};
    if (layer >= 0)
        choice.layer = layer;
    if (channel >= 0)
        choice.channel = channel;
    const QString text = QString::fromStdString(exported(twoLayers(), choice));
    QCOMPARE(text.count(QStringLiteral("\r\n")), rows + 1);
    if (layer == 1)
        QVERIFY(text.contains(QStringLiteral("\r\n\"second, with a comma\",0,255,")));
}

void TestCodeExport::theLocaleChangesNothing()
{
    const ExportChoice choice{.backend = find_backend("pytorch")};
    const std::string plain = exported(twoLayers(), choice);
    const char* const locale = std::setlocale(LC_ALL, "de_DE.UTF-8");
    const std::string localized = exported(twoLayers(), choice);
    std::setlocale(LC_ALL, "C");
    if (!locale)
        QSKIP("the machine has no de_DE.UTF-8 locale");
    QCOMPARE(localized, plain);
}

void TestCodeExport::aSinkThatRefusesStopsTheExport()
{
    int calls = 0;
    const bool complete = export_csv(twoLayers(), {.backend = find_backend("pytorch")},
                                     [&calls](std::string_view) { return ++calls < 3; });
    QVERIFY(!complete);
    QCOMPARE(calls, 3);
}

void TestCodeExport::saturationAndBackendAreNamed()
{
    BatchNormLayer layer = identity_layer("wide", 1);
    layer.input.zero_point = 100;
    layer.gamma = {10};
    const Table table = code_table(layer, 0, *find_backend("onnxruntime"));
    QCOMPARE(std::get<std::string>(table.rows[0][9]), std::string("low"));
    QCOMPARE(std::get<std::string>(table.rows[110][9]), std::string("none"));
    QCOMPARE(std::get<std::string>(table.rows[255][9]), std::string("high"));
    QCOMPARE(std::get<std::string>(table.rows[0][10]), std::string("onnxruntime"));
}

void TestCodeExport::whatNobodyGaveIsNamed()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.provenance.set(Field::gamma, {});
    layer.provenance.set_channel(Field::gamma, 1, {.origin = Origin::typed});
    layer.provenance.set(Field::output_zero_point, {});
    const Backend& backend = *find_backend("pytorch");
    const auto unknown = [&](int channel) {
        return std::get<std::string>(code_table(layer, channel, backend).rows[38].back());
    };
    QCOMPARE(unknown(0), std::string("output_zero_point gamma"));
    QCOMPARE(unknown(1), std::string("output_zero_point"));
}

QBN_TEST(TestCodeExport)
#include "tst_code_export.moc"
