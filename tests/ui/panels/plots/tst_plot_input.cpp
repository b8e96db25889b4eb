#include "tests/support/room.h"
#include "tests/ui/panels/plots/transfer_plot_test.h"
#include "ui/panels/plots/plot_panel.h"

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
    void theMarkerIsDraggedToAWantedCode_data();
    void theMarkerIsDraggedToAWantedCode();
    void keysGiveTheNextCode();
    void escapeCallsTheDragOff();
    void theStripFollowsTheCurve();

private:
    void setView(QCPRange codes)
    {
        canvas()->xAxis->setRange(codes);
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
    wheel(position, 120);
    settle();
    QVERIFY(m_plot->isZoomed());
    QVERIFY(std::abs(share(codes(), pointed.x()) - across) < 0.005);
    // The values follow, so that the curve is seen.
    const std::vector<CodeRow>& rows = m_document->evaluation().rows;
    const auto first = static_cast<std::size_t>(std::ceil(std::max(0.0, codes().lower)));
    const auto last = static_cast<std::size_t>(std::floor(codes().upper));
    QVERIFY(values().contains(rows[first].output_code));
    QVERIFY(values().contains(rows[last].output_code));
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
    setView({50, 150});
    settle();
    QTest::mousePress(canvas(), Qt::RightButton, {}, at(100, 100));
    QTest::mouseMove(canvas(), at(80, 100));
    QTest::mouseRelease(canvas(), Qt::RightButton, {}, at(80, 100));
    QVERIFY(std::abs(codes().lower - 70) < 1);
    QCOMPARE(m_document->selection().code(), 38);
    // It moves nothing else: not the code to where it was clicked.
    QTest::mouseDClick(canvas(), Qt::LeftButton, {}, at(100, 100));
    QVERIFY(!m_plot->isZoomed());
    QCOMPARE(m_document->selection().code(), 38);
    QVERIFY(!m_document->isModified());
    setView({50, 150});
    QTest::keyClick(m_plot.get(), Qt::Key_Home, Qt::ControlModifier);
    QVERIFY(!m_plot->isZoomed());
}

void TestPlotInput::steppingOutOfAZoomedViewFollows()
{
    setView({30, 60});
    m_document->selection().setCode(200);
    QVERIFY(codes().upper >= 200);
    QCOMPARE(codes().size(), 30.0);
}

void TestPlotInput::theMarkerIsDraggedToAWantedCode_data()
{
    QTest::addColumn<bool>("shift");
    QTest::newRow("gamma gives it") << false;
    QTest::newRow("with Shift beta gives it") << true;
}

void TestPlotInput::theMarkerIsDraggedToAWantedCode()
{
    QFETCH(bool, shift);
    const Qt::KeyboardModifiers keys = shift ? Qt::ShiftModifier : Qt::NoModifier;
    QTest::mousePress(canvas(), Qt::LeftButton, {}, at(38, 52));
    QTest::mouseMove(canvas(), at(38, 70));
    QTest::mouseMove(canvas(), at(38, 100));
    QVERIFY2(m_plot->cursorText().startsWith(u"38 → "_s)
                 && m_plot->cursorText().contains(u"gamma "_s)
                 && m_plot->cursorText().contains(u"Shift: beta "_s),
             qPrintable(m_plot->cursorText()));
    QVERIFY(!m_document->isModified()); // until it is let go
    const int wanted = m_plot->cursorText().section(u'\n', 0, 0).section(u' ', -1).toInt();
    QVERIFY(std::abs(wanted - 100) < 3);
    QTest::mouseRelease(canvas(), Qt::LeftButton, keys, at(38, 100));
    QCOMPARE(m_document->evaluation().row().output_code, wanted);
    QCOMPARE(m_document->selection().code(), 38);
    QCOMPARE(m_document->undoStack().count(), 1);
    QCOMPARE(m_document->layer().gamma[0] == 117.5, shift);
    QCOMPARE(m_document->layer().beta[0] == 0, !shift);
    m_document->undo();
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
}

void TestPlotInput::keysGiveTheNextCode()
{
    QTest::keyClick(m_plot.get(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(m_plot->cursorText(), u"38 → 53"_s);
    QVERIFY(m_document->layer().gamma[0] != 117.5 && m_document->layer().beta[0] == 0);
    QCOMPARE(m_document->undoStack().count(), 1);
    const double gamma = m_document->layer().gamma[0];
    QTest::keyClick(m_plot.get(), Qt::Key_Down, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
    QVERIFY(m_document->layer().gamma[0] == gamma && m_document->layer().beta[0] != 0);
    QCOMPARE(m_document->selection().code(), 38);
    QTest::keyClick(m_plot.get(), Qt::Key_Up);
    QCOMPARE(m_document->selection().code(), 39);
}

void TestPlotInput::escapeCallsTheDragOff()
{
    QTest::mousePress(canvas(), Qt::LeftButton, {}, at(38, 52));
    QTest::mouseMove(canvas(), at(38, 70));
    QTest::mouseMove(canvas(), at(38, 100));
    QTest::keyClick(m_plot.get(), Qt::Key_Escape);
    QTest::mouseRelease(canvas(), Qt::LeftButton, {}, at(38, 100));
    QVERIFY(!m_document->isModified());
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
}

void TestPlotInput::theStripFollowsTheCurve()
{
    PlotPanel panel(*m_document);
    panel.resize(640, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QCPAxis* above = panel.transferPlot()->canvas().xAxis;
    QCPAxis* below = panel.errorPlot()->canvas().xAxis;
    above->setRange(50, 150);
    QVERIFY(below->range() == above->range());
    QVERIFY(panel.errorPlot()->isZoomed());
    panel.errorPlot()->resetView();
    QVERIFY(!panel.transferPlot()->isZoomed());
    settle();
    const auto left = [](const CodePlot* plot) { return plot->canvas().axisRect()->left(); };
    QCOMPARE(left(panel.transferPlot()), left(panel.errorPlot()));
    // Without room for both the curve stays.
    panel.resize(640, 120);
    settle();
    QVERIFY(panel.transferPlot()->isVisible() && !panel.errorPlot()->isVisible());
}

QBN_TEST(TestPlotInput)
#include "tst_plot_input.moc"
