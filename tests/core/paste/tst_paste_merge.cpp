#include "core/paste/understanding.h"

#include "core/evaluate/experiment.h"
#include "tests/support/exactly.h"
#include "tests/support/golden.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

class TestPasteMerge : public QObject
{
    Q_OBJECT

private slots:
    void pastedFieldsOverrideTheBase();
    void aCutPrintKeepsTheBasesOtherChannels();
    void theLayerOfTheBasesNameIsTaken();
    void whatIsInferredDoesNotOverride();
};

void TestPasteMerge::pastedFieldsOverrideTheBase()
{
    BatchNormLayer base = *example_experiment().model.layers.front();
    base.provenance.set_all({.origin = Origin::example});
    const Paste paste = read_paste("weight tensor([1., 2., 3.])\neps 0.001\n"
                                   "x[0, 1, 0, 0] = 0.2991\ny[0, 1, 0, 0] = -110.8868");
    const Understanding result = merge(base, paste);
    QCOMPARE(result.model.layers.size(), std::size_t{1});
    const BatchNormLayer& layer = *result.model.layers.front();
    QCOMPARE(exactly(layer.gamma[2]), exactly(3));
    QCOMPARE(layer.provenance.of(Field::gamma).origin, Origin::pasted);
    QCOMPARE(exactly(layer.eps), exactly(0.001));
    QCOMPARE(exactly(layer.mean[0]), exactly(base.mean[0]));
    QCOMPARE(layer.provenance.of(Field::mean).origin, Origin::example);
    QCOMPARE(layer.name, base.name);
    QVERIFY2(result.missing.empty(), qPrintable(joined(result.missing)));
    // Through the scales of the base.
    const std::vector<Observation> expected{{.channel = 1, .input_code = 38, .output_code = 52}};
    QVERIFY(result.observations.at(0) == expected);
}

void TestPasteMerge::aCutPrintKeepsTheBasesOtherChannels()
{
    BatchNormLayer base = *example_experiment().model.layers.front();
    base.provenance.set_all({.origin = Origin::example});
    const Understanding cut = merge(base, read_paste("running_mean tensor([0.25,"));
    const BatchNormLayer& layer = *cut.model.layers.front();
    QCOMPARE(exactly(layer.mean[0]), exactly(0.25));
    QCOMPARE(exactly(layer.mean[1]), exactly(base.mean[1]));
    QCOMPARE(layer.provenance.of(Field::mean, 0).origin, Origin::pasted);
    QCOMPARE(layer.provenance.of(Field::mean, 1).origin, Origin::example);

    const Understanding longer = merge(base, read_paste("running_mean [1, 2, 3, 4]"));
    QVERIFY(*longer.model.layers.front() == base);
    QVERIFY(contains(longer.assumed,
                     "mean is left out: it has 4 values, the layer 3 channels (running_mean, line "
                     "1)"));
    const Understanding nothing = merge(base, read_paste("Hello"));
    QVERIFY(*nothing.model.layers.front() == base);
    QCOMPARE(nothing.observations.size(), std::size_t{1});
}

void TestPasteMerge::theLayerOfTheBasesNameIsTaken()
{
    const BatchNormLayer base = identity_layer("conv1.1", 8);
    const Understanding result
        = merge(base, read_paste(textOf(QStringLiteral("prints/state_dict_precise.txt"))));
    const BatchNormLayer expected = *goldenModel(QStringLiteral("ocr_quantized")).layers.at(1);
    QCOMPARE(exactly(result.model.layers.front()->mean[7]), exactly(expected.mean[7]));
    QVERIFY(contains(result.assumed, "of 2 printed layers conv1.1 is taken"));
}

void TestPasteMerge::whatIsInferredDoesNotOverride()
{
    const std::string text = "quant.scale 0.5\nquant.zero_point 3\nbn.running_mean [1, 2, 3]\n"
                             "bn.running_var [1, 2, 3]\nbn.scale 0.25\nbn.zero_point 7\n";
    const BatchNormLayer alone = *understood(text).model.layers.at(0);
    QCOMPARE(exactly(alone.input.scale), exactly(0.5));
    QCOMPARE(alone.provenance.of(Field::input_scale).origin, Origin::inferred);

    BatchNormLayer base = *example_experiment().model.layers.front();
    base.provenance.set_all({.origin = Origin::example});
    const BatchNormLayer merged = *merge(base, read_paste(text)).model.layers.at(0);
    QCOMPARE(exactly(merged.input.scale), exactly(base.input.scale));
    QCOMPARE(exactly(merged.output.scale), exactly(0.25));
}

QBN_TEST(TestPasteMerge)
#include "tst_paste_merge.moc"
