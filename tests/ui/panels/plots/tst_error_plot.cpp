#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/error_plot.h"

#include <QTest>
#include <qcustomplot.h>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

class TestErrorPlot : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theErrorOfTheCurrentCodeIsShown();
    void roundingStaysWithinHalfAStep();
    void saturatedCodesDoNotSqueezeTheAxis();
    void reluIsNamed();
    void clickAndKeysMoveTheCurrentCode();
    void zoomingLeavesTheErrorAxisAlone();
    void notANumberIsAGapWithANote();
    void degenerateLayersAreDrawn_data();
    void degenerateLayersAreDrawn();
    void aLongLegendWraps();
    void aShorterLegendLeavesTheAxesWhereTheyAre();
    void whatNobodyGaveIsMuted();

private:
    QPoint at(double code, double value) const { return m_plot->pixelOf({code, value}).toPoint(); }
    QCPRange errors() const { return m_plot->canvas().yAxis->range(); }
    /// Draws what is waiting to be drawn.
    void settle()
    {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<ErrorPlot> m_plot;
};

void TestErrorPlot::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
    m_plot = std::make_unique<ErrorPlot>(*m_document);
    m_plot->resize(640, 400);
    m_plot->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    settle();
}

void TestErrorPlot::cleanup()
{
    m_plot.reset();
    m_document.reset();
}

void TestErrorPlot::theErrorOfTheCurrentCodeIsShown()
{
    // 52 - 51.98679
    QCOMPARE(m_plot->cursorText(), u"38: +0.013"_s);
    QCOMPARE(m_plot->accessibleName(),
             u"Rounding error: input code 38 is 0.013 output steps off"_s);
    QTest::mouseMove(&m_plot->canvas(), at(37, 0.1));
    QCOMPARE(m_plot->readout(), u"37   error -0.365727"_s);
}

void TestErrorPlot::roundingStaysWithinHalfAStep()
{
    QCOMPARE(m_plot->codesBeyond(), 0);
    QVERIFY(errors().upper > 0.5 && errors().upper < 0.7);
}

void TestErrorPlot::saturatedCodesDoNotSqueezeTheAxis()
{
    m_document->selection().set({.channel = 2, .code = 250});
    QVERIFY(m_plot->codesBeyond() > 100);
    QVERIFY(errors().upper < 0.7);
    QVERIFY(m_plot->legendTexts().contains(u"beyond (%1)"_s.arg(m_plot->codesBeyond())));
    QVERIFY(m_plot->accessibleName().endsWith(u", saturated low"_s));
    QVERIFY(m_plot->cursorText().startsWith(u"250: +"_s));
    settle();
    QCOMPARE(m_plot->regionTexts(), QStringList{u"saturated low"_s});
}

void TestErrorPlot::reluIsNamed()
{
    m_document->setValue(Field::relu, -1, 1);
    m_document->selection().setCode(0);
    settle();
    QCOMPARE(m_plot->regionTexts(), QStringList{u"ReLU"_s});
    QVERIFY(m_plot->accessibleName().endsWith(u", lifted by the ReLU"_s));
}

void TestErrorPlot::clickAndKeysMoveTheCurrentCode()
{
    QTest::mouseClick(&m_plot->canvas(), Qt::LeftButton, {}, at(128, 0.2));
    QCOMPARE(m_document->selection().code(), 128);
    QTest::keyClick(m_plot.get(), Qt::Key_End);
    QCOMPARE(m_document->selection().code(), 255);
    QTest::keyClick(m_plot.get(), Qt::Key_Right);
    QCOMPARE(m_document->selection().code(), 255);
}

void TestErrorPlot::zoomingLeavesTheErrorAxisAlone()
{
    const QCPRange before = errors();
    QTest::keyClick(m_plot.get(), Qt::Key_Plus);
    QVERIFY(m_plot->isZoomed());
    QVERIFY(errors() == before);
    QTest::keyClick(m_plot.get(), Qt::Key_Minus);
    QVERIFY(!m_plot->isZoomed());
}

void TestErrorPlot::notANumberIsAGapWithANote()
{
    m_document->setValue(Field::var, 0, -1);
    QCOMPARE(m_plot->note(), u"not a number: there is no error to show"_s);
    QCOMPARE(m_plot->accessibleName(), u"Rounding error: input code 38 has no exact value"_s);
    QCOMPARE(m_plot->codesBeyond(), 0);
    QVERIFY(!m_plot->grab().isNull());
}

void TestErrorPlot::degenerateLayersAreDrawn_data()
{
    QTest::addColumn<Field>("field");
    QTest::addColumn<double>("value");
    QTest::newRow("huge gamma") << Field::gamma << 1e300;
    QTest::newRow("infinite beta") << Field::beta << HUGE_VAL;
    QTest::newRow("denormal variance") << Field::var << 1e-320;
    QTest::newRow("a negative output scale") << Field::output_scale << -2.0;
    QTest::newRow("an output scale of zero") << Field::output_scale << 0.0;
    QTest::newRow("a zero point beyond the type") << Field::output_zero_point << 2e9;
}

void TestErrorPlot::degenerateLayersAreDrawn()
{
    QFETCH(Field, field);
    QFETCH(double, value);
    for (const char* backend : {"pytorch", "exact", "onnxruntime"}) {
        m_document->edit(u"backend"_s, std::nullopt,
                         [&](Experiment& experiment) { experiment.backend = backend; });
        m_document->setValue(field, 0, value);
        QVERIFY(!m_plot->grab().isNull());
        QVERIFY(!m_plot->cursorText().isEmpty());
    }
}

void TestErrorPlot::aLongLegendWraps()
{
    m_document->selection().set({.channel = 2, .code = 250});
    m_plot->resize(260, 220);
    QCoreApplication::processEvents();
    QCOMPARE(m_plot->width(), 260);
    QVERIFY(!m_plot->grab().isNull());
    QVERIFY(at(0, 0.5).y() > 40);
}

void TestErrorPlot::aShorterLegendLeavesTheAxesWhereTheyAre()
{
    m_plot->resize(260, 300);
    settle();
    const int whole = at(0, 0.5).y();
    m_document->selection().setChannel(2);
    settle();
    const int pushed = at(0, 0.5).y();
    QVERIFY(pushed > whole);
    QVERIFY(m_plot->legendTexts().size() > 2);
    m_document->selection().setChannel(0);
    settle();
    QCOMPARE(m_plot->legendTexts().size(), 2);
    QCOMPARE(at(0, 0.5).y(), pushed);
    // Another width is another arrangement.
    m_plot->resize(480, 300);
    settle();
    QVERIFY(at(0, 0.5).y() < whole);
}

void TestErrorPlot::whatNobodyGaveIsMuted()
{
    const auto coloredPixels = [this] {
        settle();
        const QImage image = m_plot->canvas().grab(m_plot->canvas().axisRect()->rect()).toImage();
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                count += image.pixelColor(x, y) == m_plot->shownColors().real
                        || image.pixelColor(x, y) == m_plot->shownColors().problem
                    ? 1
                    : 0;
        return count;
    };
    m_document->setValue(Field::gamma, 0, -600); // with arrows
    QVERIFY(coloredPixels() > 500);
    m_document->editLayer(u"forget"_s, std::nullopt,
                          [](BatchNormLayer& layer) { layer.provenance.set(Field::beta, {}); });
    QVERIFY(coloredPixels() < 150); // the note is left
}

QBN_TEST(TestErrorPlot)
#include "tst_error_plot.moc"
