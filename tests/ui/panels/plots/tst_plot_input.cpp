#include "tests/support/room.h"
#include "tests/ui/panels/plots/transfer_plot_test.h"

#include <QSignalSpy>
#include <QWheelEvent>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

/// What mouse and keys do in a plot over the input codes.
class TestPlotInput : public TransferPlotTest
{
    Q_OBJECT

private slots:
    void init() { showPlot(); }
    void cleanup() { removePlot(); }

    void aClickMovesTheCurrentCode();
    void aDragMovesTheCurrentCode();
    void keysStepAndJump_data();
    void keysStepAndJump();
    void theWheelZoomsAtThePointer();
    void theZoomSurvivesEdits();
    void rightDragPansAndDoubleClickResets();
    void steppingOutOfAZoomedViewFollows();

private:
    void setView(QCPRange codes, QCPRange values)
    {
        canvas()->xAxis->setRange(codes);
        canvas()->yAxis->setRange(values);
        settle();
    }
    void wheel(const QPoint& position, int angle)
    {
        QWheelEvent event(position, canvas()->mapToGlobal(position), {}, {0, angle}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(canvas(), &event);
    }
};

void TestPlotInput::aClickMovesTheCurrentCode()
{
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, at(200, 100));
    QCOMPARE(m_document->selection().code(), 200);
    QCOMPARE(m_plot->cursorText(), u"200 → %1"_s.arg(m_document->evaluation().row().output_code));
    // Left of the first code is the first code.
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, at(-3, 100));
    QCOMPARE(m_document->selection().code(), 0);
}

void TestPlotInput::aDragMovesTheCurrentCode()
{
    QSignalSpy changes(&m_document->selection(), &SelectionModel::changed);
    QTest::mousePress(canvas(), Qt::LeftButton, {}, at(50, 100));
    QTest::mouseMove(canvas(), at(60, 100));
    QTest::mouseMove(canvas(), at(70, 100));
    QTest::mouseRelease(canvas(), Qt::LeftButton, {}, at(70, 100));
    QTest::mouseMove(canvas(), at(90, 100));
    QCOMPARE(m_document->selection().code(), 70);
    QCOMPARE(changes.count(), 3);
}

void TestPlotInput::keysStepAndJump_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<int>("code");
    QTest::newRow("Right steps up") << Qt::Key_Right << 39;
    QTest::newRow("Left steps down") << Qt::Key_Left << 37;
    QTest::newRow("Up steps up") << Qt::Key_Up << 39;
    QTest::newRow("Down steps down") << Qt::Key_Down << 37;
    QTest::newRow("Page Up steps by 16") << Qt::Key_PageUp << 54;
    QTest::newRow("Page Down steps by 16") << Qt::Key_PageDown << 22;
    QTest::newRow("Home goes to the first code") << Qt::Key_Home << 0;
    QTest::newRow("End goes to the last code") << Qt::Key_End << 255;
}

void TestPlotInput::keysStepAndJump()
{
    QFETCH(Qt::Key, key);
    QTest::keyClick(m_plot.get(), key);
    QTEST(m_document->selection().code(), "code");
}

void TestPlotInput::theWheelZoomsAtThePointer()
{
    // By shares of the axes: tick labels of another width move the axes themselves.
    const auto share
        = [](const QCPRange& range, double at) { return (at - range.lower) / range.size(); };
    const QPoint position = at(64, 100);
    const QPointF pointed = m_plot->coordinatesAt(position);
    const double across = share(codes(), pointed.x());
    const double up = share(values(), pointed.y());
    wheel(position, 120);
    settle();
    QVERIFY(m_plot->isZoomed());
    QVERIFY(std::abs(share(codes(), pointed.x()) - across) < 0.005);
    QVERIFY(std::abs(share(values(), pointed.y()) - up) < 0.005);
    for (int i = 0; i < 5; ++i)
        wheel(position, -120);
    QVERIFY(!m_plot->isZoomed());
}

void TestPlotInput::theZoomSurvivesEdits()
{
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(m_plot.get(), Qt::Key_Plus);
    QVERIFY(m_plot->isZoomed());
    const QCPRange zoomed = codes();
    m_document->setValue(Field::gamma, 0, 90);
    m_document->selection().setChannel(1);
    m_document->undo();
    QVERIFY(codes() == zoomed);
    QTest::keyClick(m_plot.get(), Qt::Key_0);
    QVERIFY(!m_plot->isZoomed());
}

void TestPlotInput::rightDragPansAndDoubleClickResets()
{
    setView({50, 150}, {50, 150});
    settle();
    QTest::mousePress(canvas(), Qt::RightButton, {}, at(100, 100));
    QTest::mouseMove(canvas(), at(80, 100));
    QTest::mouseRelease(canvas(), Qt::RightButton, {}, at(80, 100));
    QVERIFY(std::abs(codes().lower - 70) < 1);
    QVERIFY(std::abs(values().lower - 50) < 1);
    QCOMPARE(m_document->selection().code(), 38);
    QTest::mouseDClick(canvas(), Qt::LeftButton, {}, at(100, 100));
    QVERIFY(!m_plot->isZoomed());
    setView({50, 150}, {50, 150});
    QTest::keyClick(m_plot.get(), Qt::Key_Home, Qt::ControlModifier);
    QVERIFY(!m_plot->isZoomed());
}

void TestPlotInput::steppingOutOfAZoomedViewFollows()
{
    setView({30, 60}, {40, 70});
    m_document->selection().setCode(200);
    QVERIFY(codes().upper >= 200);
    QCOMPARE(codes().size(), 30.0);
}

QBN_TEST(TestPlotInput)
#include "tst_plot_input.moc"
