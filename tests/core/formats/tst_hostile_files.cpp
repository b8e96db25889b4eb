#include "core/evaluate/code_export.h"
#include "core/evaluate/experiment.h"
#include "core/formats/observed/observation_file.h"
#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"
#include "core/text/csv.h"
#include "core/text/printable.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <utility>

using namespace qbn;
using namespace qbn::test;

namespace {

/// Each file, and its layers or its error.
constexpr std::array<std::pair<const char*, const char*>, 12> outcomes{{
    {"short_var.pt", "\"bn.running_mean\" has 1048576 values, but \"bn.running_var\" has 1 value"},
    {"short_gamma.pt", "\"bn.running_mean\" has 1048576 values, but \"bn.weight\" has 1 value"},
    {"short_var_small.pt", "\"bn.running_mean\" has 3 values, but \"bn.running_var\" has 2 values"},
    {"inflate_10.pt", "10 layers"},
    {"npy_quadratic_97KB.npy", "the NumPy array has more than 32 dimensions"},
    {"npy_int64_max.npy", "element 0 is no code of the layer's"},
    {"audit_0.json", "1 layers"},
    {"esc.json", "1 layers"},
    {"card_inject.json", "1 layers"},
    {"csv_formula.json", "1 layers"},
    {"richtext_name.json", "1 layers"},
    {"richtext_errorbox.json",
     "layers[0] \"l\": input: \"<img src='/usr/share/pixmaps/debian-logo.png'>\" is not a type, "
     "quint2 to quint8 and qint2 to qint8 are"},
}};

QString hostile(const QString& name)
{
    return QStringLiteral("hostile/") + name;
}

BatchNormLayer layerOf(const QString& file)
{
    const Model model = modelOf(hostile(file));
    return model.layers.empty() ? identity_layer("none", 1) : *model.layers.front();
}

/// What goes out of the program about a layer, each in the form of its exit.
QByteArray cardOf(const BatchNormLayer& layer)
{
    const Backend& backend = *find_backend("pytorch");
    const auto report = make_report(layer, backend, {});
    return QByteArray::fromStdString(question_card(
        {.layer = &layer, .backend = &backend, .report = &*report, .channel = 0, .input_code = 1}));
}

QByteArray csvOf(const QString& file)
{
    QByteArray csv;
    export_csv(modelOf(hostile(file)), {.backend = find_backend("pytorch")},
               [&csv](std::string_view text) {
                   csv.append(text.data(), static_cast<qsizetype>(text.size()));
                   return true;
               });
    return csv;
}

bool isPrintable(const QByteArray& lines)
{
    return printable_lines(lines.toStdString()) == lines.toStdString();
}

} // namespace

class TestHostileFiles : public QObject
{
    Q_OBJECT

private slots:
    void eachFileHasItsOutcome_data();
    void eachFileHasItsOutcome();
    void noFileIsLeftOut();
    void namesStayInTheirLineOfACard_data();
    void namesStayInTheirLineOfACard();
    void namesAreNoFormulasInCsv();
};

void TestHostileFiles::eachFileHasItsOutcome_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("outcome");
    for (const auto& [file, outcome] : outcomes)
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(outcome);
}

void TestHostileFiles::eachFileHasItsOutcome()
{
    QFETCH(QString, file);
    QFETCH(QString, outcome);
    const QString path = filePath(hostile(file));
    QElapsedTimer timer;
    timer.start();
    QString found;
    if (file.endsWith(QStringLiteral(".npy"))) {
        const BatchNormLayer layer = identity_layer("three channels", 3);
        found = messageOf(read_observations(path, path, layer));
    } else {
        const auto model = open_model(path);
        found = model ? QStringLiteral("%1 layers").arg(model->layers.size()) : messageOf(model);
    }
    const QString prefix = path + QStringLiteral(": ");
    QCOMPARE(found.startsWith(prefix) ? found.mid(prefix.size()) : found, outcome);
    // Minutes, or at best ten seconds, where what is wanted of a file grows with its claims.
    QVERIFY(timer.elapsed() < 5000);
}

void TestHostileFiles::noFileIsLeftOut()
{
    QStringList files = QDir(filePath(QStringLiteral("hostile"))).entryList(QDir::Files);
    for (const auto& [file, outcome] : outcomes)
        files.removeAll(QString::fromLatin1(file));
    QCOMPARE(files, QStringList{QStringLiteral("README.md")});
}

void TestHostileFiles::namesStayInTheirLineOfACard_data()
{
    QTest::addColumn<QString>("file");
    for (const char* file :
         {"esc.json", "card_inject.json", "csv_formula.json", "richtext_name.json"})
        QTest::newRow(file) << QString::fromLatin1(file);
}

void TestHostileFiles::namesStayInTheirLineOfACard()
{
    QFETCH(QString, file);
    BatchNormLayer layer = layerOf(file);
    layer.provenance.set(Field::eps, {.origin = Origin::file, .note = layer.name});
    const QByteArray card = cardOf(layer);
    QVERIFY(isPrintable(card));
    const auto again = read_model(card, QStringLiteral("card.md"));
    QVERIFY2(again, qPrintable(messageOf(again)));
    QVERIFY(*again->layers.front() == layer); // nothing of the name is lost
    // As many lines as for a name that does nothing, and no markup outside of code.
    layer.name = "plain";
    layer.provenance.set(Field::eps, {.origin = Origin::file, .note = layer.name});
    QCOMPARE(card.count('\n'), cardOf(layer).count('\n'));
    const QByteArray text = card.left(card.indexOf("## Session"));
    QCOMPARE(text.count("<img"), text.count("\\<img"));
}

void TestHostileFiles::namesAreNoFormulasInCsv()
{
    const QByteArray csv = csvOf(QStringLiteral("csv_formula.json"));
    QVERIFY(csv.contains("'=HYPERLINK"));
    QVERIFY(!csv.contains("\n=") && !csv.contains(",=") && !csv.contains("\"="));
    QVERIFY(isPrintable(csvOf(QStringLiteral("esc.json"))));
    QVERIFY(isPrintable(csvOf(QStringLiteral("card_inject.json"))));
}

QBN_TEST(TestHostileFiles)
#include "tst_hostile_files.moc"
