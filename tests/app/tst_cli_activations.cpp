#include "core/backends/backend.h"
#include "core/formats/npy/npy.h"
#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// `qbn activations` as people and scripts run it.
class TestCliActivations : public QObject
{
    Q_OBJECT

private slots:
    void theOutputOfAFrameworkAgreesWithItsBackend_data()
    {
        QTest::addColumn<QString>("framework");
        QTest::addColumn<QString>("backend");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("PyTorch's with pytorch") << u"pytorch"_s << u"pytorch"_s << 0;
        QTest::newRow("LiteRT's with litert") << u"litert"_s << u"litert"_s << 0;
        QTest::newRow("LiteRT's not with pytorch") << u"litert"_s << u"pytorch"_s << 1;
    }

    // An element for each input code of each channel, so that the golden codes are the output.
    void theOutputOfAFrameworkAgreesWithItsBackend()
    {
        QFETCH(QString, framework);
        QFETCH(QString, backend);
        QFETCH(int, exitCode);
        const auto golden = *goldenCodes(u"forum"_s, 0, framework.toStdString());
        const auto other = *goldenCodes(u"forum"_s, 0, backend.toStdString());
        qint64 agreeing = 0;
        for (std::size_t i = 0; i < golden.values.size(); ++i)
            agreeing += golden.values[i] == other.values[i] ? 1 : 0;

        const Outcome outcome
            = activations({u"--input"_s, writeInput(), u"--output"_s, goldenFile(framework),
                           u"--backend"_s, backend, u"--json"_s});
        QCOMPARE(outcome.errors, QByteArray());
        QCOMPARE(outcome.exitCode, exitCode);
        const QJsonObject json = QJsonDocument::fromJson(outcome.output).object();
        QCOMPARE(json[u"elements"_s].toInt(), 768);
        for (const QJsonValue& value : json[u"agreement"_s].toArray()) {
            if (value[u"backend"_s] == backend)
                QCOMPARE(value[u"agreeing"_s].toInteger(), agreeing);
            if (value[u"backend"_s] == framework)
                QCOMPARE(value[u"agreeing"_s].toInteger(), 768);
        }
        QCOMPARE(json[u"disagreements"_s].toArray().size(), 768 - agreeing);
        for (const QJsonValue& value : json[u"disagreements"_s].toArray()) {
            const qsizetype place
                = value[u"channel"_s].toInt() * 256 + value[u"input_code"_s].toInt();
            const QJsonArray index{value[u"channel"_s], value[u"input_code"_s]};
            QCOMPARE(value[u"first"_s].toArray(), index);
            QCOMPARE(value[u"got"_s].toDouble(), golden.values[static_cast<std::size_t>(place)]);
            QCOMPARE(value[u"expected"_s].toDouble(),
                     other.values[static_cast<std::size_t>(place)]);
        }
    }

    void theTextSaysWhoAgrees()
    {
        const Outcome outcome
            = activations({u"--input"_s, writeInput(), u"--output"_s, goldenFile(u"pytorch"_s)});
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY2(outcome.output.contains("layer 0: conv1.0, (3, 256), pytorch:\n"),
                 outcome.output.constData());
        QVERIFY(outcome.output.contains("channel 2: 256 elements, clamped low "));
        QVERIFY(outcome.output.contains(
            "  768 of 768 elements (100.00 %): exact, textbook, pytorch, "));
        QVERIFY(outcome.output.contains("litert-optimized\n    never "));
    }

    void tablesAreWrittenAsCsv_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<qsizetype>("lines");
        QTest::newRow("channels") << u"channels"_s
                                  << QByteArray("channel,elements,clamped_low,clamped_high,sqnr_db,"
                                                "input_at_qmin,input_at_qmax,input_unused_codes,"
                                                "input_mean_code,at_qmin,at_qmax,unused_codes,"
                                                "mean_code,read_at_qmin,read_at_qmax,"
                                                "read_unused_codes,read_mean_code")
                                  << qsizetype{4};
        QTest::newRow("backends") << u"backends"_s
                                  << QByteArray("backend,elements,agreeing,codes,never,partly,"
                                                "worst_channel,first,input_code,expected,got")
                                  << static_cast<qsizetype>(all_backends().size() + 1);
        QTest::newRow("pairs") << u"pairs"_s
                               << QByteArray("channel,input_code,expected,got,elements,first")
                               << qsizetype{1};
    }

    void tablesAreWrittenAsCsv()
    {
        QFETCH(QString, table);
        QFETCH(QByteArray, header);
        QFETCH(qsizetype, lines);
        const Outcome outcome = activations({u"--input"_s, writeInput(), u"--output"_s,
                                             goldenFile(u"pytorch"_s), u"--csv"_s, table});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.output.left(outcome.output.indexOf("\r\n")), header);
        QCOMPARE(outcome.output.count("\r\n"), lines);
    }

    void whatIsWrongIsOneSentence_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("nothing to read")
            << QStringList() << 2 << u"nothing to read: --input or --output names a file"_s;
        QTest::newRow("no file") << QStringList{u"--input"_s, u"none.npy"_s} << 3
                                 << u"none.npy: there is no such file"_s;
        QTest::newRow("no shape") << QStringList{u"--input"_s, u"none.raw"_s, u"--shape"_s,
                                                 u"1,x"_s}
                                  << 2 << u"--shape \"1,x\" is no shape, such as 1,64,112,112"_s;
        QTest::newRow("no type") << QStringList{u"--input"_s, u"none.raw"_s, u"--dtype"_s,
                                                u"float32"_s}
                                 << 2 << u"--dtype \"float32\" is neither uint8 nor int8"_s;
        QTest::newRow("no layout")
            << QStringList{u"--input"_s, u"none.raw"_s, u"--layout"_s, u"cnhw"_s} << 2
            << u"there is no layout \"cnhw\"; there are nchw, nhwc"_s;
        QTest::newRow("no table") << QStringList{u"--input"_s, u"none.raw"_s, u"--csv"_s, u"all"_s}
                                  << 2 << u"--csv \"all\" is none of channels, backends, pairs"_s;
        QTest::newRow("pairs of one side")
            << QStringList{u"--input"_s, u"none.raw"_s, u"--csv"_s, u"pairs"_s} << 2
            << u"--csv pairs needs --input and --output"_s;
    }

    void whatIsWrongIsOneSentence()
    {
        QFETCH(QStringList, options);
        QFETCH(int, exitCode);
        QFETCH(QString, complaint);
        const Outcome outcome = activations(options);
        QCOMPARE(outcome.exitCode, exitCode);
        QCOMPARE(QString::fromUtf8(outcome.errors), u"qbn: "_s + complaint + u'\n');
        QCOMPARE(outcome.output, QByteArray());
    }

private:
    static Outcome activations(const QStringList& arguments)
    {
        return runQbn(QStringList{u"activations"_s, dataPath(u"golden/forum.json"_s)} + arguments);
    }

    /// The golden codes as uint8, which most of them are not in the file.
    QString goldenFile(const QString& framework)
    {
        const auto golden = *goldenCodes(u"forum"_s, 0, framework.toStdString());
        return write(framework, {golden.values.begin(), golden.values.end()});
    }

    QString writeInput()
    {
        std::vector<std::int32_t> codes(768);
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = static_cast<std::int32_t>(i % 256);
        return write(u"in"_s, codes);
    }

    QString write(const QString& name, const std::vector<std::int32_t>& codes)
    {
        QFile file(m_folder.filePath(name + u".npy"_s));
        const QByteArray bytes = write_npy({3, 256}, quint8_type, codes);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
            ? file.fileName()
            : QString();
    }

    QTemporaryDir m_folder;
};

QBN_TEST(TestCliActivations)
#include "tst_cli_activations.moc"
