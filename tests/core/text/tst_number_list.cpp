#include "core/text/number_list.h"
#include "core/text/text_number.h"
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
    void whatIsMissingIsSaid();
    void aListIsNoNumber();
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
    QTest::newRow("a C array") << QByteArray("static const float gamma[3] = {0.5f, -2.0f, 1e-3f};");
    QTest::newRow("a list of NumPy's numbers")
        << QByteArray("[np.float64(0.5), np.float64(-2.0), np.float64(0.001)]");
    QTest::newRow("a tuple") << QByteArray("(0.5, -2, 1e-3)");
    QTest::newRow("a tuple of NumPy's numbers")
        << QByteArray("(np.float64(0.5), np.float64(-2.0), np.float64(0.001))");
    QTest::newRow("NumPy's numbers without brackets around")
        << QByteArray("np.float64(0.5), np.float64(-2.0), np.float64(0.001)");
    QTest::newRow("a list of tensors") << QByteArray("[tensor(0.5), tensor(-2.), tensor(0.001)]");
    QTest::newRow("a column vector") << QByteArray("[[0.5],[-2.],[0.001]]");
    QTest::newRow("a column of a tuple") << QByteArray("((0.5,), (-2.,), (0.001,))");
    QTest::newRow("a tensor of shape (1, 3, 1, 1)")
        << QByteArray("tensor([[[[ 0.5000]],\n\n         [[-2.0000]],\n\n         [[ 0.0010]]]])");
    QTest::newRow("the same with its type")
        << QByteArray("tensor([[[[0.5]],[[-2.]],[[0.001]]]], dtype=torch.float64)");
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
    QTest::newRow("a function of one") << QByteArray("[np.sqrt(2), np.float64(0.5)]");
    QTest::newRow("an ellipsis for what was not printed") << QByteArray("[0.5, ..., 2]");
}

void TestNumberList::otherTextIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parse_number_list(text.toStdString()));
}

void TestNumberList::whatIsMissingIsSaid()
{
    QCOMPARE(read_number_list("[0.5 0.25 ... 2. ]").error().message,
             std::string("numbers are left out after the first 2, at \"...\""));
    QCOMPARE(read_number_list("0.5, scale").error().message,
             std::string("\"scale\" is not a number"));
}

void TestNumberList::aListIsNoNumber()
{
    for (const char* text :
         {"[0.5, 0.25]", "tensor([0.5, 0.25])", "0.5 0.25", "0.5\t0.25", "{0.5f, 0.25f}",
          "[0.5 ... 0.25]", "[[1.],[2.],[3.]]", "[[1.]\n [2.]]", "tensor([[[[1.]],[[2.]],[[3.]]]])",
          "((1.,), (2.,))", "(1.0, 2.0, nan)", "(nan, inf)", "np.float32(1.), np.float32(2.)"}) {
        QVERIFY2(!parse_typed_number(text), text);
        QVERIFY2(looks_like_number_list(text), text);
    }
    for (const char* text :
         {"0,5", "tensor([5.28])", "1/127", "tensor(0.2991, size=(), dtype=torch.quint8)",
          "tensor([[[[5.28]]]], size=(1, 1, 1, 1), dtype=torch.float64)", "[\n5.28\n]"})
        QVERIFY2(parse_typed_number(text), text);
}

QBN_TEST(TestNumberList)
#include "tst_number_list.moc"
