#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/fold/fold_dialog.h"
#include "ui/table/table_view.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

namespace {

/// Factors 3, -3 and 3: gamma 6 over the root of 4.
Experiment threefold()
{
    BatchNormLayer layer = identity_layer("threefold", 3);
    layer.eps = 0.25;
    layer.var.assign(3, 3.75);
    layer.gamma = {6, -6, 6};
    layer.mean.assign(3, 0.5);
    layer.beta.assign(3, 10);
    Experiment experiment;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

} // namespace

class TestFoldDialog : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aTypedScaleIsFolded();
    void aPastedTensorGoesDownFromTheCurrentRow();
    void aSingleNumberGoesToAllSelectedRows();
    void theKeyPastesIntoTheCurrentColumn();
    void otherTextIsRefused();
    void resultsFollowAnEditOfTheLayer();
    void theWeightsStayUnlessAFactorIsNegative();
    void whatIsCopiedIsTheWholeTable();
    void anotherFileStartsAnew();
    void helpIsAsked();

private:
    void clickButton(const QString& name)
    {
        QTest::mouseClick(m_dialog->findChild<QPushButton*>(name), Qt::LeftButton);
    }
    static void setClipboard(const QString& text) { QGuiApplication::clipboard()->setText(text); }
    QStringList column(FoldModel::Column column) const
    {
        QStringList texts;
        const QAbstractItemModel* model = m_dialog->table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            texts << model->index(row, column).data().toString();
        return texts;
    }
    QString message() const { return m_dialog->findChild<QLabel*>(u"foldMessage"_s)->text(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<FoldDialog> m_dialog;
};

void TestFoldDialog::init()
{
    m_document = std::make_unique<Document>();
    m_document->open(threefold(), {});
    m_dialog = std::make_unique<FoldDialog>(*m_document);
    m_dialog->show();
    m_dialog->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void TestFoldDialog::cleanup()
{
    m_dialog.reset();
    m_document.reset();
}

void TestFoldDialog::aTypedScaleIsFolded()
{
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"3"_s, u"3"_s, u"3"_s}));
    TableView* table = m_dialog->table();
    const QModelIndex cell = table->model()->index(1, FoldModel::WeightScale);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
    QTest::keyClick(table, Qt::Key_F2);
    auto* editor = table->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    editor->selectAll();
    QTest::keyClicks(editor, u"1/8"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(column(FoldModel::WeightScale), (QStringList{u"1"_s, u"0.125"_s, u"1"_s}));
    QCOMPARE(column(FoldModel::Factor), (QStringList{u"3"_s, u"-3"_s, u"3"_s}));
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"3"_s, u"0.375"_s, u"3"_s}));
}

void TestFoldDialog::aPastedTensorGoesDownFromTheCurrentRow()
{
    setClipboard(u"tensor([0.125, 0.25, 0.5, 1.0], dtype=torch.float64)"_s);
    clickButton(u"pasteScales"_s);
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"0.375"_s, u"0.75"_s, u"1.5"_s}));
    QCOMPARE(message(), u"3 of 4 numbers taken"_s);
    m_dialog->table()->setCurrentRow(1);
    setClipboard(u"2.5\n0.5\n"_s);
    clickButton(u"pasteBiases"_s);
    // (bias - 0.5) * factor + 10
    QCOMPARE(column(FoldModel::FoldedBias), (QStringList{u"8.5"_s, u"4"_s, u"10"_s}));
}

void TestFoldDialog::aSingleNumberGoesToAllSelectedRows()
{
    m_dialog->table()->selectAll();
    setClipboard(u"0.125"_s);
    clickButton(u"pasteScales"_s);
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"0.375"_s, u"0.375"_s, u"0.375"_s}));
}

void TestFoldDialog::theKeyPastesIntoTheCurrentColumn()
{
    TableView* table = m_dialog->table();
    setClipboard(u"[0.5, 0.5, 0.5]"_s);
    const QModelIndex cell = table->model()->index(0, FoldModel::Bias);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
    QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(column(FoldModel::Bias), (QStringList{u"0.5"_s, u"0.5"_s, u"0.5"_s}));
    QCOMPARE(column(FoldModel::FoldedBias), (QStringList{u"10"_s, u"10"_s, u"10"_s}));
}

void TestFoldDialog::otherTextIsRefused()
{
    setClipboard(u"scale of conv1"_s);
    clickButton(u"pasteScales"_s);
    QCOMPARE(message(), u"The clipboard holds no list of numbers"_s);
    QCOMPARE(column(FoldModel::WeightScale), (QStringList{u"1"_s, u"1"_s, u"1"_s}));
}

void TestFoldDialog::resultsFollowAnEditOfTheLayer()
{
    m_document->setValue(Field::gamma, 0, 20);
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"10"_s, u"3"_s, u"3"_s}));
    m_document->undo();
    QCOMPARE(column(FoldModel::FoldedScale), (QStringList{u"3"_s, u"3"_s, u"3"_s}));
}

void TestFoldDialog::theWeightsStayUnlessAFactorIsNegative()
{
    const auto* sentence = m_dialog->findChild<QLabel*>(u"foldLayer"_s);
    QVERIFY2(sentence->text().contains(u"change their sign in 1 of 3 channels"_s),
             qPrintable(sentence->text()));
    m_document->setValue(Field::gamma, 1, 6);
    QVERIFY2(sentence->text().contains(u"Its integer weights stay as they are"_s),
             qPrintable(sentence->text()));
}

void TestFoldDialog::whatIsCopiedIsTheWholeTable()
{
    setClipboard(u"0.125 0.25 0.5"_s);
    clickButton(u"pasteScales"_s);
    clickButton(u"copyCsv"_s);
    const QString csv = QGuiApplication::clipboard()->text();
    QVERIFY2(csv.startsWith(u"channel,conv_weight_scale,conv_bias,factor,folded_weight_scale,"
                            "folded_bias\r\n0,0.125,0,3,0.375,8.5\r\n1,0.25,0,-3,0.75,11.5\r\n"_s),
             qPrintable(csv));
    clickButton(u"copyTable"_s);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"\n2\t0.5\t0\t3\t1.5\t8.5\n"_s));
}

void TestFoldDialog::anotherFileStartsAnew()
{
    setClipboard(u"0.125 0.25 0.5"_s);
    clickButton(u"pasteScales"_s);
    m_document->open(threefold(), {});
    QCOMPARE(column(FoldModel::WeightScale), (QStringList{u"1"_s, u"1"_s, u"1"_s}));
}

void TestFoldDialog::helpIsAsked()
{
    QSignalSpy asked(m_dialog.get(), &FoldDialog::helpRequested);
    QTest::keyClick(m_dialog.get(), Qt::Key_F1);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().toString(), u"folding"_s);
}

QBN_TEST(TestFoldDialog)
#include "tst_fold_dialog.moc"
