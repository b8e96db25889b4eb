#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/look/theme.h"
#include "ui/panels/agreement/agreement_map.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/plot/plot_widget.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QScrollBar>
#include <QStandardPaths>
#include <QStatusBar>
#include <QStyle>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <array>
#include <memory>

using namespace qbn;
using namespace qbn::desktop;

/// What only looks changes nothing, wherever one looks from.
class TestLooking : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void lookingIsNotChanging();
    void f8LeadsFromLayerToLayer();
    void theListOfLayersIsThereWhereThereAreSome();
    void longWorkIsSeenAndCancelled();
    void theTextIsZoomedAndRemembered();
    void aLiveSwitchOfColoursLeavesNothingBehind_data();
    void aLiveSwitchOfColoursLeavesNothingBehind();
    void aPlotIsCopiedAndNamed();
    void theAgreementMapIsCopiedAndNamed();

private:
    template <typename Widget> Widget* find(const char* name) const
    {
        return m_window->findChild<Widget*>(QLatin1String(name));
    }
    void trigger(const char* name) const { find<QAction>(name)->trigger(); }
    void openLayers(int channels);
    void makeWindow();
    QMap<QString, QImage> pictures();

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestLooking::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("looking"));
}

void TestLooking::init()
{
    QSettings().clear();
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    makeWindow();
}

void TestLooking::makeWindow()
{
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_window->activateWindow();
}

void TestLooking::cleanup()
{
    m_window.reset();
    m_document.reset();
}

/// Two layers with a difference, and between them one of so many channels without.
void TestLooking::openLayers(int channels)
{
    Experiment experiment = example_experiment();
    BatchNormLayer plain = identity_layer("plain", channels);
    plain.input.scale = plain.output.scale = 1;
    const auto parting = std::make_shared<const BatchNormLayer>(test::partingLayer(5, 3));
    experiment.model.layers
        = {parting, std::make_shared<const BatchNormLayer>(std::move(plain)), parting};
    m_document->open(experiment, {});
}

void TestLooking::lookingIsNotChanging()
{
    openLayers(5);
    const Model before = m_document->experiment().model;
    for (QTableView* table : m_window->findChildren<QTableView*>()) {
        for (int row = 0; row < std::min(12, table->model()->rowCount()); ++row) {
            const QRect cell = table->visualRect(table->model()->index(row, 0));
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
            QVERIFY2(!m_document->isModified(), qPrintable(table->objectName()));
        }
        QTest::keyClick(table, Qt::Key_Down);
    }
    for (QTabBar* tabs : m_window->findChildren<QTabBar*>())
        for (int tab = 0; tab < tabs->count(); ++tab)
            QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
    for (auto* plot : m_window->findChildren<ui::PlotWidget*>()) {
        QWidget* canvas = plot->childAt(plot->rect().center());
        if (canvas == nullptr)
            continue;
        const QPointF middle = canvas->rect().center();
        QWheelEvent wheel(middle, canvas->mapToGlobal(middle), {}, {0, 240}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas, &wheel);
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
        QTest::mouseDClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
        QTest::keyClick(plot, Qt::Key_Plus);
        QTest::keyClick(plot, Qt::Key_0);
    }
    for (const Backend& backend : all_backends())
        m_document->chooseBackend(backend);
    for (const char* action : {"nextCodeAction", "nextChannelAction", "nextLayerAction",
                               "nextDifferenceAction", "previousDifferenceAction"})
        trigger(action);
    QTest::qWait(20);
    QVERIFY(!m_document->isModified());
    QVERIFY(!m_window->isWindowModified());
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(m_document->experiment().model == before);
}

void TestLooking::f8LeadsFromLayerToLayer()
{
    openLayers(5);
    QTest::keyClick(m_window.get(), Qt::Key_F8);
    QCOMPARE(m_document->selection().current(),
             (Selection{.layer = 0, .channel = 3, .code = test::partingCode}));
    QTest::keyClick(m_window.get(), Qt::Key_F8);
    QTRY_COMPARE(m_document->selection().current(),
                 (Selection{.layer = 2, .channel = 3, .code = test::partingCode}));
    QVERIFY2(m_window->statusBar()->currentMessage().contains(QStringLiteral("gives")),
             qPrintable(m_window->statusBar()->currentMessage()));
    // It is not left standing at another code.
    trigger("nextCodeAction");
    QCOMPARE(m_window->statusBar()->currentMessage(), QString());
    // What has no room ends in an ellipsis.
    m_window->resize(320, m_window->height());
    QTest::keyClick(m_window.get(), Qt::Key_F8);
    QTRY_VERIFY(!m_window->statusBar()->currentMessage().isEmpty());
    const QString message = m_window->statusBar()->currentMessage();
    const QStatusBar* bar = m_window->statusBar();
    QVERIFY2(message.endsWith(u'…'), qPrintable(message));
    QVERIFY(bar->fontMetrics().horizontalAdvance(message) < bar->width());
}

void TestLooking::theListOfLayersIsThereWhereThereAreSome()
{
    const auto* area = find<WorkArea>("workArea");
    QVERIFY(!area->isPageAvailable(QStringLiteral("layerPage")));
    openLayers(5);
    QVERIFY(area->isPageAvailable(QStringLiteral("layerPage")));
    m_document->open(example_experiment(), {});
    QVERIFY(!area->isPageAvailable(QStringLiteral("layerPage")));
}

void TestLooking::longWorkIsSeenAndCancelled()
{
    auto* bar = find<QWidget>("workBar");
    QVERIFY(!bar->isVisible());
    Experiment experiment = example_experiment();
    experiment.model.layers
        = {std::make_shared<const BatchNormLayer>(identity_layer("large", 40000))};
    m_document->open(experiment, {});
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(!QApplication::activeModalWidget());
    QTRY_VERIFY(find<QProgressBar>("workProgress")->value() > 0);
    QCOMPARE(find<QProgressBar>("workProgress")->maximum(), 40000);
    QCOMPARE(find<QLabel>("workName")->text(), QStringLiteral("Comparing the backends"));
    for (int i = 0; i < 5 && !m_document->works().works().empty(); ++i) {
        QTest::mouseClick(find<QToolButton>("cancelWork"), Qt::LeftButton);
        QTest::qWait(300);
    }
    QTRY_VERIFY(m_document->works().works().empty());
    QVERIFY(!bar->isVisible());
    QVERIFY(m_document->isSummaryCancelled());
    QVERIFY(!m_document->evaluation().summary);
}

void TestLooking::theTextIsZoomedAndRemembered()
{
    ui::applyTheme(*qApp, ui::Theme::Light);
    const qreal before = QApplication::font().pointSizeF();
    auto* field = find<QWidget>("gamma");
    auto* title = find<QLabel>("title");
    const qreal fieldBefore = field->font().pointSizeF();
    const qreal titleBefore = title->font().pointSizeF();
    const auto sizes = [this] {
        auto* box = find<QCheckBox>("relu");
        return std::array{find<QWidget>("gammaOrigin")->width(),
                          find<QWidget>("gammaSlider")->height(),
                          box->style()->pixelMetric(QStyle::PM_IndicatorWidth, nullptr, box)};
    };
    const auto before100 = sizes();
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(m_window.get(), Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(std::abs(QApplication::font().pointSizeF() - 1.5 * before) < 0.05);
    QVERIFY(std::abs(field->font().pointSizeF() - 1.5 * fieldBefore) < 0.05);
    QVERIFY(std::abs(title->font().pointSizeF() - 1.5 * titleBefore) < 0.05);
    QCOMPARE(Settings().textZoom(), 150);
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(m_window.get(), Qt::Key_Minus, Qt::ControlModifier);
    QCOMPARE(Settings().textZoom(), 70);
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(m_window.get(), Qt::Key_Equal, Qt::ControlModifier);
    QCOMPARE(Settings().textZoom(), 200);
    QCoreApplication::processEvents();
    const auto at200 = sizes(); // of dots, knobs and check boxes
    for (std::size_t i = 0; i < at200.size(); ++i)
        QVERIFY2(
            at200[i] > 1.5 * before100[i] && at200[i] < 2.3 * before100[i],
            qPrintable(QStringLiteral("%1: %2, was %3").arg(i).arg(at200[i]).arg(before100[i])));
    QTest::keyClick(m_window.get(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(Settings().textZoom(), 100);
    QCoreApplication::processEvents();
    QCOMPARE(sizes(), before100);
    QVERIFY(std::abs(QApplication::font().pointSizeF() - before) < 0.05);
    QVERIFY(std::abs(field->font().pointSizeF() - fieldBefore) < 0.05);
}

/// Of the window with each tab in front.
QMap<QString, QImage> TestLooking::pictures()
{
    QMap<QString, QImage> taken;
    auto* area = find<WorkArea>("workArea");
    for (const QString& name : area->pageNames()) {
        if (!area->isPageAvailable(name))
            continue;
        area->showPage(name);
        if (!QTest::qWaitFor([this] { return m_document->works().works().empty(); }, 60000))
            QTest::qFail("the works do not end", __FILE__, __LINE__);
        for (auto* bar : m_window->findChildren<QScrollBar*>())
            bar->setValue(bar->minimum());
        QTest::qWait(60); // what is shown within one frame or two
        taken.insert(name, m_window->grab().toImage().convertToFormat(QImage::Format_RGB32));
    }
    return taken;
}

void TestLooking::aLiveSwitchOfColoursLeavesNothingBehind_data()
{
    QTest::addColumn<ui::Theme>("from");
    QTest::addColumn<ui::Theme>("to");
    QTest::newRow("light to dark") << ui::Theme::Light << ui::Theme::Dark;
    QTest::newRow("dark to light") << ui::Theme::Dark << ui::Theme::Light;
}

/// A window that was switched looks as one that began so, in each tab.
void TestLooking::aLiveSwitchOfColoursLeavesNothingBehind()
{
    QFETCH(ui::Theme, from);
    QFETCH(ui::Theme, to);
    QApplication::setCursorFlashTime(0);
    openLayers(5);
    m_document->selection().set({.channel = 3, .code = test::partingCode});
    m_document->setValue(Field::gamma, 1, 2); // so that there are more colours
    ui::applyTheme(*qApp, from);
    makeWindow();
    pictures();
    ui::applyTheme(*qApp, to);
    const QMap<QString, QImage> switched = pictures();
    makeWindow();
    pictures();
    const QMap<QString, QImage> fresh = pictures();
    ui::applyTheme(*qApp, ui::Theme::Light);
    QVERIFY(switched.size() > 8);
    for (const auto& [name, picture] : switched.asKeyValueRange()) {
        const QImage& wanted = fresh[name];
        QCOMPARE(picture.size(), wanted.size());
        QRect differing;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                if (picture.pixel(x, y) != wanted.pixel(x, y))
                    differing |= QRect(x, y, 1, 1);
        if (differing.isEmpty())
            continue;
        picture.save(name + QStringLiteral("-switched.png"));
        wanted.save(name + QStringLiteral("-fresh.png"));
        const QWidget* there = m_window->childAt(differing.center());
        QFAIL(qPrintable(QStringLiteral("%1: %2 at %3, %4, %5 x %6")
                             .arg(name, there ? there->objectName() : QString())
                             .arg(differing.x())
                             .arg(differing.y())
                             .arg(differing.width())
                             .arg(differing.height())));
    }
}

void TestLooking::aPlotIsCopiedAndNamed()
{
    auto* plot = find<ui::PlotWidget>("transferPlot");
    QWidget* canvas = plot->childAt(plot->rect().center());
    auto* menu = plot->findChild<QMenu*>(QStringLiteral("plotMenu"));
    QVERIFY(menu);
    // A drag pans, a click opens the menu.
    QTest::mousePress(canvas, Qt::RightButton, {}, canvas->rect().center());
    QTest::mouseMove(canvas, canvas->rect().center() + QPoint(60, 0));
    QTest::mouseRelease(canvas, Qt::RightButton, {}, canvas->rect().center() + QPoint(60, 0));
    QVERIFY(!menu->isVisible());
    QTest::mouseClick(canvas, Qt::RightButton, {}, canvas->rect().center());
    QVERIFY(menu->isVisible());
    menu->close();
    QApplication::clipboard()->clear();
    plot->findChild<QAction*>(QStringLiteral("copyPlotImage"))->trigger();
    QVERIFY(!QApplication::clipboard()->image().isNull());

    Experiment experiment = example_experiment();
    BatchNormLayer layer = *experiment.model.layers.front();
    layer.name = "../layer 1/bn";
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(layer)};
    m_document->open(experiment, {}, {.channel = 2});
    const auto name
        = m_window->files().plotName(*find<ui::CodePlot>("transferPlot"), QStringLiteral("svg"));
    QCOMPARE(name, QStringLiteral("forum-_layer_1_bn-channel2-transferPlot.svg"));
}

void TestLooking::theAgreementMapIsCopiedAndNamed()
{
    m_window->findChild<WorkArea*>()->showPage(QStringLiteral("agreementPage"));
    QCoreApplication::processEvents();
    auto* map = find<ui::AgreementMap>("agreementMap");
    auto* menu = map->findChild<QMenu*>(QStringLiteral("plotMenu"));
    QVERIFY(menu);
    QTest::mouseClick(map, Qt::RightButton, {}, map->rect().center());
    QVERIFY(menu->isVisible());
    menu->close();
    for (const char* name : {"savePlot-png", "savePlot-svg", "savePlot-pdf", "resetPlotView"})
        QVERIFY2(menu->findChild<QAction*>(QString::fromLatin1(name)), name);
    QApplication::clipboard()->clear();
    menu->findChild<QAction*>(QStringLiteral("copyPlotImage"))->trigger();
    QVERIFY(!QApplication::clipboard()->image().isNull());
    QCOMPARE(m_window->files().mapName(*map, QStringLiteral("png")),
             QStringLiteral("forum-conv1.0-agreementMap.png"));
}

QBN_TEST(TestLooking)
#include "tst_looking.moc"
