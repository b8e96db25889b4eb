#include "tests/support/room.h"
#include "ui/panels/plots/step_graph.h"

#include <QPainter>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

/// Bars instead of lines, which must look the same.
class TestStepGraph : public QObject
{
    Q_OBJECT

private slots:
    void aBarCoversItsLine_data();
    void aBarCoversItsLine();
    void stepsLookAsThoseOfQCustomPlot_data();
    void stepsLookAsThoseOfQCustomPlot();
};

void TestStepGraph::aBarCoversItsLine_data()
{
    QTest::addColumn<QPointF>("from");
    QTest::addColumn<QPointF>("to");
    QTest::addColumn<int>("width");
    QTest::addColumn<QRect>("bar");
    QTest::newRow("level") << QPointF(3, 5) << QPointF(9, 5) << 2 << QRect(2, 4, 8, 2);
    QTest::newRow("level, to the left") << QPointF(9, 5) << QPointF(3, 5) << 2 << QRect(2, 4, 8, 2);
    QTest::newRow("upright") << QPointF(4, 8) << QPointF(4, 2) << 2 << QRect(3, 1, 2, 8);
    QTest::newRow("three pixels thick")
        << QPointF(4.5, 2.5) << QPointF(4.5, 8.5) << 3 << QRect(3, 1, 3, 9);
}

void TestStepGraph::aBarCoversItsLine()
{
    QFETCH(QPointF, from);
    QFETCH(QPointF, to);
    QFETCH(int, width);
    QFETCH(QRect, bar);
    QCOMPARE(barOf(from, to, width), bar);
}

void TestStepGraph::stepsLookAsThoseOfQCustomPlot_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("filled");
    QTest::addColumn<bool>("upright");
    QTest::newRow("small steps") << 0.6 << false << false;
    QTest::newRow("large steps") << 7.0 << false << false;
    QTest::newRow("a gap") << qQNaN() << false << false;
    QTest::newRow("filled") << 7.0 << true << false;
    QTest::newRow("filled, with upright keys") << 7.0 << true << true;
}

void TestStepGraph::stepsLookAsThoseOfQCustomPlot()
{
    QFETCH(double, value);
    QFETCH(bool, filled);
    QFETCH(bool, upright);
    QCustomPlot canvas;
    canvas.setViewport(QRect(0, 0, 600, 300));
    canvas.xAxis->setRange(0, 40);
    canvas.yAxis->setRange(0, 40);
    QCPAxis* keys = upright ? canvas.yAxis : canvas.xAxis;
    QCPAxis* values = upright ? canvas.xAxis : canvas.yAxis;
    auto* bars = new StepGraph(keys, values);
    auto* lines = new QCPGraph(keys, values);
    for (QCPGraph* graph : {static_cast<QCPGraph*>(bars), lines}) {
        graph->setLineStyle(QCPGraph::lsStepCenter);
        graph->setAntialiased(false);
        graph->setPen(filled ? QPen(Qt::NoPen) : QPen(Qt::red, 2));
        graph->setBrush(filled ? QBrush(Qt::red) : QBrush(Qt::NoBrush));
        for (int key = 0; key <= 40; ++key)
            graph->addData(key, key == 20 ? value : std::floor(key * 0.3) * 2);
    }
    const auto picture = [&](const QCPGraph* shown) {
        bars->setVisible(shown == bars);
        lines->setVisible(shown == lines);
        return canvas.toPixmap(600, 300).toImage().convertToFormat(QImage::Format_RGB32);
    };
    const QImage first = picture(bars);
    const QImage second = picture(lines);
    const auto isInk = [](QRgb pixel) { return pixel == QColor(Qt::red).rgb(); };
    int inked = 0, apart = 0;
    for (int y = 0; y < first.height(); ++y)
        for (int x = 0; x < first.width(); ++x) {
            inked += isInk(second.pixel(x, y)) ? 1 : 0;
            apart += isInk(first.pixel(x, y)) != isInk(second.pixel(x, y)) ? 1 : 0;
        }
    QVERIFY(inked > 1000);
    // At the corners, which lines leave open or not.
    QVERIFY2(apart < inked / 10, qPrintable(u"%1 of %2"_s.arg(apart).arg(inked)));
}

QBN_TEST(TestStepGraph)
#include "tst_step_graph.moc"
