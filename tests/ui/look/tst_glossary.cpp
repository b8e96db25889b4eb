#include "tests/support/room.h"
#include "ui/look/glossary.h"

#include <QTest>

#include <algorithm>

using namespace qbn::ui;

class TestGlossary : public QObject
{
    Q_OBJECT

private slots:
    void everyTermHasOneShortSentence();
    void namesAreFoundAsTheyAreWritten_data();
    void namesAreFoundAsTheyAreWritten();
    void otherWordsNeedNone();
};

void TestGlossary::everyTermHasOneShortSentence()
{
    const QStringList terms = glossaryTerms();
    QVERIFY(terms.size() > 20);
    QVERIFY(std::is_sorted(terms.begin(), terms.end()));
    for (const QString& term : terms) {
        const QString definition = definitionOf(term);
        QVERIFY2(definition.endsWith(u'.'), qPrintable(term));
        QVERIFY2(definition.size() < 100, qPrintable(definition));
    }
}

void TestGlossary::namesAreFoundAsTheyAreWritten_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"scale", "zero point", "Saturation", "SQNR", "tie", "ulp", "fused",
                             "eps", "dequantized", "requantized"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestGlossary::namesAreFoundAsTheyAreWritten()
{
    QFETCH(QString, name);
    QVERIFY(!definitionOf(name).isEmpty());
}

void TestGlossary::otherWordsNeedNone()
{
    QVERIFY(definitionOf(QStringLiteral("#")).isEmpty());
    QVERIFY(definitionOf(QString()).isEmpty());
}

QBN_TEST(TestGlossary)
#include "tst_glossary.moc"
