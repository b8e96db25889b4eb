#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "core/formats/open_model.h"
#include "tests/support/room.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"

#include <QAction>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;

/// What is typed and not yet entered belongs where it was typed, whatever is done next.
class TestPendingText : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aTypedNumberStaysInItsChannel_data() { addWays(); }
    void aTypedNumberStaysInItsChannel();
    void aTypedZeroPointStaysInItsLayer_data() { addWays(); }
    void aTypedZeroPointStaysInItsLayer();
    void aTypedCellStaysInItsRow_data() { addWays(); }
    void aTypedCellStaysInItsRow();
    void undoTakesBackWhatWasTyped();
    void aTypedCodeIsWhereTheNextStepBegins();
    void aTypedChannelIsTakenToTheNextLayer();
    void savingWritesWhatWasTyped();
    void closingAsksForWhatWasTyped();
    void whatIsNoNumberIsDropped();

private:
    struct Way
    {
        const char* name;
        std::function<void(TestPendingText&)> leave;
    };
    static const std::vector<Way>& ways();
    static void addWays();

    template <typename Widget> Widget* find(const char* name) const
    {
        return m_window->findChild<Widget*>(QLatin1String(name));
    }
    void trigger(const char* action) const { find<QAction>(action)->trigger(); }
    void type(const char* name, const QString& text) const
    {
        auto* edit = find<QWidget>(name);
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(edit, text);
    }
    const BatchNormLayer& layer(std::size_t index) const
    {
        return *m_document->experiment().model.layers[index];
    }

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

const std::vector<TestPendingText::Way>& TestPendingText::ways()
{
    static const std::vector<Way> all{
        {"the key of the next channel", [](auto& t) { t.trigger("nextChannelAction"); }},
        {"the key of the next layer", [](auto& t) { t.trigger("nextLayerAction"); }},
        {"the key of the next code", [](auto& t) { t.trigger("nextCodeAction"); }},
        {"the key of the next difference", [](auto& t) { t.trigger("nextDifferenceAction"); }},
        {"a view that goes to a channel", [](auto& t) { t.m_document->selection().setChannel(1); }},
        {"a view that goes to a layer, channel and code",
         [](auto& t) { t.m_document->selection().set({.layer = 1, .channel = 2, .code = 5}); }},
        {"a click in the table of channels",
         [](auto& t) {
             t.m_window->template findChild<WorkArea*>()->showPage(QStringLiteral("channelPage"));
             QCoreApplication::processEvents();
             auto* table = t.template find<QTableView>("channelTable");
             const QRect cell = table->visualRect(table->model()->index(1, 0));
             QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
         }},
        {"a click in a plot",
         [](auto& t) {
             auto* plot = t.template find<QWidget>("transferPlot");
             QTest::mouseClick(plot, Qt::LeftButton, {}, plot->rect().center());
         }},
        {"another backend", [](auto& t) { t.m_document->chooseBackend(*find_backend("exact")); }},
        {"an edit of another number", [](auto& t) { t.m_document->setValue(Field::beta, 1, 2.0); }},
    };
    return all;
}

void TestPendingText::addWays()
{
    QTest::addColumn<int>("way");
    for (std::size_t i = 0; i < ways().size(); ++i)
        QTest::newRow(ways()[i].name) << static_cast<int>(i);
}

void TestPendingText::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("pending-text"));
}

/// Two layers, and every channel alike: a field shows the same number wherever it goes.
void TestPendingText::init()
{
    QSettings().clear();
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    Experiment experiment = example_experiment();
    BatchNormLayer alike = *experiment.model.layers.front();
    for (auto* array : {&alike.mean, &alike.var, &alike.gamma, &alike.beta})
        for (int channel = 1; channel < alike.channels(); ++channel)
            (*array)[channel] = (*array)[0];
    experiment.model.layers.assign(2, std::make_shared<const BatchNormLayer>(alike));
    m_document->open(experiment, {}, {.code = 38});
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_window->activateWindow();
}

void TestPendingText::cleanup()
{
    m_window.reset();
    m_document.reset();
}

void TestPendingText::aTypedNumberStaysInItsChannel()
{
    QFETCH(int, way);
    const double before = layer(0).gamma[0];
    type("gamma", QStringLiteral("7"));
    QCOMPARE(layer(0).gamma[0], 7.0); // at once
    ways()[static_cast<std::size_t>(way)].leave(*this);
    QCOMPARE(layer(0).gamma[0], 7.0);
    // Nor later, when the field is left.
    find<QWidget>("transferPlot")->setFocus();
    QCOMPARE(layer(0).gamma[0], 7.0);
    QCOMPARE(layer(0).gamma[1], before);
    QCOMPARE(layer(0).gamma[2], before);
    QCOMPARE(layer(1).gamma[0], before);
    QCOMPARE(layer(1).gamma[2], before);
}

void TestPendingText::aTypedZeroPointStaysInItsLayer()
{
    QFETCH(int, way);
    const std::int32_t before = layer(0).output.zero_point;
    type("outputZeroPoint", QStringLiteral("9"));
    QCOMPARE(layer(0).output.zero_point, 9);
    ways()[static_cast<std::size_t>(way)].leave(*this);
    find<QWidget>("transferPlot")->setFocus();
    QCOMPARE(layer(0).output.zero_point, 9);
    QCOMPARE(layer(1).output.zero_point, before);
}

void TestPendingText::aTypedCellStaysInItsRow()
{
    QFETCH(int, way);
    const double before = layer(0).gamma[0];
    m_window->findChild<WorkArea*>()->showPage(QStringLiteral("channelPage"));
    auto* table = find<QTableView>("channelTable");
    int column = 0;
    while (table->model()->headerData(column, Qt::Horizontal).toString() != QStringLiteral("gamma"))
        ++column;
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, column));
    table->edit(table->currentIndex());
    auto* editor = find<QLineEdit>("cellEditor");
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("7"));
    QCOMPARE(layer(0).gamma[0], before);
    ways()[static_cast<std::size_t>(way)].leave(*this);
    find<QWidget>("transferPlot")->setFocus();
    QCOMPARE(layer(0).gamma[0], 7.0);
    QCOMPARE(layer(0).gamma[1], before);
    QCOMPARE(layer(1).gamma[0], before);
}

void TestPendingText::undoTakesBackWhatWasTyped()
{
    const double before = layer(0).gamma[0];
    m_document->selection().setChannel(1);
    m_document->setValue(Field::gamma, 1, 3.0);
    m_document->selection().setChannel(0);
    type("gamma", QStringLiteral("7"));
    trigger("undoAction");
    QCOMPARE(layer(0).gamma[0], before);
    QCOMPARE(layer(0).gamma[1], 3.0);
    trigger("redoAction");
    QCOMPARE(layer(0).gamma[0], 7.0);
    trigger("undoAction");
    trigger("undoAction"); // leads to channel 1
    find<QWidget>("transferPlot")->setFocus();
    QCOMPARE(layer(0).gamma[1], before);
}

void TestPendingText::aTypedCodeIsWhereTheNextStepBegins()
{
    type("inputCode", QStringLiteral("50"));
    trigger("nextChannelAction");
    QCOMPARE(m_document->selection().code(), 50);
    QCOMPARE(m_document->selection().channel(), 1);
    type("inputCode", QStringLiteral("100"));
    trigger("nextCodeAction");
    QCOMPARE(m_document->selection().code(), 101);
}

void TestPendingText::aTypedChannelIsTakenToTheNextLayer()
{
    type("channelChooser", QStringLiteral("2"));
    trigger("nextLayerAction");
    QCOMPARE(m_document->selection().layer(), 1);
    QCOMPARE(m_document->selection().channel(), 2);
}

void TestPendingText::savingWritesWhatWasTyped()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("typed.json"));
    m_document->setSaved(path);
    type("gamma", QStringLiteral("7"));
    QVERIFY(m_window->files().save());
    const auto saved = open_model(path);
    QVERIFY(saved);
    QCOMPARE(saved->layers.front()->gamma[0], 7.0);
    QVERIFY(!m_document->isModified());
}

void TestPendingText::closingAsksForWhatWasTyped()
{
    type("gamma", QStringLiteral("7"));
    QString asked;
    QTimer answer;
    connect(&answer, &QTimer::timeout, this, [&] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            asked = box->objectName();
            box->button(QMessageBox::Cancel)->click();
        }
    });
    answer.start(10);
    QVERIFY(!m_window->close());
    QCOMPARE(asked, QStringLiteral("unsavedChangesBox"));
    QCOMPARE(layer(0).gamma[0], 7.0);
}

void TestPendingText::whatIsNoNumberIsDropped()
{
    const double before = layer(0).gamma[0];
    type("gamma", QStringLiteral("abc"));
    trigger("nextChannelAction");
    auto* edit = find<ui::FloatEdit>("gamma");
    QCOMPARE(edit->text(), QString::number(before));
    QVERIFY(!edit->hasProblem());
    QCOMPARE(m_document->undoStack().count(), 0);
}

QBN_TEST(TestPendingText)
#include "tst_pending_text.moc"
