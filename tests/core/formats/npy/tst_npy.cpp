#include "core/formats/npy/npy.h"
#include "tests/support/format_files.h"
#include "tests/support/npy_values.h"
#include "tests/support/room.h"

#include <QTest>

#include <numeric>

using namespace qbn;
using namespace qbn::test;

namespace {

QByteArray npy(const QByteArray& header, const QByteArray& data, char major = 1)
{
    QByteArray bytes("\x93NUMPY");
    bytes.append(major).append('\0');
    bytes.append(static_cast<char>(header.size())).append('\0');
    if (major > 1)
        bytes.append('\0').append('\0');
    return bytes + header + data;
}

QByteArray bytes(std::initializer_list<int> values)
{
    QByteArray result;
    for (const int value : values)
        result.append(static_cast<char>(value));
    return result;
}

using Values = std::vector<double>;
using Shape = std::vector<std::int64_t>;

} // namespace

Q_DECLARE_METATYPE(Values)

class TestNpy : public QObject
{
    Q_OBJECT

private slots:
    void whatIsWrittenIsWhatNumpyWrites()
    {
        const std::vector<std::int32_t> codes{0, 1, 2, 253, 254, 255};
        const QByteArray written = write_npy({2, 3}, quint8_type, codes);
        const QByteArray expected = QByteArray("\x93NUMPY\x01\x00v\x00", 10)
            + "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }" + QByteArray(58, ' ')
            + "\n" + bytes({0, 1, 2, 253, 254, 255});
        QCOMPARE(written, expected);
    }

    void goldenCodesAreWrittenAgain_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("uint8") << "golden/forum.0.pytorch.npy";
        QTest::newRow("uint8 in C order") << "golden/forum.0.onnxruntime.npy";
        for (int layer = 0; layer < 24; ++layer) {
            const QString name = QStringLiteral("golden/hard.%1.pytorch.npy").arg(layer);
            if (QFile::exists(filePath(name)))
                QTest::newRow(qPrintable(QStringLiteral("hard layer %1").arg(layer))) << name;
        }
    }

    void goldenCodesAreWrittenAgain()
    {
        QFETCH(QString, file);
        const QByteArray source = bytesOf(file);
        const auto array = read_npy(source);
        QVERIFY2(array, qPrintable(messageOf(array)));
        QCOMPARE(array->shape.size(), std::size_t{2});
        QCOMPARE(array->shape[1], std::int64_t{256});
        const Values values = npyValues(*array);
        const std::vector<std::int32_t> codes(values.begin(), values.end());
        const CodeType type = array->descr == "|i1" ? qint8_type : quint8_type;
        const QByteArray written = write_npy(array->shape, type, codes);
        if (!source.contains("'fortran_order': True"))
            QCOMPARE(written, source);
        const auto again = read_npy(written);
        QVERIFY2(again, qPrintable(messageOf(again)));
        QCOMPARE(npyValues(*again), values);
    }

    void shapesOfAnyRankComeBack_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::newRow("scalar") << QList<qint64>{};
        QTest::newRow("one dimension") << QList<qint64>{4};
        QTest::newRow("empty") << QList<qint64>{0, 3};
        QTest::newRow("four dimensions") << QList<qint64>{1, 2, 1, 2};
        QTest::newRow("a header of two blocks") << QList<qint64>(32, 1);
    }

    void shapesOfAnyRankComeBack()
    {
        QFETCH(QList<qint64>, shape);
        const Shape sizes(shape.begin(), shape.end());
        std::int64_t count = 1;
        for (const std::int64_t size : sizes)
            count *= size;
        std::vector<std::int32_t> codes(static_cast<std::size_t>(count));
        std::iota(codes.begin(), codes.end(), -2);
        const QByteArray written = write_npy(sizes, qint8_type, codes);
        QCOMPARE((written.size() - static_cast<qsizetype>(codes.size())) % 64, qsizetype{0});
        const auto array = read_npy(written);
        QVERIFY2(array, qPrintable(messageOf(array)));
        QCOMPARE(array->shape, sizes);
        QCOMPARE(npyValues(*array), Values(codes.begin(), codes.end()));
    }

    void everyElementTypeIsRead_data()
    {
        QTest::addColumn<QByteArray>("descr");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<Values>("values");
        QTest::newRow("uint8") << QByteArray("|u1") << bytes({0, 255}) << Values{0, 255};
        QTest::newRow("int8") << QByteArray("|i1") << bytes({0x80, 0x7f}) << Values{-128, 127};
        QTest::newRow("int16") << QByteArray("<i2") << bytes({0xff, 0xff, 1, 2}) << Values{-1, 513};
        QTest::newRow("int32") << QByteArray("<i4") << bytes({0, 0, 0, 0x80, 1, 0, 0, 0})
                               << Values{-2147483648.0, 1};
        QTest::newRow("int64") << QByteArray("<i8")
                               << bytes({1, 0, 0, 0, 1, 0, 0, 0}) + QByteArray(8, '\xff')
                               << Values{4294967297.0, -1};
        QTest::newRow("float32") << QByteArray("<f4") << bytes({0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0})
                                 << Values{1, -2.5};
        QTest::newRow("float64") << QByteArray("<f8")
                                 << bytes({0, 0, 0, 0, 0, 0, 0xf0, 0x3f}) + QByteArray(8, '\0')
                                 << Values{1, 0};
    }

    void everyElementTypeIsRead()
    {
        QFETCH(QByteArray, descr);
        QFETCH(QByteArray, data);
        QFETCH(Values, values);
        const QByteArray header
            = "{'shape': (2,), 'fortran_order': False, \"descr\": '" + descr + "'}";
        for (const char version : {'\1', '\2', '\3'}) {
            const QByteArray file = npy(header, data, version);
            const auto array = read_npy(file);
            QVERIFY2(array, qPrintable(messageOf(array)));
            QCOMPARE(array->descr, descr.toStdString());
            QCOMPARE(npyValues(*array), values);
        }
    }

    void fortranOrderBecomesCOrder()
    {
        const QByteArray file = npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n",
                                    bytes({1, 4, 2, 5, 3, 6}));
        const auto array = read_npy(file);
        QVERIFY2(array, qPrintable(messageOf(array)));
        QCOMPARE(array->shape, (Shape{2, 3}));
        QCOMPARE(npyValues(*array), (Values{1, 2, 3, 4, 5, 6}));
        QCOMPARE(reordered(reordered(*array)).data, array->data);
    }

    void whatIsNotUnderstoodIsRefused_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("message");
        const QString noArray = QStringLiteral(
            "it is not a NumPy array of format 1, 2 or 3, or its header is cut short");
        QTest::newRow("empty") << QByteArray() << noArray;
        QTest::newRow("only the magic number") << QByteArray("\x93NUMPY") << noArray;
        QTest::newRow("format 9") << npy("{}", {}, 9) << noArray;
        QTest::newRow("header cut short") << npy("{'descr': ", {}).chopped(3) << noArray;
        const auto header = [](const char* text) { return npy(text, bytes({1, 2})); };
        QTest::newRow("objects")
            << header("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }")
            << QStringLiteral("NumPy elements of type \"|O\" are not supported");
        QTest::newRow("big endian")
            << header("{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }")
            << QStringLiteral("NumPy elements of type \">i2\" are not supported");
        const QString misfit
            = QStringLiteral("the NumPy array has 2 bytes of data, which do not fit its shape");
        QTest::newRow("too few elements")
            << header("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }") << misfit;
        QTest::newRow("too many elements")
            << header("{'descr': '|u1', 'fortran_order': False, 'shape': (), }") << misfit;
        QTest::newRow("a shape that overflows") << header(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }")
                                                << misfit;
        QTest::newRow("a dimension too many")
            << npy("{'descr': '|u1', 'fortran_order': True, 'shape': ("
                       + QByteArray("1,").repeated(33) + "), }",
                   bytes({1}))
            << QStringLiteral("the NumPy array has more than 32 dimensions");
        for (const char* text :
             {"{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), }",
              "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
              "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,), }",
              "{'descr': '|u1', 'fortran_order': False, }",
              "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
              "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1}",
              "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x",
              "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (2,), }",
              "{'descr': '|u1', 'fortran_order': False, 'shape': (2 3)}", "", "{", "{'descr"})
            QTest::newRow(qPrintable(QStringLiteral("the header %1").arg(QLatin1String(text))))
                << header(text) << QStringLiteral("the NumPy header");
    }

    void whatIsNotUnderstoodIsRefused()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, message);
        const QString found = messageOf(read_npy(file));
        QVERIFY2(found.startsWith(message), qPrintable(found));
    }

    void noPrefixOfAFileIsRead()
    {
        const QByteArray file = bytesOf(QStringLiteral("golden/forum.0.pytorch.npy"));
        for (qsizetype size = 0; size < file.size(); ++size)
            QVERIFY(!read_npy(file.left(size)));
    }
};

QBN_TEST(TestNpy)
#include "tst_npy.moc"
