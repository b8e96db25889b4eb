#include "tests/support/room.h"
#include "ui/draw/formula_layout.h"
#include "ui/draw/formula_view.h"
#include "ui/look/theme.h"
#include "ui/panels/pipeline/stage_formulas.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace qbn::ui;
using namespace qbn::ui::math;

namespace {

/// y = max(z, clamp(round(r))) that may break behind the comma; its brackets are text, so that it
/// can.
Formula breakable()
{
    return row({var(u"y"_s), rel(u"="_s), text(u"max("_s), var(u"z"_s), text(u", "_s), lineBreak(),
                text(u"clamp"_s), brackets(row({text(u"round"_s), brackets(var(u"r"_s))})),
                text(u")"_s)});
}

} // namespace

class TestFormula : public QObject
{
    Q_OBJECT

private slots:
    void plainTextReadsAsTheFormula_data();
    void plainTextReadsAsTheFormula();
    void aFractionIsTallerThanItsParts();
    void scriptsShiftAndShrink();
    void aRootCoversItsContent();
    void bracketsGrowWithTheirContent();
    void inkStaysWithinTheMeasuredBox_data();
    void inkStaysWithinTheMeasuredBox();
    void aRowBreaksAtItsBreakOrLastRelation();
    void aNarrowViewShrinksInsteadOfCutting();

private:
    static QFont font()
    {
        QFont serif = formulaFont(QFont());
        serif.setPixelSize(20);
        return serif;
    }
};

void TestFormula::plainTextReadsAsTheFormula_data()
{
    QTest::addColumn<Formula>("formula");
    QTest::addColumn<QString>("text");
    QTest::newRow("input code") << inputCodeFormula() << u"x_q"_s;
    QTest::newRow("dequantize") << dequantizeFormula() << u"x = s_x\u2009(x_q − z_x)"_s;
    QTest::newRow("normalize") << normalizeFormula() << u"x\u0302 = (x − μ)/√(σ² + ε)"_s;
    QTest::newRow("affine") << affineFormula() << u"y = γ\u2009x\u0302 + β"_s;
    QTest::newRow("requantize") << requantizeFormula() << u"r = y/s_y + z_y"_s;
    QTest::newRow("output code") << outputCodeFormula(false)
                                 << u"y_q = clamp(round(y/s_y) + z_y)"_s;
    QTest::newRow("output code with ReLU")
        << outputCodeFormula(true) << u"y_q = clamp_≥z_y(round(y/s_y) + z_y)"_s;
    QTest::newRow("multiplier") << multiplierFormula()
                                << u"α = (γ\u2009s_x)/(s_y\u2009√(σ² + ε))"_s;
}

void TestFormula::plainTextReadsAsTheFormula()
{
    QFETCH(Formula, formula);
    QTEST(formula.toPlainText(), "text");
}

void TestFormula::aFractionIsTallerThanItsParts()
{
    const FormulaLayout letter(var(u"x"_s), font());
    const FormulaLayout fraction(frac(var(u"x"_s), var(u"x"_s)), font());
    QVERIFY(fraction.height() > 2 * letter.height());
    QVERIFY(fraction.width() > letter.width() * 0.9);
    // The bar is on the axis, so there is something on both sides of it.
    QVERIFY(fraction.ascent() > fraction.axis() + 3);
    QVERIFY(fraction.descent() > 0);
    QVERIFY(fraction.axis() > 0);
}

void TestFormula::scriptsShiftAndShrink()
{
    const FormulaLayout letter(var(u"x"_s), font());
    const FormulaLayout low(sub(var(u"x"_s), var(u"x"_s)), font());
    const FormulaLayout high(sup(var(u"x"_s), var(u"x"_s)), font());
    QVERIFY(low.descent() > letter.descent());
    QCOMPARE(low.ascent(), letter.ascent());
    QVERIFY(high.ascent() > letter.ascent());
    QVERIFY(low.width() > letter.width());
    QVERIFY(low.width() < 2 * letter.width());
}

void TestFormula::aRootCoversItsContent()
{
    const Formula inside = row({var(u"x"_s), op(u"+"_s), var(u"y"_s)});
    const FormulaLayout bare(inside, font());
    const FormulaLayout rooted(root(inside), font());
    QVERIFY(rooted.width() > bare.width());
    QVERIFY(rooted.ascent() > bare.ascent());
    QVERIFY(rooted.descent() >= bare.descent());
}

void TestFormula::bracketsGrowWithTheirContent()
{
    const Formula tall = frac(var(u"x"_s), root(var(u"y"_s)));
    const FormulaLayout small(brackets(var(u"x"_s)), font());
    const FormulaLayout large(brackets(tall), font());
    QVERIFY(large.height() > 1.5 * small.height());
    QVERIFY(large.height() >= FormulaLayout(tall, font()).height());
}

void TestFormula::inkStaysWithinTheMeasuredBox_data()
{
    QTest::addColumn<Formula>("formula");
    QTest::newRow("dequantize") << dequantizeFormula();
    QTest::newRow("normalize") << normalizeFormula();
    QTest::newRow("affine") << affineFormula();
    QTest::newRow("requantize") << requantizeFormula();
    QTest::newRow("output code with ReLU") << outputCodeFormula(true);
    QTest::newRow("offset with tall brackets") << offsetFormula();
}

void TestFormula::inkStaysWithinTheMeasuredBox()
{
    QFETCH(Formula, formula);
    const FormulaLayout layout(formula, font());
    QImage image(800, 200, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    const QPoint origin(100, 100);
    layout.paint(painter, origin, Qt::black);
    painter.end();
    QRect ink;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (qGray(image.pixel(x, y)) < 200)
                ink |= QRect(x, y, 1, 1);
    QVERIFY(!ink.isEmpty());
    QVERIFY2(ink.left() >= origin.x() - 2, qPrintable(QString::number(ink.left())));
    QVERIFY2(ink.right() <= origin.x() + layout.width() + 2,
             qPrintable(QString::number(ink.right())));
    QVERIFY(ink.top() >= origin.y() - layout.ascent() - 2);
    QVERIFY(ink.bottom() <= origin.y() + layout.descent() + 2);
    // And the box is not much larger than what is in it.
    QVERIFY(ink.width() > layout.width() * 0.85);
}

void TestFormula::aRowBreaksAtItsBreakOrLastRelation()
{
    const auto lines = affineFormula().brokenIntoLines();
    QCOMPARE(lines.size(), size_t(2));
    QCOMPARE(lines[0].toPlainText(), u"y"_s);
    QCOMPARE(lines[1].toPlainText(), u" = γ\u2009x\u0302 + β"_s);
    QCOMPARE(breakable().brokenIntoLines()[0].toPlainText(), u"y = max(z, "_s);
    QCOMPARE(inputCodeFormula().brokenIntoLines().size(), size_t(1));
}

void TestFormula::aNarrowViewShrinksInsteadOfCutting()
{
    FormulaView view;
    view.setFormula(breakable());
    QCOMPARE(view.accessibleName(), breakable().toPlainText());
    view.resize(view.sizeHint());
    QCOMPARE(view.shownScale(), 1.0);
    QCOMPARE(view.shownLines(), 1);
    view.resize(view.sizeHint().width() * 2 / 3, view.sizeHint().height());
    QCOMPARE(view.shownLines(), 2);
    QVERIFY(view.shownScale() > 0.8);
    view.resize(view.sizeHint().width() / 3, view.sizeHint().height());
    QVERIFY(view.shownScale() < 0.7);
    QVERIFY(view.shownScale() > 1.0 / 3);
}

QBN_TEST(TestFormula)
#include "tst_formula.moc"
