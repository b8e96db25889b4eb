#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/activations/activation_panel.h"
#include "ui/panels/agreement/agreement_panel.h"
#include "ui/panels/audit/audit_panel.h"
#include "ui/panels/backends/steps_panel.h"
#include "ui/panels/backends/why_panel.h"
#include "ui/panels/codes/channel_panel.h"
#include "ui/panels/codes/code_panel.h"
#include "ui/panels/codes/finding_panel.h"
#include "ui/panels/explain/explain_panel.h"
#include "ui/panels/help/help_panel.h"
#include "ui/panels/pipeline/pipeline_panel.h"

#include <QSet>
#include <QtTest>

#include <functional>

using namespace qbn;
using namespace qbn::ui;

using MakePanel = std::function<QWidget*(Document&)>;
Q_DECLARE_METATYPE(MakePanel)

class TestAccessibility : public QObject
{
    Q_OBJECT

private slots:
    void everyControlCanBeNamedAndReached_data();
    void everyControlCanBeNamedAndReached();
};

namespace {

template <typename Panel> MakePanel make()
{
    return [](Document& document) -> QWidget* { return new Panel(document); };
}

/// Controls that people reach: not the parts of one, which hand their focus on, and not the list of a
/// combo box, a window of its own that newer versions of Qt make with the box.
QList<QWidget*> controlsOf(const QWidget& panel)
{
    QList<QWidget*> controls;
    for (QWidget* widget : panel.findChildren<QWidget*>())
        if (widget->window() == panel.window() && widget->focusPolicy() != Qt::NoFocus
            && !widget->focusProxy() && !widget->objectName().startsWith(QStringLiteral("qt_")))
            controls += widget;
    return controls;
}

} // namespace

void TestAccessibility::everyControlCanBeNamedAndReached_data()
{
    QTest::addColumn<MakePanel>("makePanel");
    QTest::newRow("pipeline") << make<PipelinePanel>();
    QTest::newRow("channels") << make<ChannelPanel>();
    QTest::newRow("codes") << make<CodePanel>();
    QTest::newRow("steps") << make<StepsPanel>();
    QTest::newRow("explain") << make<ExplainPanel>();
    QTest::newRow("findings") << make<FindingPanel>();
    QTest::newRow("activations") << make<ActivationPanel>();
    QTest::newRow("audit") << make<AuditPanel>();
    QTest::newRow("help") << make<HelpPanel>();
    QTest::newRow("agreement") << make<AgreementPanel>();
    QTest::newRow("why") << make<WhyPanel>();
}

void TestAccessibility::everyControlCanBeNamedAndReached()
{
    QFETCH(MakePanel, makePanel);
    Document document;
    const std::unique_ptr<QWidget> panel(makePanel(document));
    QVERIFY(!panel->objectName().isEmpty());
    QVERIFY(!panel->accessibleName().isEmpty());
    panel->show();
    const QList<QWidget*> controls = controlsOf(*panel);
    QVERIFY(!controls.isEmpty());

    QSet<QString> names;
    QSet<QString> accessibleNames;
    for (const QWidget* control : controls) {
        const QString what = QLatin1String(control->metaObject()->className())
            + QStringLiteral(" \"%1\"").arg(control->objectName());
        QVERIFY2(!control->objectName().isEmpty(), qPrintable(what));
        // Each card has one, which says of what.
        QVERIFY2(!names.contains(control->objectName())
                     || control->objectName() == QStringLiteral("helpButton"),
                 qPrintable(what));
        names.insert(control->objectName());
        QVERIFY2(!control->accessibleName().isEmpty(), qPrintable(what));
        QVERIFY2(!accessibleNames.contains(control->accessibleName()), qPrintable(what));
        accessibleNames.insert(control->accessibleName());
        QVERIFY2(!control->toolTip().isEmpty(), qPrintable(what));
        QVERIFY2(control->focusPolicy() & Qt::TabFocus, qPrintable(what));
    }
}

QBN_TEST(TestAccessibility)
#include "tst_accessibility.moc"
