#include "core/backends/backend.h"
#include "core/formats/npy/npy.h"
#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qbn;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// `qbn apply` as people and scripts run it.
class TestCliApply : public QObject
{
    Q_OBJECT

private slots:
    void aTensorBecomesItsCodes_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<QString>("layout");
        QTest::addColumn<qint64>("plane");
        QTest::newRow("NCHW") << QList<qint64>{2, 3, 17, 19} << u"nchw"_s << qint64{17 * 19};
        QTest::newRow("NHWC") << QList<qint64>{2, 17, 19, 3} << u"nhwc"_s << qint64{1};
        QTest::newRow("N and C") << QList<qint64>{300, 3} << u"nchw"_s << qint64{1};
        QTest::newRow("C and the rest, as qbn codes has it")
            << QList<qint64>{3, 256} << u"nchw"_s << qint64{256};
        QTest::newRow("flat, channel by channel") << QList<qint64>{900} << u"nchw"_s << qint64{300};
        QTest::newRow("flat, pixel by pixel") << QList<qint64>{900} << u"nhwc"_s << qint64{1};
        QTest::newRow("nothing") << QList<qint64>{0, 3, 4, 4} << u"nchw"_s << qint64{16};
    }

    void aTensorBecomesItsCodes()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(QString, layout);
        QFETCH(qint64, plane);
        const Model model = goldenModel(u"forum"_s);
        const BatchNormLayer& layer = *model.layers.front();
        std::size_t count = 1;
        for (const qint64 size : shape)
            count *= static_cast<std::size_t>(size);
        std::vector<std::int32_t> input(count);
        std::vector<std::int32_t> expected(count);
        for (std::size_t i = 0; i < count; ++i) {
            input[i] = static_cast<std::int32_t>(i * 7 % 256);
            const auto channel = static_cast<int>(i / static_cast<std::size_t>(plane) % 3);
            expected[i] = codes(*find_backend("onnxruntime"), layer,
                                channel)[static_cast<std::size_t>(input[i])];
        }
        const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
        const Outcome outcome = apply(
            {dataPath(u"golden/forum.json"_s), write(write_npy(sizes, quint8_type, input)), out(),
             u"--layout"_s, layout, u"--backend"_s, u"onnxruntime"_s, u"--threads"_s, u"2"_s});
        QCOMPARE(outcome.errors, QByteArray());
        QCOMPARE(outcome.exitCode, 0);
        QFile file(out());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), write_npy(sizes, quint8_type, expected));
    }

    void whatDoesNotFitIsSaid_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("isSigned");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("other channels")
            << QList<qint64>{2, 4, 5, 5} << false << QStringList() << 3
            << u"in.npy: its shape (2, 4, 5, 5) has not the layer's 3 channels in its second dimension"_s;
        QTest::newRow("channels last in a tensor that is not")
            << QList<qint64>{2, 3, 5, 5} << false << QStringList{u"--layout"_s, u"nhwc"_s} << 3
            << u"has not the layer's 3 channels in its last dimension"_s;
        QTest::newRow("signed codes")
            << QList<qint64>{1, 3} << true << QStringList() << 3
            << u"in.npy: its elements are int8, the layer's input codes are uint8"_s;
        QTest::newRow("another layout")
            << QList<qint64>{1, 3} << false << QStringList{u"--layout"_s, u"cnhw"_s} << 2
            << u"there is no layout \"cnhw\"; there are nchw, nhwc"_s;
        QTest::newRow("no threads")
            << QList<qint64>{1, 3} << false << QStringList{u"--threads"_s, u"0"_s} << 2
            << u"--threads \"0\" is no number from 1 to 256"_s;
    }

    void whatDoesNotFitIsSaid()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(bool, isSigned);
        QFETCH(QStringList, options);
        QFETCH(int, exitCode);
        QFETCH(QString, complaint);
        qint64 count = 1;
        for (const qint64 size : shape)
            count *= size;
        const std::vector<std::int32_t> zeros(static_cast<std::size_t>(count), 0);
        const QString in = write(
            write_npy({shape.begin(), shape.end()}, isSigned ? qint8_type : quint8_type, zeros));
        const Outcome outcome
            = apply(QStringList{dataPath(u"golden/forum.json"_s), in, out()} + options);
        QCOMPARE(outcome.exitCode, exitCode);
        QVERIFY2(outcome.errors.trimmed().endsWith(complaint.toUtf8()), outcome.errors.constData());
        QVERIFY(!QFile::exists(out()));
    }

    void theInputIsNotWrittenOver()
    {
        const QByteArray bytes = write_npy({1, 3}, quint8_type, std::vector<std::int32_t>{1, 2, 3});
        const QString in = write(bytes);
        const Outcome outcome = apply({dataPath(u"golden/forum.json"_s), in, in});
        QCOMPARE(outcome.exitCode, 4);
        QFile file(in);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytes);
    }

private:
    static Outcome apply(const QStringList& arguments)
    {
        return runQbn(QStringList{u"apply"_s} + arguments);
    }
    QString out() const { return m_folder.filePath(u"out.npy"_s); }
    QString write(const QByteArray& bytes)
    {
        QFile::remove(out());
        QFile file(m_folder.filePath(u"in.npy"_s));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
            ? file.fileName()
            : QString();
    }

    QTemporaryDir m_folder;
};

QBN_TEST(TestCliApply)
#include "tst_cli_apply.moc"
