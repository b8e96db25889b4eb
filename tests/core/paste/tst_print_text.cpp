#include "core/paste/print_text.h"

#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QStringEncoder>
#include <QTest>

using namespace qbn;
using namespace qbn::test;

class TestPrintText : public QObject
{
    Q_OBJECT

private slots:
    void whatOthersAddIsTakenAway_data();
    void whatOthersAddIsTakenAway();
    void everyEncodingIsRead_data();
    void everyEncodingIsRead();
    void halfACharacterIsSafe();
    void theForumsPrintIsReadInEveryDress_data();
    void theForumsPrintIsReadInEveryDress();
};

void TestPrintText::whatOthersAddIsTakenAway_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plain");
    const auto row = [](const char* name, const char* text, const char* plain) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(plain);
    };
    row("nothing", "mean [0.5, -1]\n", "mean [0.5, -1]\n");
    row("colours", "\x1b[0;32mIn [\x1b[1;32m1\x1b[0;32m]: \x1b[0mx", "x");
    row("colours without their first character", "[0;32mIn [[1;32m1[0m]: x", "x");
    row("a list that is like a colour", "[0, 32] [1;2] [m]", "[0, 32] [1;2] [m]");
    row("an escape at the end", "x\x1b[", "x[");
    row("quoting", "> x tensor([1.,\n>   2.])\n> > y 0.5", "x tensor([1.,\n2.])\ny 0.5");
    row("a prompt", ">>> bn.eps", "bn.eps");
    row("a comparison", "x > 0.5", "x > 0.5");
    row("a minus sign",
        "[\xe2\x88\x92"
        "0.5, \xe2\x88\x92inf]",
        "[-0.5, -inf]");
    row("a dash before a number",
        "\xe2\x80\x93"
        "310.0",
        "-310.0");
    row("a dash in prose", "mean \xe2\x80\x93 of bn", "mean \xe2\x80\x93 of bn");
    row("spaces that do not break",
        "mean\xc2\xa0[0.5,\xe2\x80\xaf"
        "1]\xe2\x80\x8b",
        "mean [0.5, 1]");
    row("curly quotes",
        "\xe2\x80\x98"
        "bn.bias\xe2\x80\x99",
        "'bn.bias'");
    row("an ellipsis", "[0.5, \xe2\x80\xa6]", "[0.5, ...]");
    row("breaks of a web page", "scale=1,<br>\nx<br/>", "scale=1,\nx");
    row("a time and a level", "2024-01-01 12:00:00 INFO: eps 1", "eps 1");
    row("a time with milliseconds, a name and a level",
        "2024-01-01 12:00:00,123 - my.module - INFO - eps 1", "eps 1");
    row("in brackets", "[2024-01-01 12:00:00] [INFO] [train.py:12] eps 1", "eps 1");
    row("a time alone", "2024-01-01T12:00:00.1234567Z eps 1", "eps 1");
    row("an hour and a bar", "12:00:00 | DEBUG | -0.5, 1]", "-0.5, 1]");
    row("Python's own form", "INFO:root:eps 1", "eps 1");
    row("a level alone", "WARNING: mean: [1]", "mean: [1]");
    row("a label behind a level", "INFO: eps:1e-05", "eps:1e-05");
    row("a line that goes on", "2024-01-01 12:00:00 INFO:        [0.5, 1]]", "[0.5, 1]]");
    row("a word that is no level", "INFORMATION mean", "INFORMATION mean");
    row("a number that is no time", "2024-01 [0.5]", "2024-01 [0.5]");
}

void TestPrintText::whatOthersAddIsTakenAway()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, plain);
    QCOMPARE(QByteArray::fromStdString(plain_text(text.toStdString()).text), plain);
}

void TestPrintText::everyEncodingIsRead_data()
{
    QTest::addColumn<QStringConverter::Encoding>("encoding");
    QTest::addColumn<bool>("has_mark");
    QTest::newRow("UTF-16, little-endian") << QStringConverter::Utf16LE << false;
    QTest::newRow("UTF-16, little-endian, with a mark") << QStringConverter::Utf16LE << true;
    QTest::newRow("UTF-16, big-endian") << QStringConverter::Utf16BE << false;
    QTest::newRow("UTF-16, big-endian, with a mark") << QStringConverter::Utf16BE << true;
    QTest::newRow("UTF-8") << QStringConverter::Utf8 << false;
    QTest::newRow("UTF-8 with a mark") << QStringConverter::Utf8 << true;
}

void TestPrintText::everyEncodingIsRead()
{
    QFETCH(QStringConverter::Encoding, encoding);
    QFETCH(bool, has_mark);
    const QString text = QString::fromUtf8(
        "mean of a layer that was trained [0.5, 0.25, 1] \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\n");
    QStringEncoder encoder(
        encoding, has_mark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
    const QByteArray bytes = encoder(text);
    QCOMPARE(QString::fromStdString(utf8_text(bytes.toStdString())), text);
}

void TestPrintText::halfACharacterIsSafe()
{
    using namespace std::string_literals;
    QCOMPARE(utf8_text("\xff\xfe"
                       "a\0b"s),
             "a"s);
    QCOMPARE(utf8_text("\xff\xfe\x3d\xd8"s), "\xef\xbf\xbd"s);
    QCOMPARE(utf8_text("\xff\xfe\x3d\xd8"
                       "a\0"s),
             "\xef\xbf\xbd"
             "a"s);
    QCOMPARE(utf8_text(""), ""s);
}

void TestPrintText::theForumsPrintIsReadInEveryDress_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("suffix");
    QTest::newRow("quoted") << "> "
                            << "";
    QTest::newRow("quoted twice") << "> > "
                                  << "";
    QTest::newRow("logged") << "2024-01-01 12:00:00 INFO: "
                            << "";
    QTest::newRow("logged by Python") << "2024-01-01 12:00:00,123 - root - DEBUG - "
                                      << "";
    QTest::newRow("in a colour") << "\x1b[1;32m"
                                 << "\x1b[0m";
    QTest::newRow("of a web page") << "\u00a0\u00a0"
                                   << "<br>";
    QTest::newRow("of Windows") << ""
                                << "\r";
}

void TestPrintText::theForumsPrintIsReadInEveryDress()
{
    QFETCH(QString, prefix);
    QFETCH(QString, suffix);
    const std::string text = textOf(QStringLiteral("forum.print.txt"));
    const Understanding plain = understood(text);
    QString dressed;
    for (const QString& line : QString::fromStdString(text).split(QLatin1Char('\n')))
        dressed += prefix + line + suffix + QLatin1Char('\n');
    dressed.replace(QLatin1Char('-'), QChar(0x2212));
    dressed.replace(QStringLiteral("2024\u221201\u221201"), QStringLiteral("2024-01-01"));
    dressed.replace(QStringLiteral(" \u2212 "), QStringLiteral(" - "));
    dressed.replace(QStringLiteral("1e\u221205"), QStringLiteral("1e-05"));
    const Understanding read = understood(dressed.toStdString());
    QCOMPARE(joined(read.understood), joined(plain.understood));
    QVERIFY(*read.model.layers.at(0) == *plain.model.layers.at(0));
    QVERIFY(read.observations == plain.observations);
}

QBN_TEST(TestPrintText)
#include "tst_print_text.moc"
