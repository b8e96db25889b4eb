#include "core/formats/bytes/read_file.h"
#include "core/formats/open_model.h"
#include "core/formats/zip/zip_archive.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryFile>
#include <QTest>
#include <QtEndian>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#ifdef Q_OS_LINUX
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

using namespace qbn;
using namespace qbn::test;

namespace {

using Writer = void (*)(QFile&);
using Opener = void (*)(const QString&);

constexpr int pieces = 40;
constexpr qint64 large = 16 << 20; // of weights, which are a hole in the file
constexpr qint64 mostRead = 64 << 20; // of 640 MiB

template <typename T> void append(QByteArray& bytes, T number)
{
    number = qToLittleEndian(number);
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// How the local header and the entry in the directory go on behind their signatures.
void appendZipNumbers(QByteArray& bytes, quint32 size, const QByteArray& name)
{
    for (const quint16 number :
         std::initializer_list<quint16>{20, 0, 0, 0, 0}) // version, flags, stored, time, date
        append(bytes, number);
    for (const quint32 number : {0U, size, size}) // no checksum
        append(bytes, number);
    append(bytes, static_cast<quint16>(name.size()));
    append(bytes, quint16{0});
}

/// Small members between large ones.
void writeZip(QFile& file)
{
    QByteArray directory;
    quint16 members = 0;
    const auto add = [&](const QByteArray& name, qint64 size) {
        QByteArray header("PK\x03\x04");
        appendZipNumbers(header, static_cast<quint32>(size), name);
        directory += "PK\x01\x02";
        append(directory, quint16{20});
        appendZipNumbers(directory, static_cast<quint32>(size), name);
        directory += QByteArray(10, '\0');
        append(directory, static_cast<quint32>(file.pos()));
        directory += name;
        ++members;
        file.write(header + name);
        file.seek(file.pos() + size);
    };
    for (int piece = 0; piece < pieces; ++piece) {
        add("weight" + QByteArray::number(piece), large);
        add("mean" + QByteArray::number(piece), 256);
    }
    const qint64 begin = file.pos();
    file.write(directory + "PK\x05\x06");
    QByteArray end(4, '\0');
    append(end, members);
    append(end, members);
    append(end, static_cast<quint32>(directory.size()));
    append(end, static_cast<quint32>(begin));
    file.write(end + QByteArray(2, '\0'));
}

/// Batch norms behind large convolutions.
void writeSafetensors(QFile& file)
{
    QJsonObject header;
    qint64 offset = 0;
    const auto add = [&](const QString& name, qint64 bytes) {
        header[name]
            = QJsonObject{{QStringLiteral("dtype"), QStringLiteral("F32")},
                          {QStringLiteral("shape"), QJsonArray{bytes / 4}},
                          {QStringLiteral("data_offsets"), QJsonArray{offset, offset + bytes}}};
        offset += bytes;
    };
    for (int piece = 0; piece < pieces; ++piece) {
        const QString layer = QStringLiteral("layer%1.").arg(piece);
        add(layer + QStringLiteral("conv.weight"), large);
        add(layer + QStringLiteral("running_mean"), 256);
        add(layer + QStringLiteral("running_var"), 256);
    }
    const QByteArray text = QJsonDocument(header).toJson(QJsonDocument::Compact);
    QByteArray bytes;
    append(bytes, static_cast<quint64>(text.size()));
    file.write(bytes + text);
    file.resize(file.pos() + offset);
}

void openZip(const QString& path)
{
    const auto file = map_file(path);
    QVERIFY2(file, qPrintable(messageOf(file)));
    const auto archive = ZipArchive::open(file->bytes());
    QVERIFY2(archive, qPrintable(messageOf(archive)));
    for (int piece = 0; piece < pieces; ++piece)
        QVERIFY(archive->read("mean" + std::to_string(piece), 0, 128));
}

void openSafetensors(const QString& path)
{
    const auto model = open_model(path);
    QVERIFY2(model, qPrintable(messageOf(model)));
    QCOMPARE(model->layers.size(), std::size_t{pieces});
}

#ifdef Q_OS_LINUX
/// Of a file in the system's memory.
qint64 bytesInMemory(const QString& path)
{
    const auto file = map_file(path);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> isThere(static_cast<std::size_t>(file->bytes().size()) / page + 1);
    mincore(const_cast<char*>(file->bytes().constData()),
            static_cast<std::size_t>(file->bytes().size()), isThere.data());
    const auto pages = std::count_if(isThere.begin(), isThere.end(),
                                     [](unsigned char flags) { return (flags & 1U) != 0; });
    return static_cast<qint64>(page) * pages;
}
#endif

} // namespace

class TestWillRead : public QObject
{
    Q_OBJECT

private slots:
    void ofALargeFileLittleIsRead_data()
    {
        QTest::addColumn<Writer>("write");
        QTest::addColumn<Opener>("open");
        QTest::newRow("a zip archive of large members") << &writeZip << &openZip;
        QTest::newRow("a safetensors file of large convolutions")
            << &writeSafetensors << &openSafetensors;
    }

    void ofALargeFileLittleIsRead()
    {
#ifdef Q_OS_LINUX
        QFETCH(Writer, write);
        QFETCH(Opener, open);
        QTemporaryFile file;
        QVERIFY(file.open());
        write(file);
        QVERIFY(file.flush());
        fdatasync(file.handle());
        posix_fadvise(file.handle(), 0, 0, POSIX_FADV_DONTNEED);
        if (bytesInMemory(file.fileName()) > mostRead / 2)
            QSKIP("this file system keeps files in memory");
        open(file.fileName());
        const qint64 read = bytesInMemory(file.fileName());
        QVERIFY2(read < mostRead, qPrintable(QStringLiteral("%1 MiB").arg(read >> 20)));
#else
        QSKIP("the system does not tell what it has read");
#endif
    }
};

QBN_TEST(TestWillRead)
#include "tst_will_read.moc"
