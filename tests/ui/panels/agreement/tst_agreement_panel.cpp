#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/agreement/agreement_image.h"
#include "ui/panels/agreement/agreement_map.h"
#include "ui/panels/agreement/agreement_map_painter.h"
#include "ui/panels/agreement/agreement_panel.h"

#include <QFile>
#include <QHelpEvent>
#include <QLabel>
#include <QTemporaryDir>
#include <QTextDocumentFragment>
#include <QToolTip>
#include <QWheelEvent>
#include <QtTest>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;

class TestAgreementPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void saysWhatDiffersAndLeadsToTheFirst();
    void certifiesWhatCannotDiffer();
    void saysThatNothingIsCompared();
    void whatNobodyGaveIsAPlaceholder();
    void aSingleCodeOf4096ChannelsIsSeenAndFound();
    void clickingACellSelectsIt();
    void keysMoveChannelAndCode_data();
    void keysMoveChannelAndCode();
    void theWheelZoomsADragPansAndADoubleClickResets();
    void aSelectionOutOfViewIsRevealed();
    void theTooltipNamesTheBackends();
    void theNameFollowsTheSelection();
    void hiddenItDoesNothing();
    void theLegendIsReadAtAnySize_data();
    void theLegendIsReadAtAnySize();
    void aPictureHasTheMapAndItsTitle();

private:
    QString sentence() const
    {
        const auto* label = m_panel->findChild<QLabel*>(QStringLiteral("agreementSentence"));
        return QTextDocumentFragment::fromHtml(label->text()).toPlainText();
    }
    CodePlace selected() const
    {
        return {m_document->selection().channel(), m_document->selection().code()};
    }
    void open(int channels, int parting)
    {
        m_document->open(partingExperiment(channels, parting), {});
    }
    void click(CodePlace place)
    {
        QTest::mouseClick(m_map, Qt::LeftButton, {}, m_map->pixelOf(place).toPoint());
    }
    void wheel(QPointF position, int notches)
    {
        QWheelEvent event(position, m_map->mapToGlobal(position), {}, {0, 120 * notches},
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_map, &event);
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<AgreementPanel> m_panel;
    AgreementMap* m_map = nullptr;
};

void TestAgreementPanel::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<AgreementPanel>(*m_document);
    m_map = m_panel->map();
    m_panel->resize(700, 260);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestAgreementPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestAgreementPanel::saysWhatDiffersAndLeadsToTheFirst()
{
    open(20, 7);
    QVERIFY2(sentence().startsWith(
                 QStringLiteral("1 of 5120 codes differ between PyTorch fused and 5 compared "
                                "backends; first: channel 7, code 61; 0 ties, ")),
             qPrintable(sentence()));
    auto* label = m_panel->findChild<QLabel*>(QStringLiteral("agreementSentence"));
    label->setFocus();
    QTest::keyClick(label, Qt::Key_Tab); // to the link
    emit label->linkActivated(QStringLiteral("7,61"));
    QCOMPARE(selected(), (CodePlace{7, 61}));
}

void TestAgreementPanel::certifiesWhatCannotDiffer()
{
    open(3, 1);
    m_document->setValue(Field::gamma, 1, 0);
    QCOMPARE(
        sentence(),
        QStringLiteral("All 768 codes are the same in PyTorch fused and 5 compared backends; no "
                       "ties: certified, every sound binary32 backend gives the same codes"));
}

void TestAgreementPanel::saysThatNothingIsCompared()
{
    m_document->edit(QStringLiteral("compare nothing"), {}, [](Experiment& experiment) {
        for (BackendChoice& choice : experiment.backends)
            choice.compared = false;
    });
    QVERIFY(sentence().startsWith(QStringLiteral("No backend is compared with PyTorch fused; ")));
}

void TestAgreementPanel::whatNobodyGaveIsAPlaceholder()
{
    open(3, 1);
    const QString before = sentence();
    m_document->editLayer(QStringLiteral("forget"), {}, [](BatchNormLayer& layer) {
        layer.provenance.set_channel(Field::beta, 2, {.origin = Origin::unknown, .note = {}});
    });
    QCOMPARE(sentence(),
             QStringLiteral("Nobody gave beta: what is hatched is a placeholder. ") + before);
    const auto* label = m_panel->findChild<QLabel*>(QStringLiteral("agreementSentence"));
    QVERIFY(label->text().contains(colorsFor(m_panel->palette()).muted.name()));
    m_document->selection().setChannel(2);
    QVERIFY(m_map->accessibleName().endsWith(
        QStringLiteral("; nobody gave beta: this is a placeholder")));
    m_document->selection().setChannel(1);
    QVERIFY(!m_map->accessibleName().contains(QStringLiteral("nobody")));
    const QRgb hatched = colorsFor(m_panel->palette()).line.rgb();
    const auto isHatched = [&](int channel) {
        const QImage picture = m_map->grab().toImage();
        const int y = m_map->pixelOf({channel, 200}).toPoint().y();
        for (int code = 150; code < 250; ++code)
            if (picture.pixel(m_map->pixelOf({channel, code}).toPoint().x(), y) == hatched)
                return true;
        return false;
    };
    QVERIFY(isHatched(2) && !isHatched(0));
    m_document->setValue(Field::beta, 2, 0.5);
    QCOMPARE(sentence(), before);
    QVERIFY(!isHatched(2));
}

void TestAgreementPanel::aSingleCodeOf4096ChannelsIsSeenAndFound()
{
    const CodePlace place{1512, partingCode};
    open(4096, place.channel);
    QCOMPARE(sentence(), QStringLiteral("computing…"));
    QTRY_VERIFY_WITH_TIMEOUT(sentence().contains(QStringLiteral("first: channel 1512, code 61")),
                             30000);
    const QImage picture = m_map->grab().toImage();
    const Colors colors = colorsFor(m_map->palette());
    const QPoint at = m_map->pixelOf(place).toPoint() + QPoint(2, 2);
    const QRgb shown = picture.pixel(at * m_map->devicePixelRatioF());
    const bool isOne = shown == differenceClasses[3].color(colors).rgb()
        || shown == differenceClasses[4].color(colors).rgb();
    QVERIFY2(isOne, qPrintable(QString::number(shown, 16)));
    // The cell under the pointer is another; what is seen there is this one.
    QTest::mouseClick(m_map, Qt::LeftButton, {}, at);
    QCOMPARE(selected(), place);
}

void TestAgreementPanel::clickingACellSelectsIt()
{
    click({2, 200});
    QCOMPARE(selected(), (CodePlace{2, 200}));
    click({0, 0});
    QCOMPARE(selected(), (CodePlace{0, 0}));
    // Beside the cells is nothing to select.
    QTest::mouseClick(m_map, Qt::LeftButton, {}, QPoint(2, m_map->height() - 3));
    QCOMPARE(selected(), (CodePlace{0, 0}));
}

void TestAgreementPanel::keysMoveChannelAndCode_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("code");

    QTest::newRow("right") << int{Qt::Key_Right} << 20 << 101;
    QTest::newRow("left") << int{Qt::Key_Left} << 20 << 99;
    QTest::newRow("up") << int{Qt::Key_Up} << 19 << 100;
    QTest::newRow("down") << int{Qt::Key_Down} << 21 << 100;
    QTest::newRow("page up") << int{Qt::Key_PageUp} << 4 << 100;
    QTest::newRow("page down, to the last") << int{Qt::Key_PageDown} << 29 << 100;
    QTest::newRow("home") << int{Qt::Key_Home} << 20 << 0;
    QTest::newRow("end") << int{Qt::Key_End} << 20 << 255;
}

void TestAgreementPanel::keysMoveChannelAndCode()
{
    QFETCH(int, key);
    QFETCH(int, channel);
    QFETCH(int, code);
    open(30, 7);
    m_document->selection().set({.channel = 20, .code = 100});
    m_map->setFocus();
    QTest::keyClick(m_map, static_cast<Qt::Key>(key));
    QCOMPARE(selected(), (CodePlace{channel, code}));
}

void TestAgreementPanel::theWheelZoomsADragPansAndADoubleClickResets()
{
    open(128, 7);
    const PlotView whole = m_map->view();
    const QPointF pointer = m_map->pixelOf({64, 128});
    wheel(pointer, 20);
    const PlotView zoomed = m_map->view();
    QVERIFY(zoomed.x().span() < whole.x().span() / 4);
    QVERIFY(zoomed.y().span() < whole.y().span() / 4);
    QVERIFY((m_map->pixelOf({64, 128}) - pointer).manhattanLength() < 2);

    const CodePlace before = selected();
    QTest::mousePress(m_map, Qt::LeftButton, {}, pointer.toPoint());
    QTest::mouseMove(m_map, pointer.toPoint() + QPoint(60, 30));
    QTest::mouseRelease(m_map, Qt::LeftButton, {}, pointer.toPoint() + QPoint(60, 30));
    QVERIFY((m_map->pixelOf({64, 128}) - pointer - QPointF(60, 30)).manhattanLength() < 3);
    QCOMPARE(selected(), before);

    // As a person does it: the first of two clicks selects, the second takes that back.
    const QPoint elsewhere = pointer.toPoint() + QPoint(40, 20);
    QTest::mouseClick(m_map, Qt::LeftButton, {}, elsewhere);
    QVERIFY(!(selected() == before));
    QTest::mouseDClick(m_map, Qt::LeftButton, {}, elsewhere);
    QCOMPARE(selected(), before);
    QVERIFY(!m_map->view().isZoomed());
    m_map->setFocus();
    QTest::keyClick(m_map, Qt::Key_Plus);
    QVERIFY(m_map->view().isZoomed());
    QTest::keyClick(m_map, Qt::Key_0);
    QVERIFY(!m_map->view().isZoomed());
}

void TestAgreementPanel::aSelectionOutOfViewIsRevealed()
{
    open(128, 7);
    wheel(m_map->pixelOf({100, 200}), 20);
    m_document->selection().set({.channel = 3, .code = 5});
    QVERIFY(m_map->view().y().low <= 3 && m_map->view().x().low <= 5);
    QVERIFY(m_map->view().isZoomed());
}

void TestAgreementPanel::theTooltipNamesTheBackends()
{
    open(8, 2);
    const auto tip = [this](CodePlace place) {
        const QPoint at = m_map->pixelOf(place).toPoint();
        QHelpEvent event(QEvent::ToolTip, at, m_map->mapToGlobal(at));
        QCoreApplication::sendEvent(m_map, &event);
        return QToolTip::text();
    };
    QCOMPARE(tip({5, 30}), QStringLiteral("channel 5, code 30: all 6 compared give 110"));
    const QString text = tip({2, partingCode});
    QVERIFY2(text.startsWith(QStringLiteral("channel 2, code 61: pytorch 2")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral(", onnxruntime 22 (-1)")), qPrintable(text));
    QVERIFY(!text.contains(QStringLiteral("fixed-point")));
}

void TestAgreementPanel::theNameFollowsTheSelection()
{
    open(8, 2);
    m_document->selection().set({.channel = 5, .code = 30});
    QCOMPARE(m_map->accessibleName(),
             QStringLiteral("Agreement map: channel 5, code 30: all 6 compared give 110"));
}

void TestAgreementPanel::hiddenItDoesNothing()
{
    const QString name = m_map->accessibleName();
    const QString text = sentence();
    m_panel->hide();
    open(8, 2);
    m_document->selection().set({.channel = 5, .code = 30});
    QCOMPARE(m_map->accessibleName(), name);
    QCOMPARE(sentence(), text);
    m_panel->show();
    QVERIFY(m_map->accessibleName().contains(QStringLiteral("channel 5, code 30")));
    QVERIFY(sentence().contains(QStringLiteral("first: channel 2, code 61")));
}

void TestAgreementPanel::theLegendIsReadAtAnySize_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("zoom");
    QTest::newRow("high") << QSize(900, 400) << 1.0;
    QTest::newRow("low") << QSize(1200, 110) << 1.0;
    QTest::newRow("low, text twice as large") << QSize(1900, 130) << 2.0;
}

void TestAgreementPanel::theLegendIsReadAtAnySize()
{
    QFETCH(QSize, size);
    QFETCH(double, zoom);
    QFont font = m_map->font();
    font.setPointSizeF(font.pointSizeF() * zoom);
    const MapFrame frame = frameOf(size, font, PlotView({-0.5, 255.5}, {-0.5, 7.5}, 1, 1));
    const QList<QRect> places = legendPlaces(frame, font);
    QCOMPARE(places.size(), qsizetype(differenceClasses.size() + 1));
    for (const QRect& place : places) {
        QVERIFY(QRect(QPoint(), size).contains(place));
        QVERIFY(place.left() > frame.area.right());
        QVERIFY(place.height() >= QFontMetrics(font).capHeight());
    }
    for (qsizetype i = 1; i < places.size(); ++i)
        for (qsizetype j = 0; j < i; ++j)
            QVERIFY(!places[i].intersects(places[j]));
    QVERIFY(frame.area.width() > size.width() / 3);
}

void TestAgreementPanel::aPictureHasTheMapAndItsTitle()
{
    applyTheme(*qApp, Theme::Dark);
    open(20, 7);
    const QTemporaryDir folder;
    const QString png = folder.filePath(QStringLiteral("map.png"));
    QVERIFY(!writePicture(m_map->picture(lightPalette(), {500, 300}), png));
    const QImage image(png);
    QCOMPARE(image.size(), QSize(1000, 600));
    QCOMPARE(image.pixelColor(3, 3), QColor(Qt::white)); // light, whatever the window is
    bool isSeen = false; // the one code that differs
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width() / 2; ++x)
            isSeen = isSeen || image.pixelColor(x, y).saturation() > 150;
    QVERIFY(isSeen);

    const QString svg = folder.filePath(QStringLiteral("map.svg"));
    QVERIFY(!writePicture(m_map->picture(lightPalette()), svg));
    QFile file(svg);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains(m_map->fullTitle().toUtf8() + "</text>"));
    QVERIFY(text.contains("other less chosen"));
}

QBN_TEST(TestAgreementPanel)
#include "tst_agreement_panel.moc"
