#include "core/text/text_number.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/panels/backends/difference_model.h"
#include "ui/table/table_roles.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;

class TestDifferenceModel : public QObject
{
    Q_OBJECT

private slots:
    void showsEveryStepInBothBackends();
    void hexadecimalsAreExact();
    void theFirstDifferingRowIsMarked();
    void whereTheCodesAgreeNothingIsMarked();
    void aTooltipHasDigitsBitsAndFormula();
    void aStepThatOneDoesNotHaveIsEmpty();
    void anotherCodeChangesDataOnly();
    void whatHangsOnPlaceholdersIsMuted();
};

namespace {

std::shared_ptr<const Difference> differenceAt(std::int32_t code, const char* other = "onnxruntime")
{
    return std::make_shared<const Difference>(explain_difference(
        *find_backend("pytorch"), *find_backend(other), partingLayer(1, 0), 0, code));
}

QString text(const DifferenceModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

int rowOf(const DifferenceModel& model, const char* step)
{
    for (int row = 0; row < model.rowCount(); ++row)
        if (text(model, row, DifferenceModel::Step) == QLatin1String(step))
            return row;
    QTest::qFail(step, __FILE__, __LINE__);
    return 0;
}

} // namespace

void TestDifferenceModel::showsEveryStepInBothBackends()
{
    DifferenceModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    const auto difference = differenceAt(partingCode);
    model.setDifference(difference);
    QCOMPARE(model.rowCount(), static_cast<int>(difference->steps.size()));
    const int last = model.rowCount() - 1;
    QCOMPARE(text(model, last, DifferenceModel::Step), QStringLiteral("output_code"));
    QCOMPARE(text(model, last, DifferenceModel::First).toInt(),
             difference->first_trace.result.output_code);
    QCOMPARE(text(model, last, DifferenceModel::Second).toInt(),
             difference->second_trace.result.output_code);
    QCOMPARE(text(model, last, DifferenceModel::Ulp), QStringLiteral("-1"));
    // What is shown reads back to the binary32 that was computed.
    const int steps = rowOf(model, "requantized");
    QCOMPARE(text(model, steps, DifferenceModel::First).toFloat(),
             static_cast<float>(difference->first_trace.result.steps));
}

void TestDifferenceModel::hexadecimalsAreExact()
{
    DifferenceModel model;
    model.setDifference(differenceAt(partingCode));
    model.setHexadecimal(true);
    const int steps = rowOf(model, "requantized");
    const QString shown = text(model, steps, DifferenceModel::First);
    QVERIFY2(shown.startsWith(QStringLiteral("-0x1.")), qPrintable(shown));
    QVERIFY(parse_number(shown.toStdString())
            == model.index(steps, DifferenceModel::First).data(SortRole).toDouble());
    const int last = model.rowCount() - 1;
    QVERIFY(!text(model, last, DifferenceModel::First).contains(u'x'));
}

void TestDifferenceModel::theFirstDifferingRowIsMarked()
{
    DifferenceModel model;
    const auto difference = differenceAt(partingCode);
    model.setDifference(difference);
    for (int row = 0; row < model.rowCount(); ++row)
        QCOMPARE(model.index(row, 0).data(Qt::BackgroundRole).isValid(),
                 difference->first_differing == static_cast<std::size_t>(row));
}

void TestDifferenceModel::whereTheCodesAgreeNothingIsMarked()
{
    DifferenceModel model;
    const auto difference = differenceAt(0);
    QVERIFY(difference->first_differing); // the last bits of an intermediate
    model.setDifference(difference);
    const QVariant problem = TableStyle().colors().problem;
    for (int row = 0; row < model.rowCount(); ++row) {
        QVERIFY(!model.index(row, 0).data(Qt::BackgroundRole).isValid());
        QVERIFY(model.index(row, DifferenceModel::Ulp).data(Qt::ForegroundRole) != problem);
    }
}

void TestDifferenceModel::aTooltipHasDigitsBitsAndFormula()
{
    DifferenceModel model;
    const auto difference = differenceAt(partingCode);
    model.setDifference(difference);
    const int steps = rowOf(model, "requantized");
    const QString tip = model.index(steps, DifferenceModel::First).data(Qt::ToolTipRole).toString();
    const TraceStep& step = *difference->steps[static_cast<std::size_t>(steps)].first;
    QVERIFY2(tip.contains(QStringLiteral("PyTorch fused")), qPrintable(tip));
    QVERIFY2(tip.contains(text(model, steps, DifferenceModel::First)), qPrintable(tip));
    QVERIFY2(tip.contains(QString::fromStdString(format_hex(step.value))), qPrintable(tip));
    QVERIFY2(tip.contains(textOf(step.formula)), qPrintable(tip));
}

void TestDifferenceModel::aStepThatOneDoesNotHaveIsEmpty()
{
    DifferenceModel model;
    model.setDifference(differenceAt(partingCode));
    const int normalized = rowOf(model, "dequantized");
    QVERIFY(text(model, normalized, DifferenceModel::First).isEmpty());
    QVERIFY(!text(model, normalized, DifferenceModel::Second).isEmpty());
    QVERIFY(model.index(normalized, DifferenceModel::First)
                .data(Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("has no")));
}

void TestDifferenceModel::anotherCodeChangesDataOnly()
{
    DifferenceModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setDifference(differenceAt(partingCode));
    QSignalSpy reset(&model, &DifferenceModel::modelReset);
    QSignalSpy data(&model, &DifferenceModel::dataChanged);
    model.setDifference(differenceAt(100));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(data.count(), 1);
    model.setDifference(differenceAt(100, "exact"));
    QCOMPARE(reset.count(), 1);
}

void TestDifferenceModel::whatHangsOnPlaceholdersIsMuted()
{
    DifferenceModel model;
    const auto difference = differenceAt(partingCode);
    model.setDifference(difference, {Field::gamma, Field::beta});
    const QColor muted = TableStyle().colors().muted;
    const auto isMuted = [&](const char* step, int column) {
        return model.index(rowOf(model, step), column).data(Qt::ForegroundRole).value<QColor>()
            == muted;
    };
    QVERIFY(isMuted("requantized", DifferenceModel::First));
    QVERIFY(isMuted("output_code", DifferenceModel::Second));
    QVERIFY(!isMuted("std_dev", DifferenceModel::First));
    model.setDifference(difference);
    QVERIFY(!isMuted("requantized", DifferenceModel::First));
}

QBN_TEST(TestDifferenceModel)
#include "tst_difference_model.moc"
