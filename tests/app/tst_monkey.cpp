#include "app/desktop/main_window.h"
#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/plot/plot_widget.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>
#include <random>
#include <vector>

using namespace qbn;
using namespace qbn::desktop;

namespace {

constexpr int actionCount = 5000;

QStringList problems; ///< what Qt warned of

void note(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text)
{
    const bool isOfThePlatform = text.startsWith(QStringLiteral("This plugin does not support"))
        || text.contains(QStringLiteral("XDG_RUNTIME_DIR"));
    if (type != QtDebugMsg && type != QtInfoMsg && !isOfThePlatform)
        problems << text;
}

/// Closes the menus and boxes that an action opens, now with a yes, now with a no.
class BoxCloser : public QObject
{
public:
    explicit BoxCloser(std::mt19937& random)
        : m_random(random)
    {
        m_timer.setInterval(0);
        connect(&m_timer, &QTimer::timeout, this, &BoxCloser::close);
        m_timer.start();
    }

private:
    void close()
    {
        if (QWidget* popup = QApplication::activePopupWidget()) {
            popup->close();
            return;
        }
        QWidget* modal = QApplication::activeModalWidget();
        auto* dialog = qobject_cast<QDialog*>(modal);
        if (dialog == nullptr)
            return;
        if (auto* box = qobject_cast<QMessageBox*>(dialog)) {
            QAbstractButton* discard = box->button(QMessageBox::Discard);
            const QList<QAbstractButton*> buttons = box->buttons();
            if (discard != nullptr)
                discard->click();
            else
                buttons[static_cast<qsizetype>(m_random() % buttons.size())]->click();
        } else if (qobject_cast<QFileDialog*>(dialog) == nullptr && m_random() % 2 == 0) {
            dialog->accept();
        } else {
            dialog->reject();
        }
    }

    std::mt19937& m_random;
    QTimer m_timer;
};

} // namespace

/// Random clicks, keys, drags, pastes, tabs and undo over the real window. Widgets are found by
/// their type, so it lives on when they move.
class TestMonkey : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void nothingBreaksAndUndoComesBack_data();
    void nothingBreaksAndUndoComesBack();

private:
    void act();
    int undoAndRedo(const Model& opened);
    template <typename Widget> Widget* any();
    QWidget* anyWidget();
    QPoint placeIn(const QWidget& widget);
    int upTo(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    void pressKey();
    void typeText();
    void drag();
    void triggerAction();
    void paste();
    void wheel();

    std::mt19937 m_random;
    MainWindow* m_window = nullptr;
    ui::Document* m_document = nullptr;
    QString m_last; ///< what was done
    bool m_isSecondHalf = false;
};

void TestMonkey::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("monkey"));
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

template <typename Widget> Widget* TestMonkey::any()
{
    QList<Widget*> seen;
    for (Widget* widget : m_window->findChildren<Widget*>())
        if (widget->isVisible() && widget->isEnabled() && !widget->visibleRegion().isEmpty())
            seen << widget;
    return seen.isEmpty() ? nullptr : seen[upTo(static_cast<int>(seen.size()))];
}

QWidget* TestMonkey::anyWidget()
{
    switch (upTo(9)) {
    case 0:
        return any<ui::FloatEdit>();
    case 1:
        return any<ui::IntEdit>();
    case 2:
        return any<ui::ValueSlider>();
    case 3:
        return any<QComboBox>();
    case 4: {
        auto* table = any<QTableView>();
        return table == nullptr ? nullptr : table->viewport();
    }
    case 5:
        return any<QTabBar>();
    case 6:
        if (auto* plot = any<ui::PlotWidget>())
            return plot->childAt(plot->rect().center());
        return nullptr;
    case 7:
        return any<QAbstractButton>();
    default:
        return any<QWidget>();
    }
}

QPoint TestMonkey::placeIn(const QWidget& widget)
{
    return {upTo(std::max(1, widget.width())), upTo(std::max(1, widget.height()))};
}

void TestMonkey::pressKey()
{
    static const std::vector<std::pair<int, Qt::KeyboardModifiers>> keys{
        {Qt::Key_Up, {}},
        {Qt::Key_Down, {}},
        {Qt::Key_Left, {}},
        {Qt::Key_Right, {}},
        {Qt::Key_PageUp, {}},
        {Qt::Key_PageDown, {}},
        {Qt::Key_Home, {}},
        {Qt::Key_End, {}},
        {Qt::Key_Tab, {}},
        {Qt::Key_Backtab, Qt::ShiftModifier},
        {Qt::Key_Return, {}},
        {Qt::Key_Escape, {}},
        {Qt::Key_F2, {}},
        {Qt::Key_F6, {}},
        {Qt::Key_F8, {}},
        {Qt::Key_F8, Qt::ShiftModifier},
        {Qt::Key_Delete, {}},
        {Qt::Key_Backspace, {}},
        {Qt::Key_Z, Qt::ControlModifier},
        {Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier},
        {Qt::Key_A, Qt::ControlModifier},
        {Qt::Key_C, Qt::ControlModifier},
        {Qt::Key_V, Qt::ControlModifier},
        {Qt::Key_R, Qt::ControlModifier},
        {Qt::Key_X, Qt::ControlModifier},
        {Qt::Key_PageDown, Qt::ControlModifier},
        {Qt::Key_PageUp, Qt::ControlModifier},
        {Qt::Key_Right, Qt::AltModifier},
        {Qt::Key_Space, {}},
        {Qt::Key_Plus, {}},
        {Qt::Key_Minus, {}},
        {Qt::Key_0, {}},
    };
    QWidget* focused = QApplication::focusWidget();
    const auto& [key, modifiers]
        = keys[static_cast<std::size_t>(upTo(static_cast<int>(keys.size())))];
    QTest::keyClick(focused != nullptr ? focused : m_window, static_cast<Qt::Key>(key), modifiers);
}

void TestMonkey::typeText()
{
    static const QStringList texts{
        QStringLiteral("1e"),        QStringLiteral("-"),      QStringLiteral("0.5"),
        QStringLiteral("117"),       QStringLiteral("nan"),    QStringLiteral("-inf"),
        QStringLiteral("300"),       QStringLiteral("1e-400"), QStringLiteral("1/127"),
        QStringLiteral("[1, 2, 3]"), QStringLiteral("abc"),    QStringLiteral("0x26"),
        QStringLiteral("-128"),      QStringLiteral("1e308"),  QStringLiteral(" "),
        QStringLiteral("2"),
    };
    QWidget* field = upTo(3) == 0 ? static_cast<QWidget*>(any<ui::IntEdit>())
                                  : static_cast<QWidget*>(any<ui::FloatEdit>());
    if (field == nullptr)
        return;
    field->setFocus();
    if (upTo(2) == 0)
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field, texts[upTo(static_cast<int>(texts.size()))]);
}

void TestMonkey::drag()
{
    QWidget* widget = upTo(2) == 0 ? static_cast<QWidget*>(any<ui::ValueSlider>()) : anyWidget();
    if (widget == nullptr || qobject_cast<QTabBar*>(widget) != nullptr)
        return; // tabs may be torn off into windows
    const QPointer<QWidget> held = widget;
    const auto button = upTo(5) == 0 ? Qt::RightButton : Qt::LeftButton;
    QTest::mousePress(widget, button, {}, placeIn(*widget));
    for (int i = 0; i < 3 && held; ++i)
        QTest::mouseMove(held, placeIn(*held));
    if (held)
        QTest::mouseRelease(held, button, {}, placeIn(*held));
}

/// All but those that leave the program, and in the second half those that forget the history.
void TestMonkey::triggerAction()
{
    QStringList leaving{QStringLiteral("quitAction"), QStringLiteral("aboutQtAction")};
    if (m_isSecondHalf)
        leaving << QStringLiteral("newAction") << QStringLiteral("closeAction")
                << QStringLiteral("openExampleAction") << QStringLiteral("reopenAction");
    QList<QAction*> actions;
    for (QAction* action : m_window->findChildren<QAction*>())
        if (action->isEnabled() && action->menu() == nullptr && !action->objectName().isEmpty()
            && !leaving.contains(action->objectName()))
            actions << action;
    QAction* action = actions[upTo(static_cast<int>(actions.size()))];
    m_last += u' ' + action->objectName();
    action->trigger();
}

void TestMonkey::paste()
{
    static const QStringList texts{
        QStringLiteral("[0.5, 0.25, 2]"),
        QStringLiteral("0.5\t0.25"),
        QStringLiteral("{1.0f, 2.0f, 3.0f}"),
        QStringLiteral("tensor([0.1, 0.2, ..., 0.3])"),
        QStringLiteral("QuantizedBatchNorm2d(2, eps=1e-05)\nrunning_mean tensor([0.5, 0.25])\n"
                       "running_var tensor([1., 2.])"),
        QStringLiteral("import torch\nprint(1)"),
        QString(),
        QStringLiteral("<img src=x>"),
        QStringLiteral("0.125"),
    };
    QApplication::clipboard()->setText(texts[upTo(static_cast<int>(texts.size()))]);
    if (upTo(3) == 0) {
        m_window->findChild<QAction*>(QStringLiteral("pasteAction"))->trigger();
        return;
    }
    QWidget* field = upTo(3) == 0 ? static_cast<QWidget*>(any<QTableView>())
                                  : static_cast<QWidget*>(any<ui::FloatEdit>());
    if (field == nullptr)
        return;
    field->setFocus();
    QTest::keyClick(field, Qt::Key_V, Qt::ControlModifier);
}

void TestMonkey::wheel()
{
    QWidget* widget = anyWidget();
    if (widget == nullptr)
        return;
    const QPointF place = placeIn(*widget);
    QWheelEvent event(place, widget->mapToGlobal(place), {}, {0, upTo(2) == 0 ? 120 : -120},
                      Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(widget, &event);
}

void TestMonkey::act()
{
    const int kind = upTo(100);
    m_last = QString::number(kind);
    if (kind < 25) {
        pressKey();
    } else if (kind < 45) {
        typeText();
    } else if (kind < 60) {
        if (QWidget* widget = anyWidget()) {
            m_last += u' ' + QLatin1String(widget->metaObject()->className()) + u' '
                + widget->objectName();
            QTest::mouseClick(widget, upTo(8) == 0 ? Qt::RightButton : Qt::LeftButton, {},
                              placeIn(*widget));
        }
    } else if (kind < 66) {
        if (auto* table = any<QTableView>())
            QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, placeIn(*table->viewport()));
    } else if (kind < 78) {
        drag();
    } else if (kind < 83) {
        paste();
    } else if (kind < 88) {
        wheel();
    } else if (kind < 92) {
        triggerAction();
    } else if (kind < 96) {
        upTo(2) == 0 ? m_document->undo() : m_document->redo();
    } else {
        const auto& layers = m_document->experiment().model.layers;
        m_document->selection().set({.layer = upTo(static_cast<int>(layers.size())),
                                     .channel = upTo(3),
                                     .code = upTo(256)});
    }
}

/// All steps back to what was opened, and forth again. How many they are.
int TestMonkey::undoAndRedo(const Model& opened)
{
    m_document->commitPending();
    const Model last = m_document->experiment().model;
    const int steps = m_document->undoStack().index();
    while (m_document->undoStack().canUndo())
        m_document->undo();
    if (!(m_document->experiment().model == opened))
        QTest::qFail("Undo does not come back to the same bits", __FILE__, __LINE__);
    while (m_document->undoStack().index() < steps)
        m_document->redo();
    if (!(m_document->experiment().model == last))
        QTest::qFail("Redo does not come back to the same bits", __FILE__, __LINE__);
    return steps;
}

void TestMonkey::nothingBreaksAndUndoComesBack_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<int>("layers");
    // To look for more: QBN_MONKEY_SEED=7 tests_app tst_monkey
    bool isSet = false;
    const int asked = qEnvironmentVariableIntValue("QBN_MONKEY_SEED", &isSet);
    const auto seed = static_cast<unsigned>(isSet ? asked : 35);
    QTest::newRow("on the example") << seed << 1;
    QTest::newRow("on a model of three layers") << seed + 1 << 3;
}

void TestMonkey::nothingBreaksAndUndoComesBack()
{
    QFETCH(unsigned, seed);
    QFETCH(int, layers);
    m_isSecondHalf = false;
    m_random.seed(seed);
    QSettings().clear();
    const QTemporaryDir folder;
    QVERIFY(folder.isValid());
    Settings settings;
    settings.setLastFolder(folder.path());
    ui::Document document;
    if (layers > 1) {
        Experiment experiment = example_experiment();
        for (int i = 1; i < layers; ++i)
            experiment.model.layers.push_back(
                std::make_shared<const BatchNormLayer>(test::partingLayer(3 + i, i)));
        document.open(std::move(experiment), {});
    }
    Model opened = document.experiment().model;
    connect(&document, &ui::Document::pathChanged, &document,
            [&] { opened = document.experiment().model; }); // another file, without a history
    MainWindow window(document, settings, Memory::None);
    m_window = &window;
    m_document = &document;
    window.resize(1280, 800);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();

    const BoxCloser closer(m_random);
    problems.clear();
    int undone = 0;
    const QtMessageHandler before = qInstallMessageHandler(note);
    for (int i = 0; i < actionCount; ++i) {
        m_isSecondHalf = i > actionCount / 2;
        act();
        QCoreApplication::processEvents();
        if (!problems.isEmpty()) {
            qInstallMessageHandler(before);
            QFAIL(qPrintable(
                QStringLiteral("action %1 (%2): %3").arg(i).arg(m_last, problems.join(u'\n'))));
        }
        if (!window.isVisible())
            window.show();
        if (i % 200 == 199)
            window.resetLayout(); // panels get closed
        if (i % 1000 == 999) {
            undone += undoAndRedo(opened);
            if (QTest::currentTestFailed())
                break;
        }
    }
    qInstallMessageHandler(before);
    QVERIFY2(undone > 100, qPrintable(QString::number(undone)));
}

QBN_TEST(TestMonkey)
#include "tst_monkey.moc"
