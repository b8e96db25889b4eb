#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <qcustomplot.h>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

namespace {

int nameChanges = 0;

void countNameChanges(QAccessibleEvent* event)
{
    nameChanges += event->type() == QAccessible::NameChanged ? 1 : 0;
}

/// How many pixels of the picture are close to `color`.
int pixelsLike(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            const int distance = std::abs(pixel.red() - color.red())
                + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue());
            count += distance < 12 ? 1 : 0;
        }
    return count;
}

} // namespace

class TestTransferPlot : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aClickMovesTheCurrentCode();
    void aDragMovesTheCurrentCode();
    void keysStepAndJump_data();
    void keysStepAndJump();
    void theValueUnderThePointerIsShown();
    void theWheelZoomsAtThePointer();
    void theZoomSurvivesEdits();
    void rightDragPansAndDoubleClickResets();
    void steppingOutOfAZoomedViewFollows();
    void theSentenceFollows_data();
    void theSentenceFollows();
    void saturationTiesAndDifferencesAreNamed();
    void nearTiesAreMarked();
    void hiddenTiesStayHiddenInAnExport();
    void notANumberIsNoted();
    void oneChangeIsOneFrame();
    void hiddenNothingIsComputed();
    void theStepsAreThoseOfTheDocument();
    void theTitleIsSeen();
    void aStepOfTheCodeDrawsOnlyTheOverlay();
    void darkIsLightOnDark();
    void aNarrowTypeChangesTheAxes();

private:
    QPoint at(double code, double value) const { return m_plot->pixelOf({code, value}).toPoint(); }
    QCustomPlot* canvas() const { return &m_plot->canvas(); }
    QCPRange codes() const { return canvas()->xAxis->range(); }
    QCPRange values() const { return canvas()->yAxis->range(); }
    void setView(QCPRange codes, QCPRange values)
    {
        canvas()->xAxis->setRange(codes);
        canvas()->yAxis->setRange(values);
        settle();
    }
    std::unique_ptr<CodePlot> picture() { return m_plot->forExport({800, 500}, lightPalette()); }
    /// Draws what is waiting to be drawn.
    void settle()
    {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    void wheel(const QPoint& position, int angle)
    {
        QWheelEvent event(position, canvas()->mapToGlobal(position), {}, {0, angle}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(canvas(), &event);
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<TransferPlot> m_plot;
};

void TestTransferPlot::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
    m_plot = std::make_unique<TransferPlot>(*m_document);
    m_plot->resize(640, 400);
    m_plot->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    settle();
}

void TestTransferPlot::cleanup()
{
    m_plot.reset();
    m_document.reset();
}

void TestTransferPlot::aClickMovesTheCurrentCode()
{
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, at(200, 100));
    QCOMPARE(m_document->selection().code(), 200);
    QCOMPARE(m_plot->cursorText(), u"200 → %1"_s.arg(m_document->evaluation().row().output_code));
    // Left of the first code is the first code.
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, at(-3, 100));
    QCOMPARE(m_document->selection().code(), 0);
}

void TestTransferPlot::aDragMovesTheCurrentCode()
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

void TestTransferPlot::keysStepAndJump_data()
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

void TestTransferPlot::keysStepAndJump()
{
    QFETCH(Qt::Key, key);
    QTest::keyClick(m_plot.get(), key);
    QTEST(m_document->selection().code(), "code");
}

void TestTransferPlot::theValueUnderThePointerIsShown()
{
    QVERIFY(m_plot->readout().isEmpty());
    QTest::mouseMove(canvas(), at(37, 100));
    const CodeMargin& at37 = m_document->evaluation().rows[37].margin;
    const QString margin = u"margin 0.134 steps (%1 ulp)"_s.arg(QString::number(at37.ulp, 'g', 3));
    QCOMPARE(m_plot->readout(), u"37 → 51   exact 51.36573   %1"_s.arg(margin));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_plot.get(), &leave);
    QVERIFY(m_plot->readout().isEmpty());
}

void TestTransferPlot::theWheelZoomsAtThePointer()
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

void TestTransferPlot::theZoomSurvivesEdits()
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

void TestTransferPlot::rightDragPansAndDoubleClickResets()
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

void TestTransferPlot::steppingOutOfAZoomedViewFollows()
{
    setView({30, 60}, {40, 70});
    m_document->selection().setCode(200);
    QVERIFY(codes().upper >= 200);
    QCOMPARE(codes().size(), 30.0);
}

void TestTransferPlot::theSentenceFollows_data()
{
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("beginning");
    QTest::newRow("a sane code") << 0 << 38
                                 << u"Transfer curve: input code 38 gives output code 52, no "
                                    "saturation, margin 0.487 steps ("_s;
    QTest::newRow("a saturated code") << 2 << 250
                                      << u"Transfer curve: input code 250 gives output code 0, "
                                         "saturated low, margin 225 steps ("_s;
}

void TestTransferPlot::theSentenceFollows()
{
    QFETCH(int, channel);
    QFETCH(int, code);
    m_document->selection().setCode(17);
    QAccessible::setActive(true);
    nameChanges = 0;
    const auto before = QAccessible::installUpdateHandler(countNameChanges);
    m_document->selection().set({.channel = channel, .code = code});
    QAccessible::installUpdateHandler(before);
    QFETCH(QString, beginning);
    QVERIFY2(m_plot->accessibleName().startsWith(beginning), qPrintable(m_plot->accessibleName()));
    // Not every platform of Qt speaks to screen readers; offscreen does not.
    if (QAccessible::isActive())
        QCOMPARE(nameChanges, 1);
    QVERIFY(!m_plot->accessibleDescription().isEmpty());
}

void TestTransferPlot::saturationTiesAndDifferencesAreNamed()
{
    QCOMPARE(m_plot->legendTexts(), (QStringList{u"exact, before rounding"_s, u"PyTorch fused"_s}));
    QVERIFY(m_plot->regionTexts().isEmpty());
    m_document->selection().setChannel(2);
    settle();
    QCOMPARE(m_plot->regionTexts(), QStringList{u"saturated low"_s});
    m_document->editLayer(u"ties"_s, std::nullopt, [](BatchNormLayer& layer) {
        layer.input.scale = 1;
        layer.output.scale = 1;
        layer.eps = 0;
        layer.mean[2] = 0;
        layer.var[2] = 1;
        layer.gamma[2] = 0.5;
        layer.beta[2] = 0;
    });
    QCOMPARE(m_plot->legendTexts().at(2), u"tie (128)"_s);
}

void TestTransferPlot::nearTiesAreMarked()
{
    m_document->open(test::partingExperiment(1, 0), {}, {.code = test::parting_code});
    QCOMPARE(m_plot->legendTexts().at(2), u"near tie (1)"_s);
    QVERIFY(m_plot->accessibleName().contains(u"near tie, margin "_s));
    settle();
    const QPointF mark
        = m_plot->pixelOf(QPointF(test::parting_code, m_document->evaluation().row().output_code));
    m_document->selection().setCode(200); // its marker would hide the other
    settle();
    const QRect around = QRectF(mark - QPointF(6, 6), QSizeF(12, 12)).toRect();
    const QImage marked = canvas()->grab(around).toImage();
    m_plot->setTiesShown(false);
    settle();
    QVERIFY(!m_plot->legendTexts().join(u' ').contains(u"tie"_s));
    QVERIFY(canvas()->grab(around).toImage() != marked);
}

void TestTransferPlot::hiddenTiesStayHiddenInAnExport()
{
    m_document->open(test::partingExperiment(1, 0), {});
    QVERIFY(picture()->legendTexts().contains(u"near tie (1)"_s));
    m_plot->setTiesShown(false);
    QVERIFY(!picture()->legendTexts().contains(u"near tie (1)"_s));
}

void TestTransferPlot::notANumberIsNoted()
{
    m_document->setValue(Field::var, 0, -1);
    QCOMPARE(m_plot->note(), u"not a number: no exact line"_s);
    settle();
    m_document->undo();
    QVERIFY(m_plot->note().isEmpty());
}

void TestTransferPlot::oneChangeIsOneFrame()
{
    QSignalSpy frames(canvas(), &QCustomPlot::afterReplot);
    QCoreApplication::processEvents();
    frames.clear();
    m_document->setValue(Field::gamma, 0, 100);
    m_document->setValue(Field::gamma, 0, 101);
    m_document->selection().set({.channel = 1, .code = 3});
    QCOMPARE(frames.count(), 0);
    QTRY_COMPARE(frames.count(), 1);
    QTest::qWait(30);
    QCOMPARE(frames.count(), 1);
}

void TestTransferPlot::hiddenNothingIsComputed()
{
    QSignalSpy frames(canvas(), &QCustomPlot::afterReplot);
    m_plot->hide();
    m_document->selection().setCode(200);
    m_document->setValue(Field::gamma, 0, 90);
    settle();
    QCOMPARE(frames.count(), 0);
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
    m_plot->show();
    settle();
    QVERIFY(frames.count() > 0);
    QCOMPARE(m_plot->cursorText(), u"200 → %1"_s.arg(m_document->evaluation().row().output_code));
}

void TestTransferPlot::theStepsAreThoseOfTheDocument()
{
    const auto stepsMatch = [this] {
        const QCPGraph* steps = canvas()->graph(1);
        const std::vector<CodeRow>& rows = m_document->evaluation().rows;
        return steps->data()->size() == static_cast<int>(rows.size())
            && std::equal(rows.begin(), rows.end(), steps->data()->constBegin(),
                          [](const CodeRow& row, const QCPGraphData& point) {
                              return point.key == row.input_code && point.value == row.output_code;
                          });
    };
    QVERIFY(stepsMatch());
    m_document->setValue(Field::gamma, 0, 40);
    QVERIFY(stepsMatch());
}

void TestTransferPlot::theTitleIsSeen()
{
    settle();
    // It stands above all else, in the colour of text.
    const QImage image = canvas()->grab(QRect(0, 0, 120, 30)).toImage();
    QVERIFY(pixelsLike(image, m_plot->shownColors().text) > 50);
}

void TestTransferPlot::aStepOfTheCodeDrawsOnlyTheOverlay()
{
    QSignalSpy frames(canvas(), &QCustomPlot::afterReplot);
    settle();
    const QImage before = canvas()->grab().toImage();
    m_document->selection().setCode(39);
    settle();
    QCOMPARE(frames.count(), 0);
    QVERIFY(canvas()->grab().toImage() != before);
}

void TestTransferPlot::darkIsLightOnDark()
{
    const Colors light = colorsFor(m_plot->palette());
    QVERIFY(pixelsLike(m_plot->grab().toImage(), light.surface) > 100000);
    applyTheme(*qApp, Theme::Dark);
    QCoreApplication::processEvents();
    const Colors dark = colorsFor(m_plot->palette());
    QVERIFY(dark.surface.lightness() < 80);
    const QImage image = m_plot->grab().toImage();
    QVERIFY(pixelsLike(image, dark.surface) > 100000);
    QVERIFY(pixelsLike(image, dark.output) > 100);
    QCOMPARE(pixelsLike(image, light.surface), 0);
}

void TestTransferPlot::aNarrowTypeChangesTheAxes()
{
    m_document->editLayer(u"type"_s, std::nullopt, [](BatchNormLayer& layer) {
        layer.input.type = {.is_signed = true, .bits = 4};
        layer.output.type = {.is_signed = false, .bits = 2};
    });
    QVERIFY(codes().lower < -8 && codes().upper > 7);
    QVERIFY(codes().size() < 17);
    QVERIFY(values().size() < 4);
    settle();
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, at(-8, 1));
    QCOMPARE(m_document->selection().code(), -8);
}

QBN_TEST(TestTransferPlot)
#include "tst_transfer_plot.moc"
