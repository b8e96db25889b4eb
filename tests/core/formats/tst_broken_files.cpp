#include "core/formats/session/session_json.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <optional>

using namespace qbn;
using namespace qbn::test;

namespace {

// A model is complete, an error is one sentence behind the path; what is wrong with them, empty if
// nothing is.
QString faultOf(const Result<Model>& result, const QString& path)
{
    if (!result) {
        const QString message = messageOf(result);
        const QString sentence = message.mid(path.size() + 2);
        const bool plain
            = std::all_of(sentence.begin(), sentence.end(), [](QChar c) { return c.isPrint(); });
        if (!message.startsWith(path + QStringLiteral(": ")) || sentence.isEmpty()
            || sentence.size() > 500 || !plain)
            return QStringLiteral("not a sentence: ") + message;
        return {};
    }
    if (result->layers.empty())
        return QStringLiteral("a model without layers");
    for (const auto& layer : result->layers) {
        const auto count = layer->mean.size();
        if (count < 1 || layer->var.size() != count || layer->gamma.size() != count
            || layer->beta.size() != count)
            return QStringLiteral("arrays of unequal length");
    }
    const auto again = read_session(write_session(*result), path);
    return again && *again == *result ? QString() : QStringLiteral("a model that cannot be saved");
}

const QString mutantPath = QStringLiteral("folder/mutant.pt");

QString faultIn(const QByteArray& bytes)
{
    return faultOf(read_model(bytes, mutantPath), mutantPath);
}

void addFiles()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("a checkpoint") << "checkpoints/BatchNorm_layer.pt";
    QTest::newRow("a checkpoint in the old form") << "checkpoints/BatchNorm_layer.legacy.pt";
    QTest::newRow("a deflated checkpoint") << "checkpoints/deflated.pt";
    QTest::newRow("a session") << "golden/forum.json";
    QTest::newRow("an ONNX model") << "onnx/opset10.onnx";
    QTest::newRow("a TensorFlow Lite model") << "tflite/forum.0.tflite";
    QTest::newRow("safetensors") << "safetensors/float16.safetensors";
    QTest::newRow("a NumPy archive") << "safetensors/float16.npz";
    QTest::newRow("a whole module") << "checkpoints/quantized_module.pt";
    QTest::newRow("a whole module in the old form") << "checkpoints/module.legacy.pt";
    QTest::newRow("a TorchScript program") << "checkpoints/quantized_script.pt";
    QTest::newRow("an exported program") << "checkpoints/quantized.pt2";
    QTest::newRow("a compressed NumPy archive") << "safetensors/compressed.npz";
}

// Where the archive's headers are, local and central, and the records at its end.
QList<qsizetype> headerOffsets(const QByteArray& archive)
{
    QList<qsizetype> offsets;
    for (qsizetype start = archive.indexOf("PK\x03\x04"); start >= 0;
         start = archive.indexOf("PK\x03\x04", start + 1)) {
        for (qsizetype i = 0; i < 30; ++i)
            offsets << start + i;
    }
    for (qsizetype i = archive.indexOf("PK\x01\x02"); i + 4 <= archive.size(); ++i)
        offsets << i;
    return offsets;
}

} // namespace

class TestBrokenFiles : public QObject
{
    Q_OBJECT

private slots:
    void eachBrokenFileHasItsSentence_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sentence");
        for (const QByteArray& line : bytesOf(QStringLiteral("broken/expected.tsv")).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (cells.size() == 2)
                QTest::newRow(cells[0].constData())
                    << QString::fromUtf8(cells[0]) << QString::fromUtf8(cells[1]);
        }
    }

    void eachBrokenFileHasItsSentence()
    {
        QFETCH(QString, file);
        QFETCH(QString, sentence);
        const QString path = filePath(QStringLiteral("broken/") + file);
        const auto result = open_model(path);
        QCOMPARE(messageOf(result), path + QStringLiteral(": ") + sentence);
        QCOMPARE(faultOf(result, path), QString());
    }

    void noBrokenFileIsLeftOut()
    {
        QStringList files = QDir(filePath(QStringLiteral("broken"))).entryList(QDir::Files);
        for (const QByteArray& line : bytesOf(QStringLiteral("broken/expected.tsv")).split('\n'))
            files.removeAll(QString::fromUtf8(line.split('\t').front()));
        QCOMPARE(files,
                 (QStringList{QStringLiteral("expected.tsv"), QStringLiteral("make_broken.py")}));
    }

    void nothingOfAForeignPickleIsRun()
    {
        const QTemporaryDir folder;
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(folder.path()));
        QVERIFY(!open_model(filePath(QStringLiteral("broken/foreign_global.pt"))));
        QVERIFY(!open_model(filePath(QStringLiteral("broken/foreign_global_legacy.pt"))));
        QVERIFY(QDir(folder.path()).isEmpty()); // "touch qbn-canary" would leave a file
        QVERIFY(QDir::setCurrent(before));
    }

    void noPartOfAFileIsTakenForTheWhole_data() { addFiles(); }
    void noPartOfAFileIsTakenForTheWhole()
    {
        QFETCH(QString, file);
        const QByteArray whole = bytesOf(file);
        QVERIFY(read_model(whole, mutantPath));
        const qsizetype end = whole.startsWith('{') ? whole.trimmed().size() : whole.size();
        for (qsizetype size = 0; size < end; ++size) {
            const auto result = read_model(whole.left(size), mutantPath);
            const QByteArray place = "the first " + QByteArray::number(size) + " bytes";
            QVERIFY2(!result, place.constData());
            QVERIFY2(faultOf(result, mutantPath).isEmpty(), place + messageOf(result).toUtf8());
        }
    }

    void anyByteMayBeWrong_data() { addFiles(); }
    void anyByteMayBeWrong()
    {
        QFETCH(QString, file);
        const QByteArray whole = bytesOf(file);
        for (qsizetype i = 0; i < whole.size(); ++i) {
            for (const unsigned change : {0xffU, 0x01U, 0x80U}) {
                QByteArray mutant = whole;
                mutant[i] = static_cast<char>(static_cast<unsigned char>(whole[i]) ^ change);
                const QString fault = faultIn(mutant);
                QVERIFY2(fault.isEmpty(),
                         qPrintable(QStringLiteral("byte %1: %2").arg(i).arg(fault)));
            }
        }
    }

    void anySizeInAHeaderMayBeWrong_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("stored members") << "checkpoints/BatchNorm_layer.pt";
        QTest::newRow("deflated members") << "checkpoints/deflated.pt";
    }

    void anySizeInAHeaderMayBeWrong()
    {
        QFETCH(QString, file);
        const QByteArray whole = bytesOf(file);
        const std::array numbers{QByteArray(4, '\0'), QByteArray("\1\0\0\0", 4),
                                 QByteArray("\xff\xff\xff\x7f"), QByteArray("\xff\xff\xff\xff")};
        const QList<qsizetype> offsets = headerOffsets(whole);
        QVERIFY(offsets.size() > 500);
        for (const qsizetype offset : offsets) {
            for (const QByteArray& number : numbers) {
                QByteArray mutant = whole;
                mutant.replace(offset, 4, number);
                const QString fault = faultIn(mutant);
                QVERIFY2(fault.isEmpty(),
                         qPrintable(QStringLiteral("byte %1: %2").arg(offset).arg(fault)));
            }
        }
    }
};

QBN_TEST(TestBrokenFiles)
#include "tst_broken_files.moc"
