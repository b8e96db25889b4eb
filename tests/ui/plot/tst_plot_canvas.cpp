#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/error_plot.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QPaintEvent>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

// What a change of the document paints, and that it is enough.
class TestPlotCanvas : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void whatAChangePaintsIsAllThatChanges_data();
    void whatAChangePaintsIsAllThatChanges();
    void aStepOfTheCodePaintsLittle_data();
    void aStepOfTheCodePaintsLittle();
    void theTitleIsSeen();
    void aShorterLegendLeavesTheAxesWhereTheyAre();

private:
    CodePlot* plot(bool error) const
    {
        return error ? static_cast<CodePlot*>(m_error.get()) : m_transfer.get();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<TransferPlot> m_transfer;
    std::unique_ptr<ErrorPlot> m_error;
};

namespace {

/// The regions of a plot that are painted, in its coordinates.
class PaintSpy : public QObject
{
public:
    explicit PaintSpy(QWidget& plot)
    {
        for (QWidget* part : plot.findChildren<QWidget*>())
            part->installEventFilter(this);
        plot.installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint) {
            const auto* part = static_cast<QWidget*>(watched);
            const QPoint place = part->isWindow() ? QPoint() : part->pos();
            painted += static_cast<QPaintEvent*>(event)->region().translated(place);
        }
        return false;
    }

    QRegion painted;
};

/// Where two pictures differ.
QRegion difference(const QImage& a, const QImage& b)
{
    QRegion found;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            if (a.pixel(x, y) != b.pixel(x, y))
                found += QRect(x, y, 1, 1);
    return found;
}

int area(const QRegion& region)
{
    int sum = 0;
    for (const QRect& part : region)
        sum += part.width() * part.height();
    return sum;
}

void show(CodePlot& plot)
{
    plot.resize(480, 300);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    QCoreApplication::processEvents();
}

/// Paints what is waiting to be painted; then both pictures are complete.
QImage settled(CodePlot& plot)
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    return plot.grab().toImage();
}

} // namespace

void TestPlotCanvas::init()
{
    applyTheme(*qApp, Theme::Light);
    m_document = std::make_unique<Document>();
    m_transfer = std::make_unique<TransferPlot>(*m_document);
    m_error = std::make_unique<ErrorPlot>(*m_document);
    show(*m_transfer);
    show(*m_error);
}

void TestPlotCanvas::cleanup()
{
    m_transfer.reset();
    m_error.reset();
    m_document.reset();
}

void TestPlotCanvas::whatAChangePaintsIsAllThatChanges_data()
{
    using Change = std::function<void(Document&)>;
    QTest::addColumn<Change>("change");
    const auto code = [](int to) {
        return Change([to](Document& document) { document.selection().setCode(to); });
    };
    QTest::newRow("the next code") << code(39);
    QTest::newRow("the first code, at the left end") << code(0);
    QTest::newRow("the last code, at the right end") << code(255);
    QTest::newRow("a code in the middle") << code(128);
    QTest::newRow("another gamma")
        << Change([](Document& document) { document.setValue(Field::gamma, 0, 90); });
    QTest::newRow("an output scale with which codes saturate")
        << Change([](Document& document) { document.setValue(Field::output_scale, 0, 0.7); });
    QTest::newRow("a negative var, with which nothing is a number")
        << Change([](Document& document) { document.setValue(Field::var, 0, -1); });
    QTest::newRow("another channel")
        << Change([](Document& document) { document.selection().setChannel(2); });
}

void TestPlotCanvas::whatAChangePaintsIsAllThatChanges()
{
    QFETCH(const std::function<void(Document&)>, change);
    for (const bool error : {false, true}) {
        CodePlot& shown = *plot(error);
        const QImage before = settled(shown);
        PaintSpy spy(shown);
        change(*m_document);
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
        const QRegion painted = spy.painted;
        const QRegion changed = difference(before, settled(shown));
        QVERIFY(!changed.isEmpty());
        const QRegion missed = changed - painted;
        QVERIFY2(missed.isEmpty(),
                 qPrintable(u"%1 pixels are not painted, at %2, %3"_s.arg(area(missed))
                                .arg(missed.boundingRect().x())
                                .arg(missed.boundingRect().y())));
        m_document->undo();
        m_document->selection().set({.layer = 0, .channel = 0, .code = example_input_code});
    }
}

void TestPlotCanvas::aStepOfTheCodePaintsLittle_data()
{
    QTest::addColumn<bool>("error");
    QTest::newRow("transfer curve") << false;
    QTest::newRow("rounding error") << true;
}

void TestPlotCanvas::aStepOfTheCodePaintsLittle()
{
    QFETCH(const bool, error);
    CodePlot& shown = *plot(error);
    settled(shown);
    PaintSpy spy(shown);
    m_document->selection().setCode(39);
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QVERIFY(!spy.painted.isEmpty());
    QVERIFY(area(spy.painted) < shown.width() * shown.height() / 10);
}

void TestPlotCanvas::theTitleIsSeen()
{
    const QImage without = settled(*m_transfer);
    m_transfer->setTitle(u"Transfer curve"_s);
    const QImage with = settled(*m_transfer);
    // It stands above all else, in the colour of text.
    const QColor text = m_transfer->shownColors().text;
    int found = 0;
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 120; ++x)
            found += with.pixelColor(x, y) == text ? 1 : 0;
    QVERIFY2(found > 50, qPrintable(QString::number(found)));
    QVERIFY(without != with);
}

void TestPlotCanvas::aShorterLegendLeavesTheAxesWhereTheyAre()
{
    m_error->resize(260, 300);
    settled(*m_error);
    const double whole = m_error->pixelOf(0, 0.5).y();
    m_document->selection().setChannel(2);
    settled(*m_error);
    const double pushed = m_error->pixelOf(0, 0.5).y();
    QVERIFY(pushed > whole);
    QVERIFY(m_error->legendTexts().size() > 2);
    m_document->selection().setChannel(0);
    settled(*m_error);
    QCOMPARE(m_error->legendTexts().size(), 2);
    QCOMPARE(m_error->pixelOf(0, 0.5).y(), pushed);
    // Another width is another arrangement.
    m_error->resize(480, 300);
    settled(*m_error);
    QVERIFY(m_error->pixelOf(0, 0.5).y() < whole);
}

QBN_TEST(TestPlotCanvas)
#include "tst_plot_canvas.moc"
