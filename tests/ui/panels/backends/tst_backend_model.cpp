#include "tests/support/room.h"
#include "ui/panels/backends/backend_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestBackendModel : public QObject
{
    Q_OBJECT

private slots:
    void showsEveryBackendAtTheCode();
    void whatNobodyGaveIsGrey();
    void followsTheCode();
    void knowsTheRowThatIsLookedAt();
    void explainsEachInItsToolTip();
    void neverResets();
    void anotherChosenBackendChangesWholeRows();
};

namespace {

QString text(const BackendModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

void TestBackendModel::showsEveryBackendAtTheCode()
{
    Document document;
    BackendModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), static_cast<int>(all_backends().size()));
    for (int row = 0; row < model.rowCount(); ++row) {
        QCOMPARE(text(model, row, BackendModel::Title),
                 textOf(all_backends()[static_cast<std::size_t>(row)].title));
        // LiteRT's weights have 8 bits, and so has a product between a multiplication and an addition of codes.
        const Backend& backend = all_backends()[static_cast<std::size_t>(row)];
        const bool isCoarse = backend.group == "LiteRT" || backend.id == "onnxruntime-qlinear";
        const QString before = text(model, row, BackendModel::BeforeRounding);
        QVERIFY2(before.startsWith(isCoarse ? QStringLiteral("51.") : QStringLiteral("51.98")),
                 qPrintable(before));
        QCOMPARE(text(model, row, BackendModel::Code), QStringLiteral("52"));
        if (!isCoarse)
            QCOMPARE(text(model, row, BackendModel::Differ), QStringLiteral("0"));
    }
}

void TestBackendModel::whatNobodyGaveIsGrey()
{
    Document document;
    BackendModel model(document);
    const QVariant grey = TableStyle().colors().muted;
    const auto code = [&] { return model.index(0, BackendModel::Code).data(Qt::ForegroundRole); };
    QVERIFY(code() != grey);
    document.editLayer(QStringLiteral("forget"), {},
                       [](BatchNormLayer& layer) { layer.provenance.set(Field::beta, {}); });
    QCOMPARE(code(), grey);
    QCOMPARE(model.index(0, BackendModel::BeforeRounding).data(Qt::ForegroundRole), grey);
}

void TestBackendModel::followsTheCode()
{
    Document document;
    BackendModel model(document);
    QSignalSpy data(&model, &BackendModel::dataChanged);
    document.selection().setCode(0);
    QCOMPARE(data.count(), 1);
    QCOMPARE(text(model, 0, BackendModel::Code), QStringLiteral("28"));
}

void TestBackendModel::knowsTheRowThatIsLookedAt()
{
    Document document;
    BackendModel model(document);
    const auto isMarked
        = [&](int row) { return model.index(row, 0).data(Qt::BackgroundRole).isValid(); };
    QCOMPARE(model.otherRow(), 0);
    QVERIFY(isMarked(2) && !isMarked(0));
    document.selection().setAgainst("onnxruntime");
    QCOMPARE(std::string(model.backendAt(model.otherRow()).id), std::string("onnxruntime"));
    document.edit(QStringLiteral("exact"), {},
                  [](Experiment& experiment) { experiment.backend = "exact"; });
    QVERIFY(isMarked(0) && !isMarked(2));
}

void TestBackendModel::explainsEachInItsToolTip()
{
    Document document;
    BackendModel model(document);
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString tip = model.index(row, 0).data(Qt::ToolTipRole).toString();
        QVERIFY(tip.contains(textOf(model.backendAt(row).id)));
        QVERIFY(tip.contains(textOf(model.backendAt(row).formula)));
    }
}

void TestBackendModel::neverResets()
{
    Document document;
    BackendModel model(document);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy reset(&model, &BackendModel::modelReset);
    document.setValue(Field::var, 0, -1);
    document.selection().setChannel(1);
    document.editLayer(QStringLiteral("type"), {},
                       [](BatchNormLayer& layer) { layer.input.type = {true, 4}; });
    QCOMPARE(reset.count(), 0);
}

void TestBackendModel::anotherChosenBackendChangesWholeRows()
{
    Document document;
    const BackendModel model(document);
    QSignalSpy changed(&model, &BackendModel::dataChanged);
    document.selection().setCode(7);
    QCOMPARE(changed.last()[0].toModelIndex().column(), int(BackendModel::BeforeRounding));
    document.chooseBackend(*find_backend("onnxruntime"));
    QCOMPARE(changed.last()[0].toModelIndex().column(), int(BackendModel::Title));
}

QBN_TEST(TestBackendModel)
#include "tst_backend_model.moc"
