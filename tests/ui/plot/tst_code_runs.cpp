#include "tests/support/room.h"
#include "ui/plot/code_runs.h"

#include <QTest>

using namespace qbn;
using namespace qbn::ui;

class TestCodeRuns : public QObject
{
    Q_OBJECT

private slots:
    void runsOfClippedCodes();
};

void TestCodeRuns::runsOfClippedCodes()
{
    Experiment experiment = example_experiment();
    BatchNormLayer layer = *experiment.model.layers[0];
    layer.input = {.type = quint8_type, .scale = 1, .zero_point = 128};
    layer.output = {.type = quint8_type, .scale = 1, .zero_point = 100};
    layer.eps = 0;
    layer.mean[0] = 0;
    layer.var[0] = 1;
    layer.gamma[0] = 2;
    layer.beta[0] = 0;
    const auto runsOf = [&] {
        experiment.model.layers[0] = std::make_shared<const BatchNormLayer>(layer);
        return clippedRuns(evaluate(experiment, {}));
    };
    QCOMPARE(runsOf(), (std::vector<CodeRun>{{0, 77, Clip::Low}, {206, 255, Clip::High}}));
    layer.relu = true;
    QCOMPARE(runsOf(), (std::vector<CodeRun>{{0, 127, Clip::Relu}, {206, 255, Clip::High}}));
}

QBN_TEST(TestCodeRuns)
#include "tst_code_runs.moc"
