#include "tests/support/room.h"
#include "ui/document/document.h"

#include <QSignalSpy>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestSelection : public QObject
{
    Q_OBJECT

private slots:
    void settingWhatIsSetDoesNothing();
    void isClamped_data();
    void isClamped();
    void isEvaluatedBeforeItIsTold();
    void tellsWhetherOnlyTheCodeChanged();
    void isNotUndoable();
    void theBackendToExplainIsPartOfIt();
};

void TestSelection::settingWhatIsSetDoesNothing()
{
    Document document;
    QSignalSpy changed(&document.selection(), &SelectionModel::changed);
    document.selection().setLayer(0);
    document.selection().setChannel(0);
    document.selection().setCode(38);
    document.selection().setLayer(5);
    QVERIFY2(changed.isEmpty(), "there is one layer only");
}

void TestSelection::isClamped_data()
{
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("expectedChannel");
    QTest::addColumn<int>("expectedCode");

    QTest::newRow("inside stays") << 2 << 255 << 2 << 255;
    QTest::newRow("beyond the last channel") << 3 << 1 << 2 << 1;
    QTest::newRow("before the first channel") << -1 << 1 << 0 << 1;
    QTest::newRow("above the last code") << 1 << 256 << 1 << 255;
    QTest::newRow("below the first code") << 1 << -1 << 1 << 0;
}

void TestSelection::isClamped()
{
    QFETCH(int, channel);
    QFETCH(int, code);
    Document document;
    document.selection().set({.channel = channel, .code = code});
    QTEST(document.selection().channel(), "expectedChannel");
    QTEST(document.selection().code(), "expectedCode");
}

void TestSelection::isEvaluatedBeforeItIsTold()
{
    Document document;
    Selection seen;
    int rowCode = -1;
    connect(&document.selection(), &SelectionModel::changed, this, [&] {
        seen = document.evaluation().selection;
        rowCode = document.evaluation().row().input_code;
    });
    document.selection().set({.channel = 1, .code = 77});
    QCOMPARE(seen, (Selection{.channel = 1, .code = 77}));
    QCOMPARE(rowCode, 77);
}

void TestSelection::tellsWhetherOnlyTheCodeChanged()
{
    Document document;
    QSignalSpy changed(&document.selection(), &SelectionModel::changed);
    document.selection().setCode(39);
    document.selection().setChannel(1);
    document.selection().set({.channel = 2, .code = 40});
    QCOMPARE(changed.count(), 3);
    QCOMPARE(changed[0].front().toBool(), true);
    QCOMPARE(changed[1].front().toBool(), false);
    QCOMPARE(changed[2].front().toBool(), false);
}

void TestSelection::isNotUndoable()
{
    Document document;
    QSignalSpy edited(&document, &Document::changed);
    document.selection().setChannel(1);
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(edited.isEmpty());
    QVERIFY(!document.isModified());
}

void TestSelection::theBackendToExplainIsPartOfIt()
{
    Document document;
    QSignalSpy changed(&document.selection(), &SelectionModel::changed);
    document.selection().setAgainst("onnxruntime");
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.front().front().toBool(), true);
    QCOMPARE(document.evaluation().difference->second, find_backend("onnxruntime"));
    document.selection().setChannel(1);
    QCOMPARE(document.evaluation().difference->second, find_backend("onnxruntime"));
    document.selection().setAgainst({});
    QCOMPARE(document.evaluation().difference->second, find_backend("exact"));
}

QBN_TEST(TestSelection)
#include "tst_selection.moc"
