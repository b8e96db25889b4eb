#include "core/paste/print_labels.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

class TestPrintLabels : public QObject
{
    Q_OBJECT

private slots:
    void labelsSayWhatAValueIs_data();
    void labelsSayWhatAValueIs();
    void keysAreFound_data();
    void keysAreFound();
    void aScaleHasTheSideOfItsLine();
};

Q_DECLARE_METATYPE(PrintRole)
Q_DECLARE_METATYPE(PrintSide)

void TestPrintLabels::labelsSayWhatAValueIs_data()
{
    QTest::addColumn<QString>("label");
    QTest::addColumn<PrintRole>("role");
    QTest::addColumn<PrintSide>("side");
    const auto row = [](const char* label, PrintRole role, PrintSide side = PrintSide::unknown) {
        QTest::newRow(label) << QString::fromUtf8(label) << role << side;
    };
    row("Running Mean", PrintRole::mean);
    row("running_mean", PrintRole::mean);
    row("runningMean", PrintRole::mean);
    row("Running Variance", PrintRole::var);
    row("bn.running_var", PrintRole::var);
    row("mean and var", PrintRole::none);
    row("weight", PrintRole::gamma);
    row("gamma", PrintRole::gamma);
    row("bias", PrintRole::beta);
    row("Batch Norm Eps", PrintRole::eps);
    row("Batch Norm Scale", PrintRole::scale);
    row("Batch Norm Zero Point", PrintRole::zero_point);
    row("zp", PrintRole::zero_point);
    row("x.q_scale", PrintRole::scale, PrintSide::input);
    row("output zero_point", PrintRole::zero_point, PrintSide::output);
    row("conv1_0_input_scale_0", PrintRole::scale, PrintSide::input);
    row("conv.weight.q_scale", PrintRole::other);
    row("num_batches_tracked", PrintRole::other);
    row("Input to batch norm", PrintRole::input, PrintSide::input);
    row("Output of batch norm", PrintRole::output, PrintSide::output);
    row("x", PrintRole::input, PrintSide::input);
    row("y", PrintRole::output, PrintSide::output);
    row("result", PrintRole::output, PrintSide::output);
    row("input and output", PrintRole::none);
    row("loss", PrintRole::other);
    row("", PrintRole::none);
}

void TestPrintLabels::labelsSayWhatAValueIs()
{
    QFETCH(QString, label);
    const PrintMeaning meaning = meaning_of({.text = label.toStdString()});
    QTEST(meaning.role, "role");
    QTEST(meaning.side, "side");
}

void TestPrintLabels::keysAreFound_data()
{
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("key");
    QTest::newRow("a key of a state_dict") << "conv1.0.running_mean"
                                           << "conv1.0.running_mean";
    QTest::newRow("behind the name of the dictionary") << "OrderedDict conv1.0.weight"
                                                       << "conv1.0.weight";
    QTest::newRow("an expression") << "print bn.weight.data.numpy"
                                   << "bn.weight";
    QTest::newRow("a key of FX") << "conv1_0_input_zero_point_0"
                                 << "conv1_0_input_zero_point_0";
    QTest::newRow("a key that looks like another") << "bn.overweight"
                                                   << "";
    QTest::newRow("words") << "Running Mean"
                           << "";
}

void TestPrintLabels::keysAreFound()
{
    QFETCH(QString, label);
    QTEST(QString::fromStdString(meaning_of({.text = label.toStdString()}).key), "key");
}

void TestPrintLabels::aScaleHasTheSideOfItsLine()
{
    QCOMPARE(meaning_of({.text = "zero_point", .before = "input scale"}).side, PrintSide::input);
    QCOMPARE(meaning_of({.text = "output zero_point", .before = "input scale"}).side,
             PrintSide::output);
}

QBN_TEST(TestPrintLabels)
#include "tst_print_labels.moc"
