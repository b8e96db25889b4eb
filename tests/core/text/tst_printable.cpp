#include "core/text/integer.h"
#include "core/text/printable.h"
#include "tests/support/room.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <cmath>

using namespace qbn;

class TestPrintable : public QObject
{
    Q_OBJECT

private slots:
    void textIsPrintable_data();
    void textIsPrintable();
    void noCharacterPassesThatQtCallsControl();
    void endsOfLinesStayInLinesOnly();
    void namesAreCutInQuotes();
    void jsonReadsBack();
    void numbersBecomeIntegersOrNothing_data();
    void numbersBecomeIntegersOrNothing();
};

void TestPrintable::textIsPrintable_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char* name, const QByteArray& text, const QByteArray& shown) {
        QTest::newRow(name) << text << shown;
    };
    row("plain text stays", "conv1.0 \xce\xb3 \xf0\x9f\x99\x82",
        "conv1.0 \xce\xb3 \xf0\x9f\x99\x82");
    row("a backslash stays", "a\\nb", "a\\nb");
    row("an escape code", "\x1b[31m", "\\u001b[31m");
    row("line ends and a tab", "a\r\n\tb", "a\\r\\n\\tb");
    row("a zero byte", QByteArray("a\0b", 3), "a\\u0000b");
    row("delete", "\x7f", "\\u007f");
    row("a control of the second set", "\xc2\x9b", "\\u009b");
    row("right to left override",
        "\xe2\x80\xae"
        "cod",
        "\\u202ecod");
    row("an isolate and its end",
        "\xe2\x81\xa6"
        "a"
        "\xe2\x81\xa9",
        "\\u2066a\\u2069");
    row("direction marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c");
    row("line and paragraph separators", "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029");
    row("a byte that is no UTF-8",
        "a\xff"
        "b",
        "a\xef\xbf\xbd"
        "b");
    row("an escape code in overlong UTF-8", "\xc0\x9b", "\xef\xbf\xbd\xef\xbf\xbd");
    row("a surrogate in UTF-8", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    row("a character that is cut short", "a\xe2\x80", "a\xef\xbf\xbd\xef\xbf\xbd");
}

void TestPrintable::textIsPrintable()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(printable(text.toStdString())), shown);
}

void TestPrintable::noCharacterPassesThatQtCallsControl()
{
    for (char32_t code = 0; code < 0x110000; ++code) {
        const auto direction = QChar::direction(code);
        const bool turns = direction == QChar::DirLRE || direction == QChar::DirLRO
            || direction == QChar::DirRLE || direction == QChar::DirRLO
            || (direction >= QChar::DirLRI && direction <= QChar::DirPDI)
            || direction == QChar::DirPDF;
        const bool ends = code == 0x2028 || code == 0x2029;
        if (QChar::category(code) != QChar::Other_Control && !turns && !ends)
            continue;
        const std::string text = QString::fromUcs4(&code, 1).toStdString();
        const std::string shown = printable(text);
        QVERIFY2(shown.front() == '\\', qPrintable(QString::number(code, 16)));
    }
}

void TestPrintable::endsOfLinesStayInLinesOnly()
{
    QCOMPARE(printable_lines("a\nb\r\nc\rd\n"), std::string("a\nb\r\nc\\rd\n"));
    QCOMPARE(printable_lines("\n\x1b"), std::string("\n\\u001b"));
    QCOMPARE(printable_lines("\r"), std::string("\\r"));
}

void TestPrintable::namesAreCutInQuotes()
{
    QCOMPARE(in_quotes("a\nb"), std::string("\"a\\nb\""));
    QCOMPARE(in_quotes(std::string(80, 'a')), '"' + std::string(80, 'a') + '"');
    QCOMPARE(in_quotes(std::string(81, 'a')), '"' + std::string(80, 'a') + "...\"");
    QCOMPARE(in_quotes(std::string(1000, 'a')), '"' + std::string(80, 'a') + "...\"");
}

void TestPrintable::jsonReadsBack()
{
    QString all;
    for (char16_t code = 0; code < 0x3000; ++code)
        all += QChar(code);
    const QByteArray json = '[' + QByteArray::fromStdString(json_string(all.toStdString())) + ']';
    QCOMPARE(QJsonDocument::fromJson(json).array().at(0).toString(), all);
    QCOMPARE(printable(json.toStdString()), json.toStdString());
}

void TestPrintable::numbersBecomeIntegersOrNothing_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<bool>("is32");
    QTest::addColumn<bool>("is64");
    QTest::newRow("0") << 0.0 << true << true;
    QTest::newRow("-0") << -0.0 << true << true;
    QTest::newRow("a fraction") << 0.5 << false << false;
    QTest::newRow("the smallest fraction") << 0x1p-1074 << false << false;
    QTest::newRow("2^31 - 1") << 0x1p31 - 1 << true << true;
    QTest::newRow("2^31") << 0x1p31 << false << true;
    QTest::newRow("-2^31") << -0x1p31 << true << true;
    QTest::newRow("-2^31 - 1") << -0x1p31 - 1 << false << true;
    QTest::newRow("the largest below 2^63") << std::nextafter(0x1p63, 0) << false << true;
    QTest::newRow("2^63") << 0x1p63 << false << false;
    QTest::newRow("-2^63") << -0x1p63 << false << true;
    QTest::newRow("infinity") << HUGE_VAL << false << false;
    QTest::newRow("minus infinity") << -HUGE_VAL << false << false;
    QTest::newRow("not a number") << std::nan("") << false << false;
}

void TestPrintable::numbersBecomeIntegersOrNothing()
{
    QFETCH(double, number);
    QFETCH(bool, is32);
    QFETCH(bool, is64);
    const auto narrow = checked_integer<std::int32_t>(number);
    const auto wide = checked_integer<std::int64_t>(number);
    QCOMPARE(narrow.has_value(), is32);
    QCOMPARE(wide.has_value(), is64);
    QVERIFY(!narrow || *narrow == number);
    QVERIFY(!wide || static_cast<double>(*wide) == number);
    QCOMPARE(checked_integer<std::uint8_t>(number).has_value(), number == 0);
    const auto clamped = clamped_integer<std::int32_t>(number);
    QVERIFY(!narrow || clamped == *narrow);
    QVERIFY(narrow || number != number || std::abs(clamped - number) <= 0.5
            || clamped == (number < 0 ? INT32_MIN : INT32_MAX));
}

QBN_TEST(TestPrintable)
#include "tst_printable.moc"
