#include "core/explain/rounded_codes.h"

#include "core/explain/report.h"
#include "core/formats/session/session_json.h"
#include "core/paste/understanding.h"
#include "tests/support/room.h"

#include <QTest>

#include <functional>

using namespace qbn;

namespace {

/// y = 2 * (x_q - 10) + 3, over y_scale 4, plus 20: 30 gives 43 / 4 = 10.75, which is 31.
BatchNormLayer plainLayer()
{
    BatchNormLayer layer = identity_layer("plain", 2);
    layer.input = {quint8_type, 1.0, 10};
    layer.output = {quint8_type, 4.0, 20};
    layer.eps = 0;
    layer.gamma = {2, 2};
    layer.beta = {3, 3};
    return layer;
}

void round(BatchNormLayer& layer, Field field, double rounding)
{
    layer.provenance.set(field, {.origin = Origin::pasted, .note = {}, .rounding = rounding});
}

using Change = std::function<void(BatchNormLayer&)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class TestPrintRounding : public QObject
{
    Q_OBJECT

private slots:
    void codesWithinTheRounding_data();
    void codesWithinTheRounding();
    void aPrintTellsEachNumbersRounding();
    void anEditForgetsIt();
    void aSessionKeepsIt();
    void theRoundingOfThePrintExplains();
    void beyondTheRoundingIsNotExplained();
};

void TestPrintRounding::codesWithinTheRounding_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<int>("input");
    QTest::addColumn<int>("lowest");
    QTest::addColumn<int>("highest");
    const auto row
        = [](const char* name, int input, int lowest, int highest, const Change& change) {
              QTest::newRow(name) << change << input << lowest << highest;
          };
    row("nothing is rounded", 30, 31, 31, [](auto&) { });
    row("beta 2 to 4: 42 / 4 = 10.5 to 44 / 4 = 11, and 10.5 may go to 10", 30, 30, 31,
        [](auto& layer) { round(layer, Field::beta, 1); });
    row("gamma 1 to 3: 23 / 4 = 5.75 to 63 / 4 = 15.75", 30, 26, 36,
        [](auto& layer) { round(layer, Field::gamma, 1); });
    row("gamma 1 to 3 below the zero point: (3 - 30) / 4 to (3 - 10) / 4", 0, 13, 18,
        [](auto& layer) { round(layer, Field::gamma, 1); });
    row("mean -2 to 2: 39 / 4 to 47 / 4", 30, 30, 32,
        [](auto& layer) { round(layer, Field::mean, 2); });
    row("var 0.25 to 1.75: 40 / 1.3229 + 3 = 33.2 to 40 / 0.5 + 3 = 83", 30, 28, 41,
        [](auto& layer) { round(layer, Field::var, 0.75); });
    row("var -1 to 3 is 0 to 3, and eps 1: 40 / 2 + 3 = 23 to 43", 30, 26, 31, [](auto& layer) {
        layer.eps = 1;
        round(layer, Field::var, 2);
    });
    row("var may be 0 and so is eps: any code", 30, 0, 255,
        [](auto& layer) { round(layer, Field::var, 2); });
    row("y_scale 2 to 6: 43 / 6 to 43 / 2, where 21.5 may go to 22", 30, 27, 42,
        [](auto& layer) { round(layer, Field::output_scale, 2); });
    row("x_scale 0.5 to 1.5: 23 / 4 to 63 / 4", 30, 26, 36,
        [](auto& layer) { round(layer, Field::input_scale, 0.5); });
    row("with a ReLU not below 20", 0, 20, 20, [](auto& layer) {
        layer.relu = true;
        round(layer, Field::gamma, 1);
    });
    row("(0.64 * 245 + 3) / 2 = 79.9 to (3.36 * 245 + 3) / 2, clamped", 255, 80, 255,
        [](auto& layer) {
            layer.output.scale = 2;
            layer.output.zero_point = 0;
            round(layer, Field::gamma, 1.36);
        });
}

void TestPrintRounding::codesWithinTheRounding()
{
    QFETCH(Change, change);
    QFETCH(int, input);
    BatchNormLayer layer = plainLayer();
    change(layer);
    const CodeRange range = RoundedCodes(layer, 0).at(input);
    QTEST(range.lowest, "lowest");
    QTEST(range.highest, "highest");
}

/// Printed with 4 digits, as PyTorch does.
constexpr std::string_view smallVariance = "running_mean tensor([0.5000, 0.2500])\n"
                                           "running_var tensor([0.0001, 0.0010])\n"
                                           "weight tensor([1., 1.])\n"
                                           "bias tensor([0., 0.])\n";

void TestPrintRounding::aPrintTellsEachNumbersRounding()
{
    const BatchNormLayer layer = *understand(read_paste(smallVariance)).model.layers.front();
    QCOMPARE(layer.provenance.of(Field::var, 0).rounding, 5e-5);
    QCOMPARE(layer.provenance.of(Field::var, 1).rounding, 5e-5);
    QCOMPARE(layer.provenance.of(Field::gamma, 0).rounding, 0.0);
    QVERIFY(is_rounded(layer, 0));
    const BatchNormLayer scientific
        = *understand(read_paste("running_mean tensor([0., 0.])\n"
                                 "running_var tensor([1.0000e-04, 1.0000e+02])\n"))
               .model.layers.front();
    QCOMPARE(scientific.provenance.of(Field::var, 0).rounding, 5e-9);
    QCOMPARE(scientific.provenance.of(Field::var, 1).rounding, 5e-3);
}

void TestPrintRounding::anEditForgetsIt()
{
    BatchNormLayer layer = *understand(read_paste(smallVariance)).model.layers.front();
    set_value(layer, Field::var, 0, 0.000123);
    QCOMPARE(layer.provenance.of(Field::var, 0).rounding, 0.0);
    QCOMPARE(layer.provenance.of(Field::var, 1).rounding, 5e-5);
}

void TestPrintRounding::aSessionKeepsIt()
{
    const Model model = understand(read_paste(smallVariance)).model;
    const auto again = read_session(write_session(model), QStringLiteral("s.json"));
    QVERIFY(again);
    QVERIFY(*again->layers.front() == *model.layers.front());
}

void TestPrintRounding::theRoundingOfThePrintExplains()
{
    // With gamma printed as 2, but 2.4 in truth: 30 gives 51 / 4 = 12.75, which is 33.
    BatchNormLayer layer = plainLayer();
    layer.provenance.set_all({.origin = Origin::pasted, .note = {}});
    round(layer, Field::gamma, 0.5);
    layer.observations = {{0, 30, 33}, {0, 10, 21}};
    const auto report = make_report(layer, *find_backend("exact"), {});
    QVERIFY(report);
    QCOMPARE(report->verdict, Verdict::explained);
    QCOMPARE(QString::fromStdString(report->sentence),
             QStringLiteral("2 observations explained within the rounding of the print: Exact "
                            "gives 1 code as it stands and 1 with parameters that print like "
                            "these"));
    const Explanation& best = report->diagnosis.explanations.front();
    QCOMPARE(id_of(best), std::string("batch-norm"));
    QCOMPARE(best.explains, 2);
    QCOMPARE(best.within_rounding, 1);
    const ExplainedObservation& first = report->diagnosis.observations.front();
    QVERIFY(first.is_within_rounding());
    QCOMPARE(first.predicted, 31);
    QCOMPARE(first.possible.lowest, 28); // 33 / 4 = 8.25
    QCOMPARE(first.possible.highest, 33); // 53 / 4 = 13.25
    QCOMPARE(first.explained_by.front(), std::size_t{0});
    QVERIFY(!report->diagnosis.observations.back().is_within_rounding());
}

void TestPrintRounding::beyondTheRoundingIsNotExplained()
{
    BatchNormLayer layer = plainLayer();
    layer.provenance.set_all({.origin = Origin::pasted, .note = {}});
    round(layer, Field::gamma, 0.5);
    layer.observations = {{0, 30, 34}};
    const auto report = make_report(layer, *find_backend("exact"), {});
    QVERIFY(report);
    QVERIFY(report->verdict != Verdict::explained);
    QVERIFY(!report->diagnosis.observations.front().is_within_rounding());
}

QBN_TEST(TestPrintRounding)
#include "tst_rounded_codes.moc"
