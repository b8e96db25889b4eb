#include "core/explain/recipe.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/help/help_pages.h"
#include "ui/panels/help/help_panel.h"
#include "ui/panels/pipeline/parameter_fields.h"
#include "ui/panels/pipeline/stage_texts.h"

#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolButton>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

class TestHelpPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void everyPageCanBeRead_data();
    void everyPageCanBeRead();
    void stagesFieldsAndRecipesHavePages();
    void numbersOnAPageAreTheCurrentOnes();
    void aLayersNameIsNoMarkup();
    void linksAndButtonsLeadThroughThePages();
    void theFormulaIsThatOfTheChosenBackend();
    void anUnknownPageIsTheContents();
    void theReaderStaysWhereHeIs();
    void textIsLegibleInBothThemes_data();
    void textIsLegibleInBothThemes();

private:
    QString shown() const { return m_panel->browser()->toPlainText(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<HelpPanel> m_panel;
};

void TestHelpPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<HelpPanel>(*m_document);
    m_panel->resize(300, 400);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestHelpPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestHelpPanel::everyPageCanBeRead_data()
{
    QTest::addColumn<QString>("id");
    for (const QString& id : helpPageIds())
        QTest::newRow(qPrintable(id)) << id;
    QVERIFY(helpPageIds().contains(u"index"_s));
}

void TestHelpPanel::everyPageCanBeRead()
{
    QFETCH(QString, id);
    QVERIFY(!helpPageTitle(id).isEmpty());

    const QString filled = helpPageText(id, placeholders_of(m_document->evaluation()));
    QVERIFY2(!filled.contains(u"{{"_s), qPrintable(filled));

    static const QRegularExpression link(u"href=\"([^\"]*)\""_s);
    for (const QRegularExpressionMatch& match : link.globalMatch(filled)) {
        const QString to = match.captured(1);
        QVERIFY2(to.endsWith(u".html"_s) && !helpPageSource(to.chopped(5)).isEmpty(),
                 qPrintable(to));
    }
    // The contents lead to every page.
    QVERIFY(id == u"index"_s || helpPageSource(u"index"_s).contains(u"href=\"%1.html\""_s.arg(id)));

    m_panel->showPage(id);
    QCOMPARE(m_panel->page(), id);
    QVERIFY(shown().startsWith(helpPageTitle(id)));
}

void TestHelpPanel::stagesFieldsAndRecipesHavePages()
{
    for (int stage = 0; stage < stage_count; ++stage)
        QVERIFY(!helpPageSource(helpPageOf(static_cast<Stage>(stage))).isEmpty());
    for (const Field field : all_fields)
        QVERIFY2(!helpPageSource(helpPageOf(field)).isEmpty(), qPrintable(spokenName(field)));
    for (const Recipe& recipe : all_recipes()) {
        const QString id = QString::fromUtf8(recipe.id.data(), qsizetype(recipe.id.size()));
        QVERIFY2(!helpPageSource(id).isEmpty(), qPrintable(id));
    }
}

void TestHelpPanel::numbersOnAPageAreTheCurrentOnes()
{
    m_panel->showPage(u"affine"_s);
    QVERIFY2(shown().contains(u"117.5 · -0.944311"_s), qPrintable(shown()));
    m_document->setValue(Field::gamma, 0, 2.25);
    QTRY_VERIFY2(shown().contains(u"2.25 · -0.944311"_s), qPrintable(shown()));
    m_document->selection().setChannel(1);
    QTRY_VERIFY2(shown().contains(u"96 · "_s), qPrintable(shown()));
    m_panel->showPage(u"input-code"_s);
    QVERIFY(shown().contains(u"Code 38 of quint8"_s));

    m_panel->hide();
    m_document->selection().setCode(39);
    m_panel->show();
    QVERIFY(shown().contains(u"Code 39 of quint8"_s));
}

void TestHelpPanel::aLayersNameIsNoMarkup()
{
    const QString text = helpPageText(u"wrong-channel"_s, {{"mean", std::string("<b>&")}});
    QVERIFY(text.contains(u"mean &lt;b&gt;&amp;"_s));
}

void TestHelpPanel::linksAndButtonsLeadThroughThePages()
{
    auto* back = m_panel->findChild<QToolButton*>(u"helpBack"_s);
    auto* forward = m_panel->findChild<QToolButton*>(u"helpForward"_s);
    QVERIFY(!back->isEnabled());
    m_panel->showPage(u"normalize"_s);

    // The link to the page on eps, as it stands in the list of pitfalls.
    HelpBrowser* browser = m_panel->browser();
    QTextCursor link;
    for (QTextCursor at(browser->document()); !at.atEnd(); at.movePosition(QTextCursor::Right)) {
        if (at.charFormat().anchorHref() == u"eps.html"_s) {
            link = at;
            break;
        }
    }
    QVERIFY(!link.isNull());
    browser->setTextCursor(link);
    browser->ensureCursorVisible();
    QTest::mouseClick(browser->viewport(), Qt::LeftButton, {}, browser->cursorRect().center());
    QCOMPARE(m_panel->page(), u"eps"_s);

    QTest::mouseClick(back, Qt::LeftButton);
    QCOMPARE(m_panel->page(), u"normalize"_s);
    QTest::mouseClick(forward, Qt::LeftButton);
    QCOMPARE(m_panel->page(), u"eps"_s);
    QTest::mouseClick(m_panel->findChild<QToolButton*>(u"helpContents"_s), Qt::LeftButton);
    QCOMPARE(m_panel->page(), u"index"_s);
}

void TestHelpPanel::theFormulaIsThatOfTheChosenBackend()
{
    m_panel->showPage(u"formula"_s);
    const auto picture = [this] {
        return m_panel->browser()
            ->loadResource(QTextDocument::ImageResource, QUrl(u"mathematics"_s))
            .value<QImage>();
    };
    m_document->chooseBackend(*find_backend("onnxruntime"));
    const QImage before = picture();
    QVERIFY(before.width() > 100 && before.height() > 100);
    m_document->chooseBackend(*find_backend("openvino"));
    QVERIFY(picture().height() > before.height());
    QTRY_VERIFY(shown().contains(u"OpenVINO"_s));
    m_document->chooseBackend(*find_backend("exact"));
    QVERIFY(picture().height() < 4); // it has none
}

void TestHelpPanel::anUnknownPageIsTheContents()
{
    m_panel->showPage(u"eps"_s);
    m_panel->showPage(u"no-such-page"_s);
    QCOMPARE(m_panel->page(), u"index"_s);
}

void TestHelpPanel::theReaderStaysWhereHeIs()
{
    m_panel->resize(260, 150);
    m_panel->showPage(u"requantize"_s);
    QScrollBar* bar = m_panel->browser()->verticalScrollBar();
    bar->setValue(bar->maximum());
    const int at = bar->value();
    QVERIFY(at > 0);
    const QString before = shown();
    m_document->selection().setCode(40);
    QTRY_VERIFY(shown() != before);
    QCOMPARE(bar->value(), std::min(at, bar->maximum()));
}

void TestHelpPanel::textIsLegibleInBothThemes_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << lightPalette();
    QTest::newRow("dark") << darkPalette();
}

void TestHelpPanel::textIsLegibleInBothThemes()
{
    QFETCH(QPalette, palette);
    m_panel->setPalette(palette);
    m_panel->showPage(u"normalize"_s);
    const QColor surface = palette.color(QPalette::Base);
    for (QTextBlock block = m_panel->browser()->document()->begin(); block.isValid();
         block = block.next()) {
        const QBrush ground = block.blockFormat().background();
        const QColor behind = ground.style() == Qt::NoBrush ? surface : ground.color();
        for (auto part = block.begin(); !part.atEnd(); ++part) {
            const QBrush brush = part.fragment().charFormat().foreground();
            const QColor ink
                = brush.style() == Qt::NoBrush ? palette.color(QPalette::Text) : brush.color();
            QVERIFY2(contrastRatio(ink, behind) >= 4, qPrintable(part.fragment().text()));
        }
    }
}

QBN_TEST(TestHelpPanel)
#include "tst_help_panel.moc"
