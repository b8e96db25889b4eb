#include "tests/support/room.h"
#include "ui/look/plain_text.h"
#include "ui/look/steady_line.h"

#include <QLabel>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace qbn::ui;

namespace {

class LayoutCounter : public QObject
{
public:
    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        count += event->type() == QEvent::LayoutRequest ? 1 : 0;
        return false;
    }
    int count = 0;
};

} // namespace

class TestSteadyLine : public QObject
{
    Q_OBJECT

private slots:
    void anotherTextLaysOutNothing_data();
    void anotherTextLaysOutNothing();
};

void TestSteadyLine::anotherTextLaysOutNothing_data()
{
    QTest::addColumn<bool>("steady");
    QTest::newRow("a steady line") << true;
    QTest::newRow("a label alone lays out all") << false;
}

void TestSteadyLine::anotherTextLaysOutNothing()
{
    QFETCH(bool, steady);
    QWidget window;
    QLabel* label = plainLabel(u"short"_s);
    auto* column = new QVBoxLayout(&window);
    QWidget* line = steady ? static_cast<QWidget*>(new SteadyLine(label)) : label;
    column->addWidget(line);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const int width = window.width();
    LayoutCounter counter;
    window.installEventFilter(&counter);
    label->setText(u"a text that is much longer than the one before"_s);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(counter.count == 0, steady);
    QCOMPARE(window.width() == width, steady);
    QVERIFY(label->isVisible());
    QCOMPARE(label->size(), line->size());
    QVERIFY(label->height() >= label->fontMetrics().height());
}

QBN_TEST(TestSteadyLine)
#include "tst_steady_line.moc"
