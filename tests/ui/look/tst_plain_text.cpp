#include "tests/support/room.h"
#include "ui/look/plain_text.h"

#include <QTest>
#include <QTextDocumentFragment>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

class TestPlainText : public QObject
{
    Q_OBJECT

private slots:
    void aToolTipShowsItsTextAsItIs_data();
    void aToolTipShowsItsTextAsItIs();
};

void TestPlainText::aToolTipShowsItsTextAsItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isRich"); // Qt wraps nothing else
    const QString line = u"as long as a line may be "_s.repeated(3).trimmed();
    QTest::newRow("a short one stays as it is") << u"gamma & beta"_s << false;
    QTest::newRow("of several lines none is long") << line + u'\n' + line << false;
    QTest::newRow("a long one is wrapped") << line + u' ' + line << true;
    QTest::newRow("one long line of several") << u"<a>\n"_s + line + u' ' + line << true;
    QTest::newRow("what looks like rich text is escaped") << u"<img src=\"x\">"_s << true;
}

void TestPlainText::aToolTipShowsItsTextAsItIs()
{
    QFETCH(QString, text);
    const QString tip = plainToolTip(text);
    QTEST(Qt::mightBeRichText(tip), "isRich");
    const bool isRich = Qt::mightBeRichText(tip);
    QCOMPARE(isRich ? QTextDocumentFragment::fromHtml(tip).toPlainText() : tip, text);
}

QBN_TEST(TestPlainText)
#include "tst_plain_text.moc"
