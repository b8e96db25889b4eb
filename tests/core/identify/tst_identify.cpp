#include "core/backends/bound_backend.h"
#include "core/formula/rewrite.h"
#include "core/identify/composed.h"
#include "core/identify/identify.h"
#include "core/identify/test_layer.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <random>
#include <set>

using namespace qbn;
using namespace qbn::test;

namespace {

const std::vector<Candidate>& space()
{
    static const std::vector<Candidate> candidates = search_space();
    return candidates;
}

DeviceCodes deviceOf(const BatchNormLayer& layer, const GoldenCodes& golden)
{
    DeviceCodes device(layer);
    auto code = golden.values.begin();
    for (int channel = 0; channel < layer.channels(); ++channel) {
        for (std::int32_t x = layer.input.type.qmin(); x <= layer.input.type.qmax(); ++x)
            device.set(channel, x, static_cast<std::int32_t>(*code++));
    }
    return device;
}

/// A device that runs a formula.
DeviceCodes deviceOf(const BatchNormLayer& layer, const std::string& text)
{
    DeviceCodes device(layer);
    Backend own;
    const auto program = formula::compile(text);
    if (!program) {
        QTest::qFail((program.error().message + "\n" + text).c_str(), __FILE__, __LINE__);
        return device;
    }
    own.program = *program;
    BoundBackend bound(own, layer);
    for (int channel = 0; channel < layer.channels(); ++channel) {
        std::int32_t x = layer.input.type.qmin();
        for (const std::int32_t code : bound.codes(channel))
            device.set(channel, x++, code);
    }
    return device;
}

/// The backends and those with one change: less to try where all golden layers are gone through.
const std::vector<Candidate>& nearSpace()
{
    static const std::vector<Candidate> candidates = [] {
        std::vector<Candidate> near;
        std::copy_if(space().begin(), space().end(), std::back_inserter(near),
                     [](const Candidate& candidate) { return candidate.changes <= 1; });
        return near;
    }();
    return candidates;
}

Identification identified(const BatchNormLayer& layer, const DeviceCodes& device,
                          const std::vector<Candidate>& tried = space())
{
    return *identify(layer, device, {.also = {}, .space = tried, .progress = {}, .stop = {}});
}

/// The class that has a backend; null where none has.
const FormulaClass* classWith(const Identification& found, std::string_view id)
{
    for (const FormulaClass& formulas : found.classes) {
        for (const Candidate& candidate : formulas.members) {
            if (candidate.id == id)
                return &formulas;
        }
    }
    return nullptr;
}

bool names(const Identification& found, std::string_view words)
{
    for (std::size_t i = 0; i < found.complete(); ++i) {
        for (const Candidate& candidate : found.classes[i].members) {
            if (candidate.name == words)
                return true;
        }
    }
    return false;
}

std::string textOf(const char* id)
{
    return find_backend(id)->program->text();
}

std::string with(std::string text, const std::string& before, const std::string& after)
{
    const std::size_t at = text.find(before);
    if (at == std::string::npos) {
        QTest::qFail(before.c_str(), __FILE__, __LINE__);
        return text;
    }
    return text.replace(at, before.size(), after);
}

/// Halves are exact and the output zero point is odd: x / 2 + a channel's half.
BatchNormLayer halvesLayer()
{
    BatchNormLayer layer = identity_layer("halves", 4);
    layer.input = {quint8_type, 0.5, 128};
    layer.output = {quint8_type, 1, 127};
    layer.eps = 0;
    layer.gamma = {1, -1, 0.5, 2};
    layer.beta = {0, 0.5, 0.25, -8.5};
    return layer;
}

/// Scales and weights with nothing exact in them, and codes beyond both ends.
BatchNormLayer trainedLayer(int channels)
{
    std::mt19937 random(7);
    const auto real = [&](double low, double high) {
        return static_cast<double>(
            static_cast<float>(std::uniform_real_distribution<double>(low, high)(random)));
    };
    BatchNormLayer layer = identity_layer("trained", channels);
    layer.input = {quint8_type, 0.0078701712191104889, 17};
    layer.output = {quint8_type, 0.012345679104328156, 73};
    for (std::size_t i = 0; i < static_cast<std::size_t>(channels); ++i) {
        layer.mean[i] = real(-1, 1);
        layer.var[i] = real(0.01, 2);
        layer.gamma[i] = real(-2, 2);
        layer.beta[i] = real(-1, 1);
    }
    return layer;
}

/// One code lies at a tie that accelerators answered in three ways: tensorflow issue 102943. The accumulator of input code 4 is
/// 4 * 127 + 77 = 585, the scales are those of the issue.
BatchNormLayer accumulatorLayer()
{
    const float s_in = 0.05296124517917633F, s_w = 0.024093778803944588F;
    BatchNormLayer layer = identity_layer("accumulator", 1);
    layer.input = {qint8_type, static_cast<double>(s_in), 0};
    layer.output = {qint8_type, static_cast<double>(0.11484327912330627F), -126};
    layer.eps = 0;
    layer.gamma = {static_cast<double>(s_w * 127.0F)};
    layer.beta = {static_cast<double>(77.0F * (s_in * s_w))};
    return layer;
}

} // namespace

class TestIdentify : public QObject
{
    Q_OBJECT

private slots:
    void everyCandidateIsAFormula();
    void goldenCodesNameTheirMaker_data();
    void goldenCodesNameTheirMaker();
    void composedArithmeticsAreNamed_data();
    void composedArithmeticsAreNamed();
    void changedBackendsAreNamed_data();
    void changedBackendsAreNamed();
    void oneWrongCodeLeavesTheMakerFirst();
    void nonsenseIsNobodys();
    void halfEvenAfterAnOddZeroPointIsNotHalfAway();
    void theAccumulatorOfTensorflow102943();
    void theTellingCodeTells();
    void theTestLayerTells();
    void aContradictionIsRefused();
    void itStops();
    void sixtyFourChannelsTakeLessThanFiveSeconds();
};

void TestIdentify::everyCandidateIsAFormula()
{
    QVERIFY(space().size() > 3000);
    std::set<std::string> ids;
    for (const Candidate& candidate : space()) {
        QVERIFY(!candidate.name.empty());
        if (candidate.backend) {
            ids.insert(candidate.id);
            continue;
        }
        const std::string text = candidate.text();
        const auto program = formula::compile(text);
        QVERIFY2(program, (candidate.name + "\n" + text).c_str());
        QCOMPARE(std::string((*program)->header("title")), candidate.name);
    }
    QCOMPARE(ids.size(), all_backends().size());
}

void TestIdentify::goldenCodesNameTheirMaker_data()
{
    QTest::addColumn<QString>("session");
    QTest::addColumn<int>("layer");
    QTest::addColumn<QString>("backend");
    for (const QString& session : goldenSessions()) {
        const int layers = static_cast<int>(goldenModel(session).layers.size());
        for (int layer = 0; layer < layers; ++layer) {
            for (const Backend& backend : all_backends()) {
                const QString id = QString::fromUtf8(backend.id.data(),
                                                     static_cast<qsizetype>(backend.id.size()));
                if (QFile::exists(dataPath(
                        QStringLiteral("golden/%1.%2.%3.npy").arg(session).arg(layer).arg(id))))
                    QTest::addRow("%s layer %d was computed by %s", qPrintable(session), layer,
                                  qPrintable(id))
                        << session << layer << id;
            }
        }
    }
}

void TestIdentify::goldenCodesNameTheirMaker()
{
    QFETCH(QString, session);
    QFETCH(int, layer);
    QFETCH(QString, backend);
    const Model model = goldenModel(session);
    const BatchNormLayer& of = *model.layers[static_cast<std::size_t>(layer)];
    const auto golden
        = goldenCodes(session, static_cast<std::size_t>(layer), backend.toStdString());
    QVERIFY(golden);
    const bool is_forum = session == QStringLiteral("forum");
    const Identification found
        = identified(of, deviceOf(of, *golden), is_forum ? space() : nearSpace());
    const FormulaClass* formulas = classWith(found, backend.toStdString());
    QVERIFY(formulas);
    QVERIFY(!formulas->first_wrong);
    // All codes are known: what gives them all is one class.
    QCOMPARE(found.complete(), std::size_t(1));
    QCOMPARE(found.classes.front().reproduced, found.observed);
    QVERIFY(!found.classes.front().members.front().id.empty());
}

void TestIdentify::composedArithmeticsAreNamed_data()
{
    QTest::addColumn<QString>("text");
    // Every 11th, so that all choices occur with all others.
    const std::vector<Composed> all = all_composed();
    for (std::size_t i = 0; i < all.size(); i += 11)
        QTest::addRow("%zu: %s", i, words_of(all[i]).c_str())
            << QString::fromStdString(formula_of(all[i]));
    const std::vector<ComposedInteger> integers = all_composed_integers();
    for (std::size_t i = 0; i < integers.size(); i += 5)
        QTest::addRow("%s", words_of(integers[i]).c_str())
            << QString::fromStdString(formula_of(integers[i]));
}

void TestIdentify::composedArithmeticsAreNamed()
{
    QFETCH(QString, text);
    const BatchNormLayer layer = trainedLayer(4);
    const Identification found = identified(layer, deviceOf(layer, text.toStdString()));
    const auto words = text.section(QLatin1Char('\n'), 0, 0).mid(6).toStdString();
    QVERIFY2(names(found, words), words.c_str());
    QCOMPARE(found.complete(), std::size_t(1));
}

void TestIdentify::changedBackendsAreNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const std::string& text, const char* words) {
        QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(words);
    };
    const std::string onnx = textOf("onnxruntime");
    row("ONNX Runtime with halves away from zero", with(onnx, "rint(", "round_away("),
        "as ONNX Runtime, but halves are rounded away from zero (y)");
    row("ONNX Runtime without a fraction", with(onnx, "rint(", "trunc("),
        "as ONNX Runtime, but fractions are cut off (y)");
    row("ONNX Runtime with the reciprocal and halves up",
        with(with(onnx, "rectified / s_out", "rectified * (1 / s_out)"), "rint(", "round_up("),
        "as ONNX Runtime, but it multiplies by the reciprocal (requantized), and halves are "
        "rounded up (y)");
    row("ONNX Runtime without eps", with(onnx, "sqrt(var + eps)", "sqrt(var)"),
        "as ONNX Runtime, but eps is left out (std_dev)");
    row("ONNX Runtime that wraps around",
        with(onnx, "to_code(rint(requantized), z_out)",
             "wrap_code(to_int64_x86(requantized) + z_out)"),
        "as ONNX Runtime, but a code out of range wraps around instead of being clamped");
    row("ONNX Runtime without its lowest code",
        with(onnx, "y           = to_code(rint(requantized), z_out)",
             "y = max(to_code(rint(requantized), z_out), qmin + 1)"),
        "as ONNX Runtime, but the lowest code is not used");
    row("PyTorch's gain in binary16",
        with(textOf("pytorch"), "gain        = inv_std * gamma",
             "gain = f32(f16(inv_std * gamma))"),
        "as PyTorch fused, but it is kept in binary16 (gain)");
    row("LiteRT with halves up",
        with(textOf("litert"), "divide_by_pot_round", "shift_round_half_up"),
        "as LiteRT, but the shift rounds halves up (rounded)");
}

void TestIdentify::changedBackendsAreNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, words);
    for (const BatchNormLayer& layer : {trainedLayer(8), halvesLayer()}) {
        const Identification found = identified(layer, deviceOf(layer, text.toStdString()));
        QVERIFY2(names(found, words.toStdString()),
                 found.classes.front().members.front().name.c_str());
    }
}

void TestIdentify::oneWrongCodeLeavesTheMakerFirst()
{
    const Model model = goldenModel(QStringLiteral("hard"));
    const BatchNormLayer& layer = *model.layers[0];
    const auto golden = goldenCodes(QStringLiteral("hard"), 0, "onnxruntime");
    DeviceCodes device = deviceOf(layer, *golden);
    const std::int32_t before = device.code(3, 77 + layer.input.type.qmin());
    device.set(3, 77 + layer.input.type.qmin(),
               before == layer.output.type.qmax() ? before - 1 : before + 1);
    const Identification found = identified(layer, device);
    QCOMPARE(found.complete(), std::size_t(0));
    const FormulaClass& first = found.classes.front();
    QCOMPARE(classWith(found, "onnxruntime"), &first);
    QCOMPARE(first.reproduced, found.observed - 1);
    QVERIFY(first.first_wrong);
    QCOMPARE(first.first_wrong->channel, 3);
    QCOMPARE(first.first_wrong->input_code, 77 + layer.input.type.qmin());
    QCOMPARE(first.first_wrong->given, before);
}

void TestIdentify::nonsenseIsNobodys()
{
    const BatchNormLayer layer = trainedLayer(3);
    DeviceCodes device(layer);
    std::mt19937 random(3);
    for (int channel = 0; channel < 3; ++channel) {
        for (std::int32_t x = 0; x < 256; ++x)
            device.set(channel, x, static_cast<std::int32_t>(random() % 256));
    }
    const Identification found = identified(layer, device);
    QCOMPARE(found.complete(), std::size_t(0));
    QCOMPARE(found.observed, std::int64_t(768));
    QVERIFY(!found.telling);
    for (const FormulaClass& formulas : found.classes) {
        QVERIFY(formulas.first_wrong);
        QVERIFY(formulas.reproduced < 200);
    }
}

void TestIdentify::halfEvenAfterAnOddZeroPointIsNotHalfAway()
{
    const BatchNormLayer layer = halvesLayer();
    const std::string onnx = textOf("onnxruntime");
    const DeviceCodes inside = deviceOf(layer, textOf("openvino")),
                      away = deviceOf(layer, with(onnx, "rint(", "round_away("));
    const Identification of_inside = identified(layer, inside), of_away = identified(layer, away);
    // OpenVINO: not ONNX Runtime, and not a half away from zero, but the zero point inside.
    QVERIFY(!classWith(of_inside, "openvino")->first_wrong);
    QVERIFY(classWith(of_inside, "onnxruntime")->first_wrong);
    QVERIFY(names(of_inside, "as ONNX Runtime, but the zero point is added before the rounding"));
    QVERIFY(!names(of_inside, "as ONNX Runtime, but halves are rounded away from zero (y)"));
    // One that does round away: no known backend.
    QVERIFY(names(of_away, "as ONNX Runtime, but halves are rounded away from zero (y)"));
    QVERIFY(!names(of_away, "as ONNX Runtime, but the zero point is added before the rounding"));
    QVERIFY(classWith(of_away, "openvino")->first_wrong);
}

void TestIdentify::theAccumulatorOfTensorflow102943()
{
    const BatchNormLayer layer = accumulatorLayer();
    formula::BoundFormula bound(find_backend("litert")->program, layer);
    bound.run(0);
    const auto* accumulator = find_backend("litert")->program->find("acc");
    QVERIFY(accumulator);
    QCOMPARE(bound.value(accumulator->instruction, 4 + 128), 585.0);

    // The runtime's -120 is XNNPACK's; one fixed-point rounding or two give -119, so neither explains it.
    const DeviceCodes xnnpack = deviceOf(layer, textOf("litert-xnnpack")),
                      builtin = deviceOf(layer, textOf("litert"));
    QCOMPARE(xnnpack.code(0, 4), -120);
    QCOMPARE(builtin.code(0, 4), -119);
    DeviceCodes runtime(layer), person(layer);
    runtime.set(0, 4, -120);
    person.set(0, 4, -119);
    const Identification of_runtime = identified(layer, runtime),
                         of_person = identified(layer, person);
    QVERIFY(!classWith(of_runtime, "litert-xnnpack")->first_wrong);
    QCOMPARE(classWith(of_runtime, "litert")->first_wrong->given, -119);
    QVERIFY(!classWith(of_person, "litert")->first_wrong);
    QCOMPARE(classWith(of_person, "litert-xnnpack")->first_wrong->given, -120);
    const char* single = "as LiteRT, but with a single rounding of the product, halves up";
    QVERIFY(!names(of_runtime, single));
    QVERIFY(names(of_person, single));
}

void TestIdentify::theTellingCodeTells()
{
    // A half alone tells half even from half away; of all other codes both are the same.
    const BatchNormLayer layer = halvesLayer();
    const DeviceCodes whole = deviceOf(layer, textOf("onnxruntime"));
    DeviceCodes part(layer);
    for (std::int32_t x = 0; x < 256; x += 2)
        part.set(0, x, whole.code(0, x));
    const Identification before = identified(layer, part);
    QVERIFY(before.complete() > 1);
    QVERIFY(before.telling);
    QCOMPARE(before.telling->codes.size(), before.complete());
    QCOMPARE(part.code(before.telling->channel, before.telling->input_code), DeviceCodes::unknown);
    QVERIFY(
        std::set<std::int32_t>(before.telling->codes.begin(), before.telling->codes.end()).size()
        > 1);
    part.set(before.telling->channel, before.telling->input_code,
             whole.code(before.telling->channel, before.telling->input_code));
    const Identification after = identified(layer, part);
    QVERIFY(after.complete() < before.complete());
    QVERIFY(!classWith(after, "onnxruntime")->first_wrong);
}

void TestIdentify::theTestLayerTells()
{
    std::vector<Candidate> candidates;
    for (const char* id :
         {"onnxruntime", "openvino", "pytorch", "pytorch-reference", "litert", "litert-xnnpack"})
        candidates.push_back(known_candidate(*find_backend(id), candidates.size()));
    const TestLayer test = make_test_layer(trainedLayer(3), candidates);
    QCOMPARE(test.groups.size(), candidates.size());
    QVERIFY(test.layer.channels() <= 8);
    // On it every one of them is found, and no other is.
    for (const Candidate& maker : candidates) {
        const Identification found
            = identified(test.layer, deviceOf(test.layer, maker.program->text()));
        for (const Candidate& candidate : candidates)
            QCOMPARE(!classWith(found, candidate.id)->first_wrong, candidate.id == maker.id);
    }
}

void TestIdentify::aContradictionIsRefused()
{
    const BatchNormLayer layer = halvesLayer();
    const std::vector<Observation> twice{{0, 5, 7}, {0, 5, 8}};
    const auto device = device_codes(layer, twice);
    QVERIFY(!device);
    QCOMPARE(device.error().message,
             std::string(
                 "channel 0, input code 5 was observed as 7 and as 8; one formula gives one code"));
    QVERIFY(!device_codes(layer, {}));
}

void TestIdentify::itStops()
{
    const BatchNormLayer layer = trainedLayer(8);
    const DeviceCodes device = deviceOf(layer, textOf("pytorch"));
    std::stop_source stop;
    int told = -1;
    bool rises = true;
    const auto found = identify(layer, device,
                                {.also = {},
                                 .space = space(),
                                 .progress =
                                     [&](int permille) {
                                         rises = rises && permille >= told;
                                         told = permille;
                                         if (permille > 500)
                                             stop.request_stop();
                                     },
                                 .stop = stop.get_token()});
    QVERIFY(!found);
    QVERIFY(told > 500 && told < 600);
    QVERIFY(rises);
}

void TestIdentify::sixtyFourChannelsTakeLessThanFiveSeconds()
{
    const BatchNormLayer layer = trainedLayer(64);
    const DeviceCodes device = deviceOf(layer, with(textOf("onnxruntime"), "rint(", "round_away("));
    // Of the process, not of the wall: other tests run at the same time.
    const std::clock_t begin = std::clock();
    const auto found = identify(layer, device);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    QVERIFY(found);
    QVERIFY(found->complete() > 0);
    qInfo("%.2f s for %zu formulas", seconds, found->tried);
#ifdef NDEBUG
    QVERIFY(seconds < 5);
#endif
}

QBN_TEST(TestIdentify)
#include "tst_identify.moc"
