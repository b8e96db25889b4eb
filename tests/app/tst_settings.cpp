#include "app/desktop/settings.h"
#include "tests/support/room.h"

#include <QDir>
#include <QStandardPaths>
#include <QTest>

using namespace qbn;
using namespace qbn::desktop;

class TestSettings : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void recentFilesAreNewestFirstTenAtMostAndOnce();
    void aRemovedFileIsGone();
    void theThemeIsRemembered();
    void whetherTiesAreShownIsRemembered();
    void brokenSettingsDoNoHarm();
};

void TestSettings::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("settings"));
}

void TestSettings::init()
{
    QSettings().clear();
}

void TestSettings::recentFilesAreNewestFirstTenAtMostAndOnce()
{
    Settings settings;
    for (int i = 0; i < 12; ++i)
        settings.addRecentFile(QStringLiteral("/data/%1.pt").arg(i));
    settings.addRecentFile(QStringLiteral("/data/5.pt"));
    const QStringList files = Settings().recentFiles();
    QCOMPARE(files.size(), 10);
    QCOMPARE(files[0], QStringLiteral("/data/5.pt"));
    QCOMPARE(files[1], QStringLiteral("/data/11.pt"));
    QCOMPARE(files.count(QStringLiteral("/data/5.pt")), 1);
    settings.addRecentFile(QStringLiteral("relative.pt"));
    QCOMPARE(settings.recentFiles().front(),
             QDir::current().absoluteFilePath(QStringLiteral("relative.pt")));
}

void TestSettings::aRemovedFileIsGone()
{
    Settings settings;
    settings.addRecentFile(QStringLiteral("/data/a.pt"));
    settings.addRecentFile(QStringLiteral("/data/b.pt"));
    settings.removeRecentFile(QStringLiteral("/data/b.pt"));
    QCOMPARE(settings.recentFiles(), QStringList{QStringLiteral("/data/a.pt")});
    settings.clearRecentFiles();
    QVERIFY(settings.recentFiles().isEmpty());
}

void TestSettings::theThemeIsRemembered()
{
    Settings settings;
    QVERIFY(settings.theme() == ui::Theme::System);
    for (const ui::Theme theme : {ui::Theme::Dark, ui::Theme::Light, ui::Theme::System}) {
        settings.setTheme(theme);
        QVERIFY(Settings().theme() == theme);
        // That of the command line holds for this run alone.
        Settings other;
        other.useTheme(ui::Theme::Dark);
        QVERIFY(other.theme() == ui::Theme::Dark && Settings().theme() == theme);
        other.setTheme(theme);
        QVERIFY(other.theme() == theme);
    }
}

void TestSettings::whetherTiesAreShownIsRemembered()
{
    Settings settings;
    QVERIFY(settings.tiesShown());
    settings.setTiesShown(false);
    QVERIFY(!Settings().tiesShown());
}

void TestSettings::brokenSettingsDoNoHarm()
{
    QSettings raw;
    raw.setValue(QStringLiteral("recentFiles"), 7.5);
    raw.setValue(QStringLiteral("theme"), QByteArray("\xff\x00", 2));
    raw.setValue(QStringLiteral("window/geometry"), QStringLiteral("broad"));
    const Settings settings;
    QVERIFY(settings.theme() == ui::Theme::System);
    QVERIFY(settings.recentFiles().size() <= 1);
    settings.windowGeometry();
}

QBN_TEST(TestSettings)
#include "tst_settings.moc"
