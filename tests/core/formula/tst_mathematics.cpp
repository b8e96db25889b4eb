#include "core/backends/backend.h"
#include "core/formula/mathematics.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>

using namespace qbn;

class TestMathematics : public QObject
{
    Q_OBJECT

private slots:
    void anExpressionIsSet_data();
    void anExpressionIsSet();
    void aQuotientOfWholeNumbersTruncates();
    void everyBackendIsSet();
};

void TestMathematics::anExpressionIsSet_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("latex");
    const auto row = [](const char* name, const char* text, const char* latex) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(latex);
    };
    row("a quotient is a fraction", "a / s_out", "\\frac{\\mathrm{a}}{s_{y}}");
    row("a root covers its sum", "sqrt(var + eps)", "\\sqrt{\\sigma ^{2} + \\varepsilon }");
    row("a sum in a product has brackets", "(a + b) * c",
        "\\left(\\mathrm{a} + \\mathrm{b}\\right) \\cdot \\mathrm{c}");
    row("a product in a sum has none", "a * b + c", "\\mathrm{a} \\cdot \\mathrm{b} + \\mathrm{c}");
    row("differences are taken from the left", "a - (b - c)",
        "\\mathrm{a} - \\left(\\mathrm{b} - \\mathrm{c}\\right)");
    row("a fraction needs no brackets", "(a + b) / (c + d)",
        "\\frac{\\mathrm{a} + \\mathrm{b}}{\\mathrm{c} + \\mathrm{d}}");
    row("fma stays a function", "fma(-mean, gain, beta)",
        "\\mathrm{fma}\\left(-\\mu , \\mathrm{gain}, \\beta \\right)");
    row("a cast stays, for it rounds", "f32(x - z_in)",
        "\\mathrm{f32}\\left(x_{q} - z_{x}\\right)");
    row("a number's type is not told", "min(a, f32(0.5))", "\\min\\left(\\mathrm{a}, 0.5\\right)");
    row("powers of two and of ten", "a * 0x1p-31 + 1e-6", "\\mathrm{a} \\cdot 2^{-31} + 10^{-6}");
    row("a choice", "select(relu, max(0, a), a)",
        "\\begin{cases} \\max\\left(0, \\mathrm{a}\\right) & \\text{if } \\mathrm{relu} \\\\ "
        "\\mathrm{a} & \\text{otherwise} \\end{cases}");
    row("a choice of three", "select(c, 1, select(d, 2, 3))",
        "\\begin{cases} 1 & \\text{if } \\mathrm{c} \\\\ 2 & \\text{if } \\mathrm{d} \\\\ "
        "3 & \\text{otherwise} \\end{cases}");
    row("the sign of a number that stays", "max(-0x1.8p3, a)",
        "\\max\\left(-0x1.8p3, \\mathrm{a}\\right)");
    row("names with a line below", "quantized_mult", "\\mathrm{quantized\\_mult}");
    row("conditions", "!(a <= b) && c != d",
        "\\lnot \\left(\\mathrm{a} \\le \\mathrm{b}\\right) \\land \\mathrm{c} \\ne "
        "\\mathrm{d}");
    row("down and up", "floor(a) + abs(b)",
        "\\left\\lfloor \\mathrm{a}\\right\\rfloor  + \\left|\\mathrm{b}\\right|");
}

void TestMathematics::anExpressionIsSet()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, latex);
    const std::string statement = "code\n  t = " + text.toStdString() + "\n";
    const auto syntax = formula::parse(statement);
    QVERIFY(syntax);
    QCOMPARE(QByteArray::fromStdString(
                 formula::latex(formula::mathematics(syntax->statements[0].expression))),
             latex);
}

void TestMathematics::aQuotientOfWholeNumbersTruncates()
{
    const auto program = *formula::compile("channel\n  simd = channel < channels / 8 * 8\n"
                                           "code\n  y = x / 2 + to_int64_x86(s_in / s_out)\n");
    const std::string text = formula::latex(*program);
    QVERIFY(text.find("\\mathrm{trunc}\\left(\\frac{\\mathrm{channels}}{8}\\right) \\cdot 8")
            != std::string::npos);
    QVERIFY(text.find("\\mathrm{trunc}\\left(\\frac{x_{q}}{2}\\right)") != std::string::npos);
    QVERIFY(text.find("\\mathrm{to\\_int64\\_x86}\\left(\\frac{s_{x}}{s_{y}}\\right)")
            != std::string::npos);
}

void TestMathematics::everyBackendIsSet()
{
    for (const Backend& backend : all_backends()) {
        if (!backend.program)
            continue;
        const std::string text = formula::latex(*backend.program);
        const auto statements = backend.program->syntax().statements.size();
        QCOMPARE(static_cast<std::size_t>(std::count(text.begin(), text.end(), '{'))
                     - static_cast<std::size_t>(std::count(text.begin(), text.end(), '}')),
                 std::size_t(0));
        std::size_t aligned = 0;
        for (std::size_t at = text.find(" &= "); at != std::string::npos;
             at = text.find(" &= ", at + 1))
            ++aligned;
        QCOMPARE(aligned, statements);
    }
}

QBN_TEST(TestMathematics)
#include "tst_mathematics.moc"
