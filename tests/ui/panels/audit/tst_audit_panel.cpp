#include "core/activations/count_codes.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/document/task.h"
#include "ui/panels/audit/audit_model.h"
#include "ui/panels/audit/audit_panel.h"
#include "ui/panels/audit/audit_runner.h"
#include "ui/table/table_view.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSemaphore>
#include <QtTest>

using namespace qbn;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

namespace {

/// The real output is the input code itself, 0 to 255, in output steps of `scale`.
Experiment passing(double scale, int channels)
{
    BatchNormLayer layer = identity_layer("passing", channels);
    layer.output.scale = scale;
    layer.eps = 0;
    layer.provenance.set_all({.origin = Origin::typed});
    Experiment experiment;
    experiment.model.layers = {std::make_shared<const BatchNormLayer>(std::move(layer))};
    return experiment;
}

/// Whatever task is begun meanwhile waits, so it is as long as a test needs.
class BusyThreads
{
public:
    BusyThreads()
    {
        for (int i = 0; i < taskThreads().count(); ++i)
            taskThreads().start([this] { m_end.acquire(); });
    }
    ~BusyThreads() { end(); }
    BusyThreads(const BusyThreads&) = delete;
    BusyThreads& operator=(const BusyThreads&) = delete;

    /// What waited is done when it returns, and what it posted has arrived.
    void end()
    {
        m_end.release(taskThreads().count());
        taskThreads().waitForDone();
        QCoreApplication::processEvents();
    }

private:
    QSemaphore m_end;
};

} // namespace

class TestAuditPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theNumbersAreThoseOfTheAudit();
    void theNumbersFollowAnEdit();
    void nothingIsComputedWhileHidden();
    void aClickGoesToTheChannel();
    void findingsLeadToTheirChannels();
    void theProposalIsOneEdit();
    void withoutABetterOutputThereIsNothingToUse();
    void aProposalFromPlaceholdersIsNotUsed();
    void aHistogramTakesThePlaceOfTheStatistics();
    void loadedActivationsAreTheInputs();
    void channelsWithoutSamplesAreNamed();
    void aHistogramIsOfItsFileAlone();
    void aLargeLayerIsAuditedInATask();
    void aLongAuditTellsItsProgress();
    void aLongAuditCanBeCancelled();
    void anEditBeginsACancelledAuditAnew();

private:
    void open(double scale, int channels)
    {
        m_document->open(passing(scale, channels), {});
        m_panel->useHistogram(CodeDistribution::even(m_document->layer()), u"even.csv"_s);
    }
    QString cell(int row, AuditModel::Column column) const
    {
        return m_panel->table()->model()->index(row, column).data().toString();
    }
    QString line(const QString& name) const { return m_panel->findChild<QLabel*>(name)->text(); }
    QPushButton* button(const QString& name) const
    {
        return m_panel->findChild<QPushButton*>(name);
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<AuditPanel> m_panel;
};

void TestAuditPanel::init()
{
    m_document = std::make_unique<Document>();
    m_panel = std::make_unique<AuditPanel>(*m_document);
    m_panel->resize(700, 260);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestAuditPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestAuditPanel::theNumbersAreThoseOfTheAudit()
{
    // Steps of 2: odd codes are ties and miss by 1. The noise is 0.5, the signal 255 * 511 / 6.
    open(2, 1);
    QCOMPARE(m_panel->table()->model()->rowCount(), 1);
    QCOMPARE(cell(0, AuditModel::Saturation), u"0.00 %"_s);
    QCOMPARE(cell(0, AuditModel::Used), u"129"_s);
    QCOMPARE(cell(0, AuditModel::Dead), u"127"_s);
    QCOMPARE(cell(0, AuditModel::Merged), u"127"_s);
    QCOMPARE(cell(0, AuditModel::Sqnr), u"46.38 dB"_s);
    QVERIFY(line(u"auditSummary"_s).startsWith(u"SQNR 46.38 dB · 0.00 % "_s));
}

void TestAuditPanel::theNumbersFollowAnEdit()
{
    open(2, 1);
    m_document->setValue(Field::output_scale, 0, 0.5); // 2 * 128 is the first above 255
    QCOMPARE(cell(0, AuditModel::Saturation), u"50.00 %"_s);
    m_document->undo();
    QCOMPARE(cell(0, AuditModel::Saturation), u"0.00 %"_s);
}

void TestAuditPanel::nothingIsComputedWhileHidden()
{
    open(2, 1);
    m_panel->hide();
    m_document->setValue(Field::output_scale, 0, 0.5);
    QCOMPARE(cell(0, AuditModel::Saturation), u"0.00 %"_s);
    m_panel->show();
    QCOMPARE(cell(0, AuditModel::Saturation), u"50.00 %"_s);
    m_panel->setActive(false); // a tab in the background
    m_document->undo();
    QCOMPARE(cell(0, AuditModel::Saturation), u"50.00 %"_s);
    m_panel->setActive(true);
    QCOMPARE(cell(0, AuditModel::Saturation), u"0.00 %"_s);
}

void TestAuditPanel::aClickGoesToTheChannel()
{
    open(2, 3);
    QTableView* table = m_panel->table();
    const QRect row = table->visualRect(table->model()->index(2, AuditModel::Used));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(m_document->selection().channel(), 2);
    m_document->selection().setChannel(1);
    QCOMPARE(table->currentIndex().row(), 1);
}

void TestAuditPanel::findingsLeadToTheirChannels()
{
    open(1, 3);
    QCOMPARE(line(u"auditFindings"_s), u"No channel saturates more than 1 %"_s);
    m_document->setValue(Field::gamma, 1, 2); // half of the codes go beyond 255
    m_document->setValue(Field::gamma, 2, 0.01); // 0 to 2.55: four codes
    QCOMPARE(line(u"auditFindings"_s),
             u"More than 1 % of the inputs saturate in channel <a href=\"1\">1</a> · "
             "Few codes are used in channel <a href=\"2\">2</a>"_s);
    auto* findings = m_panel->findChild<QLabel*>(u"auditFindings"_s);
    const QString before = u"More than 1 % of the inputs saturate in channel "_s;
    const int link = findings->indent() + findings->fontMetrics().horizontalAdvance(before) + 3;
    QTest::mouseClick(findings, Qt::LeftButton, {}, QPoint(link, findings->height() / 2));
    QCOMPARE(m_document->selection().channel(), 1);
}

void TestAuditPanel::theProposalIsOneEdit()
{
    // 0 to 255 fit into 256 codes without any error, at scale 1.
    open(0.5, 1);
    QCOMPARE(line(u"auditProposal"_s), u"Better: scale 1, zero point 0: +∞ dB"_s);
    QTest::mouseClick(button(u"useProposal"_s), Qt::LeftButton);
    QVERIFY(m_document->layer().output.scale == 1);
    const LayerProvenance& from = m_document->layer().provenance;
    for (const Field field : {Field::output_scale, Field::output_zero_point}) {
        QCOMPARE(from.of(field).origin, Origin::proposed);
        QVERIFY(from.of(field).note.find("even.csv") != std::string::npos);
    }
    QCOMPARE(m_document->undoStack().count(), 1);
    m_document->undo();
    QVERIFY(m_document->layer().output.scale == 0.5);
}

void TestAuditPanel::withoutABetterOutputThereIsNothingToUse()
{
    open(0.5, 1);
    QVERIFY(button(u"useProposal"_s)->isEnabled());
    open(1, 1);
    QVERIFY(!button(u"useProposal"_s)->isEnabled());
    QVERIFY(line(u"auditProposal"_s).startsWith(u"No better output: none was found"_s));
}

void TestAuditPanel::aProposalFromPlaceholdersIsNotUsed()
{
    open(0.5, 1);
    const auto forget = [this](Field field) {
        m_document->editLayer(u"forget"_s, {},
                              [field](BatchNormLayer& layer) { layer.provenance.set(field, {}); });
    };
    const QColor muted = TableStyle().colors().muted;
    const auto color = [this] {
        return m_panel->table()
            ->model()
            ->index(0, AuditModel::Used)
            .data(Qt::ForegroundRole)
            .value<QColor>();
    };
    QVERIFY(color() != muted);
    // What a proposal is for.
    forget(Field::output_scale);
    QVERIFY(button(u"useProposal"_s)->isEnabled());
    forget(Field::gamma);
    QVERIFY(!button(u"useProposal"_s)->isEnabled());
    QVERIFY(line(u"auditSummary"_s).contains(u"nobody gave"_s));
    QCOMPARE(color(), muted);
}

void TestAuditPanel::aHistogramTakesThePlaceOfTheStatistics()
{
    QVERIFY(line(u"auditSummary"_s).contains(u"inputs drawn from N(mean, var)"_s));
    QVERIFY(!button(u"useStatistics"_s)->isVisible());
    const QString drawn = cell(2, AuditModel::Saturation);
    m_panel->useHistogram(CodeDistribution::even(m_document->layer()), u"even.csv"_s);
    QVERIFY(line(u"auditSummary"_s).endsWith(u"inputs counted in even.csv"_s));
    QVERIFY(cell(2, AuditModel::Saturation) != drawn);
    QTest::mouseClick(button(u"useStatistics"_s), Qt::LeftButton);
    QCOMPARE(cell(2, AuditModel::Saturation), drawn);

    QSignalSpy wanted(m_panel.get(), &AuditPanel::histogramWanted);
    QTest::mouseClick(button(u"loadHistogram"_s), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
}

void TestAuditPanel::loadedActivationsAreTheInputs()
{
    open(0.5, 1); // codes above 127 are clamped
    QCOMPARE(cell(0, AuditModel::Saturation), u"50.00 %"_s);
    const std::vector<std::uint8_t> input{0, 1, 2, 200};
    const CodeTensors tensors{.layout = *find_layout({1, 1, 4}, 1, ChannelOrder::nchw),
                              .input_type = quint8_type,
                              .output_type = quint8_type,
                              .input = input,
                              .output = std::nullopt};
    m_document->activations().set(
        std::make_shared<const CodeCounts>(std::get<CodeCounts>(count_codes(tensors))),
        u"in.npy"_s);
    QCOMPARE(cell(0, AuditModel::Saturation), u"25.00 %"_s);
    QVERIFY(line(u"auditSummary"_s).contains(u"inputs counted in in.npy"_s));
    m_document->activations().clear();
    QVERIFY(line(u"auditSummary"_s).contains(u"inputs drawn from N(mean, var)"_s));
}

void TestAuditPanel::channelsWithoutSamplesAreNamed()
{
    open(2, 3);
    std::vector<double> counts(3 * 256);
    counts[3] = 1;
    m_panel->useHistogram(CodeDistribution(256, counts), u"one.csv"_s);
    QCOMPARE(cell(0, AuditModel::Saturation), u"0.00 %"_s);
    QCOMPARE(cell(1, AuditModel::Saturation), u"no samples"_s);
    QCOMPARE(cell(1, AuditModel::Sqnr), u"–"_s);
    QVERIFY2(line(u"auditFindings"_s).contains(u"No samples in channel <a href=\"1\">1</a>"_s),
             qPrintable(line(u"auditFindings"_s)));
    QVERIFY(line(u"auditSummary"_s).startsWith(u"SQNR 9.54 dB"_s)); // 3^2 over 1^2
    m_panel->useHistogram(CodeDistribution(256, std::vector<double>(3 * 256)), u"none.csv"_s);
    QCOMPARE(line(u"auditFindings"_s), u"The histogram counts no input"_s);
    QVERIFY(line(u"auditSummary"_s).startsWith(u"SQNR – dB · – % of the inputs"_s));
    QVERIFY(!button(u"useProposal"_s)->isEnabled());
}

void TestAuditPanel::aHistogramIsOfItsFileAlone()
{
    open(2, 3);
    m_document->open(passing(2, 3), {});
    QVERIFY(line(u"auditSummary"_s).contains(u"inputs drawn from N(mean, var)"_s));
}

void TestAuditPanel::aLargeLayerIsAuditedInATask()
{
    open(2, 300);
    QVERIFY(line(u"auditSummary"_s).startsWith(u"Auditing"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 300, 60'000);
    QCOMPARE(cell(299, AuditModel::Used), u"129"_s);
    m_document->setValue(Field::output_scale, 0, 0.5);
    QCOMPARE(cell(299, AuditModel::Used), u"129"_s); // until the new result arrives
    QTRY_COMPARE_WITH_TIMEOUT(cell(299, AuditModel::Saturation), u"50.00 %"_s, 60'000);
    // More edits than tasks: the last one counts.
    for (const double scale : {1.0, 3.0, 2.0})
        m_document->setValue(Field::output_scale, 0, scale);
    QTRY_VERIFY_WITH_TIMEOUT(button(u"useProposal"_s)->isEnabled(), 60'000);
    QCOMPARE(cell(299, AuditModel::Merged), u"127"_s);
}

void TestAuditPanel::aLongAuditTellsItsProgress()
{
    AuditRunner runner(*m_document);
    QSignalSpy progress(&runner, &AuditRunner::progressed);
    runner.setActive(true);
    open(2, 3000);
    QVERIFY(runner.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(!runner.isPending(), 60'000);
    QVERIFY(!runner.isRunning());
    QCOMPARE(progress.back(), (QVariantList{3000, 3000}));
}

void TestAuditPanel::aLongAuditCanBeCancelled()
{
    BusyThreads busy;
    open(2, 300);
    QVERIFY(!button(u"cancelAudit"_s)->isVisible()); // most audits are done before anybody saw it
    QTRY_VERIFY_WITH_TIMEOUT(button(u"cancelAudit"_s)->isVisible(), 60'000);
    QVERIFY(m_panel->findChild<QProgressBar*>(u"auditProgress"_s)->isVisible());
    QVERIFY(QApplication::activeModalWidget() == nullptr);
    QTest::mouseClick(button(u"cancelAudit"_s), Qt::LeftButton);
    QVERIFY(!button(u"cancelAudit"_s)->isVisible());
    QCOMPARE(line(u"auditSummary"_s), u"The audit was cancelled"_s);
    busy.end();
    QCOMPARE(m_panel->table()->model()->rowCount(), 0);

    QTest::mouseClick(button(u"auditAgain"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 300, 60'000);
    QVERIFY(!button(u"auditAgain"_s)->isVisible());
}

void TestAuditPanel::anEditBeginsACancelledAuditAnew()
{
    BusyThreads busy;
    open(2, 300);
    QTRY_VERIFY_WITH_TIMEOUT(button(u"cancelAudit"_s)->isVisible(), 60'000);
    QTest::keyClick(button(u"cancelAudit"_s), Qt::Key_Space);
    m_document->setValue(Field::output_scale, 0, 0.5);
    QVERIFY(!button(u"auditAgain"_s)->isVisible());
    busy.end();
    QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 300, 60'000);
    QCOMPARE(cell(299, AuditModel::Saturation), u"50.00 %"_s);
}

QBN_TEST(TestAuditPanel)
#include "tst_audit_panel.moc"
