#include "app/desktop/main_window.h"
#include "tests/support/room.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QMenuBar>
#include <QShortcut>
#include <QStandardPaths>
#include <QTest>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace Qt::StringLiterals;

namespace {

/// Keys that something listens to while the focus is in one of `places`.
struct Binding
{
    QKeySequence keys;
    QString what;
    Qt::ShortcutContext context;
    QList<const QWidget*> places;
};

bool isInside(const QWidget* inner, const QWidget* outer)
{
    return inner == outer || outer->isAncestorOf(inner);
}

/// Whether there is a place of the focus where both listen.
bool clash(const Binding& a, const Binding& b)
{
    const auto isWide = [](const Binding& binding) {
        return binding.context == Qt::WindowShortcut || binding.context == Qt::ApplicationShortcut;
    };
    if (a.keys.matches(b.keys) == QKeySequence::NoMatch)
        return false;
    if (isWide(a) || isWide(b))
        return true;
    for (const QWidget* one : a.places) {
        for (const QWidget* other : b.places) {
            const bool below = a.context == Qt::WidgetWithChildrenShortcut && isInside(other, one);
            const bool above = b.context == Qt::WidgetWithChildrenShortcut && isInside(one, other);
            if (one == other || below || above)
                return true;
        }
    }
    return false;
}

QList<const QWidget*> placesOf(const QAction& action)
{
    QList<const QWidget*> places;
    for (const QObject* object : action.associatedObjects())
        if (const auto* widget = qobject_cast<const QWidget*>(object))
            places << widget;
    return places;
}

QList<Binding> bindingsIn(const QWidget& window)
{
    QList<Binding> bindings;
    for (const QAction* action : window.findChildren<QAction*>())
        for (const QKeySequence& keys : action->shortcuts())
            bindings << Binding{keys, action->objectName() + u' ' + action->text(),
                                action->shortcutContext(), placesOf(*action)};
    for (const QShortcut* shortcut : window.findChildren<QShortcut*>())
        bindings << Binding{shortcut->key(),
                            shortcut->objectName(),
                            shortcut->context(),
                            {qobject_cast<const QWidget*>(shortcut->parent())}};
    return bindings;
}

} // namespace

class TestShortcuts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void oneShortcutHasOneMeaning();
    void aClashIsFound();
    void oneMnemonicHasOneMeaning();
    void aMenusLetterHasOneMeaning();

private:
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestShortcuts::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("shortcuts"));
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestShortcuts::oneShortcutHasOneMeaning()
{
    const QList<Binding> bindings = bindingsIn(*m_window);
    QVERIFY(bindings.size() > 30);
    QStringList clashes;
    for (qsizetype i = 0; i < bindings.size(); ++i)
        for (qsizetype j = i + 1; j < bindings.size(); ++j)
            if (clash(bindings[i], bindings[j]))
                clashes << QStringLiteral("%1: %2 and %3")
                               .arg(bindings[i].keys.toString(), bindings[i].what,
                                    bindings[j].what);
    QVERIFY2(clashes.isEmpty(), qPrintable(clashes.join(u'\n')));
}

/// What the table of codes had, and the window has.
void TestShortcuts::aClashIsFound()
{
    auto* table = m_window->findChild<QWidget*>(QStringLiteral("codeTable"));
    QAction copy(QStringLiteral("copy all"), table);
    copy.setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+C")));
    copy.setShortcutContext(Qt::WidgetWithChildrenShortcut);
    table->addAction(&copy);
    const QList<Binding> bindings = bindingsIn(*m_window);
    int clashes = 0;
    for (qsizetype i = 0; i < bindings.size(); ++i)
        for (qsizetype j = i + 1; j < bindings.size(); ++j)
            clashes += clash(bindings[i], bindings[j]) ? 1 : 0;
    QCOMPARE(clashes, 1);
}

/// Of the menus, and of all labels and buttons that are seen with them.
void TestShortcuts::oneMnemonicHasOneMeaning()
{
    QMultiMap<QString, QString> letters;
    const auto add = [&letters](const QString& text) {
        if (const QKeySequence keys = QKeySequence::mnemonic(text); !keys.isEmpty())
            letters.insert(keys.toString(), text);
    };
    for (const QAction* action : m_window->menuBar()->actions())
        add(action->text());
    for (const QLabel* label : m_window->findChildren<QLabel*>())
        if (label->buddy() != nullptr && label->isVisible())
            add(label->text());
    for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>())
        if (button->isVisible())
            add(button->text());
    QVERIFY(letters.size() > 5);
    for (const QString& letter : letters.uniqueKeys())
        QVERIFY2(letters.count(letter) == 1,
                 qPrintable(letter + QStringLiteral(": ") + letters.values(letter).join(u',')));
}

void TestShortcuts::aMenusLetterHasOneMeaning()
{
    int menus = 0;
    for (QMenu* menu : m_window->findChildren<QMenu*>()) {
        QMap<QKeySequence, QString> taken;
        for (const QAction* action : menu->actions()) {
            const QKeySequence letter = QKeySequence::mnemonic(action->text());
            if (letter.isEmpty())
                continue;
            QVERIFY2(
                !taken.contains(letter),
                qPrintable(menu->title() + u": "_s + action->text() + u", "_s + taken[letter]));
            taken.insert(letter, action->text());
        }
        menus += taken.isEmpty() ? 0 : 1;
    }
    QVERIFY(menus > 8);
}

QBN_TEST(TestShortcuts)
#include "tst_shortcuts.moc"
