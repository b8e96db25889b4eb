#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "tests/ui/panels/plots/transfer_plot_test.h"

#include <QAccessible>
#include <QSignalSpy>

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

class TestTransferPlot : public TransferPlotTest
{
    Q_OBJECT

private slots:
    void init() { showPlot(); }
    void cleanup() { removePlot(); }

    void theValueUnderThePointerIsShown();
    void theSentenceFollows_data();
    void theSentenceFollows();
    void saturationTiesAndDifferencesAreNamed();
    void labelsOfRegionsStayInside_data();
    void labelsOfRegionsStayInside();
    void nearTiesAreMarked();
    void hiddenTiesStayHiddenInAnExport();
    void notANumberIsNoted();
    void oneChangeIsOneFrame();
    void atAnySizeItComesToRest();
    void hiddenNothingIsComputed();
    void theStepsAreThoseOfTheDocument();
    void theTitleIsSeen();
    void theLabelOfTheCodeLeavesTheCurveFree_data();
    void theLabelOfTheCodeLeavesTheCurveFree();
    void aStepOfTheCodeDrawsOnlyTheOverlay();
    void darkIsLightOnDark();
    void aNarrowTypeChangesTheAxes();
    void theCurveFromBeforeStaysUntilTheNextChange();
    void whatNobodyGaveIsAPlaceholder();

private:
    std::unique_ptr<CodePlot> picture() { return m_plot->forExport({800, 500}, lightPalette()); }
};

void TestTransferPlot::theValueUnderThePointerIsShown()
{
    m_plot->resize(900, 400); // the whole readout beside the legend
    settle();
    QVERIFY(m_plot->readout().isEmpty());
    QTest::mouseMove(canvas(), at(37, 100));
    const CodeMargin& at37 = m_document->evaluation().rows[37].margin;
    const QString margin = u"margin 0.134 steps (%1 ulp)"_s.arg(QString::number(at37.ulp, 'g', 3));
    QCOMPARE(m_plot->readout(), u"37 → 51   exact 51.36573   %1"_s.arg(margin));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_plot.get(), &leave);
    QVERIFY(m_plot->readout().isEmpty());
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
    QVERIFY(m_plot->legendTexts().contains(u"tie (128)"_s));
}

void TestTransferPlot::labelsOfRegionsStayInside_data()
{
    QTest::addColumn<int>("height");
    QTest::newRow("a high plot") << 400;
    QTest::newRow("a plot that is little higher than the label is long") << 170;
    QTest::newRow("a low plot") << 90;
}

void TestTransferPlot::labelsOfRegionsStayInside()
{
    QFETCH(int, height);
    m_plot->resize(640, height);
    // Steep, so that both regions are narrow beside the rest and their labels upright.
    m_document->editLayer(u"steep"_s, std::nullopt,
                          [](BatchNormLayer& layer) { layer.gamma[0] = 214.5; });
    settle();
    int seen = 0;
    for (int i = 0; i < canvas()->itemCount(); ++i) {
        const auto* label = qobject_cast<QCPItemText*>(canvas()->item(i));
        if (!label || !label->visible() || !label->text().startsWith(u"saturated"_s))
            continue;
        ++seen;
        const QRectF area = QRectF(canvas()->axisRect()->rect()).adjusted(-1, -1, 1, 1);
        for (const QCPItemAnchor* corner : {label->topLeft, label->bottomRight})
            QVERIFY2(area.contains(corner->pixelPosition()), qPrintable(label->text()));
    }
    QVERIFY(seen > 0 || height == 90);
}

void TestTransferPlot::nearTiesAreMarked()
{
    m_document->open(test::partingExperiment(1, 0), {}, {.code = test::partingCode});
    QCOMPARE(m_plot->legendTexts().at(2), u"near tie (1)"_s);
    QVERIFY(m_plot->accessibleName().contains(u"near tie, margin "_s));
    settle();
    const QPointF mark
        = m_plot->pixelOf(QPointF(test::partingCode, m_document->evaluation().row().output_code));
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

/// Ticks and labels go by the room, which goes by them: the window once drew itself for ever at 1024x600.
void TestTransferPlot::atAnySizeItComesToRest()
{
    QSignalSpy frames(canvas(), &QCustomPlot::afterReplot);
    const auto comesToRest = [&](const QSize& size) {
        m_plot->resize(size);
        for (int i = 0; i < 12; ++i)
            settle();
        frames.clear();
        for (int i = 0; i < 4; ++i)
            settle();
        return frames.isEmpty();
    };
    for (int height = 60; height < 320; ++height)
        QVERIFY2(comesToRest({640, height}), qPrintable(u"a height of %1"_s.arg(height)));
    for (int width = 120; width < 640; width += 3)
        QVERIFY2(comesToRest({width, 200}), qPrintable(u"a width of %1"_s.arg(width)));
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
        const QCPGraph* steps = canvas()->graph(2);
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

void TestTransferPlot::theLabelOfTheCodeLeavesTheCurveFree_data()
{
    QTest::addColumn<double>("zoom");
    QTest::addColumn<double>("gamma");
    for (const double zoom : {1.0, 2.0})
        for (const double gamma : {117.5, -117.5, 1000.0})
            QTest::addRow("text of %g %%, gamma %g", 100 * zoom, gamma) << zoom << gamma;
}

void TestTransferPlot::theLabelOfTheCodeLeavesTheCurveFree()
{
    QFETCH(double, zoom);
    QFETCH(double, gamma);
    QFont large = m_plot->font();
    large.setPointSizeF(zoom * large.pointSizeF());
    m_plot->setFont(large);
    m_document->setValue(Field::gamma, 0, gamma);
    for (const int code : {20, 38, 100, 128, 200, 240}) {
        m_document->selection().setCode(code);
        settle();
        QRectF label;
        for (int i = 0; i < canvas()->itemCount(); ++i)
            if (const auto* text = qobject_cast<QCPItemText*>(canvas()->item(i));
                text != nullptr && text->text() == m_plot->cursorText())
                label = {text->topLeft->pixelPosition(), text->bottomRight->pixelPosition()};
        QVERIFY(!label.isEmpty());
        for (const CodeRow& row : m_document->evaluation().rows)
            QVERIFY2(
                !label.contains(m_plot->pixelOf({double(row.input_code), double(row.output_code)})),
                qPrintable(u"code %1, curve at %2"_s.arg(code).arg(row.input_code)));
    }
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

void TestTransferPlot::theCurveFromBeforeStaysUntilTheNextChange()
{
    const QString name = u"before the change"_s;
    const auto before = [this] { return canvas()->graph(0)->data(); };
    QVERIFY(!m_plot->legendTexts().contains(name));
    m_document->setValue(Field::gamma, 0, 40);
    QVERIFY(m_plot->legendTexts().contains(name));
    QCOMPARE(before()->size(), 256);
    QCOMPARE(before()->at(38)->value, 52.0);
    const std::int32_t first = m_document->evaluation().row().output_code;
    m_document->setValue(Field::gamma, 0, 60);
    QCOMPARE(before()->at(38)->value, double(first));
    m_document->selection().setChannel(1);
    QVERIFY(!m_plot->legendTexts().contains(name));
    m_document->selection().setChannel(0);
    m_document->undo();
    QVERIFY(before()->at(38)->value != double(first));
    m_document->open(example_experiment(), {});
    QVERIFY(!m_plot->legendTexts().contains(name));
}

void TestTransferPlot::whatNobodyGaveIsAPlaceholder()
{
    m_document->editLayer(u"forget"_s, std::nullopt,
                          [](BatchNormLayer& layer) { layer.provenance.set(Field::gamma, {}); });
    QCOMPARE(m_plot->note(), u"nobody gave gamma: this is a placeholder"_s);
    settle();
    const QImage image = m_plot->grab().toImage();
    QVERIFY(pixelsLike(image, m_plot->shownColors().output) < 100); // the marker alone
    m_document->setValue(Field::gamma, 0, 117);
    QVERIFY(m_plot->note().isEmpty());
}

QBN_TEST(TestTransferPlot)
#include "tst_transfer_plot.moc"
