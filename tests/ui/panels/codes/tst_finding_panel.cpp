#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/codes/finding_panel.h"

#include <QLabel>
#include <QListView>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestFindingPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void clickingAFindingGoesToItsChannel();
    void enterGoesToItsChannelToo();
    void aFindingOfTheLayerGoesNowhere();
    void whatTheFileHasBesideItsLayersIsTold();
    void saysThatThereIsNothing();
    void longSentencesAreWrapped();

private:
    std::unique_ptr<Document> m_document;
    std::unique_ptr<FindingPanel> m_panel;
};

void TestFindingPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<FindingPanel>(*m_document);
    m_panel->resize(280, 240);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestFindingPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestFindingPanel::clickingAFindingGoesToItsChannel()
{
    QListView* list = m_panel->list();
    const QRect row = list->visualRect(list->model()->index(0, list->modelColumn()));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(m_document->selection().channel(), 2);
}

void TestFindingPanel::enterGoesToItsChannelToo()
{
    QListView* list = m_panel->list();
    list->setFocus();
    list->setCurrentIndex(list->model()->index(0, list->modelColumn()));
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(m_document->selection().channel(), 2);
}

void TestFindingPanel::aFindingOfTheLayerGoesNowhere()
{
    m_document->selection().setChannel(1);
    m_document->setValue(Field::input_scale, 0, -1);
    QListView* list = m_panel->list();
    const QModelIndex first = list->model()->index(0, list->modelColumn());
    QVERIFY(first.data().toString().contains(QStringLiteral("input scale")));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(first).center());
    QCOMPARE(m_document->selection().channel(), 1);
}

void TestFindingPanel::whatTheFileHasBesideItsLayersIsTold()
{
    const QAbstractItemModel* model = m_panel->list()->model();
    const int before = model->rowCount();
    Experiment experiment = m_document->experiment();
    experiment.model.notes = {"1 convolution with bias may hold folded batch norms"};
    m_document->open(experiment, {});
    QCOMPARE(model->rowCount(), before + 1);
    const QModelIndex last = model->index(before, m_panel->list()->modelColumn());
    QCOMPARE(last.data().toString(),
             QStringLiteral("1 convolution with bias may hold folded batch norms"));
    QCOMPARE(last.siblingAtColumn(0).data().toString(), QStringLiteral("note"));
    QVERIFY(last.data(Qt::ToolTipRole).toString().contains(QStringLiteral("About the file")));
    m_document->setValue(Field::gamma, 2, 64); // whose finding goes
    QCOMPARE(model->index(model->rowCount() - 1, m_panel->list()->modelColumn()).data(),
             QVariant(QStringLiteral("1 convolution with bias may hold folded batch norms")));
    experiment.model.notes.clear();
    m_document->open(experiment, {});
    QCOMPARE(model->rowCount(), before);
}

void TestFindingPanel::saysThatThereIsNothing()
{
    auto* nothing = m_panel->findChild<QLabel*>(QStringLiteral("noFindings"));
    QVERIFY(!nothing->isVisible());
    QVERIFY(m_panel->list()->isVisible());
    m_document->setValue(Field::gamma, 2, 64);
    QVERIFY(nothing->isVisible());
    QCOMPARE(nothing->text(), QStringLiteral("No findings"));
    QVERIFY(!m_panel->list()->isVisible());
    m_document->undo();
    QVERIFY(m_panel->list()->isVisible());
}

void TestFindingPanel::longSentencesAreWrapped()
{
    QListView* list = m_panel->list();
    const QModelIndex first = list->model()->index(0, list->modelColumn());
    const int wide = list->visualRect(first).height();
    m_panel->resize(160, 240);
    QTRY_VERIFY(list->visualRect(first).height() > wide);
}

QBN_TEST(TestFindingPanel)
#include "tst_finding_panel.moc"
