#include "core/activations/tensor_layout.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace Qt::StringLiterals;

class TestTensorLayout : public QObject
{
    Q_OBJECT

private slots:
    // The numbers are NumPy's: numpy.unravel_index(element, shape).
    void anElementHasAPlaceAndAChannel_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("isLast");
        QTest::addColumn<quint64>("element");
        QTest::addColumn<QString>("index");
        QTest::addColumn<int>("channel");
        QTest::newRow("NCHW") << QList<qint64>{2, 3, 40, 50} << false << quint64{9876}
                              << u"(1, 1, 37, 26)"_s << 1;
        QTest::newRow("NHWC") << QList<qint64>{2, 40, 50, 3} << true << quint64{9876}
                              << u"(1, 25, 42, 0)"_s << 0;
        QTest::newRow("N and C") << QList<qint64>{7, 3} << false << quint64{11} << u"(3, 2)"_s << 2;
        QTest::newRow("C and the rest")
            << QList<qint64>{3, 256} << false << quint64{600} << u"(2, 88)"_s << 2;
        QTest::newRow("flat, channel by channel")
            << QList<qint64>{12} << false << quint64{7} << u"(7,)"_s << 1;
        QTest::newRow("flat, pixel by pixel")
            << QList<qint64>{12} << true << quint64{7} << u"(7,)"_s << 1;
        QTest::newRow("five dimensions")
            << QList<qint64>{2, 3, 4, 5, 6} << false << quint64{500} << u"(1, 1, 0, 3, 2)"_s << 1;
    }

    void anElementHasAPlaceAndAChannel()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(bool, isLast);
        QFETCH(quint64, element);
        QFETCH(QString, index);
        QFETCH(int, channel);
        const auto layout = find_layout({shape.begin(), shape.end()}, 3,
                                        isLast ? ChannelOrder::nhwc : ChannelOrder::nchw);
        QVERIFY(layout);
        QCOMPARE(QString::fromStdString(index_text(*layout, element)), index);
        QCOMPARE(layout->channel_of(element), channel);
    }

    void anotherNumberOfChannelsIsTold_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("isLast");
        QTest::addColumn<QString>("message");
        QTest::newRow("in the second dimension")
            << QList<qint64>{2, 4, 5, 5} << false
            << u"its shape (2, 4, 5, 5) has not the layer's 3 channels in its second dimension"_s;
        QTest::newRow("in the last")
            << QList<qint64>{2, 3, 5, 5} << true
            << u"its shape (2, 3, 5, 5) has not the layer's 3 channels in its last dimension"_s;
        QTest::newRow("flat")
            << QList<qint64>{10} << false
            << u"its shape (10,) has not the layer's 3 channels in its second dimension"_s;
        QTest::newRow("a number")
            << QList<qint64>{} << false
            << u"its shape () has not the layer's 3 channels in its second dimension"_s;
    }

    void anotherNumberOfChannelsIsTold()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(bool, isLast);
        QFETCH(QString, message);
        const auto layout = find_layout({shape.begin(), shape.end()}, 3,
                                        isLast ? ChannelOrder::nhwc : ChannelOrder::nchw);
        QVERIFY(!layout);
        QCOMPARE(QString::fromStdString(layout.error().message), message);
    }
};

QBN_TEST(TestTensorLayout)
#include "tst_tensor_layout.moc"
