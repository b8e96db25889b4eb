#include "core/region/feasible_region.h"

#include "core/evaluate/experiment.h"
#include "tests/support/plain_region.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace qbn;
using namespace qbn::test;

using Kind = FeasibleRegion::Kind;
using Observations = std::vector<Observation>;
using Change = std::function<void(BatchNormLayer&)>;
Q_DECLARE_METATYPE(Change)

namespace {

constexpr UnknownPair gammaAndBeta{Field::gamma, Field::beta};

} // namespace

class TestFeasibleRegion : public QObject
{
    Q_OBJECT

private slots:
    void theForumsObservationGivesAStrip();
    void observationsGiveTheirRegion_data();
    void observationsGiveTheirRegion();
    void contradictionsAreReducedToTheSmallest_data();
    void contradictionsAreReducedToTheSmallest();
    void theCentreOfAnEndlessRegionIsNearTheCurrentValues();
    void anOpenEdgeIsNotPartOfTheRegion();
    void outlinesAreCutToTheirRectangle();
    void otherChannelsSayNothing();
};

void TestFeasibleRegion::theForumsObservationGivesAStrip()
{
    BatchNormLayer layer = *example_experiment().model.layers[0];
    layer.mean[0] = 0.565347611904144; // with the digits that were posted
    layer.var[0] = 0.079505279660225;
    const Observations observations{{0, example_input_code, 52}};
    const auto region = feasible_region(layer, 0, observations);
    QVERIFY(region);
    QCOMPARE(region->kind, Kind::strip);
    QCOMPARE(region->edges.size(), std::size_t{2});
    // 52 - 73 = -21 is odd: -21.5 and -20.5 output steps do not belong to it. With 40 digits
    // (Python's decimal), (38 * x_scale - mean) / sqrt(var + eps) = -0.94431101607461199767...,
    // -21.5 * y_scale = -113.52695536613464, -20.5 * y_scale = -108.24663186073303.
    for (const auto& edge : region->edges) {
        const bool isLower = edge.b > 0;
        QVERIFY(edge.a == (isLower ? -0.944311016074612 : 0.944311016074612));
        QVERIFY(std::abs(edge.b) == 1);
        QVERIFY(edge.c == (isLower ? 113.52695536613464 : -108.24663186073303));
        QVERIFY(!edge.closed);
        QCOMPARE(edge.observation, std::optional<std::size_t>(0));
    }
    QVERIFY(depth(*region, {117.5, 0}) > 0);
    QVERIFY(contains(layer, 0, observations, gammaAndBeta, {117.5, 0}));
    QVERIFY(!contains(layer, 0, observations, gammaAndBeta, {1, 0}));
    // The middle line is gamma * n + beta = -110.886793...
    QVERIFY(region->centre);
    const double middle = region->centre->x * -0.944311016074612 + region->centre->y;
    QVERIFY(std::abs(middle - -21 * layer.output.scale) < 1e-9);
}

void TestFeasibleRegion::observationsGiveTheirRegion_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Observations>("observations");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("corners");
    const auto row = [](
                         const char* name, const Observations& observations, const char* kind,
                         const char* corners, const Change& change = [](auto&) {}) {
        QTest::newRow(name) << change << observations << QString::fromUtf8(kind)
                            << QString::fromUtf8(corners);
    };
    row("nothing observed", {}, "unbounded", "");
    row("one observation", {{0, 2, 8}}, "strip", "");
    row("the same twice", {{0, 2, 8}, {0, 2, 8}}, "strip", "");
    // 3.5 <= beta <= 4.5 and 7.5 <= 2 gamma + beta <= 8.5.
    row("two at different inputs", {{0, 0, 4}, {0, 2, 8}}, "polygon",
        "(1.5 4.5) (2 3.5) (2 4.5) (2.5 3.5)");
    // 4 gamma + beta is 10.5, 11.5, 12.5 and 13.5 at these corners, 14 begins at 13.5.
    row("a third that touches a corner", {{0, 0, 4}, {0, 2, 8}, {0, 4, 14}}, "point", "(2.5 3.5)");
    row("a third that touches it, but 15 begins above 14.5", {{0, 0, 4}, {0, 2, 8}, {0, 4, 15}},
        "empty", "");
    // 6 gamma + beta is 18.5 at (2.5, 3.5); 19 is odd and begins above it, 18 ends at it.
    row("a third that only touches without its edge", {{0, 0, 4}, {0, 2, 8}, {0, 6, 19}}, "empty",
        "");
    row("a third that cuts", {{0, 0, 4}, {0, 2, 8}, {0, 4, 12}}, "polygon",
        "(1.75 4.5) (2 3.5) (2 4.5) (2.25 3.5)");
    row("a code at qmax has no upper end", {{0, 2, 255}}, "unbounded", "");
    row("a code at qmin has no lower end", {{0, 0, 0}, {0, 2, 4}, {0, 4, 4}}, "empty", "",
        [](auto& layer) { layer.output.zero_point = 0; });
    // beta <= 0.5 and 3.5 <= 2 gamma + beta <= 4.5.
    row("a wedge of a code at qmin and another", {{0, 0, 0}, {0, 2, 4}}, "unbounded",
        "(1.5 0.5) (2 0.5)");
    row("a ReLU has no lower end", {{0, 0, 9}, {0, 2, 13}}, "unbounded", "(1.5 0.5) (2 0.5)",
        [](auto& layer) {
            layer.relu = true;
            layer.output.zero_point = 9;
        });
    row("both ends saturate", {{0, 0, 0}, {0, 1, 255}}, "unbounded", "(254 0.5)");
    // The parity is that of y_q - zero_point: 5 - 1 = 4 keeps both of its ends.
    row("the zero point decides about the ends", {{0, 0, 5}, {0, 2, 9}, {0, 4, 15}}, "point",
        "(2.5 3.5)", [](auto& layer) { layer.output.zero_point = 1; });
    // (x_q - 4) / 4 * gamma + beta at 8 and 12: gamma + beta and 2 gamma + beta, in steps of 0.5.
    row("every parameter takes part", {{0, 8, 14}, {0, 12, 18}}, "polygon",
        "(1.5 0.75) (2 -0.25) (2 0.25) (2.5 -0.75)", [](auto& layer) {
            layer.input = {quint8_type, 0.5, 2};
            layer.output = {quint8_type, 0.5, 10};
            layer.mean[0] = 1;
            layer.var[0] = 3;
            layer.eps = 1;
        });
}

void TestFeasibleRegion::observationsGiveTheirRegion()
{
    QFETCH(Change, change);
    QFETCH(Observations, observations);
    BatchNormLayer layer = plainLayer();
    change(layer);
    const auto region = feasible_region(layer, 0, observations);
    QVERIFY(region);
    QTEST(QString::fromUtf8(name_of(region->kind).data()), "kind");
    QTEST(cornersOf(*region), "corners");
    QCOMPARE(region->centre.has_value(), region->kind != Kind::empty);
    if (region->centre)
        QVERIFY(contains(layer, 0, observations, gammaAndBeta, *region->centre));
}

void TestFeasibleRegion::contradictionsAreReducedToTheSmallest_data()
{
    QTest::addColumn<Observations>("observations");
    QTest::addColumn<QString>("contradiction");
    const auto row = [](const char* name, const Observations& observations, const char* indices) {
        QTest::newRow(name) << observations << QString::fromUtf8(indices);
    };
    row("a code that the type does not have", {{0, 0, 4}, {0, 2, 300}, {0, 3, 9}}, "1");
    row("a code below qmin", {{0, 0, 4}, {0, 2, -1}}, "1");
    row("two codes for one input", {{0, 0, 4}, {0, 2, 8}, {0, 3, 10}, {0, 2, 9}}, "1 3");
    row("three that are no line", {{0, 0, 4}, {0, 2, 8}, {0, 4, 15}}, "0 1 2");
    // gamma + beta >= 5.5 and 2 gamma + beta <= 8.5 leave gamma <= 3; with 4 gamma + beta > 14.5 it
    // would be above.
    row("three among others that agree with each",
        {{0, 1, 6}, {0, 0, 4}, {0, 1, 6}, {0, 2, 8}, {0, 4, 15}}, "0 3 4");
    row("a pair rather than a triple",
        {{0, 0, 4}, {0, 2, 8}, {0, 4, 15}, {0, 100, 20}, {0, 100, 21}}, "3 4");
    // 2 x_q + 4 but for the last two; 140 at 70 contradicts pairs of the others, 143 at 69 one.
    Observations many;
    for (int code = 0; code < 70; ++code)
        many.push_back({0, code, 2 * code + 4});
    many.push_back({0, 70, 140});
    many.push_back({0, 69, 143});
    row("a pair of one input among many", many, "69 71");
    row("a single one rather than a pair", {{0, 2, 8}, {0, 2, 9}, {0, 7, 256}}, "2");
}

void TestFeasibleRegion::contradictionsAreReducedToTheSmallest()
{
    QFETCH(Observations, observations);
    const auto region = feasible_region(plainLayer(), 0, observations);
    QVERIFY(region);
    QCOMPARE(region->kind, Kind::empty);
    QStringList indices;
    for (const std::size_t index : region->contradiction)
        indices << QString::number(index);
    QTEST(indices.join(QLatin1Char(' ')), "contradiction");
}

void TestFeasibleRegion::theCentreOfAnEndlessRegionIsNearTheCurrentValues()
{
    BatchNormLayer layer = plainLayer();
    layer.gamma[0] = 3;
    layer.beta[0] = 7;
    // 7.5 <= 2 gamma + beta <= 8.5: the middle is 8, (3, 7) is 5 above it along (2, 1).
    const auto strip = feasible_region(layer, 0, Observations{{0, 2, 8}});
    QVERIFY(strip);
    QVERIFY(std::abs(strip->centre->x - 1) < 1e-12 && std::abs(strip->centre->y - 6) < 1e-12);
    const auto plane = feasible_region(layer, 0, {});
    QVERIFY(plane);
    QVERIFY(plane->centre->x == 3 && plane->centre->y == 7);
}

void TestFeasibleRegion::anOpenEdgeIsNotPartOfTheRegion()
{
    const BatchNormLayer layer = plainLayer();
    const auto isIn = [&layer](const Observations& observations, double gamma, double beta) {
        return contains(layer, 0, observations, gammaAndBeta, {gamma, beta});
    };
    QVERIFY(isIn({{0, 0, 4}}, 1, 3.5));
    QVERIFY(isIn({{0, 0, 4}}, 1, 4.5));
    QVERIFY(!isIn({{0, 0, 5}}, 1, 4.5));
    QVERIFY(!isIn({{0, 0, 5}}, 1, 5.5));
    QVERIFY(isIn({{0, 0, 5}}, 1, 5.4999));
    const auto even = feasible_region(layer, 0, Observations{{0, 0, 4}});
    const auto odd = feasible_region(layer, 0, Observations{{0, 0, 5}});
    QVERIFY(even && odd);
    for (std::size_t i = 0; i < 2; ++i)
        QVERIFY(even->edges.at(i).closed && !odd->edges.at(i).closed);
}

void TestFeasibleRegion::outlinesAreCutToTheirRectangle()
{
    const auto strip = feasible_region(plainLayer(), 0, Observations{{0, 0, 4}});
    QVERIFY(strip);
    FeasibleRegion drawn;
    drawn.corners = outline(*strip, {-1, 0}, {1, 10});
    QCOMPARE(cornersOf(drawn), QStringLiteral("(-1 3.5) (-1 4.5) (1 3.5) (1 4.5)"));
    QVERIFY(outline(*strip, {-1, 5}, {1, 10}).empty());
    const auto point
        = feasible_region(plainLayer(), 0, Observations{{0, 0, 4}, {0, 2, 8}, {0, 4, 14}});
    QVERIFY(point);
    QVERIFY(outline(*point, {0, 0}, {10, 10}).empty());
}

void TestFeasibleRegion::otherChannelsSayNothing()
{
    BatchNormLayer layer = plainLayer();
    layer.mean.assign(2, 0);
    layer.var = layer.gamma = {1, 1};
    layer.beta.assign(2, 0);
    const Observations observations{{1, 2, 200}, {0, 2, 8}, {1, 2, 100}};
    const auto first = feasible_region(layer, 0, observations);
    QVERIFY(first);
    QCOMPARE(first->kind, Kind::strip);
    QCOMPARE(first->edges.at(0).observation, std::optional<std::size_t>(1));
    const auto second = feasible_region(layer, 1, observations);
    QVERIFY(second);
    QCOMPARE(second->contradiction, (std::vector<std::size_t>{0, 2}));
    QVERIFY(contains(layer, 0, observations, gammaAndBeta, {4, 0}));
}

QBN_TEST(TestFeasibleRegion)
#include "tst_feasible_region.moc"
