#include "tests/support/room.h"
#include "ui/look/theme.h"

#include <QApplication>
#include <QFontInfo>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void colorsAreLegible_data();
    void colorsAreLegible();
    void contrastIsThatOfWcag();
    void darknessFollowsThePalette();
    void applyingSetsThePalette();
    void styleSheetFollowsThePalette();
    void fontsKeepTheSize();
};

void TestTheme::colorsAreLegible_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << lightPalette();
    QTest::newRow("dark") << darkPalette();
    QTest::newRow("black on yellow") << QPalette(Qt::black, Qt::yellow, Qt::yellow, Qt::black,
                                                 Qt::darkYellow, Qt::black, Qt::yellow);
    QTest::newRow("white on black")
        << QPalette(Qt::white, Qt::black, Qt::white, Qt::black, Qt::gray, Qt::white, Qt::black);
}

void TestTheme::colorsAreLegible()
{
    QFETCH(QPalette, palette);
    const Colors colors = colorsFor(palette);
    for (const QPalette::ColorRole role : {QPalette::Base, QPalette::Window}) {
        for (const QColor& color :
             {colors.code, colors.real, colors.output, colors.problem, colors.muted, colors.text}) {
            const double ratio = contrastRatio(color, palette.color(role));
            QVERIFY2(ratio >= 4.5, qPrintable(color.name() + u' ' + QString::number(ratio)));
        }
    }
    // Text stands on the current row too.
    QVERIFY(contrastRatio(colors.text, colors.currentRow) >= 4.5);
    QVERIFY(colors.line != colors.surface);
}

void TestTheme::contrastIsThatOfWcag()
{
    QCOMPARE(contrastRatio(Qt::white, Qt::black), 21.0);
    QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
    QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
}

void TestTheme::darknessFollowsThePalette()
{
    QVERIFY(!isDark(lightPalette()));
    QVERIFY(isDark(darkPalette()));
}

void TestTheme::applyingSetsThePalette()
{
    applyTheme(*qApp, Theme::Dark);
    QVERIFY(isDark(QApplication::palette()));
    applyTheme(*qApp, Theme::Light);
    QVERIFY(!isDark(QApplication::palette()));
    applyTheme(*qApp, Theme::Dark);
    applyTheme(*qApp, Theme::System);
    // The offscreen platform names no colours, so the calm light ones are taken.
    QCOMPARE(QApplication::palette().color(QPalette::Window),
             lightPalette().color(QPalette::Window));
}

void TestTheme::styleSheetFollowsThePalette()
{
    applyTheme(*qApp, Theme::Light);
    const QString light = qApp->styleSheet();
    QApplication::setPalette(darkPalette());
    QTRY_VERIFY(qApp->styleSheet() != light);
    QVERIFY(qApp->styleSheet().contains(colorsFor(darkPalette()).line.name()));
    QVERIFY(isDark(QApplication::palette()));
}

void TestTheme::fontsKeepTheSize()
{
    QFont base;
    base.setPixelSize(17);
    QCOMPARE(monospaceFont(base).pixelSize(), 17);
    QVERIFY(QFontInfo(monospaceFont(base)).fixedPitch());
    QCOMPARE(interfaceFont(base).pixelSize(), 17);
}

QBN_TEST(TestTheme)
#include "tst_theme.moc"
