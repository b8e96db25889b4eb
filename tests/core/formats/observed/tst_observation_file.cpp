#include "core/formats/npy/npy.h"
#include "core/formats/observed/observation_file.h"
#include "tests/support/room.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace Qt::StringLiterals;

class TestObservationFile : public QObject
{
    Q_OBJECT

private slots:
    void codesAreRead();
    void realValuesFindTheirCodes();
    void outputsMayLeaveTheRange();
    void wrongLinesAreNamed_data();
    void wrongLinesAreNamed();
    void arraysAreReadByChannel();
    void arraysThatDoNotFitAreRefused_data();
    void arraysThatDoNotFitAreRefused();
    void noMoreThanTheLimitIsKept();

private:
    QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
        return file.fileName();
    }

    QTemporaryDir m_folder;
};

namespace {

/// Input code k stands for (k - 10) / 2, output code k for k.
BatchNormLayer twoChannels()
{
    BatchNormLayer layer = identity_layer("two", 2);
    layer.input = {.type = quint8_type, .scale = 0.5, .zero_point = 10};
    return layer;
}

} // namespace

void TestObservationFile::codesAreRead()
{
    const auto read = read_observations(
        write(u"codes.csv"_s,
              "channel,input_code,output_code\r\n1,38,52\r\n\r\n0, 1 ,2\r\n1,38,52\r\n"),
        twoChannels());
    QVERIFY(read);
    QVERIFY((read->observations == std::vector<Observation>{{1, 38, 52}, {0, 1, 2}}));
    QCOMPARE(read->different, std::size_t(2));
}

void TestObservationFile::realValuesFindTheirCodes()
{
    const auto read = read_observations(
        write(u"values.csv"_s, "channel,input,output\n0,14.01,52.2\n0,-1e9,7\n"), twoChannels());
    QVERIFY(read);
    QVERIFY((read->observations == std::vector<Observation>{{0, 38, 52}, {0, 0, 7}}));
}

// What a calculation without the clamp gives.
void TestObservationFile::outputsMayLeaveTheRange()
{
    const std::vector<Observation> expected{{0, 1, -21}, {1, 2, 404}};
    const auto codes = read_observations(
        write(u"codes.csv"_s, "channel,input_code,output_code\n0,1,-21\n1,2,404\n"), twoChannels());
    QVERIFY(codes);
    QVERIFY(codes->observations == expected);
    const auto values = read_observations(
        write(u"values.csv"_s, "channel,input,output\n0,-4.5,-21.2\n1,-4,404\n"), twoChannels());
    QVERIFY(values);
    QVERIFY(values->observations == expected);
    const QString input
        = write(u"in.npy"_s, write_npy({1, 2}, quint8_type, std::vector<std::int32_t>{1, 2}));
    const QString output
        = write(u"out.npy"_s, write_npy({1, 2}, qint8_type, std::vector<std::int32_t>{-21, 9}));
    const auto arrays = read_observations(input, output, twoChannels());
    QVERIFY(arrays);
    QVERIFY((arrays->observations == std::vector<Observation>{{0, 1, -21}, {1, 2, 9}}));
    QVERIFY(!read_observations(output, input, twoChannels()));
}

void TestObservationFile::wrongLinesAreNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const QByteArray codes = "channel,input_code,output_code\n";
    const QByteArray values = "channel,input,output\n";
    QTest::newRow("nothing at all") << QByteArray() << "line 1: \"channel,input_code,output_co";
    QTest::newRow("another header") << QByteArray("a,b,c\n") << "line 1: ";
    QTest::newRow("two fields") << codes + "0,38\n" << "line 2: it has 2 fields";
    QTest::newRow("a channel too many") << codes + "0,1,1\n2,38,1\n"
                                        << "line 3: \"2\" is no channel: they are 0 to 1";
    QTest::newRow("an input code too many") << codes + "0,256,1\n"
                                            << "line 2: \"256\" is no input code: they are 0 to 2";
    QTest::newRow("an output code that is no integer") << codes
            + "0,2,1.5\n" << "line 2: \"1.5\" is no output code: it is a whole number of 32 bits";
    QTest::newRow("an output beyond 32 bits") << values + "0,2,1e30\n"
                                              << "line 2: \"1e30\" is no value of a code";
    QTest::newRow("a value that has no code") << values + "0,nan,1\n"
                                              << "line 2: \"nan\" is no value of a code";
}

void TestObservationFile::wrongLinesAreNamed()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const QString path = write(u"wrong.csv"_s, text);
    const auto read = read_observations(path, twoChannels());
    QVERIFY(!read);
    const QString message = QString::fromStdString(read.error().message);
    QVERIFY2(message.startsWith(path + u", "_s + says), qPrintable(message));
}

void TestObservationFile::arraysAreReadByChannel()
{
    // Shape 2, 2, 1, 2: the channel changes with every second element.
    const std::vector<std::int64_t> shape{2, 2, 1, 2};
    const std::vector<std::int32_t> input{1, 2, 3, 4, 5, 2, 7, 8};
    const std::vector<std::int32_t> output{11, 12, 13, 14, 15, 12, 17, 18};
    const auto read = read_observations(write(u"in.npy"_s, write_npy(shape, quint8_type, input)),
                                        write(u"out.npy"_s, write_npy(shape, quint8_type, output)),
                                        twoChannels());
    QVERIFY(read);
    const std::vector<Observation> expected{{0, 1, 11}, {0, 2, 12}, {1, 3, 13}, {1, 4, 14},
                                            {0, 5, 15}, {1, 7, 17}, {1, 8, 18}};
    QVERIFY(read->observations == expected);
}

void TestObservationFile::arraysThatDoNotFitAreRefused_data()
{
    QTest::addColumn<int>("inputChannels");
    QTest::addColumn<int>("outputWidth");
    QTest::addColumn<QString>("says");
    QTest::newRow("three channels of a layer with two")
        << 3 << 1 << u"in.npy: dimension 1 is the channel and has to be 2 long"_s;
    QTest::newRow("an output of another shape") << 2 << 2 << u"out.npy: its shape is not that of"_s;
}

void TestObservationFile::arraysThatDoNotFitAreRefused()
{
    QFETCH(int, inputChannels);
    QFETCH(int, outputWidth);
    QFETCH(QString, says);
    const std::vector<std::int32_t> input(static_cast<std::size_t>(inputChannels));
    const std::vector<std::int32_t> output(static_cast<std::size_t>(2 * outputWidth));
    const auto read = read_observations(
        write(u"in.npy"_s, write_npy({1, inputChannels, 1}, quint8_type, input)),
        write(u"out.npy"_s, write_npy({1, 2, outputWidth}, quint8_type, output)), twoChannels());
    QVERIFY(!read);
    const QString message = QString::fromStdString(read.error().message);
    QVERIFY2(message.contains(says), qPrintable(message));
}

void TestObservationFile::noMoreThanTheLimitIsKept()
{
    QByteArray text = "channel,input_code,output_code\n";
    for (int input = 0; input < 256; ++input)
        for (int output = 0; output < 100; ++output)
            text += "0," + QByteArray::number(input) + ',' + QByteArray::number(output) + '\n';
    const auto read = read_observations(write(u"many.csv"_s, text), twoChannels());
    QVERIFY(read);
    QCOMPARE(read->observations.size(), observation_limit);
    QCOMPARE(read->different, std::size_t(25600));
}

QBN_TEST(TestObservationFile)
#include "tst_observation_file.moc"
