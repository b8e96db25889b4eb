#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
#include "ui/panels/backends/difference_model.h"
#include "ui/panels/backends/why_panel.h"
#include "ui/table/table_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QScrollBar>
#include <QtTest>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;

class TestWhyPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void saysWhyTwoBackendsDiffer();
    void saysHowNearTheyComeToIt();
    void aChosenBackendIsExplainedInstead();
    void theChosenBackendCannotBeItsOwnOther();
    void theFirstDifferingRowIsInView();
    void hexadecimalsAreShownWhole();
    void rowsAreCopied();
    void theSentenceIsCopied();
    void aLongSentenceScrolls();
    void hiddenItDoesNothing();
    void anEditLaysOutNothing();

private:
    template <typename Widget> Widget* find(const char* name) const
    {
        return m_panel->findChild<Widget*>(QLatin1String(name));
    }
    QString sentence() const { return find<SentenceView>("whySentence")->text(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<WhyPanel> m_panel;
};

void TestWhyPanel::init()
{
    m_document = std::make_unique<Document>();
    m_document->open(partingExperiment(3, 1), {}, {.channel = 1, .code = partingCode});
    m_panel = std::make_unique<WhyPanel>(*m_document);
    m_panel->resize(280, 240);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestWhyPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestWhyPanel::saysWhyTwoBackendsDiffer()
{
    QVERIFY2(sentence().startsWith(
                 QStringLiteral("They first part at offset, beta - shift in PyTorch fused and "
                                "fma(-mean, gain, beta) in PyTorch reference: ")),
             qPrintable(sentence()));
    QCOMPARE(find<QComboBox>("againstChooser")->currentText(),
             QStringLiteral("First: PyTorch reference"));
}

void TestWhyPanel::saysHowNearTheyComeToIt()
{
    m_document->open(example_experiment(), {}, {.code = 38});
    QVERIFY2(sentence().startsWith(QStringLiteral("Both give code 52")), qPrintable(sentence()));
    QVERIFY2(sentence().contains(QStringLiteral("Margin: 0.487 output steps (")),
             qPrintable(sentence()));
    QVERIFY2(sentence().endsWith(QStringLiteral(" ulp) from the boundary -21.5.")),
             qPrintable(sentence()));
    QCOMPARE(find<QComboBox>("againstChooser")->currentText(),
             QStringLiteral("Exact (none differs)"));
}

void TestWhyPanel::aChosenBackendIsExplainedInstead()
{
    auto* against = find<QComboBox>("againstChooser");
    against->setFocus();
    QTest::keyClick(against, Qt::Key_End);
    const QString last = QString::fromStdString(m_document->experiment().backends.back().id);
    QCOMPARE(QString::fromStdString(m_document->selection().current().against), last);
    QCOMPARE(against->currentData().toString(), last);
    QCOMPARE(textOf(m_document->evaluation().difference->second->id), last);
    QVERIFY(!sentence().contains(QStringLiteral("in PyTorch reference")));
    QTest::keyClick(against, Qt::Key_Home);
    QVERIFY(m_document->selection().current().against.empty());
    QVERIFY(sentence().contains(QStringLiteral("in PyTorch reference")));
}

void TestWhyPanel::theChosenBackendCannotBeItsOwnOther()
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

void TestWhyPanel::theFirstDifferingRowIsInView()
{
    const auto& first = m_document->evaluation().difference->first_differing;
    QVERIFY(first);
    const TableView* table = m_panel->table();
    const QRect row = table->visualRect(table->model()->index(static_cast<int>(*first), 0));
    QVERIFY(table->viewport()->rect().contains(row.center()));
}

void TestWhyPanel::hexadecimalsAreShownWhole()
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

void TestWhyPanel::rowsAreCopied()
{
    m_panel->table()->setFocus();
    m_panel->table()->copyAll();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.front(), QStringLiteral("intermediate\tchosen\tother\tulp\texact"));
    QCOMPARE(lines.size(), m_panel->table()->model()->rowCount() + 2);
    QVERIFY(lines.at(lines.size() - 2).startsWith(QStringLiteral("output_code\t")));
}

void TestWhyPanel::theSentenceIsCopied()
{
    auto* view = find<SentenceView>("whySentence");
    view->setFocus();
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), sentence());
    QCOMPARE(view->accessibleDescription(), sentence());
}

void TestWhyPanel::aLongSentenceScrolls()
{
    auto* view = find<SentenceView>("whySentence");
    QVERIFY(view->heightFor(120) > view->heightFor(240));
    m_panel->resize(120, 150);
    QScrollBar* bar = view->verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    const QImage top = view->grab().toImage();
    QTest::keyClick(view, Qt::Key_End);
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(view->grab().toImage() != top);
}

void TestWhyPanel::hiddenItDoesNothing()
{
    const QString before = sentence();
    m_panel->hide();
    m_document->selection().setCode(5);
    QCOMPARE(sentence(), before);
    m_panel->show();
    QVERIFY(sentence() != before);
}

void TestWhyPanel::anEditLaysOutNothing()
{
    const QRect table = m_panel->table()->geometry();
    const QSize hint = m_panel->sizeHint();
    m_document->selection().setCode(5);
    QCOMPARE(m_panel->sizeHint(), hint);
    QCOMPARE(m_panel->table()->width(), table.width());
    QCOMPARE(m_panel->table()->geometry().bottom(), table.bottom());
}

QBN_TEST(TestWhyPanel)
#include "tst_why_panel.moc"
