#include "core/arithmetic/exact.h"
#include "core/region/feasible_region.h"
#include "tests/support/plain_region.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <random>

using namespace qbn;
using namespace qbn::test;

using Kind = FeasibleRegion::Kind;
using Observations = std::vector<Observation>;
using Change = std::function<void(BatchNormLayer&)>;
Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(UnknownPair)

class TestUnknownPairs : public QObject
{
    Q_OBJECT

private slots:
    void otherPairsAreSolvedFor_data();
    void otherPairsAreSolvedFor();
    void theRegionHoldsWhatGivesTheCodes_data();
    void theRegionHoldsWhatGivesTheCodes();
    void whatCannotBeSolvedForIsRefused_data();
    void whatCannotBeSolvedForIsRefused();
};

void TestUnknownPairs::otherPairsAreSolvedFor_data()
{
    QTest::addColumn<UnknownPair>("unknowns");
    QTest::addColumn<Observations>("observations");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("corners");
    const auto row = [](const char* name, Field first, Field second,
                        const Observations& observations, const char* kind, const char* corners) {
        QTest::newRow(name) << UnknownPair{first, second} << observations << QString::fromUtf8(kind)
                            << QString::fromUtf8(corners);
    };
    row("beta and gamma: the axes change places", Field::beta, Field::gamma,
        {{0, 0, 8}, {0, 2, 12}}, "polygon", "(3.5 2) (3.5 2.5) (4.5 1.5) (4.5 2)");
    // Zero point 0 here. x_q - mean + beta: only their difference is determined, whatever is
    // measured.
    row("mean and beta: two strips that touch", Field::mean, Field::beta, {{0, 4, 4}, {0, 9, 10}},
        "line", "");
    row("mean and beta: never more than a strip", Field::mean, Field::beta,
        {{0, 4, 4}, {0, 9, 9}, {0, 77, 77}}, "strip", "");
    // |beta| <= s / 2 and 3.5 s <= 8 + beta <= 4.5 s. beta = s / 2: s = 8 / 3 or 2; beta = -s / 2:
    // s = 2 or 1.6.
    row("beta and output scale", Field::beta, Field::output_scale, {{0, 0, 4}, {0, 8, 8}},
        "polygon", "(-0.8 1.6) (-1 2) (1 2) (1.3333333333333333 2.6666666666666665)");
    row("output scale and beta", Field::output_scale, Field::beta, {{0, 0, 4}, {0, 8, 8}},
        "polygon", "(1.6 -0.8) (2 -1) (2 1) (2.6666666666666665 1.3333333333333333)");
    // 7.5 s <= 8 - mean <= 8.5 s, both 0 at mean 8.
    row("one observation: a wedge from scale 0", Field::mean, Field::output_scale, {{0, 8, 12}},
        "unbounded", "(8 0)");
    row("both scales: only their ratio is determined", Field::input_scale, Field::output_scale,
        {{0, 8, 12}, {0, 16, 20}}, "unbounded", "(0 0)");
}

void TestUnknownPairs::otherPairsAreSolvedFor()
{
    QFETCH(UnknownPair, unknowns);
    QFETCH(Observations, observations);
    BatchNormLayer layer = plainLayer();
    layer.output.zero_point = 4;
    if (unknowns == UnknownPair{Field::mean, Field::beta})
        layer.output.zero_point = 0;
    const auto region = feasible_region(layer, 0, observations, unknowns);
    QVERIFY(region);
    QTEST(QString::fromUtf8(name_of(region->kind).data()), "kind");
    QTEST(cornersOf(*region), "corners");
    QVERIFY(region->centre);
    QVERIFY(contains(layer, 0, observations, unknowns, *region->centre));
}

void TestUnknownPairs::theRegionHoldsWhatGivesTheCodes_data()
{
    QTest::addColumn<UnknownPair>("unknowns");
    const auto row = [](const char* name, Field first, Field second) {
        QTest::newRow(name) << UnknownPair{first, second};
    };
    row("gamma and beta", Field::gamma, Field::beta);
    row("gamma and output scale", Field::gamma, Field::output_scale);
    row("mean and beta", Field::mean, Field::beta);
    row("mean and input scale", Field::mean, Field::input_scale);
    row("mean and output scale", Field::mean, Field::output_scale);
    row("input scale and beta", Field::input_scale, Field::beta);
    row("input scale and output scale", Field::input_scale, Field::output_scale);
    row("beta and output scale", Field::beta, Field::output_scale);
}

void TestUnknownPairs::theRegionHoldsWhatGivesTheCodes()
{
    QFETCH(UnknownPair, unknowns);
    std::mt19937 random(3);
    const auto uniform = [&random](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    int inside = 0;
    int outside = 0;
    for (int round = 0; round < 40; ++round) {
        BatchNormLayer layer = identity_layer("random", 1);
        layer.input = {quint8_type, uniform(0.01, 0.1), static_cast<int>(uniform(0, 200))};
        layer.output = {round % 2 == 0 ? quint8_type : qint8_type, uniform(0.05, 0.5),
                        static_cast<int>(uniform(0, 100))};
        layer.relu = round % 3 == 0;
        layer.mean[0] = uniform(-1, 1);
        layer.var[0] = uniform(0.1, 4);
        layer.gamma[0] = uniform(-3, 3);
        layer.beta[0] = uniform(-2, 2);
        const ExactChannel exact(layer, 0);
        Observations observations;
        for (int i = 0; i < 1 + round % 6; ++i) {
            const auto code = static_cast<std::int32_t>(uniform(0, 255.99));
            observations.push_back({0, code, exact.requantize(code).output_code});
        }
        const auto region = feasible_region(layer, 0, observations, unknowns);
        QVERIFY(region && region->kind != Kind::empty);
        QVERIFY(contains(layer, 0, observations, unknowns, *region->centre));
        const FeasibleRegion::Point truth{value_of(layer, unknowns.first, 0),
                                          value_of(layer, unknowns.second, 0)};
        QVERIFY(contains(layer, 0, observations, unknowns, truth));
        QVERIFY(depth(*region, truth) > -1e-12);
        for (int i = 0; i < 50; ++i) {
            const double distance = std::exp2(uniform(-10, 0));
            const FeasibleRegion::Point point{truth.x + distance * uniform(-1, 1),
                                              truth.y + distance * uniform(-1, 1)};
            const double where = depth(*region, point);
            if (std::abs(where) < 1e-12)
                continue;
            QCOMPARE(contains(layer, 0, observations, unknowns, point), where > 0);
            ++(where > 0 ? inside : outside);
        }
    }
    QVERIFY(inside > 100 && outside > 100);
}

void TestUnknownPairs::whatCannotBeSolvedForIsRefused_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<UnknownPair>("unknowns");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const Change& change, const UnknownPair& unknowns,
                        const char* sentence) {
        QTest::newRow(name) << change << unknowns << QString::fromUtf8(sentence);
    };
    const Change nothing = [](auto&) { };
    row("a product of unknowns", nothing, {Field::gamma, Field::mean},
        "gamma and mean cannot be solved for together: their product enters the formula");
    row("another product", nothing, {Field::input_scale, Field::gamma},
        "gamma and input scale cannot be solved for together: their product enters the formula");
    row("one for both", nothing, {Field::beta, Field::beta}, "beta stands for both unknowns");
    row("a field that is under the root", nothing, {Field::beta, Field::var},
        "var cannot be solved for");
    row(
        "a known parameter that is not finite", [](auto& layer) { layer.mean[0] = HUGE_VAL; },
        UnknownPair{}, "mean is inf");
    row(
        "a known scale of 0", [](auto& layer) { layer.output.scale = 0; }, UnknownPair{},
        "output scale is 0, not above 0");
    row(
        "no variance", [](auto& layer) { layer.var[0] = 0; }, UnknownPair{},
        "var + eps is 0, not above 0");
    row(
        "a negative variance", [](auto& layer) { layer.var[0] = -1; }, UnknownPair{},
        "var + eps is -1, not above 0");
    row(
        "a variance that is no number", [](auto& layer) { layer.var[0] = std::nan(""); },
        UnknownPair{}, "var + eps is nan, not above 0");
}

void TestUnknownPairs::whatCannotBeSolvedForIsRefused()
{
    QFETCH(Change, change);
    QFETCH(UnknownPair, unknowns);
    BatchNormLayer layer = plainLayer();
    change(layer);
    const auto region = feasible_region(layer, 0, Observations{{0, 2, 8}}, unknowns);
    QVERIFY(!region);
    QTEST(QString::fromStdString(region.error().message), "sentence");
}

QBN_TEST(TestUnknownPairs)
#include "tst_unknown_pairs.moc"
