#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/backends/difference_model.h"
#include "ui/panels/backends/steps_panel.h"
#include "ui/table/table_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QtTest>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;

class TestStepsPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theChooserNamesTheOther();
    void aChosenBackendIsExplainedInstead();
    void hiddenItDoesNothing();
    void theChosenBackendCannotBeItsOwnOther();
    void theFirstDifferingRowIsInView();
    void hexadecimalsAreShownWhole();
    void rowsAreCopied();
    void anEditLaysOutNothing();

private:
    template <typename Widget> Widget* find(const char* name) const
    {
        return m_panel->findChild<Widget*>(QLatin1String(name));
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<StepsPanel> m_panel;
};

void TestStepsPanel::init()
{
    m_document = std::make_unique<Document>();
    m_document->open(partingExperiment(3, 1), {}, {.channel = 1, .code = partingCode});
    m_panel = std::make_unique<StepsPanel>(*m_document);
    m_panel->resize(280, 240);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestStepsPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestStepsPanel::theChooserNamesTheOther()
{
    QCOMPARE(find<QComboBox>("againstChooser")->currentText(),
             QStringLiteral("First: PyTorch reference"));
    m_document->open(example_experiment(), {}, {.code = 38});
    QCOMPARE(find<QComboBox>("againstChooser")->currentText(),
             QStringLiteral("Exact (none differs)"));
}

void TestStepsPanel::hiddenItDoesNothing()
{
    const QString before = find<QComboBox>("againstChooser")->currentText();
    m_panel->hide();
    m_document->open(example_experiment(), {}, {.code = 38});
    QCOMPARE(find<QComboBox>("againstChooser")->currentText(), before);
    m_panel->show();
    QVERIFY(find<QComboBox>("againstChooser")->currentText() != before);
}

void TestStepsPanel::aChosenBackendIsExplainedInstead()
{
    auto* against = find<QComboBox>("againstChooser");
    against->setFocus();
    QTest::keyClick(against, Qt::Key_End);
    const QString last = QString::fromStdString(m_document->experiment().backends.back().id);
    QCOMPARE(QString::fromStdString(m_document->selection().current().against), last);
    QCOMPARE(against->currentData().toString(), last);
    QCOMPARE(textOf(m_document->evaluation().difference->second->id), last);
    QTest::keyClick(against, Qt::Key_Home);
    QVERIFY(m_document->selection().current().against.empty());
}

void TestStepsPanel::theChosenBackendCannotBeItsOwnOther()
{
    auto* against = find<QComboBox>("againstChooser");
    m_document->selection().setAgainst("onnxruntime");
    QCOMPARE(against->currentText(), QStringLiteral("ONNX Runtime"));
    QCOMPARE(against->findData(QStringLiteral("pytorch")), -1);
    m_document->chooseBackend(*find_backend("onnxruntime"));
    QCOMPARE(against->currentIndex(), 0);
    QCOMPARE(against->findData(QStringLiteral("onnxruntime")), -1);
    QVERIFY(against->findData(QStringLiteral("pytorch")) > 0);
    QCOMPARE(against->count(), static_cast<int>(m_document->experiment().backends.size()));
}

void TestStepsPanel::theFirstDifferingRowIsInView()
{
    const auto& first = m_document->evaluation().difference->first_differing;
    QVERIFY(first);
    const TableView* table = m_panel->table();
    const QRect row = table->visualRect(table->model()->index(static_cast<int>(*first), 0));
    QVERIFY(table->viewport()->rect().contains(row.center()));
}

void TestStepsPanel::hexadecimalsAreShownWhole()
{
    TableView* table = m_panel->table();
    const QModelIndex exact = table->model()->index(0, DifferenceModel::Exact);
    QTest::mouseClick(find<QCheckBox>("hexToggle"), Qt::LeftButton, {}, QPoint(8, 10));
    QVERIFY(find<QCheckBox>("hexToggle")->isChecked());
    const QString shown = exact.data().toString();
    QVERIFY2(shown.contains(QStringLiteral("0x1.")), qPrintable(shown));
    const QFont font = exact.data(Qt::FontRole).value<QFont>();
    QVERIFY(table->columnWidth(DifferenceModel::Exact)
            > QFontMetrics(font).horizontalAdvance(shown));
}

void TestStepsPanel::rowsAreCopied()
{
    m_panel->table()->setFocus();
    m_panel->table()->copyAll();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.front(), QStringLiteral("intermediate\tchosen\tother\tulp\texact"));
    QCOMPARE(lines.size(), m_panel->table()->model()->rowCount() + 2);
    QVERIFY(lines.at(lines.size() - 2).startsWith(QStringLiteral("output_code\t")));
}

void TestStepsPanel::anEditLaysOutNothing()
{
    const QRect table = m_panel->table()->geometry();
    const QSize hint = m_panel->sizeHint();
    m_document->selection().setCode(5);
    QCOMPARE(m_panel->sizeHint(), hint);
    QCOMPARE(m_panel->table()->width(), table.width());
    QCOMPARE(m_panel->table()->geometry().bottom(), table.bottom());
}

QBN_TEST(TestStepsPanel)
#include "tst_steps_panel.moc"
