#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/error_plot.h"
#include "ui/panels/plots/plot_export.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <qcustomplot.h>

using namespace Qt::StringLiterals;
using namespace qbn;
using namespace qbn::ui;

class TestPlotExport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void aPngHasTwoPixelsForEach();
    void aPdfIsAPdf();
    void anSvgHoldsItsTextAsText();
    void exportsAreLightEvenInADarkWindow();
    void thePlotOnTheScreenIsUntouched();
    void theZoomIsExported();
    void whatCannotBeWrittenIsSaid_data();
    void whatCannotBeWrittenIsSaid();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }

    QCPRange codes() const { return m_plot->canvas().xAxis->range(); }
    QCPRange values() const { return m_plot->canvas().yAxis->range(); }
    void zoom()
    {
        m_plot->canvas().xAxis->setRange(20, 80);
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<TransferPlot> m_plot;
};

void TestPlotExport::initTestCase()
{
    applyTheme(*qApp, Theme::Dark);
}

void TestPlotExport::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_document = std::make_unique<Document>();
    m_plot = std::make_unique<TransferPlot>(*m_document);
    m_plot->resize(640, 400);
    m_plot->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
}

void TestPlotExport::cleanup()
{
    m_plot.reset();
    m_document.reset();
}

void TestPlotExport::aPngHasTwoPixelsForEach()
{
    QVERIFY(!exportPlot(*m_plot, path(u"plot.png"_s), lightPalette(), {500, 300}));
    const QImage image(path(u"plot.png"_s));
    QCOMPARE(image.size(), QSize(1000, 600));
    // The axes reach into the last quarter, so the picture is not a small one in a corner.
    bool drawn = false;
    for (int x = 800; x < 1000; ++x)
        drawn = drawn || image.pixelColor(x, 400) != image.pixelColor(2, 2);
    QVERIFY(drawn);
}

void TestPlotExport::aPdfIsAPdf()
{
    QVERIFY(!exportPlot(*m_plot, path(u"plot.pdf"_s)));
    QFile file(path(u"plot.pdf"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.startsWith("%PDF-"));
    QVERIFY(bytes.trimmed().endsWith("%%EOF"));
    QVERIFY(bytes.contains("/MediaBox [0 0 600")); // 800 px of 1/96 inch
}

void TestPlotExport::anSvgHoldsItsTextAsText()
{
    QVERIFY(!exportPlot(ErrorPlot(*m_document), path(u"plot.SVG"_s)));
    QFile file(path(u"plot.SVG"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader reader(&file);
    QStringList texts;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"text"_s)
            texts << reader.readElementText().trimmed();
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(texts.contains(u"Rounding error: conv1.0, channel 0, PyTorch fused"_s));
    QVERIFY(texts.contains(u"input code"_s));
    QVERIFY(texts.contains(u"38: +0.013"_s));
}

void TestPlotExport::exportsAreLightEvenInADarkWindow()
{
    QVERIFY(!exportPlot(*m_plot, path(u"light.png"_s)));
    QCOMPARE(QImage(path(u"light.png"_s)).pixelColor(3, 3), QColor(Qt::white));
    QVERIFY(!exportPlot(*m_plot, path(u"dark.png"_s), darkPalette()));
    QVERIFY(QImage(path(u"dark.png"_s)).pixelColor(3, 3).lightness() < 80);
}

void TestPlotExport::thePlotOnTheScreenIsUntouched()
{
    zoom();
    const QImage before = m_plot->grab().toImage();
    for (const QString& name : {u"a.png"_s, u"a.pdf"_s, u"a.svg"_s})
        QVERIFY(!exportPlot(*m_plot, path(name)));
    QCOMPARE(m_plot->size(), QSize(640, 400));
    QVERIFY(codes() == QCPRange(20, 80));
    QCOMPARE(m_plot->grab().toImage(), before);
    QCOMPARE(m_document->selection().code(), 38);
}

void TestPlotExport::theZoomIsExported()
{
    zoom();
    const auto picture = m_plot->forExport({800, 500}, lightPalette());
    QVERIFY(picture->canvas().xAxis->range() == codes());
    QVERIFY(picture->canvas().yAxis->range() == values());
}

void TestPlotExport::whatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a folder that does not exist")
        << u"no/such/plot.png"_s << u"could not be written"_s;
    QTest::newRow("a folder in the place of the file")
        << u"folder.svg"_s << u"could not be written"_s;
    QTest::newRow("an ending that is none of ours") << u"plot.gif"_s << u".png, .pdf or .svg"_s;
    QTest::newRow("no ending") << u"plot"_s << u".png, .pdf or .svg"_s;
}

void TestPlotExport::whatCannotBeWrittenIsSaid()
{
    QFETCH(QString, name);
    QFETCH(QString, reason);
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder.svg"_s));
    const QStringList before = QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden);
    const std::optional<Error> error = exportPlot(*m_plot, path(name));
    QVERIFY(error);
    const QString message = QString::fromStdString(error->message);
    QVERIFY2(message.contains(path(name)) && message.contains(reason), qPrintable(message));
    QVERIFY(message.endsWith(u'.'));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden), before);
}

QBN_TEST(TestPlotExport)
#include "tst_plot_export.moc"
