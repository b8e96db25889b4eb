#include "core/text/csv.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;

class TestCsv : public QObject
{
    Q_OBJECT

private slots:
    void fieldsAreQuotedWhereTheyMustBe_data();
    void fieldsAreQuotedWhereTheyMustBe();
    void numbersAreExact();
    void tabsAndBreaksDoNotLeaveTheirCell();
};

void TestCsv::fieldsAreQuotedWhereTheyMustBe_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("written");
    QTest::newRow("plain") << "conv1.0"
                           << "conv1.0";
    QTest::newRow("a comma") << "a,b"
                             << "\"a,b\"";
    QTest::newRow("a quote is doubled") << "a\"b"
                                        << "\"a\"\"b\"";
    QTest::newRow("a line break") << "a\nb"
                                  << "a\\nb";
    QTest::newRow("an escape code of a terminal") << "a\x1b[2Jb"
                                                  << "a\\u001b[2Jb";
    QTest::newRow("a text that a spreadsheet would run") << "=HYPERLINK(1)"
                                                         << "'=HYPERLINK(1)";
    QTest::newRow("one with a plus sign") << "+1+cmd"
                                          << "'+1+cmd";
    QTest::newRow("one with a minus sign, and a comma") << "-f(1,2)"
                                                        << "\"'-f(1,2)\"";
    QTest::newRow("one with an at sign") << "@SUM(1)"
                                         << "'@SUM(1)";
    QTest::newRow("a text that is a negative number") << "-0.5"
                                                      << "-0.5";
    QTest::newRow("a text that is minus infinity") << "-inf"
                                                   << "-inf";
    QTest::newRow("a minus sign alone") << "-"
                                        << "'-";
    QTest::newRow("a tab before an equals sign") << "\t=1"
                                                 << "\\t=1";
    QTest::newRow("empty") << ""
                           << "";
}

void TestCsv::fieldsAreQuotedWhereTheyMustBe()
{
    QFETCH(QString, field);
    QFETCH(QString, written);
    const Table table{.columns = {field.toStdString()},
                      .rows = {{field.toStdString(), std::int64_t{1}}}};
    QCOMPARE(QString::fromStdString(csv_header(table)), written + QStringLiteral("\r\n"));
    QCOMPARE(QString::fromStdString(csv_rows(table)), written + QStringLiteral(",1\r\n"));
}

void TestCsv::numbersAreExact()
{
    const Table table{.columns = {"a"},
                      .rows = {{0.1, 1e-5, std::nan(""), -HUGE_VAL, std::int64_t{-7}}}};
    QCOMPARE(csv_rows(table), std::string("0.1,1e-05,nan,-inf,-7\r\n"));
}

void TestCsv::tabsAndBreaksDoNotLeaveTheirCell()
{
    const Table table{.columns = {"a\tb", "c"}, .rows = {{std::string("x\ty\nz"), 2.5}}};
    QCOMPARE(to_tsv(table), std::string("a\\tb\tc\nx\\ty\\nz\t2.5\n"));
}

QBN_TEST(TestCsv)
#include "tst_csv.moc"
