#include "core/text/printable.h"
#include "tests/app/run_qbn.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace qbn::test;
using namespace Qt::StringLiterals;

/// What the program prints of files that mean harm.
class TestCliHostile : public QObject
{
    Q_OBJECT

private slots:
    void nothingButTextReachesTheTerminal_data();
    void nothingButTextReachesTheTerminal();
    void theFileThatIsReadIsNotWritten_data();
    void theFileThatIsReadIsNotWritten();
    void anotherNameOfAnOutputKeepsItsContent();
    void aLinkToItselfIsNamed();

private:
    QString copyOf(const QString& file, const QString& name) const;

    QTemporaryDir m_folder;
};

QString TestCliHostile::copyOf(const QString& file, const QString& name) const
{
    const QString path = m_folder.filePath(name);
    QFile::remove(path);
    return QFile::copy(dataPath(file), path) ? path : QString();
}

void TestCliHostile::nothingButTextReachesTheTerminal_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("command");
    const QStringList files
        = QDir(dataPath(u"hostile"_s)).entryList({u"*.json"_s, u"*.pt"_s}, QDir::Files);
    for (const QString& file : files) {
        for (const char* command :
             {"inspect", "export", "compare", "compare --json", "audit", "audit --json",
              "explain --observation 0:1=1", "explain --observation 0:1=1 --json",
              "why --backends pytorch,exact --channel 0 --code 1", "inspect --wrong",
              "export --layer none"})
            QTest::addRow("%s of %s", command, qPrintable(file))
                << file << QString::fromLatin1(command).split(u' ');
    }
}

void TestCliHostile::nothingButTextReachesTheTerminal()
{
    QFETCH(QString, file);
    QFETCH(QStringList, command);
    const bool isJson = command.last() == u"--json";
    // Only the first layers: their names are what matters.
    if (file.startsWith(u"inflate"_s) && command.first() != u"inspect")
        command << u"--layer"_s << u"0"_s;
    const Outcome outcome = runQbn(command + QStringList{dataPath(u"hostile/"_s + file)});
    QVERIFY(outcome.exitCode >= 0 && outcome.exitCode <= 3);
    for (const QByteArray& text : {outcome.output, outcome.errors})
        QCOMPARE(QByteArray::fromStdString(qbn::printable_lines(text.toStdString())), text);
    if (outcome.exitCode < 2 && isJson) {
        const bool isByLine = command.first() == u"audit"_s;
        for (const QByteArray& json :
             isByLine ? outcome.output.trimmed().split('\n') : QByteArrayList{outcome.output})
            QVERIFY(!QJsonDocument::fromJson(json).isNull());
    }
    QCOMPARE(outcome.errors.count('\n'), outcome.errors.isEmpty() ? 0 : 1);
}

void TestCliHostile::theFileThatIsReadIsNotWritten_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("by its own name") << u"in.json"_s;
    QTest::newRow("by another spelling") << u"./in.json"_s;
    QTest::newRow("through a symbolic link") << u"soft.json"_s;
    QTest::newRow("through a hard link") << u"hard.json"_s;
}

void TestCliHostile::theFileThatIsReadIsNotWritten()
{
    QFETCH(QString, output);
    const QString input = copyOf(u"golden/forum.json"_s, u"in.json"_s);
    QFile::remove(m_folder.filePath(u"soft.json"_s));
    QFile::remove(m_folder.filePath(u"hard.json"_s));
    QVERIFY(QFile::link(input, m_folder.filePath(u"soft.json"_s)));
    std::filesystem::create_hard_link(input.toStdString(),
                                      m_folder.filePath(u"hard.json"_s).toStdString());
    const QString path = m_folder.path() + u'/' + output;
    const Outcome outcome = runQbn({u"export"_s, input, u"-o"_s, path});
    QCOMPARE(outcome.exitCode, 4);
    QCOMPARE(QString::fromUtf8(outcome.errors),
             u"qbn: %1: could not be written: it is the file that is read\n"_s.arg(path));
    QFile left(input);
    QFile source(dataPath(u"golden/forum.json"_s));
    QVERIFY(left.open(QIODevice::ReadOnly) && source.open(QIODevice::ReadOnly));
    QCOMPARE(left.readAll(), source.readAll());
}

void TestCliHostile::anotherNameOfAnOutputKeepsItsContent()
{
    const QString one = m_folder.filePath(u"one"_s);
    const QString other = m_folder.filePath(u"other"_s);
    QFile file(one);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("old") == 3);
    file.close();
    std::filesystem::create_hard_link(one.toStdString(), other.toStdString());
    QCOMPARE(runQbn({u"export"_s, dataPath(u"golden/forum.json"_s), u"-o"_s, other}).exitCode, 0);
    QVERIFY(QFileInfo(other).size() > 1000);
    QCOMPARE(QFileInfo(one).size(), qint64(3));
}

void TestCliHostile::aLinkToItselfIsNamed()
{
    const QString path = m_folder.filePath(u"loop"_s);
    QVERIFY(QFile::link(path, path));
    const Outcome outcome = runQbn({u"export"_s, dataPath(u"golden/forum.json"_s), u"-o"_s, path});
    QCOMPARE(outcome.exitCode, 4);
    QCOMPARE(
        QString::fromUtf8(outcome.errors),
        u"qbn: %1: could not be written: it is a symbolic link that leads to itself\n"_s.arg(path));
    QVERIFY(QFileInfo(path).isSymLink());
}

QBN_TEST(TestCliHostile)
#include "tst_cli_hostile.moc"
