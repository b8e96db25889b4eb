#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/codes/code_model.h"
#include "ui/panels/codes/code_panel.h"
#include "ui/table/table_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QScrollBar>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestCodePanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void followsTheCodeAndScrollsToIt_data();
    void followsTheCodeAndScrollsToIt();
    void anEditDoesNotScroll();
    void clickingARowSelectsItsCode();
    void keysMoveTheCode();
    void signedCodesFollowToo();
    void clickingTheHeaderSorts();
    void copiesTheSelectedRowsWithAndWithoutTheHeader();
    void copiesAllInTheOrderShown();
    void theContextMenuOffersRowsAllAndAnImage();
    void aNarrowerTypeIsFollowed();

private:
    QString shown(int row, int column = CodeModel::InputCode) const
    {
        return m_table->model()->index(row, column).data().toString();
    }
    bool isInSight(int row) const
    {
        const QRect cell = m_table->visualRect(m_table->model()->index(row, 0));
        return cell.isValid() && m_table->viewport()->rect().contains(cell);
    }
    static QStringList clipboardLines()
    {
        return QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<CodePanel> m_panel;
    TableView* m_table = nullptr;
};

void TestCodePanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<CodePanel>(*m_document);
    m_table = m_panel->table();
    m_panel->resize(900, 240);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestCodePanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestCodePanel::followsTheCodeAndScrollsToIt_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("the code at the start") << 38;
    QTest::newRow("the first code") << 0;
    QTest::newRow("the last code") << 255;
    QTest::newRow("the next code") << 39;
}

void TestCodePanel::followsTheCodeAndScrollsToIt()
{
    QFETCH(int, code);
    m_document->selection().setCode(code);
    QCOMPARE(m_table->currentIndex().row(), code);
    QVERIFY(m_table->selectionModel()->isRowSelected(code));
    QCOMPARE(m_table->selectionModel()->selectedRows().size(), 1);
    QVERIFY(isInSight(code));
}

void TestCodePanel::anEditDoesNotScroll()
{
    m_table->verticalScrollBar()->setValue(120);
    const int before = m_table->verticalScrollBar()->value();
    m_document->setValue(Field::mean, 0, 1);
    QCOMPARE(m_table->verticalScrollBar()->value(), before);
    QCOMPARE(m_table->currentIndex().row(), 38);
}

void TestCodePanel::clickingARowSelectsItsCode()
{
    const QRect cell = m_table->visualRect(m_table->model()->index(40, CodeModel::OutputCode));
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(m_document->selection().code(), 40);
}

void TestCodePanel::keysMoveTheCode()
{
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_Down);
    QCOMPARE(m_document->selection().code(), 39);
    QTest::keyClick(m_table, Qt::Key_Up);
    QTest::keyClick(m_table, Qt::Key_Up);
    QCOMPARE(m_document->selection().code(), 37);
    QTest::keyClick(m_table, Qt::Key_End);
    QCOMPARE(m_document->selection().code(), 255);
    QVERIFY(isInSight(255));
    QTest::keyClick(m_table, Qt::Key_Home);
    QCOMPARE(m_document->selection().code(), 0);
}

void TestCodePanel::signedCodesFollowToo()
{
    m_document->editLayer(QStringLiteral("type"), {},
                          [](BatchNormLayer& layer) { layer.input.type = qbn::qint8_type; });
    m_document->selection().setCode(-100);
    QCOMPARE(m_table->currentIndex().row(), 28);
    QCOMPARE(shown(28), QStringLiteral("-100"));
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_Down);
    QCOMPARE(m_document->selection().code(), -99);
}

void TestCodePanel::clickingTheHeaderSorts()
{
    QHeaderView* header = m_table->horizontalHeader();
    const auto click = [&](int column) {
        const int x = header->sectionViewportPosition(column) + header->sectionSize(column) / 2;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    };
    click(CodeModel::InputCode);
    QCOMPARE(shown(0), QStringLiteral("255"));
    QCOMPARE(m_document->selection().code(), 38);
    QCOMPARE(m_table->currentIndex().row(), 255 - 38);
    QVERIFY2(isInSight(255 - 38), "the current row is followed");

    m_document->selection().setChannel(2); // gamma is negative: the curve falls
    click(CodeModel::OutputCode);
    for (int row = 1; row < 256; ++row)
        QVERIFY(shown(row - 1, CodeModel::OutputCode).toInt()
                <= shown(row, CodeModel::OutputCode).toInt());
    QVERIFY(shown(0).toInt() > shown(255).toInt());
    m_table->setFocus();
    m_document->selection().setCode(shown(3).toInt());
    QTest::keyClick(m_table, Qt::Key_Down);
    QCOMPARE(m_document->selection().code(), shown(4).toInt());
}

void TestCodePanel::copiesTheSelectedRowsWithAndWithoutTheHeader()
{
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_document->selection().code(), 39);
    QCOMPARE(m_table->selectionModel()->selectedRows().size(), 2);
    QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier);
    const QStringList rows = clipboardLines();
    QCOMPARE(rows.size(), 2);
    QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier | Qt::AltModifier);
    const QStringList lines = clipboardLines();
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines.mid(1), rows);
    QCOMPARE(lines[0],
             QStringLiteral("input code\tdequantized\tnormalized\taffine\trequantized\tmargin\t"
                            "output code\toutput value\tsaturation\tagreement"));
    const QStringList cells = lines[1].split(QLatin1Char('\t'));
    QCOMPARE(cells.size(), int{CodeModel::ColumnCount});
    QCOMPARE(cells[CodeModel::InputCode], QStringLiteral("38"));
    QCOMPARE(cells[CodeModel::Dequantized], QStringLiteral("0.2990665137767792"));
    QVERIFY(cells[CodeModel::Requantized].startsWith(QStringLiteral("51.98679")));
    QCOMPARE(cells[CodeModel::OutputCode], QStringLiteral("52"));
    QCOMPARE(cells[CodeModel::SaturationColumn], QStringLiteral("none"));
}

void TestCodePanel::copiesAllInTheOrderShown()
{
    m_table->sortByColumn(CodeModel::InputCode, Qt::DescendingOrder);
    m_table->setFocus();
    m_table->copyAll();
    const QStringList lines = clipboardLines();
    QCOMPARE(lines.size(), 257);
    QVERIFY(lines[1].startsWith(QStringLiteral("255\t")));
    QVERIFY(lines[256].startsWith(QStringLiteral("0\t")));
}

void TestCodePanel::theContextMenuOffersRowsAllAndAnImage()
{
    QCOMPARE(m_table->contextMenuPolicy(), Qt::ActionsContextMenu);
    QStringList texts;
    for (const QAction* action : m_table->actions())
        texts += action->text().remove(QLatin1Char('&'));
    QCOMPARE(texts,
             (QStringList{QStringLiteral("Copy rows"), QStringLiteral("Copy rows with header"),
                          QStringLiteral("Copy all with header"), QStringLiteral("Copy image")}));
    m_table->actions()[2]->trigger();
    QCOMPARE(clipboardLines().size(), 257);
    m_table->actions()[3]->trigger();
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
}

void TestCodePanel::aNarrowerTypeIsFollowed()
{
    m_document->editLayer(QStringLiteral("type"), {},
                          [](BatchNormLayer& layer) { layer.input.type = {false, 4}; });
    QCOMPARE(m_table->model()->rowCount(), 16);
    QCOMPARE(m_document->selection().code(), 15);
    QCOMPARE(m_table->currentIndex().row(), 15);
    m_document->undo();
    QCOMPARE(m_table->model()->rowCount(), 256);
    QCOMPARE(m_table->currentIndex().row(), 15);
}

QBN_TEST(TestCodePanel)
#include "tst_code_panel.moc"
