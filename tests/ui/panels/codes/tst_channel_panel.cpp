#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/codes/channel_model.h"
#include "ui/panels/codes/channel_panel.h"
#include "ui/table/table_delegate.h"
#include "ui/table/table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestChannelPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theCurrentChannelIsTheCurrentRow();
    void clickingARowSelectsItsChannel();
    void arrowKeysSelectChannels();
    void editsInPlace();
    void refusesBadText();
    void sortingKeepsTheChannel();
    void columnsStayAsTheyAreOnEdits();
    void copiesRowsWithTheHeader();
    void aPastedColumnSetsAllChannels();
    void fitsANarrowColumn();
    void mayGoWhileACellIsEdited();
    void roundsNumbersToTheColumn_data();
    void roundsNumbersToTheColumn();

private:
    QString shown(int row, int column) const
    {
        return m_table->model()->index(row, column).data().toString();
    }
    QPoint centre(int row, int column) const
    {
        return m_table->visualRect(m_table->model()->index(row, column)).center();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<ChannelPanel> m_panel;
    TableView* m_table = nullptr;
};

void TestChannelPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<ChannelPanel>(*m_document);
    m_table = m_panel->table();
    m_panel->resize(500, 200);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestChannelPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestChannelPanel::theCurrentChannelIsTheCurrentRow()
{
    QCOMPARE(m_table->currentIndex().row(), 0);
    m_document->selection().setChannel(2);
    QCOMPARE(m_table->currentIndex().row(), 2);
    QVERIFY(m_table->selectionModel()->isRowSelected(2));
    QVERIFY(!m_table->selectionModel()->isRowSelected(0));
}

void TestChannelPanel::clickingARowSelectsItsChannel()
{
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, centre(1, ChannelModel::Var));
    QCOMPARE(m_document->selection().channel(), 1);
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestChannelPanel::arrowKeysSelectChannels()
{
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_Down);
    QCOMPARE(m_document->selection().channel(), 1);
    QTest::keyClick(m_table, Qt::Key_End);
    QCOMPARE(m_document->selection().channel(), 2);
    QTest::keyClick(m_table, Qt::Key_Home);
    QCOMPARE(m_document->selection().channel(), 0);
}

void TestChannelPanel::editsInPlace()
{
    const QPoint cell = centre(1, ChannelModel::Gamma);
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, cell);
    QTest::mouseDClick(m_table->viewport(), Qt::LeftButton, {}, cell);
    auto* editor = m_table->findChild<QLineEdit*>(QStringLiteral("cellEditor"));
    QVERIFY(editor);
    QCOMPARE(editor->text(), QStringLiteral("96"));
    QCOMPARE(editor->accessibleName(), QStringLiteral("gamma"));
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("tensor([1.5])"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(m_document->layer().gamma[1], 1.5);
    QCOMPARE(shown(1, ChannelModel::Gamma), QStringLiteral("1.5"));
    QCOMPARE(m_document->undoStack().undoText(), QStringLiteral("Change gamma of channel 1"));
    m_document->undo();
    QCOMPARE(shown(1, ChannelModel::Gamma), QStringLiteral("96"));
}

void TestChannelPanel::refusesBadText()
{
    m_table->setCurrentIndex(m_table->model()->index(0, ChannelModel::Beta));
    QTest::keyClick(m_table, Qt::Key_F2);
    auto* editor = m_table->findChild<QLineEdit*>(QStringLiteral("cellEditor"));
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("abc"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTest::qWait(10);
    QVERIFY2(editor->isVisible(), "the text stays to be mended");
    QVERIFY2(editor->property("problem").toBool(), "and is marked");
    const auto* message = m_panel->window()->findChild<QLabel*>(QStringLiteral("fieldMessage"));
    QVERIFY2(message && message->isVisible(), "as fields say why");
    QCOMPARE(message->text(), QStringLiteral("“abc” is not a number; Escape brings back 0."));
    QTest::keyClick(editor, Qt::Key_Escape);
    QCOMPARE(m_document->undoStack().count(), 0);
    QCOMPARE(shown(0, ChannelModel::Beta), QStringLiteral("0"));
}

void TestChannelPanel::sortingKeepsTheChannel()
{
    m_document->selection().setChannel(2);
    m_table->sortByColumn(ChannelModel::Gamma, Qt::AscendingOrder);
    QCOMPARE(shown(0, ChannelModel::Number), QStringLiteral("2"));
    QCOMPARE(m_document->selection().channel(), 2);
    QCOMPARE(m_table->currentIndex().row(), 0);
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, centre(2, ChannelModel::Mean));
    QCOMPARE(m_document->selection().channel(), 0);
    m_document->setValue(Field::gamma, 0, -1000);
    QCOMPARE(m_table->currentIndex().row(), 0);
    QCOMPARE(m_document->selection().channel(), 0);
}

void TestChannelPanel::columnsStayAsTheyAreOnEdits()
{
    const int before = m_table->columnWidth(ChannelModel::Mean);
    m_document->setValue(Field::mean, 0, 1.2345678901234567e-200);
    QCOMPARE(m_table->columnWidth(ChannelModel::Mean), before);
    m_panel->resize(900, 200);
    QVERIFY(m_table->columnWidth(ChannelModel::Mean) > before);
}

void TestChannelPanel::copiesRowsWithTheHeader()
{
    m_document->selection().setChannel(1);
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("1\t0.43177494406700134\t0.06208014488220215\t96\t4\t0%\t0\n"));
    QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier | Qt::AltModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("#\tmean\tvar\tgamma\tbeta\tcodes sat.\tdiffer\n"
                            "1\t0.43177494406700134\t0.06208014488220215\t96\t4\t0%\t0\n"));
    m_table->copyAll();
    QCOMPARE(QGuiApplication::clipboard()->text().count(QLatin1Char('\n')), 4);
    m_table->copyImage();
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
}

void TestChannelPanel::aPastedColumnSetsAllChannels()
{
    const auto before = m_document->layer().beta;
    m_table->setFocus();
    m_table->setCurrentIndex(m_table->model()->index(1, ChannelModel::Beta));
    QGuiApplication::clipboard()->setText(QStringLiteral("0.125"));
    QTest::keySequence(m_table, QKeySequence::Paste);
    QCOMPARE(m_document->layer().beta[1], 0.125);
    QCOMPARE(m_document->layer().beta[0], before[0]);
    QTimer::singleShot(0, this, [] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        QCOMPARE(box->objectName(), QStringLiteral("listPreview"));
        box->button(QMessageBox::Ok)->click();
    });
    QGuiApplication::clipboard()->setText(QStringLiteral("1\n2\n3\n"));
    QTest::keySequence(m_table, QKeySequence::Paste);
    QCOMPARE(m_document->layer().beta, (std::vector<double>{1, 2, 3}));
    m_document->undo();
    m_document->undo();
    QCOMPARE(m_document->layer().beta, before);
}

void TestChannelPanel::fitsANarrowColumn()
{
    m_panel->resize(360, 180); // some room for fonts wider than the program's own
    QVERIFY2(m_table->horizontalHeader()->length() <= m_table->viewport()->width(),
             qPrintable(QStringLiteral("%1 pixels").arg(m_table->horizontalHeader()->length())));
}

void TestChannelPanel::mayGoWhileACellIsEdited()
{
    m_table->setCurrentIndex(m_table->model()->index(1, ChannelModel::Beta));
    QTest::keyClick(m_table, Qt::Key_F2);
    auto* editor = m_table->findChild<QLineEdit*>(QStringLiteral("cellEditor"));
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("12"));
    m_panel.reset();
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestChannelPanel::roundsNumbersToTheColumn_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("exact");
    QTest::addColumn<int>("characters");
    QTest::addColumn<QString>("fitted");

    const auto row = [](const char* name, double value, const char* exact, int characters,
                        const char* fitted) {
        QTest::newRow(name) << value << QString::fromLatin1(exact) << characters
                            << QString::fromLatin1(fitted);
    };
    row("what fits stays", 117.5, "117.5", 5, "117.5");
    row("digits that do not fit are rounded", 0.5653476119041443, "0.5653476119041443", 6,
        "0.5653");
    row("a sign takes its place", -0.5653476119041443, "-0.5653476119041443", 6, "-0.565");
    row("large numbers get an exponent", 123456789.0, "123456789", 6, "1e+08");
    row("tiny numbers keep their exponent", 1.2345e-200, "1.2345e-200", 8, "1.2e-200");
    row("too narrow for anything is still one digit", 1.25e-200, "1.25e-200", 3, "1e-200");
}

void TestChannelPanel::roundsNumbersToTheColumn()
{
    QFETCH(double, value);
    QFETCH(QString, exact);
    QFETCH(int, characters);
    QTEST(fittedNumber(value, exact, characters), "fitted");
}

QBN_TEST(TestChannelPanel)
#include "tst_channel_panel.moc"
