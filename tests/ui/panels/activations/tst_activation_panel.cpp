#include "core/activations/count_codes.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/activations/activation_models.h"
#include "ui/panels/activations/activation_panel.h"
#include "ui/panels/plots/transfer_plot.h"
#include "ui/table/table_view.h"

#include <QLabel>
#include <QPushButton>
#include <QtTest>
#include <qcustomplot.h>

#include <random>

using namespace qbn;
using namespace qbn::test;
using namespace qbn::ui;
using namespace Qt::StringLiterals;

namespace {

/// Random codes of the forum layer (2, 3, 11, 13), and what a framework's golden codes make of them.
struct Dump
{
    explicit Dump(const QString& framework)
        : layout(*find_layout({2, 3, 11, 13}, 3, ChannelOrder::nchw))
    {
        const auto golden = *goldenCodes(u"forum"_s, 0, framework.toStdString());
        std::mt19937 random(7);
        for (std::uint64_t i = 0; i < layout.count; ++i) {
            input.push_back(static_cast<std::uint8_t>(random() % 256));
            const auto place = static_cast<std::size_t>(layout.channel_of(i)) * 256 + input.back();
            output.push_back(static_cast<std::uint8_t>(golden.values[place]));
        }
    }

    Activations::Counts counts(bool hasInput, bool hasOutput) const
    {
        CodeTensors tensors{.layout = layout,
                            .input_type = quint8_type,
                            .output_type = quint8_type,
                            .input = std::nullopt,
                            .output = std::nullopt};
        if (hasInput)
            tensors.input = input;
        if (hasOutput)
            tensors.output = output;
        return std::make_shared<const CodeCounts>(std::get<CodeCounts>(count_codes(tensors)));
    }

    TensorLayout layout;
    std::vector<std::uint8_t> input, output;
};

} // namespace

class TestActivationPanel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void nothingLoadedIsSaid();
    void channelsAreMeasuredAndFollowAnEdit();
    void theFrameworkAgreesWithItsBackend();
    void aBackendLeadsToWhereTheOutputDiffers();
    void aDisagreementLeadsToItsChannelAndCode();
    void anOutputAloneIsShown();
    void anotherLayerOrFileShowsNone();
    void clearForgetsThem();
    void nothingIsComputedWhileHidden();
    void histogramsStandOnTheAxesOfThePlot();

private:
    void load(const QString& framework, bool hasInput = true, bool hasOutput = true)
    {
        m_dump = std::make_unique<Dump>(framework);
        m_document->activations().set(m_dump->counts(hasInput, hasOutput), u"in.npy"_s);
    }
    TableView* table(const QString& name) const { return m_panel->findChild<TableView*>(name); }
    QString cell(const QString& name, int row, int column) const
    {
        return table(name)->model()->index(row, column).data().toString();
    }
    QString line(const QString& name) const { return m_panel->findChild<QLabel*>(name)->text(); }
    int rowOf(const QString& title) const
    {
        for (int row = 0; row < table(u"activationAgreementTable"_s)->model()->rowCount(); ++row) {
            if (cell(u"activationAgreementTable"_s, row, AgreementModel::Name) == title)
                return row;
        }
        return -1;
    }
    void click(const QString& name, int row)
    {
        TableView* view = table(name);
        const QModelIndex index = view->model()->index(row, 0);
        view->scrollTo(index);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<ActivationPanel> m_panel;
    std::unique_ptr<Dump> m_dump;
};

void TestActivationPanel::init()
{
    m_document = std::make_unique<Document>();
    Experiment experiment = m_document->experiment();
    replace_model(experiment, goldenModel(u"forum"_s));
    m_document->open(std::move(experiment), {});
    m_panel = std::make_unique<ActivationPanel>(*m_document);
    m_panel->resize(1200, 300);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void TestActivationPanel::cleanup()
{
    m_panel.reset();
    m_document.reset();
}

void TestActivationPanel::nothingLoadedIsSaid()
{
    QVERIFY(line(u"activationSummary"_s).startsWith(u"No activations are loaded"_s));
    QVERIFY(!table(u"activationTable"_s)->isVisible());
    QVERIFY(!m_panel->findChild<QPushButton*>(u"clearActivations"_s)->isEnabled());
}

void TestActivationPanel::channelsAreMeasuredAndFollowAnEdit()
{
    load(u"pytorch"_s, true, false);
    QCOMPARE(table(u"activationTable"_s)->model()->rowCount(), 3);
    QCOMPARE(cell(u"activationTable"_s, 1, ChannelActivationModel::Elements), u"286"_s);
    QVERIFY(!table(u"activationAgreementTable"_s)->isVisible());
    const QString before = cell(u"activationTable"_s, 0, ChannelActivationModel::Sqnr);
    QVERIFY(before.endsWith(u" dB"_s));
    m_document->setValue(Field::output_scale, 0, m_document->layer().output.scale / 8);
    QVERIFY(cell(u"activationTable"_s, 0, ChannelActivationModel::Sqnr) != before);
    // An eighth of the range: far more elements are clamped.
    std::uint64_t high = 0;
    const auto all = requantize_all(*m_document->evaluation().chosen, m_document->layer(), 0);
    for (std::size_t i = 0; i < m_dump->input.size(); ++i) {
        if (m_dump->layout.channel_of(i) == 0)
            high += all[m_dump->input[i]].saturation == Saturation::high ? 1 : 0;
    }
    QVERIFY(high > 0);
    QCOMPARE(cell(u"activationTable"_s, 0, ChannelActivationModel::ClampedHigh),
             cutShareText(high, 286));
    m_document->undo();
    QCOMPARE(cell(u"activationTable"_s, 0, ChannelActivationModel::Sqnr), before);
}

void TestActivationPanel::theFrameworkAgreesWithItsBackend()
{
    load(u"litert"_s);
    QVERIFY(table(u"activationAgreementTable"_s)->isVisible());
    const int litert = rowOf(u"LiteRT"_s);
    const int pytorch = rowOf(u"PyTorch fused"_s);
    QVERIFY(litert >= 0 && pytorch >= 0);
    QCOMPARE(cell(u"activationAgreementTable"_s, litert, AgreementModel::Agreeing), u"100.00 %"_s);
    const auto golden = *goldenCodes(u"forum"_s, 0, "pytorch");
    std::uint64_t agreeing = 0;
    for (std::size_t i = 0; i < m_dump->input.size(); ++i)
        agreeing += golden.values[static_cast<std::size_t>(m_dump->layout.channel_of(i)) * 256
                                  + m_dump->input[i]]
                == m_dump->output[i]
            ? 1
            : 0;
    QVERIFY(agreeing < m_dump->layout.count);
    QCOMPARE(cell(u"activationAgreementTable"_s, pytorch, AgreementModel::Agreeing),
             cutShareText(agreeing, m_dump->layout.count));
    // An edit that moves every code takes the agreement away.
    m_document->setValue(Field::output_zero_point, 0, m_document->layer().output.zero_point + 1);
    const int now = rowOf(u"LiteRT"_s);
    QVERIFY(cell(u"activationAgreementTable"_s, now, AgreementModel::Agreeing) != u"100.00 %"_s);
}

void TestActivationPanel::aBackendLeadsToWhereTheOutputDiffers()
{
    load(u"litert"_s);
    click(u"activationAgreementTable"_s, rowOf(u"PyTorch fused"_s));
    const auto found = agreement(*m_document->activations().counts(), m_document->layer(),
                                 *find_backend("pytorch"));
    QCOMPARE(m_document->selection().channel(), found.first->channel);
    QCOMPARE(m_document->selection().code(), found.first->input);
    // PyTorch is the chosen one: LiteRT, which gave the output, is held against it.
    QCOMPARE(m_document->evaluation().difference->second->id, std::string_view("litert"));
    QVERIFY(table(u"disagreementTable"_s)->isVisible());
    QCOMPARE(cell(u"disagreementTable"_s, 0, 1), QString::number(found.first->input));
    QCOMPARE(cell(u"disagreementTable"_s, 0, 2), QString::number(found.first->expected));
    QCOMPARE(cell(u"disagreementTable"_s, 0, 3), QString::number(found.first->got));
    QCOMPARE(cell(u"disagreementTable"_s, 0, 5),
             QString::fromStdString(index_text(m_dump->layout, found.first->first)));
}

void TestActivationPanel::aDisagreementLeadsToItsChannelAndCode()
{
    load(u"litert"_s);
    click(u"activationAgreementTable"_s, rowOf(u"PyTorch fused"_s));
    const int last = table(u"disagreementTable"_s)->model()->rowCount() - 1;
    QVERIFY(last > 0);
    click(u"disagreementTable"_s, last);
    QCOMPARE(QString::number(m_document->selection().channel()),
             cell(u"disagreementTable"_s, last, 0));
    QCOMPARE(QString::number(m_document->selection().code()),
             cell(u"disagreementTable"_s, last, 1));
    click(u"activationTable"_s, 1);
    QCOMPARE(m_document->selection().channel(), 1);
}

void TestActivationPanel::anOutputAloneIsShown()
{
    load(u"pytorch"_s, false, true);
    QCOMPARE(table(u"activationTable"_s)->model()->rowCount(), 3);
    QCOMPARE(cell(u"activationTable"_s, 0, ChannelActivationModel::Sqnr), u"–"_s);
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < m_dump->output.size(); ++i)
        low += m_dump->layout.channel_of(i) == 2 && m_dump->output[i] == 0 ? 1 : 0;
    QCOMPARE(cell(u"activationTable"_s, 2, ChannelActivationModel::ClampedLow),
             cutShareText(low, 286));
}

void TestActivationPanel::anotherLayerOrFileShowsNone()
{
    load(u"pytorch"_s);
    m_document->edit(u"type"_s, {}, [](Experiment& experiment) {
        BatchNormLayer layer = *experiment.model.layers[0];
        layer.input.type = qint8_type;
        experiment.model.layers[0] = std::make_shared<const BatchNormLayer>(layer);
    });
    QVERIFY(!table(u"activationTable"_s)->isVisible());
    QVERIFY(line(u"activationSummary"_s).contains(u"not of this one"_s));
    m_document->undo();
    QVERIFY(table(u"activationTable"_s)->isVisible());
    m_document->open(example_experiment(), {});
    QVERIFY(!m_document->activations().isLoaded());
    QVERIFY(line(u"activationSummary"_s).startsWith(u"No activations are loaded"_s));
}

void TestActivationPanel::clearForgetsThem()
{
    load(u"pytorch"_s);
    QTest::mouseClick(m_panel->findChild<QPushButton*>(u"clearActivations"_s), Qt::LeftButton);
    QVERIFY(!m_document->activations().isLoaded());
    QVERIFY(!table(u"activationTable"_s)->isVisible());
}

void TestActivationPanel::nothingIsComputedWhileHidden()
{
    load(u"pytorch"_s);
    auto* runner = m_panel->findChild<ActivationRunner*>();
    const ActivationResult* before = runner->result();
    m_panel->hide();
    m_document->setValue(Field::gamma, 0, 3);
    QCOMPARE(runner->result(), before);
    m_panel->show();
    QVERIFY(runner->result() != before);
}

void TestActivationPanel::histogramsStandOnTheAxesOfThePlot()
{
    TransferPlot plot(*m_document);
    plot.resize(500, 300);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    const auto graphOf = [&plot](const QCPAxis* key, int which) {
        QCPGraph* found = nullptr;
        for (int i = 0; i < plot.canvas().graphCount(); ++i) {
            QCPGraph* graph = plot.canvas().graph(i);
            const bool isHistogram = graph->valueAxis() == plot.canvas().yAxis2
                || graph->valueAxis() == plot.canvas().xAxis2;
            if (isHistogram && graph->keyAxis() == key && which-- == 0)
                found = graph;
        }
        return found;
    };
    const QCPGraph* inputs = graphOf(plot.canvas().xAxis, 0);
    const QCPGraph* outputs = graphOf(plot.canvas().yAxis, 0);
    const QCPGraph* read = graphOf(plot.canvas().yAxis, 1);
    QVERIFY(inputs->data()->isEmpty() && outputs->data()->isEmpty() && read->data()->isEmpty());
    load(u"litert"_s);
    const auto counts = m_document->activations().counts();
    const auto compare = [](const QCPGraph* graph, std::span<const std::uint64_t> expected) {
        QCOMPARE(graph->data()->size(), static_cast<int>(expected.size()) + 2);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const QCPGraphData& step = *graph->data()->at(static_cast<int>(i) + 1);
            QCOMPARE(step.key, static_cast<double>(i));
            QCOMPARE(step.value, std::log1p(static_cast<double>(expected[i])));
        }
    };
    const auto given = [this, &counts] {
        return output_counts(counts->inputs_of(m_document->selection().channel()),
                             m_document->evaluation().result().codes, quint8_type);
    };
    compare(inputs, counts->inputs_of(0));
    compare(outputs, given());
    compare(read, counts->outputs_of(0));
    const auto before = given();
    m_document->setValue(Field::gamma, 0, m_document->layer().gamma[0] / 2);
    QVERIFY(given() != before);
    compare(outputs, given());
    m_document->selection().setChannel(2);
    compare(inputs, counts->inputs_of(2));
    m_document->activations().clear();
    QVERIFY(inputs->data()->isEmpty() && outputs->data()->isEmpty() && read->data()->isEmpty());
}

QBN_TEST(TestActivationPanel)
#include "tst_activation_panel.moc"
