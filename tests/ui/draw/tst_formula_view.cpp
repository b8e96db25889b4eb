#include "tests/support/room.h"
#include "ui/draw/formula_view.h"
#include "ui/look/theme.h"

#include <QImage>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

struct Ink
{
    QRect box;
    QColor strongest; ///< the farthest from the ground
};

/// What a view of this size paints in the colours of the palette.
Ink inkOf(FormulaView& view, const QPalette& palette)
{
    view.setPalette(palette);
    QImage image(view.size(), QImage::Format_RGB32);
    const QColor ground = palette.color(QPalette::Window);
    image.fill(ground);
    view.render(&image, {}, {}, QWidget::RenderFlags{});
    Ink ink{.box = {}, .strongest = ground};
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor color = image.pixelColor(x, y);
            if (contrastRatio(color, ground) > 1.5)
                ink.box |= QRect(x, y, 1, 1);
            if (contrastRatio(color, ground) > contrastRatio(ink.strongest, ground))
                ink.strongest = color;
        }
    }
    return ink;
}

void addFormulas()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("spoken");
    QTest::newRow("input code") << u"input-code"_s << u"x_q"_s;
    QTest::newRow("dequantize") << u"dequantize"_s << u"x = s_x\u2009(x_q − z_x)"_s;
    QTest::newRow("normalize") << u"normalize"_s << u"x\u0302 = (x − μ)/√(σ² + ε)"_s;
    QTest::newRow("affine") << u"affine"_s << u"y = γ\u2009x\u0302 + β"_s;
    QTest::newRow("requantize") << u"requantize"_s << u"r = y/s_y + z_y"_s;
    QTest::newRow("output code") << u"output-code"_s << u"y_q = clamp(round(y/s_y) + z_y)"_s;
    QTest::newRow("output code with ReLU")
        << u"output-code-relu"_s << u"y_q = clamp_≥z_y(round(y/s_y) + z_y)"_s;
}

} // namespace

class TestFormulaView : public QObject
{
    Q_OBJECT

private slots:
    void itIsSpokenAndSeen_data() { addFormulas(); }
    void itIsSpokenAndSeen();
    void itTakesTheColourOfTheText();
    void neighboursStandOnOneLine();
    void aNarrowViewShrinksInsteadOfCutting();
    void withoutAFormulaNothingIsPainted();
};

void TestFormulaView::itIsSpokenAndSeen()
{
    QFETCH(QString, name);
    FormulaView view;
    view.setFormula(name);
    QTEST(view.accessibleName(), "spoken");
    view.resize(view.sizeHint());
    const QRect ink = inkOf(view, lightPalette()).box;
    QVERIFY2(ink.width() > 0.85 * view.width() - 2, "the size is that of the formula");
    QVERIFY(ink.height() > 6);
}

void TestFormulaView::itTakesTheColourOfTheText()
{
    FormulaView view;
    view.setFormula(u"output-code"_s);
    view.resize(view.sizeHint());
    for (const QPalette& palette : {lightPalette(), darkPalette(), lightPalette()}) {
        const QColor text = palette.color(QPalette::WindowText);
        QVERIFY(contrastRatio(inkOf(view, palette).strongest, text) < 1.1);
    }
}

void TestFormulaView::neighboursStandOnOneLine()
{
    // The minus sign of one and the fraction bar of the other are the middle of both.
    FormulaView fraction, plain;
    fraction.setFormula(u"requantize"_s);
    plain.setFormula(u"dequantize"_s);
    QCOMPARE(fraction.sizeHint().height(), plain.sizeHint().height());
    for (FormulaView* view : {&fraction, &plain}) {
        view->resize(view->sizeHint());
        QVERIFY(std::abs(inkOf(*view, lightPalette()).box.center().y() - view->height() / 2) <= 3);
    }
}

void TestFormulaView::aNarrowViewShrinksInsteadOfCutting()
{
    FormulaView view;
    view.setFormula(u"output-code"_s);
    view.resize(view.sizeHint());
    QCOMPARE(view.shownScale(), 1.0);
    view.resize(90, view.sizeHint().height());
    QVERIFY(view.shownScale() < 0.7);
    const QRect ink = inkOf(view, lightPalette()).box;
    QVERIFY(ink.right() < 90);
    QVERIFY(ink.width() > 80);
}

void TestFormulaView::withoutAFormulaNothingIsPainted()
{
    FormulaView view;
    view.setFormula(u"affine"_s);
    view.setFormula({});
    view.resize(50, 50);
    QVERIFY(inkOf(view, lightPalette()).box.isEmpty());
    QCOMPARE(view.accessibleName(), QString());
}

QBN_TEST(TestFormulaView)
#include "tst_formula_view.moc"
