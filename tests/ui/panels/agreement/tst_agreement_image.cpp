#include "tests/support/room.h"
#include "ui/panels/agreement/agreement_image.h"

#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestAgreementImage : public QObject
{
    Q_OBJECT

private slots:
    void aSingleDifferenceIsSeen_data();
    void aSingleDifferenceIsSeen();
    void aLargeCellIsPaintedWhole();
    void theGreatestMagnitudeIsShown();
    void placeholdersAreHatchedAndGrey();
    void everyClassIsLegible_data();
    void everyClassIsLegible();
    void classesAreNamed();
};

namespace {

LayerSummary calmSummary(int channels)
{
    LayerSummary summary;
    BatchNormLayer layer = identity_layer("wide", channels);
    layer.provenance.set_all({.origin = Origin::file, .note = {}});
    summary.layer = std::make_shared<const BatchNormLayer>(std::move(layer));
    auto calm = std::make_shared<ChannelSummary>();
    calm->differences.resize(256);
    summary.channels.assign(static_cast<std::size_t>(channels), calm);
    return summary;
}

void setDifference(LayerSummary& summary, int channel, int code, int difference)
{
    auto& place = summary.channels[static_cast<std::size_t>(channel)];
    ChannelSummary one = *place;
    one.differences[static_cast<std::size_t>(code)] = static_cast<std::int16_t>(difference);
    ++one.differing;
    place = std::make_shared<const ChannelSummary>(std::move(one));
}

QRect paintedPart(const QImage& image)
{
    QRect part;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (qAlpha(image.pixel(x, y)) > 0)
                part |= QRect(x, y, 1, 1);
    return part;
}

constexpr PlotRange allCodes{-0.5, 255.5};
constexpr QSize small(300, 90);

} // namespace

void TestAgreementImage::aSingleDifferenceIsSeen_data()
{
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("code");

    QTest::newRow("the first code of the first channel") << 0 << 0;
    QTest::newRow("in the midst of 4096 channels") << 1512 << 61;
    QTest::newRow("the last code of the last channel") << 4095 << 255;
}

void TestAgreementImage::aSingleDifferenceIsSeen()
{
    QFETCH(int, channel);
    QFETCH(int, code);
    LayerSummary summary = calmSummary(4096);
    setDifference(summary, channel, code, -1);
    const Colors colors = colorsFor(lightPalette());
    const QImage image = agreementImage(summary, allCodes, {-0.5, 4095.5}, small, colors);
    const QRect part = paintedPart(image);
    QVERIFY(part.width() >= smallestCell && part.width() <= smallestCell + 1);
    QVERIFY(part.height() >= smallestCell && part.height() <= smallestCell + 1);
    QCOMPARE(image.pixel(part.center()), differenceClasses[4].color(colors).rgb());
    // Where it is looked for, give or take what it spreads.
    const QPoint expected(code * small.width() / 256, channel * small.height() / 4096);
    QVERIFY(
        part.adjusted(-smallestCell, -smallestCell, smallestCell, smallestCell).contains(expected));
}

void TestAgreementImage::aLargeCellIsPaintedWhole()
{
    LayerSummary summary = calmSummary(8);
    setDifference(summary, 2, 5, 1);
    const QImage image
        = agreementImage(summary, {3.5, 13.5}, {-0.5, 7.5}, {200, 80}, colorsFor(lightPalette()));
    QCOMPARE(paintedPart(image), QRect(20, 20, 20, 10));
}

void TestAgreementImage::theGreatestMagnitudeIsShown()
{
    LayerSummary summary = calmSummary(4096);
    for (int channel = 100; channel < 120; ++channel)
        setDifference(summary, channel, 7, channel == 111 ? -200 : 1);
    const Colors colors = colorsFor(darkPalette());
    const QImage image = agreementImage(summary, allCodes, {-0.5, 4095.5}, small, colors);
    const QRgb strongest = differenceClasses.back().color(colors).rgb();
    QCOMPARE(image.pixel(7 * small.width() / 256 + 1, 111 * small.height() / 4096 + 1), strongest);
}

void TestAgreementImage::placeholdersAreHatchedAndGrey()
{
    LayerSummary summary = calmSummary(8);
    BatchNormLayer layer = *summary.layer;
    layer.provenance.set_channel(Field::beta, 2, {.origin = Origin::unknown, .note = {}});
    summary.layer = std::make_shared<const BatchNormLayer>(layer);
    setDifference(summary, 2, 5, 1);
    setDifference(summary, 6, 5, 1);
    const Colors colors = colorsFor(lightPalette());
    const QImage image = agreementImage(summary, {3.5, 13.5}, {-0.5, 7.5}, {200, 80}, colors);
    const DifferenceClass& plusOne = differenceClasses[3];
    QCOMPARE(image.pixel(25, 25), plusOne.mutedColor(colors).rgb());
    QCOMPARE(image.pixel(25, 65), plusOne.color(colors).rgb());
    const auto strokes = [&image](int channel) {
        int count = 0;
        for (int y = 10 * channel; y < 10 * channel + 10; ++y)
            for (int x = 100; x < 200; ++x)
                count += image.pixelColor(x, y).alpha() > 0 ? 1 : 0;
        return count;
    };
    for (int channel = 0; channel < 8; ++channel)
        QCOMPARE(strokes(channel), channel == 2 ? 100 : 0);
}

void TestAgreementImage::everyClassIsLegible_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << lightPalette();
    QTest::newRow("dark") << darkPalette();
}

/// WCAG asks for 3 of what is no text.
void TestAgreementImage::everyClassIsLegible()
{
    QFETCH(QPalette, palette);
    const Colors colors = colorsFor(palette);
    QSet<QRgb> seen;
    for (const DifferenceClass& c : differenceClasses) {
        const QColor color = c.color(colors);
        const double contrast = contrastRatio(color, colors.surface);
        QVERIFY2(contrast >= 3, qPrintable(c.text() + QString::number(contrast)));
        QVERIFY2(!seen.contains(color.rgb()), qPrintable(c.text()));
        seen.insert(color.rgb());
        const QColor muted = c.mutedColor(colors);
        QVERIFY(contrastRatio(muted, colors.surface) >= 2);
        QVERIFY2(muted.hslSaturation() < 80, qPrintable(muted.name()));
    }
}

void TestAgreementImage::classesAreNamed()
{
    QStringList texts;
    for (const DifferenceClass& c : differenceClasses)
        texts += c.text();
    QCOMPARE(texts,
             QStringList({QStringLiteral("+16 and more"), QStringLiteral("+4 to +15"),
                          QStringLiteral("+2, +3"), QStringLiteral("+1"), QStringLiteral("-1"),
                          QStringLiteral("-2, -3"), QStringLiteral("-4 to -15"),
                          QStringLiteral("-16 and less")}));
}

QBN_TEST(TestAgreementImage)
#include "tst_agreement_image.moc"
