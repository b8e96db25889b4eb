#include "core/explain/computation.h"
#include "core/explain/outside_cause.h"
#include "core/formula/bound_formula.h"
#include "tests/support/room.h"

#include <QTest>

#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace qbn;

namespace {

/// Channel 0 at input code 24:
///     dequantized = 0.5 * (24 - 10) = 7
///     normalized  = (7 - 1) / sqrt(4 + 5) = 2
///     affine      = 3 * 2 + 2 = 8
///     steps       = 8 / 0.25 = 32
///     y_q         = 32 + 20 = 52
BatchNormLayer roundLayer()
{
    BatchNormLayer layer = identity_layer("round numbers", 2);
    layer.input = {quint8_type, 0.5, 10};
    layer.output = {quint8_type, 0.25, 20};
    layer.eps = 5;
    layer.mean = {1, 4};
    layer.var = {4, 20};
    layer.gamma = {3, 5};
    layer.beta = {2, 2};
    return layer;
}

double codeWith(const char* recipe, const BatchNormLayer& layer, int inputCode)
{
    const Recipe& tried = *find_recipe(recipe);
    const formula::Point point{tried.kind == Recipe::Kind::other_channel ? 1 : 0, inputCode};
    return computed(tried, nullptr, layer, std::span(&point, 1)).front();
}

/// A statement of the formula with the changes of a recipe, in channel 0.
double statementOf(const char* statement, const char* recipe, const BatchNormLayer& layer,
                   int inputCode)
{
    const auto program = formula::compile(formula_text(*find_recipe(recipe), nullptr));
    formula::BoundFormula bound(*program, layer);
    bound.run(0);
    return bound.value((*program)->find(statement)->instruction,
                       static_cast<std::size_t>(inputCode - layer.input.type.qmin()));
}

struct Row
{
    const char* name;
    const char* id;
    int inputCode;
    double code;
    std::function<void(BatchNormLayer&)> change;
};

std::vector<Row> rows()
{
    std::vector<Row> list;
    const auto add = [&list](
                         const char* name, const char* id, int inputCode, double code,
                         const std::function<void(BatchNormLayer&)>& change = [](auto&) {}) {
        list.push_back({name, id, inputCode, code, change});
    };
    add("no affine: 2 / 0.25 = 8", "no-affine", 24, 28);
    add("swapped: (2 * 2 + 3) / 0.25 = 28", "gamma-beta-swapped", 24, 48);
    add("no eps: 6 / 2 = 3, (3 * 3 + 2) / 0.25 = 44", "no-eps", 24, 64);
    add("eps 1e-3: 6 / sqrt(0.0015 + 0.001) = 120, (0.1 * 120 + 2) / 0.25 = 56", "eps-1e-3", 24, 76,
        [](auto& layer) {
            layer.var[0] = 0.0015;
            layer.gamma[0] = 0.1;
        });
    add("not rooted: 6 / 9, (3 * 6 / 9 + 2) / 0.25 = 16", "variance-not-rooted", 24, 36);
    add("eps outside: 6 / (2 + 5), (18 / 7 + 2) / 0.25 = 18.29", "eps-outside-root", 24, 38);
    add("mean and var swapped: (7 - 4) / sqrt(1 + 5) = 1.2247, 5.674 / 0.25 = 22.7",
        "mean-var-swapped", 24, 43);
    add("no input zero point: (12 - 1) / 3, (11 + 2) / 0.25 = 52", "no-input-zero-point", 24, 72);
    add("no output zero point: 32", "no-output-zero-point", 24, 32);
    add("input not dequantized: (14 - 1) / 3, (13 + 2) / 0.25 = 60", "input-scale-missing", 24, 80);
    add("multiplied: 8 * 0.25 = 2", "scale-multiplied", 24, 22);
    add("channel 1: (7 - 4) / 5 = 0.6, (5 * 0.6 + 2) / 0.25 = 20", "wrong-channel", 24, 40);
    const auto threeQuarters = [](auto& layer) { layer.output.scale = 0.75; };
    add("truncated: 8 / 0.75 = 10.67 gives 10", "truncated", 24, 30, threeQuarters);
    add("truncated below 0: -4 / 0.75 = -5.33 gives -5", "truncated", 0, 15, threeQuarters);
    add("rounded down: 10.67 gives 10", "floored", 24, 30, threeQuarters);
    add("rounded down below 0: -5.33 gives -6", "floored", 0, 14, threeQuarters);
    const auto sixteen = [](auto& layer) { layer.output.scale = 16; };
    add("half away: 8 / 16 = 0.5 gives 1", "half-away-from-zero", 24, 21, sixteen);
    add("not clamped: (3 * 94 / 3 + 2) / 0.25 = 384", "not-clamped", 200, 404);
    add("reduced range: 46 / 0.25 + 20 = 204 is above 127", "reduced-range", 100, 127);
    add("reduced range of qint8 begins at -64", "reduced-range", 0, -64,
        [](auto& layer) { layer.output = {qint8_type, 0.03125, 20}; });
    add("ReLU: -4 becomes 0", "relu-fused", 0, 20);
    add("no ReLU: -4 / 0.25 = -16", "relu-missing", 0, 4, [](auto& layer) { layer.relu = true; });
    add("signed for unsigned: 204 is above 127", "other-type", 100, 127);
    add("signed for unsigned: -16 is in the range", "other-type", 0, -16,
        [](auto& layer) { layer.output.zero_point = 0; });
    add("unsigned for signed: -16 is below 0", "other-type", 0, 0,
        [](auto& layer) { layer.output = {qint8_type, 0.25, 0}; });
    add("the byte of 204 reads as 204 - 256", "misread-byte", 100, -52);
    add("the byte of 52 reads as 52", "misread-byte", 24, 52);
    add("the byte of -16 reads as 256 - 16", "misread-byte", 0, 240,
        [](auto& layer) { layer.output = {qint8_type, 0.25, 0}; });
    add("52 less 128 as qint8", "other-type-shifted", 24, -76);
    add("255, where 404 is clamped, less 128", "other-type-shifted", 200, 127);
    add("32 + 20 of qint8 is 128 more as quint8", "other-type-shifted", 24, 180,
        [](auto& layer) { layer.output.type = qint8_type; });
    add("qint8 24 is quint8 152: (0.5 * 142 - 1) / 3 = 23.33, (70 + 2) / 2 = 36",
        "input-type-shifted", 24, 56, [](auto& layer) { layer.output.scale = 2; });
    add("quint8 24 is qint8 -104: (0.5 * -114 - 1) / 3 = -19.33, (-58 + 2) / 7 = -8",
        "input-type-shifted", 24, 12, [](auto& layer) {
            layer.input.type = qint8_type;
            layer.output.scale = 7;
        });
    add("eps 1e-5: 6 / sqrt(0.00214 + 0.00001) = 129.4, (0.1 * 129.4 + 2) / 0.25 = 59.76",
        "eps-1e-5", 24, 80, [](auto& layer) {
            layer.var[0] = 0.00214;
            layer.gamma[0] = 0.1;
            layer.eps = 0;
        });
    add("biased: 9 * 2 / 3 + 0 = 6, (3 * 6 / 2.449 + 2) / 0.25 = 37.4", "biased-variance", 24, 57,
        [](auto& layer) {
            layer.var[0] = 9;
            layer.eps = 0;
            layer.observations = {{0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {1, 4, 1}};
        });
    add("one value has no variance: as the formula", "biased-variance", 24, 52,
        [](auto& layer) { layer.observations = {{0, 1, 1}}; });
    add("var is 1 / 3: (3 * 6 / 3 + 2) / 0.25 = 32", "inverse-std-as-variance", 24, 52,
        [](auto& layer) { layer.var[0] = 1.0 / 3; });
    add("truncated after the zero point: 10.67 + 20 gives 30", "truncated-after-zero-point", 24, 30,
        threeQuarters);
    add("-5.33 + 20 gives 14, where -5 + 20 is 15", "truncated-after-zero-point", 0, 14,
        threeQuarters);
    add("-5.33 - 20 gives -25", "truncated-after-zero-point", 0, -25,
        [](auto& layer) { layer.output = {qint8_type, 0.75, -20}; });
    add("0.5 + 21 gives 22, where 0 + 21 is 21", "zero-point-inside-rounding", 24, 22,
        [](auto& layer) {
            layer.output.scale = 16;
            layer.output.zero_point = 21;
        });
    add("404 - 256", "wrapped", 200, 148);
    add("-16 - 20 + 256", "wrapped", 0, 220, [](auto& layer) { layer.output.zero_point = -20; });
    add("-16 is clamped to 0, then 20", "clamped-before-zero-point", 0, 20);
    add("384 is clamped to 255, then 20 more to 255", "clamped-before-zero-point", 200, 255);
    add("2^32 + 30 is 30 in 32 bits, then 20 more", "int32-wrapped", 24, 50,
        [](auto& layer) { layer.output.scale = 8 / (0x1p32 + 30); });
    add("2^31 + 100 + 20 is far below 0 in 32 bits", "int32-wrapped", 24, 0,
        [](auto& layer) { layer.output.scale = 8 / (0x1p31 + 100); });
    add("32 + 20 fits", "int32-wrapped", 24, 52);
    add("2^32 + 30 becomes -2^31", "int32-lowest", 24, 0,
        [](auto& layer) { layer.output.scale = 8 / (0x1p32 + 30); });
    add("2^31 - 30 fits, and is clamped", "int32-lowest", 24, 255,
        [](auto& layer) { layer.output.scale = 8 / (0x1p31 - 30); });
    return list;
}

} // namespace

Q_DECLARE_METATYPE(Row)

class TestRecipes : public QObject
{
    Q_OBJECT

private slots:
    void aRecipeGivesTheNumberOfItsFormula_data();
    void aRecipeGivesTheNumberOfItsFormula();
    void withoutAMistakeItIsBatchNorm();
    void everyRecipeIsAFormula();
    void everyRecipeHasARow();
    void idsAreUnique();
    void nanGivesTheLowerEndOfARange();
    void recipesThatChangeTheSameChoiceAreNoPair_data();
    void recipesThatChangeTheSameChoiceAreNoPair();
};

void TestRecipes::aRecipeGivesTheNumberOfItsFormula_data()
{
    QTest::addColumn<Row>("row");
    for (const Row& row : rows())
        QTest::newRow(row.name) << row;
}

void TestRecipes::aRecipeGivesTheNumberOfItsFormula()
{
    QFETCH(Row, row);
    BatchNormLayer layer = roundLayer();
    row.change(layer);
    QVERIFY(find_recipe(row.id));
    QCOMPARE(codeWith(row.id, layer, row.inputCode), row.code);
}

void TestRecipes::withoutAMistakeItIsBatchNorm()
{
    const auto value
        = [](const char* name) { return statementOf(name, "batch-norm", roundLayer(), 24); };
    QCOMPARE(value("dequantized"), 7.0);
    QCOMPARE(value("normalized"), 2.0);
    QCOMPARE(value("affine"), 8.0);
    QCOMPARE(value("steps"), 32.0);
    QCOMPARE(value("rounded"), 32.0);
    QCOMPARE(value("sum"), 52.0);
    QCOMPARE(value("number"), 52.0);
    QCOMPARE(codeWith("batch-norm", roundLayer(), 24), 52.0);
}

void TestRecipes::everyRecipeIsAFormula()
{
    // All codes at once by the formula's text, and at single points.
    for (const Row& row : rows()) {
        const Recipe& recipe = *find_recipe(row.id);
        if (recipe.kind == Recipe::Kind::other_channel)
            continue;
        BatchNormLayer layer = roundLayer();
        row.change(layer);
        for (const int code : {row.inputCode, 0, 37, 127}) {
            const double point = codeWith(row.id, layer, code);
            QCOMPARE(statementOf("number", row.id, layer, code), point);
        }
        for (const Recipe& second : all_recipes()) {
            if (compatible(recipe, second))
                QVERIFY2(formula::compile(formula_text(recipe, &second)), second.id.data());
        }
    }
}

void TestRecipes::everyRecipeHasARow()
{
    std::set<std::string_view> computed;
    for (const Row& row : rows())
        computed.insert(row.id);
    for (const Recipe& recipe : all_recipes()) {
        const bool is_computed = recipe.kind == Recipe::Kind::computation
            || recipe.kind == Recipe::Kind::other_channel;
        QCOMPARE(computed.contains(recipe.id), is_computed);
    }
}

void TestRecipes::idsAreUnique()
{
    std::set<std::string_view> ids;
    for (const Recipe& recipe : all_recipes()) {
        QVERIFY2(ids.insert(recipe.id).second, std::string(recipe.id).c_str());
        QCOMPARE(find_recipe(recipe.id), &recipe);
        QVERIFY(!recipe.title.empty() && !recipe.formula.empty() && !recipe.explanation.empty());
    }
    QCOMPARE(all_recipes().front().id, std::string_view("batch-norm"));
    QVERIFY(!find_recipe("no-such-recipe"));
    for (const OutsideCause& cause : all_outside_causes()) {
        QVERIFY2(ids.insert(cause.id).second, std::string(cause.id).c_str());
        QVERIFY(!cause.title.empty() && !cause.explanation.empty() && !cause.check.empty());
    }
}

void TestRecipes::nanGivesTheLowerEndOfARange()
{
    BatchNormLayer layer = roundLayer();
    layer.var[0] = -6;
    QCOMPARE(codeWith("batch-norm", layer, 24), 0.0);
    QVERIFY(qIsNaN(codeWith("not-clamped", layer, 24)));
    layer.output.type = qint8_type;
    QCOMPARE(codeWith("batch-norm", layer, 24), -128.0);
}

void TestRecipes::recipesThatChangeTheSameChoiceAreNoPair_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<bool>("pair");
    const auto row = [](const char* name, const char* first, const char* second, bool pair) {
        QTest::newRow(name) << QByteArray(first) << QByteArray(second) << pair;
    };
    row("eps and rounding", "no-eps", "truncated", true);
    row("eps and where it stands", "eps-1e-3", "eps-outside-root", true);
    row("both zero points", "no-input-zero-point", "no-output-zero-point", true);
    row("another channel and no affine", "wrong-channel", "no-affine", true);
    row("two values of eps", "no-eps", "eps-1e-3", false);
    row("two roundings", "truncated", "floored", false);
    row("two ranges", "not-clamped", "reduced-range", false);
    row("ReLU and no ReLU", "relu-fused", "relu-missing", false);
    row("a recipe and itself", "truncated", "truncated", false);
    row("no mistake and one", "batch-norm", "truncated", false);
    row("another backend and a mistake", "truncated", "other-backend", false);
}

void TestRecipes::recipesThatChangeTheSameChoiceAreNoPair()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(bool, pair);
    const Recipe& a = *find_recipe(first.constData());
    const Recipe& b = *find_recipe(second.constData());
    QCOMPARE(compatible(a, b), pair);
    QCOMPARE(compatible(b, a), pair);
}

QBN_TEST(TestRecipes)
#include "tst_recipes.moc"
