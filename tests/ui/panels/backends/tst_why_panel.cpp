#include "tests/support/parting_layer.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
#include "ui/panels/backends/why_panel.h"
#include "ui/table/table_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestWhyPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theTitleNamesTheCode();
    void theChosenBackendIsMarked();
    void lookingChangesNothing();
    void saysHowNearTheBoundaryIs();
    void saysWhyTwoBackendsDiffer();
    void theSentenceIsCopied();
    void saysWhichBackendDiffersAndWhere();
    void newTextsLeaveTheWindowAlone();
    void aLongSentenceScrolls();
    void aLinkLeadsToTheCode();
    void aShorterSentenceLeavesTheTableWhereItIs();
    void inAnotherChannelTheTableTakesItsRoomBack();
    void placeholdersAreNamedFirst();

private:
    QString title() const
    {
        return m_panel->findChild<QLabel*>(QStringLiteral("whyTitle"))->text();
    }
    SentenceView* sentenceView() const
    {
        return m_panel->findChild<SentenceView*>(QStringLiteral("whySentence"));
    }
    QString sentence() const { return sentenceView()->text(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<WhyPanel> m_panel;
};

namespace {

/// In channel 0 PyTorch's vector code gives qmax for NaN, all others qmin.
Experiment partingExperiment()
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = identity_layer("parting", 8);
    layer.var[0] = -1;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

/// How often a window is asked for a new layout.
class LayoutCounter : public QObject
{
public:
    explicit LayoutCounter(QWidget& window) { window.installEventFilter(this); }

    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        layouts += event->type() == QEvent::LayoutRequest ? 1 : 0;
        return false;
    }

    int layouts = 0;
};

} // namespace

void TestWhyPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<WhyPanel>(*m_document);
    m_panel->resize(300, 220);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestWhyPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestWhyPanel::theTitleNamesTheCode()
{
    QCOMPARE(title(), QStringLiteral("Why 52"));
    m_document->selection().setCode(7);
    QCOMPARE(title(), QStringLiteral("Why 33"));
}

void TestWhyPanel::theChosenBackendIsMarked()
{
    const auto isMarked = [this](int row) {
        return m_panel->table()->model()->index(row, 0).data(Qt::BackgroundRole).isValid();
    };
    QVERIFY(isMarked(2) && !isMarked(0));
    m_document->edit(QStringLiteral("exact"), {},
                     [](Experiment& experiment) { experiment.backend = "exact"; });
    QVERIFY(isMarked(0) && !isMarked(2));
}

void TestWhyPanel::lookingChangesNothing()
{
    QSignalSpy changed(m_document.get(), &Document::changed);
    TableView* table = m_panel->table();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(3, 0)).center());
    QCOMPARE(m_document->selection().current().against, std::string(all_backends()[3].id));
    QCOMPARE(m_document->evaluation().difference->second, &all_backends()[3]);
    QCOMPARE(table->currentIndex().row(), 3);
    // The chosen one is beside every other.
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(2, 0)).center());
    QCOMPARE(table->currentIndex().row(), 3);
    QCOMPARE(m_document->experiment().backend, std::string("pytorch"));
    QCOMPARE(changed.count(), 0);
    QVERIFY(!m_document->isModified());
    QCOMPARE(m_document->undoStack().count(), 0);
}

void TestWhyPanel::saysHowNearTheBoundaryIs()
{
    // With the zero point: 51.5 lies between the codes 51 and 52.
    QVERIFY2(
        sentence().startsWith(QStringLiteral("51.9868 lies 0.487 steps from the boundary 51.5: ")),
        qPrintable(sentence()));
}

void TestWhyPanel::saysWhyTwoBackendsDiffer()
{
    m_document->open(test::partingExperiment(3, 1), {}, {.channel = 1, .code = test::partingCode});
    QVERIFY2(sentence().contains(QStringLiteral(
                 "fma(alpha, centred, fused_beta) in PyTorch fused, rectified * reciprocal in "
                 "PyTorch reference.\nThey first part at offset: ")),
             qPrintable(sentence()));
    QVERIFY2(sentence().contains(QStringLiteral(" ulp: roundings decide.")),
             qPrintable(sentence()));
}

void TestWhyPanel::theSentenceIsCopied()
{
    sentenceView()->setFocus();
    QTest::keyClick(sentenceView(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), sentence());
}

void TestWhyPanel::saysWhichBackendDiffersAndWhere()
{
    QVERIFY(!sentence().contains(QStringLiteral("differ")));
    m_document->open(partingExperiment(), {});
    const QString text = sentence();
    QVERIFY2(text.contains(
                 QStringLiteral("ONNX Runtime differs on 256 codes of this channel, first at 0")),
             qPrintable(text));
    QVERIFY(!text.contains(QStringLiteral("PyTorch fused differs")));
    m_document->selection().setChannel(1);
    QVERIFY(!sentence().contains(QStringLiteral("differ")));
}

void TestWhyPanel::newTextsLeaveTheWindowAlone()
{
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    m_panel.reset();
    auto* panel = new WhyPanel(*m_document);
    layout->addWidget(panel);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCoreApplication::processEvents();
    LayoutCounter counter(window);
    m_document->selection().setCode(7);
    QCoreApplication::processEvents();
    QCOMPARE(panel->findChild<QLabel*>(QStringLiteral("whyTitle"))->text(),
             QStringLiteral("Why 33"));
    QCOMPARE(counter.layouts, 0);
}

void TestWhyPanel::aLongSentenceScrolls()
{
    const QSize hint = m_panel->sizeHint();
    const QSize least = m_panel->minimumSizeHint();
    m_document->open(partingExperiment(), {});
    QTRY_VERIFY(sentenceView()->heightFor(sentenceView()->width()) > sentenceView()->height());
    QScrollBar* bar = sentenceView()->verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    sentenceView()->setFocus();
    QTest::keyClick(sentenceView(), Qt::Key_End);
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(m_panel->rect().contains(sentenceView()->geometry()));
    QVERIFY(!sentenceView()->geometry().intersects(m_panel->table()->geometry()));
    QCOMPARE(m_panel->sizeHint(), hint);
    QCOMPARE(m_panel->minimumSizeHint(), least);
}

void TestWhyPanel::aLinkLeadsToTheCode()
{
    m_document->open(partingExperiment(), {}, {.code = 100});
    QCOMPARE(m_document->selection().code(), 100);
    const QString words = sentence().split(u'\n').filter(QStringLiteral("differs on")).front();
    const QString code = words.section(u' ', -1);
    sentenceView()->setFocus();
    QTest::keyClick(sentenceView(), Qt::Key_Return);
    QCOMPARE(QString::number(m_document->selection().code()), code);

    // A click follows a link, and beside one it does nothing.
    m_document->selection().setCode(100);
    QTest::mouseClick(sentenceView()->viewport(), Qt::LeftButton, {}, QPoint(2, 4));
    QCOMPARE(m_document->selection().code(), 100);
    m_panel->resize(500, 600);
    QCoreApplication::processEvents();
    const int middle = sentenceView()->fontMetrics().height() / 2;
    for (int y = middle; y < sentenceView()->height(); y += 2 * middle)
        for (int x = 0; x < sentenceView()->width(); x += 4)
            QTest::mouseClick(sentenceView()->viewport(), Qt::LeftButton, {}, QPoint(x, y));
    QVERIFY(m_document->selection().code() != 100);
}

void TestWhyPanel::aShorterSentenceLeavesTheTableWhereItIs()
{
    const Experiment agreeing = m_document->experiment();
    m_document->open(partingExperiment(), {});
    QCoreApplication::processEvents();
    const QRect table = m_panel->table()->geometry();
    const int lines = sentenceView()->heightFor(sentenceView()->width());
    m_document->open(agreeing, {});
    QCoreApplication::processEvents();
    QVERIFY(sentenceView()->heightFor(sentenceView()->width()) < lines);
    QCOMPARE(m_panel->table()->geometry(), table);
}

void TestWhyPanel::inAnotherChannelTheTableTakesItsRoomBack()
{
    const QRect before = m_panel->table()->geometry();
    m_document->open(partingExperiment(), {});
    QCoreApplication::processEvents();
    const QRect lower = m_panel->table()->geometry();
    QVERIFY(lower.height() < before.height());
    m_document->selection().setChannel(1);
    QCoreApplication::processEvents();
    QVERIFY(m_panel->table()->height() > lower.height());
}

void TestWhyPanel::placeholdersAreNamedFirst()
{
    QVERIFY(!sentence().contains(QStringLiteral("laceholder")));
    m_document->editLayer(QStringLiteral("forget"), {},
                          [](BatchNormLayer& layer) { layer.provenance.set(Field::beta, {}); });
    QVERIFY2(sentence().startsWith(QStringLiteral("Of placeholders: nobody gave beta.\n")),
             qPrintable(sentence()));
}

QBN_TEST(TestWhyPanel)
#include "tst_why_panel.moc"
