#include "core/formats/zip/zip_archive.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <cstdint>
#include <utility>

using namespace qbn;
using namespace qbn::test;

class TestZipArchive : public QObject
{
    Q_OBJECT

private slots:
    void anEmptyMemberIsRead()
    {
        const auto archive = ZipArchive::open(bytesOf(QStringLiteral("broken/no_channels.pt")));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        int empty = 0;
        for (const ZipMember& member : archive->members()) {
            const auto content = archive->read(member.name);
            QVERIFY2(content, qPrintable(messageOf(content)));
            QCOMPARE(static_cast<std::uint64_t>(content->size()), member.size);
            empty += member.size == 0 ? 1 : 0;
        }
        QVERIFY(empty > 0);
    }

    void membersOfATorchFileAreListedInOrder()
    {
        const auto archive
            = ZipArchive::open(bytesOf(QStringLiteral("checkpoints/BatchNorm_layer.pt")));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        QStringList names;
        for (const ZipMember& member : archive->members())
            names << QString::fromStdString(member.name);
        QCOMPARE(names.size(), 11);
        QCOMPARE(names.first(), QStringLiteral("BatchNorm_layer/data.pkl"));
        QCOMPARE(names.last(), QStringLiteral("BatchNorm_layer/version"));
    }

    void storedMembersAreReadThoughTheLocalSizesAreZero()
    {
        const auto archive
            = ZipArchive::open(bytesOf(QStringLiteral("checkpoints/BatchNorm_layer.pt")));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        const ZipMember* const member = archive->find("BatchNorm_layer/data/1");
        QVERIFY(member != nullptr);
        QCOMPARE(member->size, std::uint64_t{8});
        QVERIFY(!member->deflated);
        const auto content = archive->read("BatchNorm_layer/version");
        QVERIFY2(content, qPrintable(messageOf(content)));
        QCOMPARE(*content, QByteArray("3\n"));
    }

    void deflatedMembersAreInflated()
    {
        const auto archive = ZipArchive::open(bytesOf(QStringLiteral("checkpoints/deflated.pt")));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        const ZipMember* const member = archive->find("archive/data.pkl");
        QVERIFY(member != nullptr && member->deflated && member->compressed_size < member->size);
        const auto content = archive->read("archive/data.pkl");
        QVERIFY2(content, qPrintable(messageOf(content)));
        QCOMPARE(static_cast<std::uint64_t>(content->size()), member->size);
        QVERIFY(content->startsWith("\x80\x02"));
    }

    void aCopyOfAnArchiveReadsOnItsOwn()
    {
        std::optional<ZipArchive> copy;
        {
            const auto archive
                = ZipArchive::open(bytesOf(QStringLiteral("checkpoints/deflated.pt")));
            QVERIFY2(archive, qPrintable(messageOf(archive)));
            copy = *archive;
        }
        QVERIFY(copy->read("archive/version"));
    }

    void aMemberThatIsNotThereIsAnError()
    {
        const auto archive = ZipArchive::open(bytesOf(QStringLiteral("checkpoints/deflated.pt")));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        QVERIFY(archive->find("archive/data") == nullptr);
        QCOMPARE(messageOf(archive->read("a\nb")),
                 QStringLiteral("the zip archive has no member \"a\\nb\""));
    }

    void partsOfMembersAreRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("member");
        QTest::newRow("stored") << "checkpoints/BatchNorm_layer.pt"
                                << "BatchNorm_layer/data.pkl";
        QTest::newRow("deflated") << "checkpoints/deflated.pt"
                                  << "archive/data.pkl";
    }

    void partsOfMembersAreRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, member);
        const QByteArray bytes = bytesOf(file);
        const auto whole = ZipArchive::open(bytes);
        const auto parts = ZipArchive::open(bytes);
        QVERIFY(whole && parts);
        const std::string name = member.toStdString();
        const QByteArray content = *whole->read(name);
        const auto size = static_cast<std::uint64_t>(content.size());
        for (const auto& [offset, count] :
             {std::pair(size / 2, std::uint64_t{5}), std::pair(std::uint64_t{3}, size / 2),
              std::pair(std::uint64_t{0}, std::uint64_t{1}), std::pair(size - 2, std::uint64_t{2}),
              std::pair(size, std::uint64_t{0}), std::pair(std::uint64_t{0}, size)}) {
            const auto part = parts->read(name, offset, count);
            QVERIFY2(part, qPrintable(messageOf(part)));
            QCOMPARE(*part,
                     content.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(count)));
        }
        constexpr std::uint64_t huge = std::uint64_t{1} << 63U;
        for (const auto& [offset, count] :
             {std::pair(size, std::uint64_t{1}), std::pair(size + 1, std::uint64_t{0}),
              std::pair(std::uint64_t{1}, size), std::pair(huge, huge),
              std::pair(huge, std::uint64_t{1}), std::pair(std::uint64_t{1}, ~std::uint64_t{0})})
            QCOMPARE(messageOf(parts->read(name, offset, count)),
                     QStringLiteral("zip member \"%1\": it ends before the bytes that are needed")
                         .arg(member));
    }

    void noMoreIsInflatedThan64MiBInAll()
    {
        const QByteArray bytes = bytesOf(QStringLiteral("hostile/inflate_10.pt"));
        const auto archive = ZipArchive::open(bytes);
        QVERIFY(archive);
        const std::string name = "m/data/0";
        QVERIFY(archive->read(name, (64U << 20U) - 1, 1));
        QVERIFY(archive->read(name, 5, 100)); // again, of what is known
        QVERIFY2(
            messageOf(archive->read("m/data.pkl")).endsWith(QStringLiteral("to more than 64 MiB")),
            qPrintable(messageOf(archive->read("m/data.pkl"))));
    }

    void hostileArchivesAreRefusedBeforeLibzipSeesThem_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("encrypted member") << "encrypted_flag.pt";
        QTest::newRow("overlapping members") << "overlapping.pt";
        QTest::newRow("two members of one name") << "duplicate_member.pt";
        QTest::newRow("a size beyond the file") << "size_beyond_file.pt";
        QTest::newRow("a stored member of two sizes") << "two_sizes.pt";
        QTest::newRow("a deflated member of absurd size") << "zip_bomb.pt";
        QTest::newRow("an unknown method") << "unknown_method.pt";
        QTest::newRow("another name in the local header") << "wrong_local_name.pt";
        QTest::newRow("truncated") << "truncated.pt";
        QTest::newRow("empty") << "empty.pt";
    }

    void hostileArchivesAreRefusedBeforeLibzipSeesThem()
    {
        QFETCH(QString, file);
        const QByteArray bytes = bytesOf(QStringLiteral("broken/") + file);
        QVERIFY(!read_zip_directory({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
    }

    void moreThan100000MembersAreRefused()
    {
        QByteArray bytes = bytesOf(QStringLiteral("checkpoints/BatchNorm_layer.pt"));
        const qsizetype record = bytes.lastIndexOf("PK\x06\x06"); // torch writes zip64 records
        QVERIFY(record > 0);
        const QByteArray count = QByteArray::fromHex("a186010000000000");
        bytes.replace(record + 24, 8, count).replace(record + 32, 8, count);
        QCOMPARE(messageOf(ZipArchive::open(bytes)),
                 QStringLiteral("the zip archive has more than 100000 members"));
    }

    void aWrongChecksumOrSizeIsFoundOnReading_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("member");
        QTest::addColumn<QString>("message");
        QTest::newRow("checksum") << "bad_checksum.pt"
                                  << "archive/data/4"
                                  << "CRC error";
        QTest::newRow("more bytes") << "too_short_inflated.pt"
                                    << "archive/data.pkl"
                                    << "it is longer than the directory says";
        QTest::newRow("fewer bytes") << "too_long_inflated.pt"
                                     << "archive/data.pkl"
                                     << "it is shorter than the directory says";
    }

    void aWrongChecksumOrSizeIsFoundOnReading()
    {
        QFETCH(QString, file);
        QFETCH(QString, member);
        QFETCH(QString, message);
        const auto archive = ZipArchive::open(bytesOf(QStringLiteral("broken/") + file));
        QVERIFY2(archive, qPrintable(messageOf(archive)));
        QCOMPARE(messageOf(archive->read(member.toStdString())),
                 QStringLiteral("zip member \"%1\": %2").arg(member, message));
    }
};

QBN_TEST(TestZipArchive)
#include "tst_zip_archive.moc"
