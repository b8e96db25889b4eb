#include "core/region/sought_region.h"

#include "core/evaluate/experiment.h"
#include "core/explain/report.h"
#include "core/paste/understanding.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;

namespace {

using Fields = std::vector<Field>;

/// y_q = round((x_q - 10) / 2) + 20, which nobody told.
BatchNormLayer halfLayer(const Fields& missing)
{
    BatchNormLayer layer = identity_layer("half", 3);
    layer.input = {quint8_type, 1.0, 10};
    layer.output = {quint8_type, 2.0, 20};
    layer.eps = 0;
    layer.provenance.set_all({.origin = Origin::pasted, .note = {}});
    for (const Field field : missing)
        layer.provenance.set(field, {.origin = Origin::unknown, .note = {}});
    return layer;
}

} // namespace

Q_DECLARE_METATYPE(UnknownPair)

class TestSoughtRegion : public QObject
{
    Q_OBJECT

private slots:
    void theUnknownsFollowFromWhatIsMissing_data();
    void theUnknownsFollowFromWhatIsMissing();
    void noRegionStandsOnAPlaceholder_data();
    void noRegionStandsOnAPlaceholder();
    void slopeAndOffsetAreThoseOfTheCodes();
    void slopeAndOffsetAreSetThroughGammaAndBeta();
    void aPlaceholderOfAnotherChannelDoesNotMatter();
    void everyObservedChannelHasItsRegion();
    void printsWithoutParametersAreNoContradiction_data();
    void printsWithoutParametersAreNoContradiction();
    void pairsAreNamed_data();
    void pairsAreNamed();
};

void TestSoughtRegion::theUnknownsFollowFromWhatIsMissing_data()
{
    QTest::addColumn<Fields>("missing");
    QTest::addColumn<UnknownPair>("unknowns");
    QTest::addColumn<QString>("left");
    const auto row = [](const char* name, const Fields& missing, const UnknownPair& unknowns,
                        const char* left) {
        QTest::newRow(name) << missing << unknowns << QString::fromUtf8(left);
    };
    const char* const effective
        = "leaves a region of slope gamma / sqrt(var + eps) and offset beta - mean * slope, and no "
          "single value";
    const UnknownPair gammaBeta;
    row("gamma and beta", {Field::gamma, Field::beta}, gammaBeta,
        "gamma and beta are missing, so that 30 -> 30 leaves a region of them and no single value");
    row("beta alone", {Field::beta}, gammaBeta,
        "beta is missing, so that 30 -> 30 leaves a range of it and no single value");
    row("mean alone", {Field::mean}, {Field::mean, Field::beta},
        "mean is missing, so that 30 -> 30 leaves a range of it and no single value");
    row("var alone", {Field::var}, slope_and_offset, effective);
    row("mean and gamma", {Field::mean, Field::gamma}, slope_and_offset, effective);
    row("all four", {Field::mean, Field::var, Field::gamma, Field::beta}, slope_and_offset,
        effective);
    row("both scales", {Field::input_scale, Field::output_scale},
        {Field::input_scale, Field::output_scale}, "leaves a region of them");
    row("a scale and gamma and beta", {Field::output_scale, Field::gamma, Field::beta}, gammaBeta,
        "output scale, gamma and beta are missing, so that 30 -> 30 leaves no single value");
    row("a zero point", {Field::input_zero_point}, gammaBeta,
        "input zero point is missing, so that 30 -> 30 leaves no single value");
}

void TestSoughtRegion::theUnknownsFollowFromWhatIsMissing()
{
    QFETCH(Fields, missing);
    QFETCH(UnknownPair, unknowns);
    QFETCH(QString, left);
    BatchNormLayer layer = halfLayer(missing);
    layer.observations = {{0, 30, 30}};
    QVERIFY(default_unknowns(layer) == unknowns);
    const auto report = make_report(layer, *find_backend("exact"), {});
    QVERIFY(report);
    QCOMPARE(report->verdict, Verdict::parameters_missing);
    const QString sentence = QString::fromStdString(report->sentence);
    QVERIFY2(sentence.contains(left), qPrintable(sentence));
}

void TestSoughtRegion::noRegionStandsOnAPlaceholder_data()
{
    QTest::addColumn<Fields>("missing");
    QTest::addColumn<UnknownPair>("unknowns");
    QTest::addColumn<QString>("because");
    QTest::newRow("mean under gamma and beta")
        << Fields{Field::mean, Field::gamma} << UnknownPair{}
        << QStringLiteral("mean is missing: a region of gamma and beta would stand on the "
                          "placeholder 0; slope and offset need none");
    QTest::newRow("gamma under mean and beta")
        << Fields{Field::mean, Field::gamma} << UnknownPair{Field::mean, Field::beta}
        << QStringLiteral("gamma is missing: a region of mean and beta would stand on the "
                          "placeholder 1; slope and offset need none");
    QTest::newRow("a scale under slope and offset")
        << Fields{Field::input_scale, Field::var} << slope_and_offset
        << QStringLiteral("input scale is missing: a region of slope and offset would stand on the "
                          "placeholder 1");
}

void TestSoughtRegion::noRegionStandsOnAPlaceholder()
{
    QFETCH(Fields, missing);
    QFETCH(UnknownPair, unknowns);
    QFETCH(QString, because);
    BatchNormLayer layer = halfLayer(missing);
    layer.observations = {{0, 30, 30}};
    const auto region = sought_region(layer, 0, unknowns);
    QVERIFY(!region);
    QCOMPARE(QString::fromStdString(region.error().message), because);
}

void TestSoughtRegion::slopeAndOffsetAreThoseOfTheCodes()
{
    // 10 gives 20: -1 <= offset <= 1 (0 is even). 30 gives 30: 19 <= 20 * slope + offset <= 21.
    BatchNormLayer layer = halfLayer({Field::mean, Field::var, Field::gamma, Field::beta});
    layer.observations = {{0, 10, 20}, {0, 30, 30}};
    // What stands there must not matter.
    layer.mean = {7, 7, 7};
    layer.var = {9, 9, 9};
    layer.eps = 3;
    const auto region = sought_region(layer, 0, slope_and_offset);
    QVERIFY(region);
    QCOMPARE(region->kind, FeasibleRegion::Kind::polygon);
    QVERIFY(region->unknowns == slope_and_offset);
    QCOMPARE(region->corners.size(), std::size_t{4});
    for (const auto& [slope, offset] :
         {std::pair(1.0, -1.0), {1.1, -1.0}, {0.9, 1.0}, {1.0, 1.0}}) {
        const auto isHere = [x = slope, y = offset](const auto& at) {
            return std::abs(at.x - x) < 1e-12 && std::abs(at.y - y) < 1e-12;
        };
        QVERIFY(std::any_of(region->corners.begin(), region->corners.end(), isHere));
        QVERIFY(contains(layer, 0, layer.observations, slope_and_offset,
                         {(slope + 1) / 2, offset / 2}));
    }
    QVERIFY(!contains(layer, 0, layer.observations, slope_and_offset, {1.2, 0}));
    QVERIFY(std::abs(region->centre->x - 1) < 1e-12);
    QVERIFY(std::abs(region->centre->y) < 1e-12);
}

void TestSoughtRegion::slopeAndOffsetAreSetThroughGammaAndBeta()
{
    // slope 2 with a standard deviation of 4: gamma 8; offset 1 with a mean of 3: beta 1 + 3 * 2.
    BatchNormLayer layer = halfLayer({});
    layer.mean[1] = 3;
    layer.var[1] = 15;
    layer.eps = 1;
    set_values(layer, 1, slope_and_offset, {2, 1});
    QCOMPARE(layer.gamma[1], 8.0);
    QCOMPARE(layer.beta[1], 7.0);
    QCOMPARE(layer.mean[1], 3.0);
    const FeasibleRegion::Point values = values_of(layer, 1, slope_and_offset);
    QCOMPARE(values.x, 2.0);
    QCOMPARE(values.y, 1.0);
}

void TestSoughtRegion::aPlaceholderOfAnotherChannelDoesNotMatter()
{
    // The print of the variance was cut off behind channel 0.
    BatchNormLayer layer = halfLayer({Field::var, Field::gamma, Field::beta});
    layer.provenance.set_channel(Field::var, 0, {.origin = Origin::pasted, .note = {}});
    layer.observations = {{0, 30, 30}};
    QVERIFY(default_unknowns(layer) == UnknownPair{});
    QVERIFY(sought_region(layer, 0, {}));
    QVERIFY(!sought_region(layer, 1, {}));
    layer.observations.push_back({1, 30, 30});
    QVERIFY(default_unknowns(layer) == slope_and_offset);
}

void TestSoughtRegion::everyObservedChannelHasItsRegion()
{
    BatchNormLayer layer = halfLayer({Field::gamma, Field::beta});
    layer.observations = {{2, 30, 30}, {0, 10, 20}, {2, 10, 20}};
    QCOMPARE(observed_channels(layer), (std::vector{0, 2}));
    QCOMPARE(sought_region(layer, 0, {})->kind, FeasibleRegion::Kind::strip);
    QCOMPARE(sought_region(layer, 2, {})->kind, FeasibleRegion::Kind::polygon);
    const Backend& exact = *find_backend("exact");
    auto report = make_report(layer, exact, {});
    QVERIFY(report);
    QCOMPARE(report->region_channel, 2); // the first observation's
    QCOMPARE(report->region->kind, FeasibleRegion::Kind::polygon);
    solve_for(*report, layer, exact, 0, {});
    QCOMPARE(report->region_channel, 0);
    QCOMPARE(report->region->kind, FeasibleRegion::Kind::strip);
    const auto asked = make_report(layer, exact, {.unknowns = {}, .region_channel = 0});
    QVERIFY(asked);
    QCOMPARE(asked->region_channel, 0);
    QVERIFY(!make_report(layer, exact, {.unknowns = {}, .region_channel = 3}));
}

void TestSoughtRegion::printsWithoutParametersAreNoContradiction_data()
{
    QTest::addColumn<QString>("file");
    for (const char* file : {"int_repr.txt", "nchw_summarized.txt"})
        QTest::newRow(file) << QString::fromLatin1(file);
}

void TestSoughtRegion::printsWithoutParametersAreNoContradiction()
{
    QFETCH(QString, file);
    const Understanding read = test::understood(test::textOf(QStringLiteral("prints/") + file));
    BatchNormLayer layer = *read.model.layers.front();
    layer.observations = read.observations.front();
    const UnknownPair unknowns = default_unknowns(layer);
    QVERIFY(unknowns == slope_and_offset);
    for (const int channel : observed_channels(layer)) {
        const auto region = sought_region(layer, channel, unknowns);
        QVERIFY(region);
        QCOMPARE(region->kind, FeasibleRegion::Kind::polygon);
    }
}

void TestSoughtRegion::pairsAreNamed_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("names"); // or the reason why not
    const auto row = [](const char* first, const char* second, const char* names) {
        QTest::addRow("%s,%s", first, second)
            << QString::fromLatin1(first) << QString::fromLatin1(second)
            << QString::fromLatin1(names);
    };
    row("gamma", "beta", "gamma and beta");
    row("slope", "offset", "slope and offset");
    row("mean", "scale", "mean and input scale");
    row("scale", "beta", "input scale and beta");
    row("output_scale", "mean", "output scale and mean");
    row("mean", "var", "var cannot be solved for");
    row("mean", "mean", "mean stands for both unknowns");
    row("gamma", "mean",
        "gamma and mean cannot be solved for together: their product enters the formula");
    row("gamma", "offset", "\"offset\" is no parameter");
    row("weight", "beta", "\"weight\" is no parameter");
}

void TestSoughtRegion::pairsAreNamed()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    const auto pair = parse_unknown_pair(first.toStdString(), second.toStdString());
    QTEST(QString::fromStdString(pair ? names_of(*pair) : pair.error().message), "names");
}

QBN_TEST(TestSoughtRegion)
#include "tst_sought_region.moc"
