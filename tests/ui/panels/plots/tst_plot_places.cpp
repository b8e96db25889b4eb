#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/error_plot.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QTest>
#include <qcustomplot.h>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

namespace {

QRectF placeOf(const QCPItemText& text)
{
    return QRectF(text.topLeft->pixelPosition(), text.bottomRight->pixelPosition()).normalized();
}

/// The texts that are shown, by what they say.
QHash<QString, QRectF> placesOn(const CodePlot& plot)
{
    QHash<QString, QRectF> places;
    for (int i = 0; i < plot.canvas().itemCount(); ++i)
        if (const auto* text = qobject_cast<QCPItemText*>(plot.canvas().item(i));
            text != nullptr && text->visible() && !text->text().isEmpty())
            places.insert(text->text(), placeOf(*text));
    return places;
}

QRectF markerOn(const CodePlot& plot)
{
    for (int i = 0; i < plot.canvas().itemCount(); ++i)
        if (const auto* marker = qobject_cast<QCPItemTracer*>(plot.canvas().item(i));
            marker != nullptr && marker->visible())
            return {marker->position->pixelPosition() - QPointF(5, 5), QSizeF(10, 10)};
    return {};
}

std::unique_ptr<CodePlot> makePlot(bool isStrip, Document& document)
{
    if (isStrip)
        return std::make_unique<ErrorPlot>(document);
    return std::make_unique<TransferPlot>(document);
}

} // namespace

/// Where the texts of the plots over the codes stand.
class TestPlotPlaces : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void textsKeepApart_data();
    void textsKeepApart();
    void labelsGoWithTheMarker_data() { plots(); }
    void labelsGoWithTheMarker();
    void theNoteLeavesTheMarkerFree_data() { plots(); }
    void theNoteLeavesTheMarkerFree();
    void theReadoutLeavesTheLegendFree();
    void theReadoutHidesTheTitle();
    void theReadoutStandsInALowStrip();
    void anExportHasTheLabelAtTheMarker_data() { plots(); }
    void anExportHasTheLabelAtTheMarker();
    void theMarkerStandsWholeOnTheEdge();
    void rowsOfTheLegendStandWhole_data();
    void rowsOfTheLegendStandWhole();
    void theToolTipIsWrapped_data() { plots(); }
    void theToolTipIsWrapped();

private:
    void plots()
    {
        QTest::addColumn<bool>("isStrip");
        QTest::newRow("the curve") << false;
        QTest::newRow("the strip below it") << true;
    }
    void show(bool isStrip, QSize size)
    {
        m_plot = makePlot(isStrip, *m_document);
        m_plot->resize(size);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
        settle();
    }
    /// Draws what is waiting to be drawn.
    static void settle()
    {
        for (int i = 0; i < 3; ++i) {
            QCoreApplication::sendPostedEvents();
            QCoreApplication::processEvents();
        }
    }
    void hover(double code)
    {
        const QPointF middle(canvas().axisRect()->center());
        QTest::mouseMove(&canvas(), {qRound(canvas().xAxis->coordToPixel(code)), int(middle.y())});
    }
    QCustomPlot& canvas() const { return m_plot->canvas(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<CodePlot> m_plot;
};

void TestPlotPlaces::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
}

void TestPlotPlaces::cleanup()
{
    m_plot.reset();
    m_document.reset();
}

void TestPlotPlaces::textsKeepApart_data()
{
    QTest::addColumn<bool>("isStrip");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<Field>("field");
    QTest::addColumn<double>("value");
    const std::pair<const char*, QSize> sizes[]
        = {{"large", {835, 300}}, {"low", {835, 70}}, {"narrow", {260, 160}}};
    for (const bool isStrip : {false, true}) {
        for (const auto& [name, size] : sizes) {
            const char* const plot = isStrip ? "strip" : "curve";
            const auto add = [&, name = name, size = size](const char* what, Field field,
                                                           double value) {
                QTest::addRow("%s %s, %s", name, plot, what) << isStrip << size << field << value;
            };
            add("nothing saturates", Field::gamma, 117.5);
            add("half of the codes saturate", Field::gamma, -649);
            add("all codes saturate high", Field::beta, 1e6);
            add("steep", Field::gamma, -1e6);
            add("not a number", Field::var, -1);
            add("nobody gave it", Field::gamma, std::nan(""));
        }
    }
}

void TestPlotPlaces::textsKeepApart()
{
    QFETCH(bool, isStrip);
    QFETCH(QSize, size);
    QFETCH(Field, field);
    QFETCH(double, value);
    show(isStrip, size);
    if (std::isnan(value))
        m_document->editLayer(u"forget"_s, std::nullopt,
                              [=](BatchNormLayer& layer) { layer.provenance.set(field, {}); });
    else
        m_document->setValue(field, 0, value);
    for (int code = 0; code <= 255; code += code < 60 ? 3 : 15) {
        m_document->selection().setCode(code);
        settle();
        hover(255 - code);
        const QHash<QString, QRectF> places = placesOn(*m_plot);
        QVERIFY2(places.contains(m_plot->cursorText()), qPrintable(QString::number(code)));
        for (auto a = places.begin(); a != places.end(); ++a) {
            const QString where = u"code %1: %2"_s.arg(code).arg(a.key());
            for (auto b = places.begin(); b != places.end(); ++b)
                QVERIFY2(a.key() == b.key() || !a->adjusted(1, 1, -1, -1).intersects(*b),
                         qPrintable(where + u" on "_s + b.key()));
            QVERIFY2(canvas().legend->itemCount() == 0 || !canvas().legend->visible()
                         || !a->adjusted(1, 1, -1, -1).intersects(canvas().legend->outerRect()),
                     qPrintable(where + u" on the legend"_s));
            QVERIFY2(QRectF(canvas().viewport()).adjusted(-1, -1, 1, 1).contains(*a)
                         || a.key() == m_plot->note(),
                     qPrintable(where + u" outside"_s));
        }
    }
}

void TestPlotPlaces::labelsGoWithTheMarker()
{
    QFETCH(bool, isStrip);
    show(isStrip, {640, 300});
    canvas().xAxis->setRange(100, 150);
    settle();
    QCOMPARE(m_plot->cursorText(), QString());
    QVERIFY(markerOn(*m_plot).isNull());
    canvas().xAxis->setRange(20, 80);
    settle();
    QVERIFY(m_plot->cursorText().startsWith(u"38"_s));
    QVERIFY(!markerOn(*m_plot).isNull());
}

void TestPlotPlaces::theNoteLeavesTheMarkerFree()
{
    QFETCH(bool, isStrip);
    show(isStrip, {640, isStrip ? 70 : 200});
    m_document->editLayer(u"forget"_s, std::nullopt,
                          [](BatchNormLayer& layer) { layer.provenance.set(Field::gamma, {}); });
    for (int code = 0; code <= 255; code += 5) {
        m_document->selection().setCode(code);
        settle();
        const QRectF note = placesOn(*m_plot).value(m_plot->note());
        QVERIFY(!note.isNull());
        QVERIFY2(!note.intersects(markerOn(*m_plot)), qPrintable(QString::number(code)));
    }
}

void TestPlotPlaces::theReadoutLeavesTheLegendFree()
{
    show(false, {900, 300});
    hover(37);
    QVERIFY2(m_plot->readout().contains(u"margin"_s), qPrintable(m_plot->readout()));
    // What it has no room for it leaves out from its end.
    m_plot->resize(600, 300);
    settle();
    QCOMPARE(m_plot->readout(), u"37 → 51   exact 51.36573"_s);
    m_plot->resize(900, 300);
    settle();
    QVERIFY2(m_plot->readout().contains(u"margin"_s), qPrintable(m_plot->readout()));
}

void TestPlotPlaces::theReadoutHidesTheTitle()
{
    show(false, {900, 300});
    int shorter = 0;
    for (int width = 400; width <= 900; width += 20) {
        m_plot->resize(width, 300);
        settle();
        hover(37);
        const auto* header = static_cast<QCPLayoutGrid*>(canvas().plotLayout()->element(0, 0));
        const QRect title = header->element(0, 0)->outerRect();
        const QRectF readout = placesOn(*m_plot).value(m_plot->readout());
        QVERIFY2(readout.right() > title.right() - 10 && readout.left() < 1,
                 qPrintable(QString::number(width)));
        shorter += m_plot->readout().size() < 12 ? 1 : 0;
    }
    QVERIFY(shorter > 0);
}

void TestPlotPlaces::theReadoutStandsInALowStrip()
{
    show(true, {640, 70});
    hover(200);
    QVERIFY(m_plot->readout().startsWith(u"200   error "_s));
    const QRectF place = placesOn(*m_plot).value(m_plot->readout());
    const QRectF area = QRectF(canvas().axisRect()->rect()).adjusted(-1, -1, 1, 1);
    QVERIFY(area.contains(place)); // not on the axis
}

void TestPlotPlaces::anExportHasTheLabelAtTheMarker()
{
    QFETCH(bool, isStrip);
    const std::unique_ptr<CodePlot> plot = makePlot(isStrip, *m_document);
    m_document->selection().set({.channel = 1, .code = 100});
    const auto picture = plot->forExport({800, 500}, lightPalette());
    picture->canvas().toPixmap(800, 500, 2);
    const QRectF label = placesOn(*picture).value(picture->cursorText());
    QVERIFY(!label.isNull());
    const QPointF marker = markerOn(*picture).center();
    QVERIFY(QRectF(label.adjusted(-30, -30, 30, 30)).contains(marker));
}

/// In the strip it is on the lower edge where the error is far below.
void TestPlotPlaces::theMarkerStandsWholeOnTheEdge()
{
    show(true, {640, 75});
    m_document->setValue(Field::beta, 0, 1e6);
    settle();
    const QRect area = canvas().axisRect()->rect();
    const QPoint below(qRound(markerOn(*m_plot).center().x()), area.bottom() + 3);
    const QImage image = canvas().grab().toImage();
    int colored = 0;
    for (int y = area.bottom() + 1; y <= below.y(); ++y)
        for (int x = area.left(); x < area.right(); ++x) // of the arrows and the marker
            colored += image.pixelColor(x, y).saturation() > 100 ? 1 : 0;
    QVERIFY2(colored > 50, qPrintable(QString::number(colored)));
    QVERIFY(image.pixelColor(below) != m_plot->shownColors().surface);
}

void TestPlotPlaces::rowsOfTheLegendStandWhole_data()
{
    QTest::addColumn<bool>("isStrip");
    QTest::addColumn<double>("zoom");
    for (const double zoom : {1.0, 1.5, 2.0}) {
        QTest::addRow("the curve, text of %g %%", 100 * zoom) << false << zoom;
        QTest::addRow("the strip, text of %g %%", 100 * zoom) << true << zoom;
    }
}

void TestPlotPlaces::rowsOfTheLegendStandWhole()
{
    QFETCH(bool, isStrip);
    QFETCH(double, zoom);
    show(isStrip, {640, 300});
    QFont large = m_plot->font();
    large.setPointSizeF(zoom * large.pointSizeF());
    m_plot->setFont(large);
    m_document->selection().set({.channel = 2, .code = 250});
    m_document->setValue(Field::gamma, 2, 3000);
    for (int height = 60; height <= 300; height += 10) {
        m_plot->resize(640, height);
        settle();
        const QCPLegend& legend = *canvas().legend;
        if (!legend.visible())
            continue;
        QRect before;
        for (int i = 0; i < legend.itemCount(); ++i) {
            if (legend.item(i) == nullptr) // an empty place in the last row
                continue;
            const QRect item = legend.item(i)->outerRect();
            QVERIFY2(item.height() >= legend.item(i)->minimumOuterSizeHint().height(),
                     qPrintable(QString::number(height)));
            QVERIFY(!item.intersects(before));
            QVERIFY(item.bottom() <= canvas().axisRect()->top());
            before = item;
        }
        QVERIFY2(canvas().axisRect()->height() >= m_plot->fontMetrics().height(),
                 qPrintable(QString::number(height)));
    }
}

/// Qt wraps only rich text.
void TestPlotPlaces::theToolTipIsWrapped()
{
    QFETCH(bool, isStrip);
    show(isStrip, {640, 300});
    QVERIFY(Qt::mightBeRichText(m_plot->toolTip()));
    QVERIFY(m_plot->toolTip().contains(u"Click or drag"_s));
}

QBN_TEST(TestPlotPlaces)
#include "tst_plot_places.moc"
