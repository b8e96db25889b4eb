#include "app/desktop/main_window.h"
#include "tests/support/room.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"

#include <QAccessible>
#include <QApplication>
#include <QSet>
#include <QStandardPaths>
#include <QTest>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;

/// Keyboard and screen reader reach every field of the window.
class TestReach : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyFieldSaysWhatItIs();
    void everyFieldIsReachedByTab();

private:
    QList<QWidget*> fields() const;

    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestReach::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("reach"));
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->resize(1440, 900);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

QList<QWidget*> TestReach::fields() const
{
    QList<QWidget*> found;
    for (QWidget* widget : m_window->findChildren<QWidget*>()) {
        const bool isField = qobject_cast<ui::FloatEdit*>(widget) != nullptr
            || qobject_cast<ui::IntEdit*>(widget) != nullptr
            || qobject_cast<ui::ValueSlider*>(widget) != nullptr;
        if (isField && widget->isVisible() && widget->isEnabled())
            found << widget;
    }
    return found;
}

/// Of the nine parameters field, channel where it has one, and unit.
void TestReach::everyFieldSaysWhatItIs()
{
    QVERIFY(fields().size() >= 11);
    QSet<QString> names;
    for (QWidget* field : fields()) {
        QAccessibleInterface* reader = QAccessible::queryAccessibleInterface(field);
        QVERIFY(reader);
        const QString name = reader->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty(), qPrintable(field->objectName()));
        QVERIFY2(!names.contains(name), qPrintable(name));
        names.insert(name);
        QVERIFY2(reader->state().focusable, qPrintable(name));
    }
    for (const char* wanted :
         {"input scale, real value per code", "input zero point, code",
          "mean of channel 0, real value", "var of channel 0, real value squared",
          "eps, real value squared", "gamma of channel 0, factor", "beta of channel 0, real value",
          "output scale, real value per code", "output zero point, code"})
        QVERIFY2(names.contains(QLatin1String(wanted)), wanted);
}

void TestReach::everyFieldIsReachedByTab()
{
    QSet<QWidget*> missing;
    for (QWidget* field : fields())
        missing.insert(field);
    QWidget* first = m_window->findChild<ui::FloatEdit*>();
    first->setFocus();
    for (int i = 0; i < 300 && !missing.isEmpty(); ++i) {
        missing.remove(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const QWidget* field : missing)
        QVERIFY2(missing.isEmpty(), qPrintable(field->objectName()));
}

QBN_TEST(TestReach)
#include "tst_reach.moc"
