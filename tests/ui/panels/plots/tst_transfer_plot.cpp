#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

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
    void darkIsLightOnDark();
    void aNarrowTypeChangesTheAxes();

private:
    QPoint at(double code, double value) const { return m_plot->pixelOf(code, value).toPoint(); }
    void wheel(const QPoint& position, int angle)
    {
        QWheelEvent event(position, m_plot->mapToGlobal(position), {}, {0, angle}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_plot.get(), &event);
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
    m_plot->grab();
}

void TestTransferPlot::cleanup()
{
    m_plot.reset();
    m_document.reset();
}

void TestTransferPlot::aClickMovesTheCurrentCode()
{
    QCOMPARE(m_plot->cursorText(), u"38 → 52"_s);
    QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, at(200, 100));
    QCOMPARE(m_document->selection().code(), 200);
    QCOMPARE(m_plot->cursorText(), u"200 → %1"_s.arg(m_document->evaluation().row().output_code));
    // Left of the first code is the first code.
    QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, at(-3, 100));
    QCOMPARE(m_document->selection().code(), 0);
}

void TestTransferPlot::aDragMovesTheCurrentCode()
{
    QSignalSpy changes(&m_document->selection(), &SelectionModel::changed);
    QTest::mousePress(m_plot.get(), Qt::LeftButton, {}, at(50, 100));
    QTest::mouseMove(m_plot.get(), at(60, 100));
    QTest::mouseMove(m_plot.get(), at(70, 100));
    QTest::mouseRelease(m_plot.get(), Qt::LeftButton, {}, at(70, 100));
    QTest::mouseMove(m_plot.get(), at(90, 100));
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
    QTest::mouseMove(m_plot.get(), at(37, 100));
    const CodeMargin& at37 = m_document->evaluation().rows[37].margin;
    const QString margin = u"margin 0.134 steps (%1 ulp)"_s.arg(QString::number(at37.ulp, 'g', 3));
    QCOMPARE(m_plot->readout(), u"37 → 51   exact 51.36573   %1"_s.arg(margin));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_plot.get(), &leave);
    QVERIFY(m_plot->readout().isEmpty());
}

void TestTransferPlot::theWheelZoomsAtThePointer()
{
    const QPoint position = at(64, 100);
    wheel(position, 120);
    m_plot->grab();
    QVERIFY(m_plot->view().isZoomed());
    QVERIFY((at(64, 100) - position).manhattanLength() <= 2);
    for (int i = 0; i < 5; ++i)
        wheel(position, -120);
    QVERIFY(!m_plot->view().isZoomed());
}

void TestTransferPlot::theZoomSurvivesEdits()
{
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(m_plot.get(), Qt::Key_Plus);
    QVERIFY(m_plot->view().isZoomed());
    const PlotRange codes = m_plot->view().x();
    m_document->setValue(Field::gamma, 0, 90);
    m_document->selection().setChannel(1);
    m_document->undo();
    QCOMPARE(m_plot->view().x(), codes);
    QTest::keyClick(m_plot.get(), Qt::Key_0);
    QVERIFY(!m_plot->view().isZoomed());
}

void TestTransferPlot::rightDragPansAndDoubleClickResets()
{
    m_plot->setView({50, 150}, {50, 150});
    m_plot->grab();
    QTest::mousePress(m_plot.get(), Qt::RightButton, {}, at(100, 100));
    QTest::mouseMove(m_plot.get(), at(80, 100));
    QTest::mouseRelease(m_plot.get(), Qt::RightButton, {}, at(80, 100));
    QVERIFY(std::abs(m_plot->view().x().low - 70) < 1);
    QVERIFY(std::abs(m_plot->view().y().low - 50) < 1);
    QCOMPARE(m_document->selection().code(), 38);
    QTest::mouseDClick(m_plot.get(), Qt::LeftButton, {}, at(100, 100));
    QVERIFY(!m_plot->view().isZoomed());
    m_plot->setView({50, 150}, {50, 150});
    QTest::keyClick(m_plot.get(), Qt::Key_Home, Qt::ControlModifier);
    QVERIFY(!m_plot->view().isZoomed());
}

void TestTransferPlot::steppingOutOfAZoomedViewFollows()
{
    m_plot->setView({30, 60}, {40, 70});
    m_document->selection().setCode(200);
    QVERIFY(m_plot->view().x().high >= 200);
    QCOMPARE(m_plot->view().x().span(), 30.0);
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
    m_plot->grab();
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
    m_plot->grab();
    const QPointF mark
        = m_plot->pixelOf(test::parting_code, m_document->evaluation().row().output_code);
    m_document->selection().setCode(200); // its marker would hide the other
    const QRect around = QRectF(mark - QPointF(6, 6), QSizeF(12, 12)).toRect();
    const QImage marked = m_plot->grab(around).toImage();
    m_plot->setTiesShown(false);
    QVERIFY(!m_plot->legendTexts().join(u' ').contains(u"tie"_s));
    QVERIFY(m_plot->grab(around).toImage() != marked);
}

void TestTransferPlot::hiddenTiesStayHiddenInAnExport()
{
    m_document->open(test::partingExperiment(1, 0), {});
    QVERIFY(m_plot->twin()->legendTexts().contains(u"near tie (1)"_s));
    m_plot->setTiesShown(false);
    QVERIFY(!m_plot->twin()->legendTexts().contains(u"near tie (1)"_s));
}

void TestTransferPlot::notANumberIsNoted()
{
    m_document->setValue(Field::var, 0, -1);
    QCOMPARE(m_plot->note(), u"not a number: no exact line"_s);
    m_plot->grab();
    m_document->undo();
    QVERIFY(m_plot->note().isEmpty());
}

void TestTransferPlot::oneChangeIsOneFrame()
{
    QSignalSpy frames(m_plot->findChild<QWidget*>(QString(), Qt::FindDirectChildrenOnly),
                      SIGNAL(afterReplot()));
    QVERIFY(frames.isValid());
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
    QVERIFY(m_plot->view().x().low < -8 && m_plot->view().x().high > 7);
    QVERIFY(m_plot->view().x().span() < 17);
    QVERIFY(m_plot->view().y().span() < 4);
    m_plot->grab();
    QTest::mouseClick(m_plot.get(), Qt::LeftButton, {}, at(-8, 1));
    QCOMPARE(m_document->selection().code(), -8);
}

QBN_TEST(TestTransferPlot)
#include "tst_transfer_plot.moc"
