#include "tests/support/room.h"
#include "ui/panels/codes/code_model.h"
#include "ui/table/number_sort_proxy.h"
#include "ui/table/table_roles.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestCodeModel : public QObject
{
    Q_OBJECT

private slots:
    void showsTheThreadsRow_data();
    void showsTheThreadsRow();
    void saysWhereBackendsDiffer();
    void whatNobodyGaveIsMuted();
    void marksTies();
    void anEditChangesDataOnly();
    void anEditTellsOfTheColumnsThatChange_data();
    void anEditTellsOfTheColumnsThatChange();
    void aNarrowerTypeResets();
    void sortsNumbersWithNanLast();
};

namespace {

QVariant at(const QAbstractItemModel& model, int row, int column, int role = Qt::DisplayRole)
{
    return model.index(row, column).data(role);
}

/// PyTorch's vector code gives qmax for the NaN of channel 0, all others give qmin.
Experiment partingExperiment()
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("parting", 8);
    layer.provenance.set_all({.origin = Origin::typed});
    layer.var[0] = -1;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

/// y = x - 0.5 in steps of 1: every code but the first is a tie.
Experiment tieExperiment()
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("ties", 1);
    layer.eps = 0;
    layer.beta[0] = -0.5;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

} // namespace

void TestCodeModel::showsTheThreadsRow_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("text");

    QTest::newRow("input code") << int{CodeModel::InputCode} << QStringLiteral("38");
    QTest::newRow("dequantized, the binary32 as frameworks print it")
        << int{CodeModel::Dequantized} << QStringLiteral("0.2990665137767792");
    QTest::newRow("normalized") << int{CodeModel::Normalized} << QStringLiteral("-0.944311");
    QTest::newRow("affine") << int{CodeModel::Affine} << QStringLiteral("-110.9565");
    QTest::newRow("requantized, zero point included")
        << int{CodeModel::Requantized} << QStringLiteral("51.98679");
    QTest::newRow("margin") << int{CodeModel::Margin} << QStringLiteral("0.48679");
    QTest::newRow("output code") << int{CodeModel::OutputCode} << QStringLiteral("52");
    QTest::newRow("output value") << int{CodeModel::OutputValue} << QStringLiteral("-110.88679504");
    QTest::newRow("saturation") << int{CodeModel::SaturationColumn} << QStringLiteral("none");
}

void TestCodeModel::showsTheThreadsRow()
{
    QFETCH(int, column);
    QFETCH(QString, text);
    Document document;
    CodeModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 256);
    const QString shown = at(model, 38, column).toString();
    QVERIFY2(shown.startsWith(text), qPrintable(shown));
    QVERIFY(at(model, 38, CodeModel::Agreement).toString().isEmpty());
    QVERIFY(!at(model, 38, column, Qt::BackgroundRole).isValid());
}

void TestCodeModel::whatNobodyGaveIsMuted()
{
    Document document;
    CodeModel model(document);
    const auto color
        = [&](int column) { return at(model, 7, column, Qt::ForegroundRole).value<QColor>(); };
    const QColor before = color(CodeModel::OutputCode);
    QSignalSpy told(&model, &CodeModel::dataChanged);
    document.editLayer(QStringLiteral("forget"), {},
                       [](BatchNormLayer& layer) { layer.provenance.set(Field::gamma, {}); });
    QVERIFY(told.count() > 0);
    const QColor muted = color(CodeModel::OutputCode);
    QVERIFY(muted != before);
    QCOMPARE(color(CodeModel::Affine), muted);
    QVERIFY(color(CodeModel::Normalized) != muted);
    QVERIFY(color(CodeModel::InputCode) != muted);
}

void TestCodeModel::saysWhereBackendsDiffer()
{
    Document document;
    CodeModel model(document);
    document.open(partingExperiment(), {});
    const QString text = at(model, 7, CodeModel::Agreement).toString();
    QCOMPARE(text,
             QStringLiteral("exact gives 0, textbook gives 0, onnxruntime gives 0, "
                            "openvino gives 0"));
    QVERIFY(at(model, 7, CodeModel::InputCode, Qt::BackgroundRole).isValid());
    QVERIFY(at(model, 7, CodeModel::Agreement, Qt::ForegroundRole).value<QColor>()
            != at(model, 7, CodeModel::OutputCode, Qt::ForegroundRole).value<QColor>());
    QCOMPARE(at(model, 7, CodeModel::Agreement, SortRole).toInt() & 4, 4);

    document.selection().setChannel(1);
    QVERIFY(at(model, 7, CodeModel::Agreement).toString().isEmpty());
    QVERIFY(!at(model, 7, CodeModel::InputCode, Qt::BackgroundRole).isValid());
}

void TestCodeModel::marksTies()
{
    Document document;
    CodeModel model(document);
    document.open(tieExperiment(), {});
    QVERIFY(at(model, 7, CodeModel::Agreement).toString().startsWith(QStringLiteral("tie")));
    QVERIFY(at(model, 7, CodeModel::Agreement, Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("half way")));
}

void TestCodeModel::anEditChangesDataOnly()
{
    Document document;
    CodeModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &CodeModel::modelReset);
    QSignalSpy data(&model, &CodeModel::dataChanged);
    document.setValue(Field::output_zero_point, 0, 83);
    QCOMPARE(at(model, 38, CodeModel::OutputCode).toString(), QStringLiteral("62"));
    const qsizetype told = data.count();
    document.selection().setCode(10);
    QCOMPARE(data.count(), told);
    document.selection().setChannel(2);
    QVERIFY(data.count() > told);
    QCOMPARE(reset.count(), 0);
}

void TestCodeModel::anEditTellsOfTheColumnsThatChange_data()
{
    using Columns = QSet<int>;
    QTest::addColumn<Field>("field");
    QTest::addColumn<double>("value");
    QTest::addColumn<Columns>("unchanged");
    QTest::newRow("gamma keeps what comes before the affine stage")
        << Field::gamma << 100.0
        << Columns{CodeModel::InputCode, CodeModel::Dequantized, CodeModel::Normalized};
    QTest::newRow("the output scale keeps the real values")
        << Field::output_scale << 5.5
        << Columns{CodeModel::InputCode, CodeModel::Dequantized, CodeModel::Normalized,
                   CodeModel::Affine};
    QTest::newRow("the input scale keeps the input codes")
        << Field::input_scale << 0.008 << Columns{CodeModel::InputCode};
}

void TestCodeModel::anEditTellsOfTheColumnsThatChange()
{
    QFETCH(Field, field);
    QFETCH(double, value);
    QFETCH(QSet<int>, unchanged);
    Document document;
    CodeModel model(document);
    QSignalSpy data(&model, &CodeModel::dataChanged);
    QList<QStringList> before;
    for (int row = 0; row < model.rowCount(); ++row) {
        before.emplace_back();
        for (int column = 0; column < CodeModel::ColumnCount; ++column)
            before.back() += at(model, row, column).toString();
    }
    document.setValue(field, 0, value);
    QSet<int> told;
    for (const QList<QVariant>& arguments : data) {
        QCOMPARE(arguments.at(0).toModelIndex().row(), 0);
        QCOMPARE(arguments.at(1).toModelIndex().row(), model.rowCount() - 1);
        for (int column = arguments.at(0).toModelIndex().column();
             column <= arguments.at(1).toModelIndex().column(); ++column)
            told += column;
    }
    QVERIFY(!told.intersects(unchanged));
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < CodeModel::ColumnCount; ++column)
            QVERIFY(told.contains(column)
                    || at(model, row, column).toString() == before[row][column]);
}

void TestCodeModel::aNarrowerTypeResets()
{
    Document document;
    CodeModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &CodeModel::modelReset);
    document.editLayer(QStringLiteral("type"), {},
                       [](BatchNormLayer& layer) { layer.input.type = {true, 4}; });
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.rowCount(), 16);
    QCOMPARE(at(model, 0, CodeModel::InputCode).toString(), QStringLiteral("-8"));
}

void TestCodeModel::sortsNumbersWithNanLast()
{
    Document document;
    CodeModel model(document);
    NumberSortProxy sorted;
    const QAbstractItemModelTester tester(&sorted,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    sorted.setSourceModel(&model);
    sorted.sort(CodeModel::InputCode, Qt::DescendingOrder);
    QCOMPARE(at(sorted, 0, CodeModel::InputCode).toString(), QStringLiteral("255"));
    sorted.sort(CodeModel::Affine, Qt::AscendingOrder);
    QCOMPARE(at(sorted, 0, CodeModel::InputCode).toString(), QStringLiteral("0"));
    // 0/0 at the code whose value is the mean, infinities on both sides of it.
    document.setValue(Field::mean, 0, 0);
    document.setValue(Field::var, 0, 0);
    document.setValue(Field::eps, 0, 0);
    QCOMPARE(at(sorted, 255, CodeModel::InputCode).toString(), QStringLiteral("0"));
    QCOMPARE(at(sorted, 255, CodeModel::Affine).toString(), QStringLiteral("nan"));
    QCOMPARE(at(sorted, 0, CodeModel::Affine).toString(), QStringLiteral("inf"));
}

QBN_TEST(TestCodeModel)
#include "tst_code_model.moc"
