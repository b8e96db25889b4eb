#include "tests/support/room.h"
#include "ui/panels/agreement/plot_view.h"

#include <QTest>

using namespace qbn;
using namespace qbn::ui;

class TestPlotView : public QObject
{
    Q_OBJECT

private slots:
    void zoomingKeepsTheAnchor();
    void theViewNeverLeavesTheWhole();
    void zoomingInEndsAtTheSmallestSpan();
    void anUnzoomedViewFollowsTheWhole();
    void revealMovesNoFartherThanNeeded();

private:
    PlotView m_view{{0, 100}, {0, 10}, 4, 1};
};

void TestPlotView::zoomingKeepsTheAnchor()
{
    PlotView view = m_view;
    view.zoom(2, 2, {40, 5});
    QVERIFY(view.isZoomed());
    QCOMPARE(view.x(), (PlotRange{20, 70}));
    QCOMPARE(view.y(), (PlotRange{2.5, 7.5}));
    view.zoom(0.5, 0.5, {40, 5});
    QVERIFY(!view.isZoomed());
}

void TestPlotView::theViewNeverLeavesTheWhole()
{
    PlotView view = m_view;
    view.zoom(4, 1, {0, 0});
    view.pan({-50, 3});
    QCOMPARE(view.x(), (PlotRange{0, 25}));
    QCOMPARE(view.y(), (PlotRange{0, 10}));
    view.pan({1000, 0});
    QCOMPARE(view.x(), (PlotRange{75, 100}));
    view.zoom(0.001, 1, {80, 0});
    QVERIFY(!view.isZoomed());
}

void TestPlotView::zoomingInEndsAtTheSmallestSpan()
{
    PlotView view = m_view;
    for (int i = 0; i < 50; ++i)
        view.zoom(2, 2, {50, 5});
    QCOMPARE(view.x().span(), 4.0);
    QCOMPARE(view.y().span(), 1.0);
}

void TestPlotView::anUnzoomedViewFollowsTheWhole()
{
    PlotView view = m_view;
    view.setWhole({-128, 127}, {0, 10});
    QVERIFY(!view.isZoomed());
    view.zoom(2, 1, {0, 0});
    const PlotRange zoomed = view.x();
    view.setWhole({-128, 127}, {-5, 5});
    QCOMPARE(view.x(), zoomed);
    QCOMPARE(view.y(), (PlotRange{-5, 5}));
}

void TestPlotView::revealMovesNoFartherThanNeeded()
{
    PlotView view = m_view;
    view.show({40, 60}, {0, 10});
    view.reveal({50, 5});
    QCOMPARE(view.x(), (PlotRange{40, 60}));
    view.reveal({70, 5});
    QCOMPARE(view.x(), (PlotRange{50, 70}));
}

QBN_TEST(TestPlotView)
#include "tst_plot_view.moc"
