#include "tests/support/room.h"
#include "ui/draw/fixed_pitch_face.h"
#include "ui/look/theme.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

QImage drawn(const std::function<void(QPainter&)>& paint)
{
    QImage image(360, 40, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setPen(Qt::black);
    paint(painter);
    return image;
}

} // namespace

class TestFixedPitchFace : public QObject
{
    Q_OBJECT

private slots:
    void textLooksAsIfLaidOut_data();
    void textLooksAsIfLaidOut();
    void nothingIsDrawnForNoText();
};

void TestFixedPitchFace::textLooksAsIfLaidOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a number") << u"-0.9443110201"_s;
    QTest::newRow("a calculation") << u"round(-21.01321) + 73"_s;
    QTest::newRow("characters beyond ASCII") << u"/ √(0.0795 + 1e-05) · −3"_s;
    QTest::newRow("a character of another font") << u"38 → 字"_s;
    QTest::newRow("a character of two code units") << u"1\U0001D7D8"_s;
}

void TestFixedPitchFace::textLooksAsIfLaidOut()
{
    QFETCH(QString, text);
    QFont font = monospaceFont(QFont());
    font.setPixelSize(14);
    font.setHintingPreference(QFont::PreferNoHinting);
    const FixedPitchFace face(font);
    const QImage own = drawn([&](QPainter& p) { face.draw(p, {4, 28}, text); });
    const QImage laidOut = drawn([&](QPainter& p) {
        p.setFont(font);
        p.drawText(QPointF(4, 28), text);
    });
    QVERIFY(laidOut != drawn([](QPainter&) { }));
    QCOMPARE(own, laidOut);
}

void TestFixedPitchFace::nothingIsDrawnForNoText()
{
    const FixedPitchFace face(monospaceFont(QFont()));
    QCOMPARE(drawn([&](QPainter& p) { face.draw(p, {4, 28}, {}); }), drawn([](QPainter&) {}));
}

QBN_TEST(TestFixedPitchFace)
#include "tst_fixed_pitch_face.moc"
