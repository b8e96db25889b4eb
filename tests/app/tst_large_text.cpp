#include "app/desktop/main_window.h"
#include "tests/support/find_widget.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/look/text_zoom.h"
#include "ui/panels/plots/code_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTest>
#include <qcustomplot.h>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;

/// Text of any size in windows of any size: nothing is cut, covered or out of reach.
class TestLargeText : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init_data();
    void init();
    void cleanup();
    void theWindowKeepsItsSize();
    void everyFieldIsWholeWhereItHasTheFocus();
    void whatIsWrittenOnACardHasItsWidth();
    void theBarLeavesNothingOut();
    void numbersOfAnAxisDoNotTouch();
    void theLegendStandsInThePlot();

private:
    template <typename Widget> Widget* find(const char* name)
    {
        return test::findWidget<Widget>(*m_window, name);
    }
    QList<ui::CodePlot*> plots() { return m_window->findChildren<ui::CodePlot*>(); }

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestLargeText::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    ui::applyTheme(*qApp, ui::Theme::Light);
    QTest::addColumn<int>("zoom");
    QTest::addColumn<QSize>("size");
    QTest::newRow("small window") << 100 << QSize(853, 480);
    QTest::newRow("half as large again") << 150 << QSize(1024, 600);
    QTest::newRow("twice as large") << 200 << QSize(1280, 720);
    QTest::newRow("twice as large, small window") << 200 << QSize(1024, 600);
}

void TestLargeText::init_data() { }

void TestLargeText::init()
{
    QFETCH_GLOBAL(int, zoom);
    QFETCH_GLOBAL(QSize, size);
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->resize(size);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    ui::setTextZoom(zoom);
    for (int i = 0; i < 3; ++i)
        QCoreApplication::processEvents();
}

void TestLargeText::cleanup()
{
    m_window.reset();
    ui::setTextZoom(100);
}

void TestLargeText::theWindowKeepsItsSize()
{
    QFETCH_GLOBAL(QSize, size);
    QCOMPARE(m_window->size(), size);
    QVERIFY2(m_window->minimumSizeHint().width() <= size.width()
                 && m_window->minimumSizeHint().height() <= size.height(),
             qPrintable(QStringLiteral("%1x%2")
                            .arg(m_window->minimumSizeHint().width())
                            .arg(m_window->minimumSizeHint().height())));
}

void TestLargeText::everyFieldIsWholeWhereItHasTheFocus()
{
    for (const char* const name :
         {"relu", "outputType", "outputZeroPoint", "outputScale", "beta", "gamma", "eps", "var",
          "mean", "inputZeroPoint", "inputScale", "inputType", "inputValue", "inputCode"}) {
        auto* widget = find<QWidget>(name);
        widget->setFocus(Qt::ShortcutFocusReason);
        QCoreApplication::processEvents();
        QCOMPARE(widget->visibleRegion().boundingRect(), widget->rect());
    }
    for (const char* const name : {"codeTable", "backendTable", "transferPlot"}) {
        auto* widget = find<QWidget>(name);
        widget->setFocus(Qt::ShortcutFocusReason);
        QCoreApplication::processEvents();
        QVERIFY2(
            widget->visibleRegion().boundingRect().height() >= 2 * widget->fontMetrics().height(),
            qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name)).arg(widget->height())));
    }
}

void TestLargeText::whatIsWrittenOnACardHasItsWidth()
{
    int checked = 0;
    for (const QWidget* widget : find<QWidget>("pipelinePanel")->findChildren<QWidget*>()) {
        const bool isWritten = qobject_cast<const QLabel*>(widget)
            || qobject_cast<const QCheckBox*>(widget) || qobject_cast<const QComboBox*>(widget);
        if (!isWritten || !widget->isVisibleTo(m_window.get()))
            continue;
        QVERIFY2(widget->width() >= widget->minimumSizeHint().width(),
                 qPrintable(widget->objectName()));
        ++checked;
    }
    QVERIFY(checked > 12);
}

void TestLargeText::theBarLeavesNothingOut()
{
    for (const char* const name :
         {"layerChooser", "channelChooser", "backendChooser", "undoButton", "redoButton"}) {
        const auto* widget = find<QWidget>(name);
        QVERIFY2(widget->isVisible(), name);
        QVERIFY2(widget->visibleRegion().boundingRect() == widget->rect(), name);
    }
}

void TestLargeText::numbersOfAnAxisDoNotTouch()
{
    for (const ui::CodePlot* plot : plots()) {
        if (!plot->isVisible())
            continue;
        for (const QCPAxis* axis : {plot->canvas().xAxis, plot->canvas().yAxis}) {
            const QFontMetrics metrics(axis->tickLabelFont());
            const QVector<double> ticks = axis->tickVector();
            const QVector<QString> labels = axis->tickVectorLabels();
            double before = -1e9;
            for (qsizetype i = 0; i < ticks.size(); ++i) {
                const bool lies = axis->orientation() == Qt::Horizontal;
                const double place = (lies ? 1 : -1) * axis->coordToPixel(ticks[i]);
                const double half
                    = (lies ? metrics.horizontalAdvance(labels[i]) : metrics.capHeight()) / 2.0;
                QVERIFY2(place - half > before, qPrintable(axis->label() + labels.join(u' ')));
                before = place + half;
            }
        }
        const QCPAxis& values = *plot->canvas().yAxis;
        QVERIFY(QFontMetrics(values.labelFont()).horizontalAdvance(values.label())
                <= plot->canvas().viewport().height());
    }
}

void TestLargeText::theLegendStandsInThePlot()
{
    m_document->open(partingExperiment(20, 7), {}, {.channel = 7, .code = partingCode});
    m_document->setValue(Field::gamma, 7, 3.5);
    for (int i = 0; i < 3; ++i)
        QCoreApplication::processEvents();
    for (const ui::CodePlot* plot : plots()) {
        const QCPLegend& legend = *plot->canvas().legend;
        if (!plot->isVisible() || !legend.visible() || legend.itemCount() == 0)
            continue;
        const QRect area = plot->canvas().axisRect()->rect();
        qsizetype shown = 0;
        for (int i = 0; i < legend.itemCount(); ++i) {
            if (legend.item(i) == nullptr) // an empty place in the last row
                continue;
            ++shown;
            const QRect item = legend.item(i)->outerRect();
            QVERIFY(plot->canvas().viewport().contains(item));
            QVERIFY(item.bottom() <= area.top());
            QVERIFY(item.width() >= legend.item(i)->minimumOuterSizeHint().width());
        }
        for (const QString& text : plot->legendTexts().mid(shown))
            QVERIFY2(plot->toolTip().contains(text), qPrintable(text));
        QVERIFY(area.height() > 2 * plot->fontMetrics().height());
    }
}

QBN_TEST(TestLargeText)
#include "tst_large_text.moc"
