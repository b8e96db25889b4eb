#include "core/formats/npy/npy.h"
#include "core/formats/observed/observation_file.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

namespace {

/// An array of format 1.0 whose data somebody else lays out.
QByteArray npy(const char* descr, bool fortran, const QByteArray& shape, const QByteArray& data)
{
    QByteArray header = "{'descr': '" + QByteArray(descr)
        + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" + shape + "), }";
    return QByteArray("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header
        + data;
}

template <typename T> QByteArray raw(const std::vector<T>& values)
{
    return {reinterpret_cast<const char*>(values.data()),
            static_cast<qsizetype>(values.size() * sizeof(T))};
}

} // namespace

/// Observations from two arrays, against a plain walk over all elements.
class TestNpyObservations : public QObject
{
    Q_OBJECT

private slots:
    void theSameAsAPlainWalk_data();
    void theSameAsAPlainWalk();
    void everyWidthGivesTheSame_data();
    void everyWidthGivesTheSame();
    void ordersMayDiffer();
    void outputsOutsideOfTheTypeAreKept();
    void whatIsNoCodeIsRefused_data();
    void whatIsNoCodeIsRefused();
    void noElementsAreNoObservations_data();
    void noElementsAreNoObservations();
    void aFileThatLiesAboutItsSizeIsRefused_data();
    void aFileThatLiesAboutItsSizeIsRefused();

private:
    QString write(const QString& name, const QByteArray& bytes) const;

    QTemporaryDir m_folder;
};

QString TestNpyObservations::write(const QString& name, const QByteArray& bytes) const
{
    QFile file(m_folder.filePath(name));
    const bool done = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    return done ? file.fileName() : QString();
}

void TestNpyObservations::theSameAsAPlainWalk_data()
{
    QTest::addColumn<int>("batch");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("plane");
    QTest::newRow("one channel, larger than a chunk") << 1 << 1 << 9000;
    QTest::newRow("no plane, more channels than a block") << 40 << 150 << 1;
    QTest::newRow("a block of channels and one more") << 3 << 65 << 7;
    QTest::newRow("more different ones than are kept") << 2 << 130 << 200;
}

void TestNpyObservations::theSameAsAPlainWalk()
{
    QFETCH(int, batch);
    QFETCH(int, channels);
    QFETCH(int, plane);
    QRandomGenerator random(7);
    const std::size_t count = static_cast<std::size_t>(batch * channels * plane);
    std::vector<std::int32_t> from(count);
    std::vector<std::int32_t> to(count);
    std::generate(from.begin(), from.end(), [&] { return random.bounded(256); });
    std::transform(from.begin(), from.end(), to.begin(),
                   [&](std::int32_t code) { return (code + random.bounded(3)) % 256; });
    std::vector<Observation> expected;
    std::set<std::tuple<int, int, int>> known;
    for (std::size_t i = 0; i < count; ++i) {
        const int channel = static_cast<int>(i) / plane % channels;
        if (known.insert({channel, from[i], to[i]}).second && known.size() <= observation_limit)
            expected.push_back({channel, from[i], to[i]});
    }
    const std::vector<std::int64_t> shape{batch, channels, plane};
    const auto read = read_observations(write(u"in.npy"_s, write_npy(shape, quint8_type, from)),
                                        write(u"out.npy"_s, write_npy(shape, quint8_type, to)),
                                        identity_layer("l", channels));
    QVERIFY2(read, qPrintable(messageOf(read)));
    QCOMPARE(read->different, known.size());
    QVERIFY(read->observations == expected);
}

void TestNpyObservations::everyWidthGivesTheSame_data()
{
    QTest::addColumn<QByteArray>("descr");
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("uint8") << QByteArray("|u1") << raw(std::vector<std::uint8_t>{1, 2, 3, 4});
    QTest::newRow("int8") << QByteArray("|i1") << raw(std::vector<std::int8_t>{1, 2, 3, 4});
    QTest::newRow("int16") << QByteArray("<i2") << raw(std::vector<std::int16_t>{1, 2, 3, 4});
    QTest::newRow("int32") << QByteArray("<i4") << raw(std::vector<std::int32_t>{1, 2, 3, 4});
    QTest::newRow("int64") << QByteArray("<i8") << raw(std::vector<std::int64_t>{1, 2, 3, 4});
    QTest::newRow("float32") << QByteArray("<f4") << raw(std::vector<float>{1, 2.2F, 3, 4});
    QTest::newRow("float64") << QByteArray("<f8") << raw(std::vector<double>{1, 2, 3.4, 4});
}

void TestNpyObservations::everyWidthGivesTheSame()
{
    QFETCH(QByteArray, descr);
    QFETCH(QByteArray, data);
    const QString path = write(u"a.npy"_s, npy(descr.constData(), false, "2, 2", data));
    const auto read = read_observations(path, path, identity_layer("l", 2));
    QVERIFY2(read, qPrintable(messageOf(read)));
    const std::vector<Observation> expected{{0, 1, 1}, {1, 2, 2}, {0, 3, 3}, {1, 4, 4}};
    QVERIFY(read->observations == expected);
}

void TestNpyObservations::ordersMayDiffer()
{
    const QString c = write(
        u"c.npy"_s, npy("|u1", false, "2, 3", raw(std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6})));
    const QString f = write(
        u"f.npy"_s, npy("|u1", true, "2, 3", raw(std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6})));
    const std::set<std::tuple<int, int, int>> expected{{0, 1, 1}, {1, 2, 2}, {2, 3, 3},
                                                       {0, 4, 4}, {1, 5, 5}, {2, 6, 6}};
    for (const auto& [input, output] :
         {std::pair(c, c), std::pair(c, f), std::pair(f, c), std::pair(f, f)}) {
        const auto read = read_observations(input, output, identity_layer("l", 3));
        QVERIFY2(read, qPrintable(messageOf(read)));
        std::set<std::tuple<int, int, int>> found;
        for (const Observation& seen : read->observations)
            found.insert({seen.channel, seen.input_code, seen.output_code});
        QVERIFY(found == expected);
    }
}

void TestNpyObservations::outputsOutsideOfTheTypeAreKept()
{
    const QString input = write(
        u"i.npy"_s, npy("<i4", false, "1, 1, 4", raw(std::vector<std::int32_t>{0, 9, 0, 9})));
    const QString output = write(
        u"o.npy"_s,
        npy("<i4", false, "1, 1, 4", raw(std::vector<std::int32_t>{-7, 2147483647, -7, 5})));
    const auto read = read_observations(input, output, identity_layer("l", 1));
    QVERIFY2(read, qPrintable(messageOf(read)));
    const std::vector<Observation> expected{{0, 0, -7}, {0, 9, 2147483647}, {0, 9, 5}};
    QVERIFY(read->observations == expected);
}

void TestNpyObservations::whatIsNoCodeIsRefused_data()
{
    QTest::addColumn<QByteArray>("descr");
    QTest::addColumn<QByteArray>("element");
    using Limits = std::numeric_limits<std::int64_t>;
    QTest::newRow("2^63 - 1") << QByteArray("<i8") << raw(std::vector<std::int64_t>{Limits::max()});
    QTest::newRow("-2^63") << QByteArray("<i8") << raw(std::vector<std::int64_t>{Limits::min()});
    QTest::newRow("2^32, which is 0 in 32 bits")
        << QByteArray("<i8") << raw(std::vector<std::int64_t>{std::int64_t{1} << 32});
    QTest::newRow("256") << QByteArray("<i2") << raw(std::vector<std::int16_t>{256});
    QTest::newRow("-1") << QByteArray("|i1") << raw(std::vector<std::int8_t>{-1});
    QTest::newRow("not a number") << QByteArray(
        "<f8") << raw(std::vector<double>{std::numeric_limits<double>::quiet_NaN()});
    QTest::newRow("infinity") << QByteArray("<f4")
                              << raw(std::vector<float>{std::numeric_limits<float>::infinity()});
}

void TestNpyObservations::whatIsNoCodeIsRefused()
{
    QFETCH(QByteArray, descr);
    QFETCH(QByteArray, element);
    const QByteArray data = QByteArray(element.size(), '\0') + element;
    const QString path = write(u"bad.npy"_s, npy(descr.constData(), false, "2, 1", data));
    const auto read = read_observations(path, path, identity_layer("l", 1));
    QCOMPARE(messageOf(read), path + u": element 1 is no code of the layer's"_s);
}

void TestNpyObservations::noElementsAreNoObservations_data()
{
    QTest::addColumn<QByteArray>("shape");
    QTest::newRow("no batch") << QByteArray("0, 2");
    QTest::newRow("no batch, and sizes whose product is beyond 64 bits")
        << QByteArray("0, 2, 4611686018427387904, 4611686018427387904");
    QTest::newRow("an empty plane") << QByteArray("2, 2, 0");
}

void TestNpyObservations::noElementsAreNoObservations()
{
    QFETCH(QByteArray, shape);
    const QString path = write(u"none.npy"_s, npy("|u1", false, shape, {}));
    const auto read = read_observations(path, path, identity_layer("l", 2));
    QVERIFY2(read, qPrintable(messageOf(read)));
    QVERIFY(read->observations.empty());
}

void TestNpyObservations::aFileThatLiesAboutItsSizeIsRefused_data()
{
    QTest::addColumn<QByteArray>("shape");
    for (const char* shape : {"1, 2, 3", "2, 2, 2", "9223372036854775807, 2",
                              "4611686018427387904, 2, 2", "1099511627776, 2, 8388608", "2, 2, 0"})
        QTest::newRow(shape) << QByteArray(shape);
}

void TestNpyObservations::aFileThatLiesAboutItsSizeIsRefused()
{
    QFETCH(QByteArray, shape);
    const QString path = write(u"lie.npy"_s, npy("|u1", false, shape, "abcd"));
    const auto read = read_observations(path, path, identity_layer("l", 2));
    QCOMPARE(messageOf(read),
             path + u": the NumPy array has 4 bytes of data, which do not fit its shape"_s);
}

QBN_TEST(TestNpyObservations)
#include "tst_npy_observations.moc"
