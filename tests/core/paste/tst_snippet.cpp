#include "core/paste/apply_paste.h"
#include "core/paste/snippets.h"
#include "tests/support/exactly.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

/// What the snippet for notebooks printed in PyTorch is read whole: every parameter to its last bit, every pair of codes.
class TestSnippet : public QObject
{
    Q_OBJECT

private slots:
    void theSnippetIsTheOneThatWasRun();
    void itsPrintIsReadWhole_data();
    void itsPrintIsReadWhole();
};

void TestSnippet::theSnippetIsTheOneThatWasRun()
{
    QCOMPARE(std::string(notebook_snippet()), textOf(QStringLiteral("prints/snippet.txt")));
    QCOMPARE(std::count(notebook_snippet().begin(), notebook_snippet().end(), '\n'), 10);
}

void TestSnippet::itsPrintIsReadWhole_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<bool>("relu");
    QTest::addColumn<int>("pairs");
    QTest::newRow("quint8, two images of which the first 256 pixels are printed")
        << QStringLiteral("snippet_bn") << false << false << 3 * 256;
    QTest::newRow("qint8, with ReLU, a small image")
        << QStringLiteral("snippet_bn_relu") << true << true << 3 * 20;
    QTest::newRow("three dimensions")
        << QStringLiteral("snippet_bn_3d") << false << false << 3 * 24;
}

namespace {

/// The lines of a file of tab-separated numbers, a word in front of each if it has one.
QList<QStringList> tableOf(const QString& name)
{
    QList<QStringList> rows;
    for (const QString& line :
         QString::fromStdString(textOf(name)).split(u'\n', Qt::SkipEmptyParts))
        rows << line.split(u'\t');
    return rows;
}

QStringList exactNumbers(const std::vector<double>& values)
{
    QStringList numbers;
    for (const double value : values)
        numbers << exactly(value);
    return numbers;
}

QStringList exactWords(const QStringList& words)
{
    QStringList numbers;
    for (const QString& word : words.mid(1))
        numbers << exactly(word.toDouble());
    return numbers;
}

} // namespace

void TestSnippet::itsPrintIsReadWhole()
{
    QFETCH(QString, name);
    QFETCH(bool, isSigned);
    QFETCH(bool, relu);
    const Understanding read = apply_paste(textOf(QStringLiteral("prints/%1.txt").arg(name)));
    QVERIFY(read.found);
    QCOMPARE(read.model.layers.size(), std::size_t{1});
    QVERIFY2(read.missing.empty(), qPrintable(joined(read.missing)));
    const BatchNormLayer& layer = *read.model.layers.front();
    QCOMPARE(layer.relu, relu);
    QCOMPARE(layer.input.type, (CodeType{isSigned, 8}));
    QCOMPARE(layer.output.type, (CodeType{isSigned, 8}));

    const QList<QStringList> values = tableOf(QStringLiteral("prints/%1.values.tsv").arg(name));
    QCOMPARE(values.size(), 7);
    const std::vector<std::vector<double>> got{
        {layer.input.scale, layer.output.scale},
        {static_cast<double>(layer.input.zero_point), static_cast<double>(layer.output.zero_point)},
        {layer.eps},
        layer.mean,
        layer.var,
        layer.gamma,
        layer.beta};
    for (qsizetype i = 0; i < values.size(); ++i)
        QCOMPARE(exactNumbers(got[static_cast<std::size_t>(i)]), exactWords(values[i]));

    QStringList pairs;
    for (const Observation& observation : layer.observations)
        pairs << QStringLiteral("%1\t%2\t%3")
                     .arg(observation.channel)
                     .arg(observation.input_code)
                     .arg(observation.output_code);
    QTEST(static_cast<int>(pairs.size()), "pairs");
    QString want = QString::fromStdString(textOf(QStringLiteral("prints/%1.pairs.tsv").arg(name)));
    QStringList lines = want.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(pairs.join(u'\n'), lines.join(u'\n'));
}

QBN_TEST(TestSnippet)
#include "tst_snippet.moc"
