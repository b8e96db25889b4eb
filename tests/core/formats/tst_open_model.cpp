#include "core/formats/open_model.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace qbn;
using namespace qbn::test;

class TestOpenModel : public QObject
{
    Q_OBJECT

private slots:
    void theContentDecidesNotTheSuffix_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("name");
        QTest::newRow("a session named .pt") << "golden/forum.json"
                                             << "a.pt";
        QTest::newRow("a zip checkpoint named .json") << "checkpoints/BatchNorm_layer.pt"
                                                      << "a.json";
        QTest::newRow("an old checkpoint without a suffix")
            << "checkpoints/BatchNorm_layer.legacy.pt"
            << "a";
        QTest::newRow("an ONNX model named .pt") << "golden/forum.0.onnx"
                                                 << "a.pt";
        QTest::newRow("a name with spaces and letters beyond ASCII")
            << "checkpoints/BatchNorm_layer.pt" << QStringLiteral("my n\u00e9t.pth");
    }

    void theContentDecidesNotTheSuffix()
    {
        QFETCH(QString, source);
        QFETCH(QString, name);
        const QTemporaryDir folder;
        const QString path = folder.filePath(name);
        QVERIFY(QFile::copy(filePath(source), path));
        const auto model = open_model(path);
        QVERIFY2(model, qPrintable(messageOf(model)));
        QCOMPARE(model->layers.size(), std::size_t{1});
        QVERIFY(model->layers.front()->mean
                == modelOf(QStringLiteral("golden/forum.json")).layers.front()->mean);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytesOf(source));
    }

    void aCancelledOneIsNotReadToItsEnd_data()
    {
        QTest::addColumn<QString>("source");
        QTest::newRow("a session") << "golden/forum.json";
        QTest::newRow("a zip checkpoint") << "checkpoints/BatchNorm_layer.pt";
        QTest::newRow("an old checkpoint") << "checkpoints/BatchNorm_layer.legacy.pt";
        QTest::newRow("an ONNX model") << "onnx/many.onnx";
        QTest::newRow("safetensors") << "safetensors/float.safetensors";
        QTest::newRow("a NumPy archive") << "safetensors/float.npz";
    }

    void aCancelledOneIsNotReadToItsEnd()
    {
        QFETCH(QString, source);
        std::stop_source stop;
        QVERIFY(open_model(filePath(source), stop.get_token()));
        stop.request_stop();
        const auto model = open_model(filePath(source), stop.get_token());
        QVERIFY(!model);
        QVERIFY2(messageOf(model).endsWith(u"it was not read to its end, as that was cancelled"),
                 qPrintable(messageOf(model)));
    }

    void aModelHasTheNameOfItsCheckpoint()
    {
        QCOMPARE(modelOf(QStringLiteral("checkpoints/ocr_quantized.pt")).name, "ocr_quantized");
        QCOMPARE(modelOf(QStringLiteral("golden/forum.json")).name, "forum");
    }

    void aLinkToAFileIsFollowed()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(filePath(QStringLiteral("golden/forum.json")), path));
        QVERIFY(open_model(path));
    }

    void whatIsNoReadableFileIsNamedAsItWasGiven_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("message");
        QTest::newRow("missing") << "no/such/file.pt"
                                 << "no/such/file.pt: there is no such file";
        QTest::newRow("no path") << ""
                                 << ": there is no such file";
        QTest::newRow("a folder") << "/tmp/../tmp"
                                  << "/tmp/../tmp: it is a directory, a file is needed";
        QTest::newRow("a device") << "/dev/zero"
                                  << "/dev/zero: it is not a regular file";
    }

    void whatIsNoReadableFileIsNamedAsItWasGiven()
    {
        QFETCH(QString, path);
        QFETCH(QString, message);
        QCOMPARE(messageOf(open_model(path)), message);
    }

    void aPipeDoesNotBlock()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("pipe"));
        QCOMPARE(mkfifo(path.toLocal8Bit().constData(), 0600), 0);
        QCOMPARE(messageOf(open_model(path)), path + QStringLiteral(": it is not a regular file"));
    }

    void aFileWithoutPermissionSaysSo()
    {
        if (geteuid() == 0)
            QSKIP("root may read everything");
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("secret.pt"));
        QVERIFY(QFile::copy(filePath(QStringLiteral("golden/forum.json")), path));
        QVERIFY(QFile::setPermissions(path, {}));
        QVERIFY(
            messageOf(open_model(path)).startsWith(path + QStringLiteral(": it cannot be read: ")));
    }

    void aFileBeyondTheLimitIsNotRead_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QString>("message");
        QTest::newRow("2 GiB and a byte") << (qint64{1} << 31) + 1 << QByteArray("PK\x03\x04")
                                          << "it is larger than 2 GiB, the most that is read";
    }

    void aFileBeyondTheLimitIsNotRead()
    {
        QFETCH(qint64, size);
        QFETCH(QByteArray, start);
        QFETCH(QString, message);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("large.pt"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(start), start.size());
        if (!file.resize(size)) // a hole: it takes no room
            QSKIP("no room for a sparse file");
        file.close();
        QCOMPARE(messageOf(open_model(path)), path + QStringLiteral(": ") + message);
    }

    void filesOfOtherProgramsAreRecognised_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("message");
        const QString instead = QStringLiteral("save model.state_dict() with torch.save instead");
        QTest::newRow("NumPy array")
            << "broken/array.npy"
            << QStringLiteral("it is a NumPy array, which says nothing about layers; ") + instead;
        QTest::newRow("a frozen TorchScript program")
            << "checkpoints/frozen.pt"
            << "it is a TorchScript program without parameters: torch.jit.freeze has made them "
               "constants of its code; save it before that, or model.state_dict()";
        QTest::newRow("tar") << "broken/old.tar"
                             << QStringLiteral(
                                    "it is a tar archive (PyTorch before 0.1.10 wrote such files); "
                                    "load it in PyTorch and ")
                + instead;
        QTest::newRow("a plain pickle")
            << "broken/plain_pickle.pkl"
            << QStringLiteral("it is a Python pickle, but not one that torch.save wrote; ")
                + instead;
        QTest::newRow("a plain zip archive")
            << "broken/plain.zip"
            << "it is a zip archive, but no torch.save file: it has no member */data.pkl";
        QTest::newRow("two checkpoints in one")
            << "broken/two_pickles.zip"
            << "the zip archive has 2 members data.pkl, a torch.save file has one";
        QTest::newRow("empty") << "broken/empty.pt"
                               << "it is empty";
        QTest::newRow("text") << "broken/text.txt"
                              << "it is none of the files that layers are read from: safetensors "
                                 "file, session, NumPy .npz archive, torch.save checkpoint, ONNX "
                                 "model, TensorFlow Lite model, question card";
    }

    void filesOfOtherProgramsAreRecognised()
    {
        QFETCH(QString, file);
        QFETCH(QString, message);
        QCOMPARE(messageOf(open_model(filePath(file))),
                 filePath(file) + QStringLiteral(": ") + message);
    }
};

QBN_TEST(TestOpenModel)
#include "tst_open_model.moc"
