#include "tests/support/room.h"
#include "ui/panels/codes/finding_model.h"

#include <QAbstractItemModelTester>
#include <QIcon>
#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestFindingModel : public QObject
{
    Q_OBJECT

private slots:
    void showsSeverityChannelAndSentence();
    void beginsWithWhatIsSerious();
    void isEmptyWithoutFindings();
    void anEditWithoutEffectOnFindingsIsSilent();
    void aChangedSentenceChangesItsRowOnly();
    void resetsWhenTheNumberOfFindingsChanges();
};

namespace {

QString text(const FindingModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

Experiment calmExperiment()
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = *experiment.model.layers.front();
    layer.gamma[2] = 64;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

} // namespace

void TestFindingModel::showsSeverityChannelAndSentence()
{
    Document document;
    FindingModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(text(model, 0, FindingModel::SeverityColumn), QStringLiteral("warning"));
    QCOMPARE(text(model, 0, FindingModel::Channel), QStringLiteral("2"));
    QVERIFY(text(model, 0, FindingModel::Sentence).startsWith(QStringLiteral("53 %")));
    const QVariant icon = model.index(0, FindingModel::SeverityColumn).data(Qt::DecorationRole);
    QVERIFY(!icon.value<QIcon>().isNull());
    QVERIFY(model.index(0, FindingModel::Sentence)
                .data(Qt::AccessibleTextRole)
                .toString()
                .startsWith(QStringLiteral("warning, channel 2: 53 %")));
}

void TestFindingModel::beginsWithWhatIsSerious()
{
    Document document;
    FindingModel model(document);
    document.setValue(Field::gamma, 0, 0); // a note or warning of the first channel
    document.setValue(Field::var, 1, -1); // an error of the second
    QVERIFY(model.rowCount() >= 3);
    QCOMPARE(text(model, 0, FindingModel::SeverityColumn), QStringLiteral("error"));
    for (int row = 1; row < model.rowCount(); ++row)
        QVERIFY(model.findingAt(row - 1).severity >= model.findingAt(row).severity);
    QVERIFY(model.findingAt(0).severity > model.findingAt(model.rowCount() - 1).severity);
}

void TestFindingModel::isEmptyWithoutFindings()
{
    Document document;
    FindingModel model(document);
    document.open(calmExperiment(), {});
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!model.isPending());
}

void TestFindingModel::anEditWithoutEffectOnFindingsIsSilent()
{
    Document document;
    FindingModel model(document);
    QSignalSpy data(&model, &FindingModel::dataChanged);
    QSignalSpy reset(&model, &FindingModel::modelReset);
    document.setValue(Field::beta, 0, 0.5);
    QCOMPARE(data.count(), 0);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.rowCount(), 1);
}

void TestFindingModel::aChangedSentenceChangesItsRowOnly()
{
    Document document;
    FindingModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    document.setValue(Field::var, 0, -1);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(text(model, 0, FindingModel::SeverityColumn), QStringLiteral("error"));
    QSignalSpy data(&model, &FindingModel::dataChanged);
    QSignalSpy reset(&model, &FindingModel::modelReset);
    document.setValue(Field::var, 0, -2);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(data.count(), 1);
    QCOMPARE(data.front().front().toModelIndex().row(), 0);
    QVERIFY(text(model, 0, FindingModel::Sentence).contains(QStringLiteral("-1.99999")));
}

void TestFindingModel::resetsWhenTheNumberOfFindingsChanges()
{
    Document document;
    FindingModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &FindingModel::modelReset);
    document.setValue(Field::gamma, 1, 0);
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(text(model, 0, FindingModel::Channel), QStringLiteral("1"));
    document.undo();
    QCOMPARE(model.rowCount(), 1);
}

QBN_TEST(TestFindingModel)
#include "tst_finding_model.moc"
