#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
#include "ui/panels/backends/backend_panel.h"
#include "ui/table/table_view.h"

#include <QLabel>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;

class TestBackendPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theTitleNamesTheCode();
    void theCurrentRowIsTheChosenBackend();
    void clickingARowLooksAtItAndModifiesNothing();
    void choosingWithArrowKeysModifiesNothing();
    void saysThatAllAgree();
    void saysWhichBackendDiffersAndWhere();
    void newTextsLeaveTheWindowAlone();
    void aLongSentenceIsShownInFull();
    void aLinkLeadsToTheCode();
    void aShorterSentenceLeavesTheTableWhereItIs();
    void aSentenceThatGrewWhileHiddenHasItsRoom();

private:
    QString title() const
    {
        return m_panel->findChild<QLabel*>(QStringLiteral("backendTitle"))->text();
    }
    SentenceView* sentenceView() const
    {
        return m_panel->findChild<SentenceView*>(QStringLiteral("backendSentence"));
    }
    QString sentence() const { return sentenceView()->text(); }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<BackendPanel> m_panel;
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

void TestBackendPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<BackendPanel>(*m_document);
    m_panel->resize(300, 220);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestBackendPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestBackendPanel::theTitleNamesTheCode()
{
    QCOMPARE(title(), QStringLiteral("Backends at code 38"));
    m_document->selection().setCode(7);
    QCOMPARE(title(), QStringLiteral("Backends at code 7"));
}

void TestBackendPanel::theCurrentRowIsTheChosenBackend()
{
    QCOMPARE(m_panel->table()->currentIndex().row(), 2);
    m_document->edit(QStringLiteral("exact"), {},
                     [](Experiment& experiment) { experiment.backend = "exact"; });
    QCOMPARE(m_panel->table()->currentIndex().row(), 0);
}

void TestBackendPanel::clickingARowLooksAtItAndModifiesNothing()
{
    QSignalSpy changed(m_document.get(), &Document::changed);
    TableView* table = m_panel->table();
    const QRect cell = table->visualRect(table->model()->index(3, 0));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(m_document->experiment().backend, std::string(all_backends()[3].id));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(!m_document->isModified());
}

void TestBackendPanel::choosingWithArrowKeysModifiesNothing()
{
    TableView* table = m_panel->table();
    table->setFocus();
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(m_document->experiment().backend, std::string(all_backends()[5].id));
    QCOMPARE(m_document->undoStack().count(), 0);
    QVERIFY(!m_document->isModified());
}

void TestBackendPanel::saysThatAllAgree()
{
    QCOMPARE(sentence(), QStringLiteral("All 6 compared agree on all 256 codes of this channel"));
}

void TestBackendPanel::saysWhichBackendDiffersAndWhere()
{
    m_document->open(partingExperiment(), {});
    const QString text = sentence();
    QVERIFY2(text.contains(
                 QStringLiteral("onnxruntime differs on 256 codes of this channel, first at 0")),
             qPrintable(text));
    QVERIFY(!text.contains(QStringLiteral("pytorch differs")));
    m_document->selection().setChannel(1);
    QVERIFY(sentence().startsWith(QStringLiteral("All ")));
}

void TestBackendPanel::newTextsLeaveTheWindowAlone()
{
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    m_panel.reset();
    auto* panel = new BackendPanel(*m_document);
    layout->addWidget(panel);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCoreApplication::processEvents();
    LayoutCounter counter(window);
    m_document->selection().setCode(7);
    QCoreApplication::processEvents();
    QCOMPARE(panel->findChild<QLabel*>(QStringLiteral("backendTitle"))->text(),
             QStringLiteral("Backends at code 7"));
    QCOMPARE(counter.layouts, 0);
}

void TestBackendPanel::aLongSentenceIsShownInFull()
{
    const SentenceView* label = sentenceView();
    const int shortest = label->height();
    m_document->open(partingExperiment(), {});
    QTRY_VERIFY(label->height() > shortest);
    QVERIFY(label->height() >= label->heightFor(label->width()));
    QVERIFY(m_panel->rect().contains(label->geometry()));
    QVERIFY(!label->geometry().intersects(m_panel->table()->geometry()));
}

void TestBackendPanel::aLinkLeadsToTheCode()
{
    m_document->open(partingExperiment(), {}, {.code = 100});
    QCOMPARE(m_document->selection().code(), 100);
    const QString words = sentence().section(u'\n', 0, 0);
    const QString code = words.section(u' ', -1);
    sentenceView()->setFocus();
    QTest::keyClick(sentenceView(), Qt::Key_Return);
    QCOMPARE(QString::number(m_document->selection().code()), code);

    // A click follows a link, and beside one it does nothing.
    m_document->selection().setCode(100);
    QTest::mouseClick(sentenceView()->viewport(), Qt::LeftButton, {}, QPoint(2, 4));
    QCOMPARE(m_document->selection().code(), 100);
    const int middle = sentenceView()->fontMetrics().height() / 2;
    for (int y = middle; y < sentenceView()->height(); y += 2 * middle)
        for (int x = 0; x < sentenceView()->width(); x += 4)
            QTest::mouseClick(sentenceView()->viewport(), Qt::LeftButton, {}, QPoint(x, y));
    QVERIFY(m_document->selection().code() != 100);
}

void TestBackendPanel::aShorterSentenceLeavesTheTableWhereItIs()
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

void TestBackendPanel::aSentenceThatGrewWhileHiddenHasItsRoom()
{
    m_panel->hide();
    m_document->open(partingExperiment(), {});
    m_panel->show();
    QCoreApplication::processEvents();
    QCOMPARE(sentenceView()->height(), sentenceView()->heightFor(sentenceView()->width()));
}

QBN_TEST(TestBackendPanel)
#include "tst_backend_panel.moc"
