#include "tests/support/room.h"
#include "ui/look/table_style.h"
#include "ui/panels/codes/channel_model.h"
#include "ui/table/table_roles.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestChannelModel : public QObject
{
    Q_OBJECT

private slots:
    void showsExactNumbers_data();
    void showsExactNumbers();
    void takesTypedNumbers_data();
    void takesTypedNumbers();
    void tellsWhereAValueCameFrom();
    void whatNobodyGaveIsGrey();
    void onlyParametersAreEditable();
    void sortsByRawValues();
    void keepsItsRowsWhenTheShapeStays();
    void resetsWhenTheNumberOfChannelsChanges();
    void waitsForTheSummaryOfALargeLayer();
    void numbersAreRightAlignedAndMonospaced();
};

namespace {

QVariant at(const ChannelModel& model, int row, int column, int role = Qt::DisplayRole)
{
    return model.index(row, column).data(role);
}

Experiment withLayer(int channels)
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("more", channels);
    layer.output.scale = 0.01;
    experiment.model.layers.push_back(std::make_shared<const BatchNormLayer>(std::move(layer)));
    return experiment;
}

} // namespace

void TestChannelModel::showsExactNumbers_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("text");

    const auto row = [](const char* name, int channel, int column, const char* text) {
        QTest::newRow(name) << channel << column << QString::fromUtf8(text);
    };
    row("number of the channel", 2, ChannelModel::Number, "2");
    row("mean with all its digits", 0, ChannelModel::Mean, "0.5653476119041443");
    row("var with all its digits", 1, ChannelModel::Var, "0.06208014488220215");
    row("a negative gamma", 2, ChannelModel::Gamma, "-310");
    row("beta", 2, ChannelModel::Beta, "140");
    row("a channel without saturation", 0, ChannelModel::Saturated, "0%");
    row("a channel that saturates on half of its codes", 2, ChannelModel::Saturated, "53%");
    row("backends that agree", 0, ChannelModel::Differ, "0");
}

void TestChannelModel::showsExactNumbers()
{
    QFETCH(int, row);
    QFETCH(int, column);
    Document document;
    ChannelModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTEST(at(model, row, column).toString(), "text");
}

void TestChannelModel::takesTypedNumbers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("taken");
    QTest::addColumn<QString>("shown");

    QTest::newRow("a plain number") << QStringLiteral("0.25") << true << QStringLiteral("0.25");
    QTest::newRow("an exponent") << QStringLiteral("1e-5") << true << QStringLiteral("1e-05");
    QTest::newRow("what PyTorch prints")
        << QStringLiteral("tensor([5.2803])") << true << QStringLiteral("5.2803");
    QTest::newRow("a fraction") << QStringLiteral("1/4") << true << QStringLiteral("0.25");
    QTest::newRow("an infinity") << QStringLiteral("-inf") << true << QStringLiteral("-inf");
    QTest::newRow("text") << QStringLiteral("abc") << false
                          << QStringLiteral("0.43177494406700134");
    QTest::newRow("nothing") << QString() << false << QStringLiteral("0.43177494406700134");
}

void TestChannelModel::takesTypedNumbers()
{
    QFETCH(QString, typed);
    QFETCH(bool, taken);
    Document document;
    ChannelModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.setData(model.index(1, ChannelModel::Mean), typed, Qt::EditRole), taken);
    QTEST(at(model, 1, ChannelModel::Mean).toString(), "shown");
    QCOMPARE(document.undoStack().count(), taken ? 1 : 0);
    if (taken) {
        QCOMPARE(document.undoStack().undoText(), QStringLiteral("Change mean of channel 1"));
        QCOMPARE(document.selection().channel(), 0);
    }
}

void TestChannelModel::tellsWhereAValueCameFrom()
{
    Document document;
    ChannelModel model(document);
    const auto tip
        = [&](int row) { return at(model, row, ChannelModel::Gamma, Qt::ToolTipRole).toString(); };
    QVERIFY2(tip(1).contains(QStringLiteral("not published")), qPrintable(tip(1)));
    document.setValue(Field::gamma, 1, 2);
    QVERIFY2(tip(1).contains(QStringLiteral("Entered here")), qPrintable(tip(1)));
    QVERIFY2(tip(0).contains(QStringLiteral("not published")), "another channel");
}

void TestChannelModel::whatNobodyGaveIsGrey()
{
    Document document;
    document.editLayer(QStringLiteral("forget"), {}, [](BatchNormLayer& layer) {
        layer.provenance.set_channel(Field::gamma, 2, {});
    });
    ChannelModel model(document);
    const QVariant grey = TableStyle().colors().muted;
    const auto isGrey
        = [&](int row, int column) { return at(model, row, column, Qt::ForegroundRole) == grey; };
    // Channel 2 saturates on half of its codes, which would be red.
    QVERIFY(isGrey(2, ChannelModel::Gamma) && isGrey(2, ChannelModel::Saturated)
            && isGrey(2, ChannelModel::Differ));
    QVERIFY(!isGrey(2, ChannelModel::Beta) && !isGrey(1, ChannelModel::Gamma));
    document.setValue(Field::gamma, 2, -310);
    document.setValue(Field::gamma, 2, -311);
    QVERIFY(!isGrey(2, ChannelModel::Gamma) && !isGrey(2, ChannelModel::Saturated));
}

void TestChannelModel::onlyParametersAreEditable()
{
    Document document;
    ChannelModel model(document);
    for (int column = 0; column < ChannelModel::ColumnCount; ++column) {
        const bool parameter = column >= ChannelModel::Mean && column <= ChannelModel::Beta;
        QCOMPARE(model.index(0, column).flags().testFlag(Qt::ItemIsEditable), parameter);
    }
    QVERIFY(
        !model.setData(model.index(0, ChannelModel::Differ), QStringLiteral("1"), Qt::EditRole));
}

void TestChannelModel::sortsByRawValues()
{
    Document document;
    ChannelModel model(document);
    QCOMPARE(at(model, 2, ChannelModel::Gamma, SortRole).toDouble(), -310.0);
    QCOMPARE(at(model, 2, ChannelModel::Saturated, SortRole).toInt(), 135);
}

void TestChannelModel::keepsItsRowsWhenTheShapeStays()
{
    Document document;
    ChannelModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &ChannelModel::modelReset);
    QSignalSpy data(&model, &ChannelModel::dataChanged);
    const QPersistentModelIndex kept = model.index(2, ChannelModel::Mean);
    document.setValue(Field::mean, 0, 1);
    QCOMPARE(data.count(), 1);
    document.selection().setCode(3);
    document.selection().setChannel(1);
    QVERIFY2(data.count() == 1, "no number has changed");
    document.undo();
    QCOMPARE(reset.count(), 0);
    QVERIFY(kept.isValid());
}

void TestChannelModel::resetsWhenTheNumberOfChannelsChanges()
{
    Document document;
    ChannelModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &ChannelModel::modelReset);
    document.open(withLayer(7), {});
    document.selection().setLayer(1);
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.rowCount(), 7);
    QCOMPARE(at(model, 6, ChannelModel::Var).toString(), QStringLiteral("1"));
}

void TestChannelModel::waitsForTheSummaryOfALargeLayer()
{
    Document document;
    ChannelModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy arrived(&document, &Document::summaryChanged);
    document.open(withLayer(300), {}, {.layer = 1});
    QCOMPARE(at(model, 299, ChannelModel::Saturated).toString(), QStringLiteral("…"));
    QVERIFY(arrived.wait());
    QVERIFY(at(model, 299, ChannelModel::Saturated).toString().endsWith(QLatin1Char('%')));
}

void TestChannelModel::numbersAreRightAlignedAndMonospaced()
{
    Document document;
    ChannelModel model(document);
    const auto alignment
        = at(model, 0, ChannelModel::Mean, Qt::TextAlignmentRole).value<Qt::Alignment>();
    QVERIFY(alignment.testFlag(Qt::AlignRight));
    const auto font = at(model, 0, ChannelModel::Mean, Qt::FontRole).value<QFont>();
    QCOMPARE(font.family(), monospaceFont(QFont()).family());
}

QBN_TEST(TestChannelModel)
#include "tst_channel_model.moc"
