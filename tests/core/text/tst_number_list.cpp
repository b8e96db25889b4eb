#include "core/text/number_list.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

class TestNumberList : public QObject
{
    Q_OBJECT

private slots:
    void columnsAreRead_data();
    void columnsAreRead();
    void otherTextIsRefused_data();
    void otherTextIsRefused();
};

void TestNumberList::columnsAreRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("lines of a spreadsheet") << QByteArray("0.5\r\n-2\r\n1e-3\r\n");
    QTest::newRow("cells of a row") << QByteArray("0.5\t-2\t0.001");
    QTest::newRow("a Python list") << QByteArray("[0.5, -2, 1e-3]");
    QTest::newRow("a tensor") << QByteArray("tensor([ 5.0000e-01, -2.0000e+00,\n   1.0000e-03])");
    QTest::newRow("a tensor with its type")
        << QByteArray("tensor([0.5, -2., 0.001], dtype=torch.float64)");
    QTest::newRow("a NumPy array") << QByteArray("[ 0.5   -2.     0.001]");
    QTest::newRow("semicolons") << QByteArray("0.5;-2;0.001");
}

void TestNumberList::columnsAreRead()
{
    QFETCH(QByteArray, text);
    const auto numbers = parse_number_list(text.toStdString());
    QVERIFY(numbers);
    QVERIFY((*numbers == std::vector<double>{0.5, -2, 0.001}));
}

void TestNumberList::otherTextIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("white space") << QByteArray(" \n");
    QTest::newRow("empty brackets") << QByteArray("tensor([])");
    QTest::newRow("a word among numbers") << QByteArray("0.5, scale, 2");
    QTest::newRow("an ellipsis for what was not printed") << QByteArray("[0.5, ..., 2]");
}

void TestNumberList::otherTextIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parse_number_list(text.toStdString()));
}

QBN_TEST(TestNumberList)
#include "tst_number_list.moc"
