#include "core/formats/observed/code_histogram.h"
#include "tests/support/room.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace Qt::StringLiterals;

class TestCodeHistogram : public QObject
{
    Q_OBJECT

private slots:
    void countsAreRead();
    void wrongLinesAreNamed_data();
    void wrongLinesAreNamed();

private:
    QString write(const QByteArray& text) const
    {
        QFile file(m_folder.filePath(u"counts.csv"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        return file.fileName();
    }

    QTemporaryDir m_folder;
};

void TestCodeHistogram::countsAreRead()
{
    const QString path
        = write("channel,input_code,count\r\n0,38,3\r\n1,0,0.5\r\n0,39,1\r\n0,38,0\r\n");
    const auto read = read_code_histogram(path, identity_layer("two", 2));
    QVERIFY(read);
    QVERIFY(read->weights(0)[38] == 0.75);
    QVERIFY(read->weights(0)[39] == 0.25);
    QVERIFY(read->weights(1)[0] == 1);
}

void TestCodeHistogram::wrongLinesAreNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const QByteArray header = "channel,input_code,count\n";
    QTest::newRow("nothing at all")
        << QByteArray() << "line 1: \"channel,input_code,count\" is expe";
    QTest::newRow("another header") << QByteArray("code,count\n") << "line 1: ";
    QTest::newRow("two fields") << header + "0,38\n" << "line 2: it has 2 fields";
    QTest::newRow("a channel too many") << header + "0,1,1\n2,38,1\n"
                                        << "line 3: \"2\" is no channel: they are 0 to 1";
    QTest::newRow("a code too many") << header + "0,256,1\n"
                                     << "line 2: \"256\" is no input code: they are 0 to 255";
    QTest::newRow("less than nothing") << header + "0,38,-1\n" << "line 2: \"-1\" is no count";
    QTest::newRow("infinity") << header + "0,38,inf\n" << "line 2: \"inf\" is no count";
}

void TestCodeHistogram::wrongLinesAreNamed()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const QString path = write(text);
    const auto read = read_code_histogram(path, identity_layer("two", 2));
    QVERIFY(!read);
    const QString message = QString::fromStdString(read.error().message);
    QVERIFY2(message.startsWith(path + u", "_s + says), qPrintable(message));
}

QBN_TEST(TestCodeHistogram)
#include "tst_code_histogram.moc"
