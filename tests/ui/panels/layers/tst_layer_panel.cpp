#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/document/model_survey.h"
#include "ui/look/theme.h"
#include "ui/panels/layers/layer_model.h"
#include "ui/panels/layers/layer_panel.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QTest>

using namespace qbn;
using namespace qbn::ui;

class TestLayerPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void namesChannelsAndCountsAreListed();
    void aClickSelectsAndModifiesNothing();
    void sortedByDifferences();
    void theFilterLeavesTheSelection();
    void whatIsNotKnownYetIsNoNumber();
    void whatHangsOnPlaceholdersIsGreyAndSaysSo();

private:
    QString cell(int row, int column) const
    {
        return m_table->model()->index(row, column).data().toString();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<LayerPanel> m_panel;
    QTableView* m_table = nullptr;
};

void TestLayerPanel::init()
{
    m_document = std::make_unique<Document>();
    Experiment experiment = example_experiment();
    BatchNormLayer named = test::partingLayer(3, 1);
    named.name = "conv1.bn";
    BatchNormLayer plain = identity_layer("<b>conv2</b>.bn", 5);
    plain.input.scale = plain.output.scale = 1;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(plain),
                               std::make_shared<const BatchNormLayer>(named)};
    m_document->open(experiment, {});
    m_panel = std::make_unique<LayerPanel>(*m_document);
    m_table = m_panel->findChild<QTableView*>(QStringLiteral("layerTable"));
    new QAbstractItemModelTester(m_table->model(),
                                 QAbstractItemModelTester::FailureReportingMode::QtTest, m_table);
    m_panel->resize(700, 300);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    QTRY_VERIFY(m_document->survey().differences().complete());
}

void TestLayerPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestLayerPanel::namesChannelsAndCountsAreListed()
{
    QCOMPARE(m_table->model()->rowCount(), 2);
    QCOMPARE(cell(0, 0), QStringLiteral("<b>conv2</b>.bn"));
    QCOMPARE(cell(0, 1), QStringLiteral("5"));
    QCOMPARE(cell(0, 2), QStringLiteral("0"));
    QCOMPARE(cell(1, 0), QStringLiteral("conv1.bn"));
    QCOMPARE(cell(1, 1), QStringLiteral("3"));
    QCOMPARE(cell(1, 2), QString::number(m_document->survey().digest(1)->differing));
    QVERIFY(cell(1, 2).toInt() > 0);
    QVERIFY(cell(1, 4).endsWith(u'%'));
}

void TestLayerPanel::aClickSelectsAndModifiesNothing()
{
    const QRect row = m_table->visualRect(m_table->model()->index(1, 0));
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(m_document->selection().layer(), 1);
    QVERIFY(!m_document->isModified());
    m_document->selection().setLayer(0);
    QCOMPARE(m_table->currentIndex().row(), 0);
}

void TestLayerPanel::sortedByDifferences()
{
    m_document->selection().setLayer(1);
    m_table->sortByColumn(2, Qt::DescendingOrder);
    QCOMPARE(cell(0, 0), QStringLiteral("conv1.bn"));
    QCOMPARE(m_table->currentIndex().row(), 0);
    QCOMPARE(m_document->selection().layer(), 1);
}

void TestLayerPanel::theFilterLeavesTheSelection()
{
    auto* filter = m_panel->findChild<QLineEdit*>(QStringLiteral("layerFilter"));
    filter->setFocus();
    QTest::keyClicks(filter, QStringLiteral("CONV1"));
    QCOMPARE(m_table->model()->rowCount(), 1);
    QCOMPARE(cell(0, 0), QStringLiteral("conv1.bn"));
    QCOMPARE(m_document->selection().layer(), 0);
    filter->clear();
    QCOMPARE(m_table->model()->rowCount(), 2);
    QCOMPARE(m_table->currentIndex().row(), 0);
}

void TestLayerPanel::whatIsNotKnownYetIsNoNumber()
{
    m_document->chooseBackend(*find_backend("onnxruntime"));
    QCOMPARE(cell(1, 2), QStringLiteral("…"));
    QTRY_VERIFY(m_document->survey().differences().complete());
    QVERIFY(cell(1, 2).toInt() > 0);
}

void TestLayerPanel::whatHangsOnPlaceholdersIsGreyAndSaysSo()
{
    const auto data = [this](int row, int column, int role) {
        return m_table->model()->index(row, column).data(role);
    };
    const QColor muted = colorsFor(m_table->palette()).muted;
    for (int column = LayerModel::Differ; column < LayerModel::ColumnCount; ++column) {
        const QString tip = data(0, column, Qt::ToolTipRole).toString();
        QCOMPARE(data(0, column, Qt::ForegroundRole).value<QColor>(), muted);
        QVERIFY2(tip.contains(QStringLiteral("Nobody gave input type")), qPrintable(tip));
        QVERIFY(data(1, column, Qt::ForegroundRole).value<QColor>() != muted);
        QVERIFY(!data(1, column, Qt::ToolTipRole).toString().contains(QStringLiteral("Nobody")));
    }
    m_document->editLayer(QStringLiteral("give all"), {}, [](BatchNormLayer& layer) {
        layer.provenance.set_all({.origin = Origin::typed, .note = {}});
    });
    QTRY_VERIFY(data(0, LayerModel::Differ, Qt::ForegroundRole).value<QColor>() != muted);
}

QBN_TEST(TestLayerPanel)
#include "tst_layer_panel.moc"
