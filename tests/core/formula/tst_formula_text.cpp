#include "core/formula/functions.h"
#include "core/formula/program.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::formula;

/// The text of a formula: what is accepted, and what a wrong one is told.
class TestFormulaText : public QObject
{
    Q_OBJECT

private slots:
    void aRightFormulaIsAccepted_data();
    void aRightFormulaIsAccepted();
    void aWrongFormulaIsToldWhere_data();
    void aWrongFormulaIsToldWhere();
    void headersAreRead();
    void everyNameKeepsItsText();
    void theNestingIsBounded();
    void theSizeIsBounded();
    void everyFunctionHasSemantics();
};

namespace {

QString errorOf(const std::string& text)
{
    const auto program = compile(text);
    return program ? QStringLiteral("none") : QString::fromStdString(program.error().message);
}

} // namespace

void TestFormulaText::aRightFormulaIsAccepted_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("only y") << "code\n y = x";
    QTest::newRow("windows line ends and a byte order mark")
        << QStringLiteral("\uFEFFtitle A\r\ncode\r\n  y = x\r\n");
    QTest::newRow("a comment behind a statement") << "code\ny = x # the code itself";
    QTest::newRow("brackets over three lines") << "code\ny = clamp(x, # one\n  qmin,\n qmax)";
    QTest::newRow("numbers take the other side's type")
        << "channel\na = 2 * var + 0x1p-3\ncode\ny = to_code(f32(x) * a, 3)";
    QTest::newRow("sections alternate")
        << "channel\nm = gamma * s_in\nlayer\nneg = any(m < 0)\nchannel\nk = select(neg, m, "
           "-m)\ncode\ny = to_code(f32(x) * k, z_out)";
    QTest::newRow("comparison and logic")
        << "code\ny = select(!(x < 3) && x >= 4 || relu, x, qmin)";
    QTest::newRow("y may be a value of the channel") << "channel\ny = channel";
    QTest::newRow("half precision") << "code\ny = to_code(f32(f16(mean) * f16(x)), z_out)";
}

void TestFormulaText::aRightFormulaIsAccepted()
{
    QFETCH(QString, text);
    QCOMPARE(errorOf(text.toStdString()), QStringLiteral("none"));
}

void TestFormulaText::aWrongFormulaIsToldWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::newRow("mixed types") << "code\n  y = to_code(f32(x) * f64(mean), z_out)"
                                 << "line 2, column 22: \"*\" mixes f32 and f64; write the cast "
                                    "that is meant, f64(...) or f32(...)";
    QTest::newRow("an unknown name")
        << "channel\n  gain = gama * var" << "line 2, column 10: \"gama\" is not known here";
    QTest::newRow("an unknown function")
        << "code\ny = round(f32(x))" << "line 2, column 5: there is no function \"round\"";
    QTest::newRow("a number alone")
        << "channel\na = 1 + 2"
        << "line 2, column 5: a number alone has no type; write f32(...) or the like";
    QTest::newRow("x under channel")
        << "channel\na = x" << "line 2, column 1: \"a\" depends on x and belongs under \"code\"";
    QTest::newRow("a channel's value under layer")
        << "layer\na = mean"
        << "line 2, column 1: \"a\" is another in each channel and belongs under \"channel\"; "
           "any(), all(), smallest() and largest() make one of all";
    QTest::newRow("a name twice") << "code\na = x\na = x\ny = x"
                                  << "line 3, column 1: \"a\" is set a second time";
    QTest::newRow("an input set") << "code\nmean = x"
                                  << "line 2, column 1: \"mean\" is given and cannot be set";
    QTest::newRow("no y") << "code\na = x" << "the formula gives no y, the output code";
    QTest::newRow("a real y") << "code\ny = f32(x)"
                              << "line 2, column 1: y is the output code and must be i64 or i32, "
                                 "not f32; to_code(), to_int32_x86() and the like make one";
    QTest::newRow("a missing bracket")
        << "code\ny = clamp(x, qmin, qmax"
        << "line 2, column 24: expected \",\" or \")\", found the end of the line";
    QTest::newRow("too few operands")
        << "code\ny = clamp(x, qmin)" << "line 2, column 5: clamp takes 3 operands, not 2";
    QTest::newRow("a strange character")
        << "code\ny = x ? 1" << "line 2, column 7: \"?\" means nothing in a formula";
    QTest::newRow("a header that is none")
        << "titel A"
        << "line 1, column 1: \"titel\" is no header (title, group, checked, source, parameters, "
           "scales, sound) and no section (layer, channel, code)";
    QTest::newRow("a float cast to a whole number")
        << "code\ny = i64(mean)"
        << "line 2, column 5: a float becomes a whole number by to_code(), to_int32_x86() or "
           "to_int64_x86(), which say what NaN and overflow give";
    QTest::newRow("a fraction for a whole number")
        << "code\ny = x + 0.5" << "line 2, column 9: \"0.5\" is no i64";
    QTest::newRow("nothing behind the name")
        << "code\ny ="
        << "line 2, column 4: expected a number, a name or \"(\", found the end of the line";
    QTest::newRow("chained comparison")
        << "code\ny = select(0 < x < 3, x, x)"
        << "line 2, column 18: comparisons do not chain; join two with &&";
    QTest::newRow("something behind the expression")
        << "code\ny = x x"
        << "line 2, column 7: expected an operator or the end of the line, found \"x\"";
    QTest::newRow("a statement without a name")
        << "code\n3 = x"
        << "line 2, column 1: expected \"name = expression\" or a section, \"layer\", \"channel\" "
           "or \"code\"";
}

void TestFormulaText::aWrongFormulaIsToldWhere()
{
    QFETCH(QString, text);
    QTEST(errorOf(text.toStdString()), "error");
}

void TestFormulaText::headersAreRead()
{
    const auto program
        = compile("title  A  B\nchecked C\nscales f64\nchannel\nr = s_in / s_out\ncode\ny = x");
    QVERIFY(program);
    QVERIFY((*program)->header("title") == "A  B");
    QVERIFY((*program)->header("source").empty());
    const Named* r = (*program)->find("r");
    QVERIFY(r);
    QVERIFY((*program)->instructions()[static_cast<std::size_t>(r->instruction)].type == Type::f64);
    QCOMPARE(errorOf("scales f16\ncode\ny = x"),
             QStringLiteral("line 1, column 1: scales are f32 or f64"));
}

void TestFormulaText::everyNameKeepsItsText()
{
    const auto program = compile("channel\ngain = gamma / sqrt( var + eps )  # why\ncode\ny = x");
    QVERIFY(program);
    QVERIFY((*program)->names()[0].name == "gain");
    QVERIFY((*program)->names()[0].text == "gamma / sqrt( var + eps )");
    QCOMPARE((*program)->names()[0].position.line, 2);
}

void TestFormulaText::theNestingIsBounded()
{
    const std::string deep = "code\ny = " + std::string(10000, '(') + "x";
    QVERIFY(errorOf(deep).endsWith(QStringLiteral("brackets and signs are nested too deeply")));
    const std::string signs = "code\ny = " + std::string(10000, '-') + "x";
    QVERIFY(errorOf(signs).endsWith(QStringLiteral("brackets and signs are nested too deeply")));
}

void TestFormulaText::theSizeIsBounded()
{
    std::string sum = "code\ny = x";
    for (int i = 0; i < 2000; ++i)
        sum += " + x";
    QVERIFY(errorOf(sum).endsWith(QStringLiteral("a formula has at most 1,000 operations")));
    QCOMPARE(errorOf(std::string(70000, '#')), QStringLiteral("a formula is at most 64 KB long"));
}

void TestFormulaText::everyFunctionHasSemantics()
{
    for (const Function& function : all_functions()) {
        QVERIFY(!function.semantics.empty());
        QCOMPARE(find_function(function.name), &function);
    }
}

QBN_TEST(TestFormulaText)
#include "tst_formula_text.moc"
