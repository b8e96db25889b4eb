#include "core/paste/understanding.h"

#include "core/backends/backend.h"
#include "tests/support/exactly.h"
#include "tests/support/golden.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

namespace {

std::vector<Observation> pairsOf(const QString& name)
{
    std::vector<Observation> pairs;
    const QStringList lines
        = QString::fromStdString(textOf(QStringLiteral("prints/%1.pairs.tsv").arg(name)))
              .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        const QStringList cells = line.split(QLatin1Char('\t'));
        pairs.push_back({cells.at(0).toInt(), cells.at(1).toInt(), cells.at(2).toInt()});
    }
    return pairs;
}

// Without the lines from `first` to `last`, which count from 1.
std::string withoutLines(const std::string& text, int first, int last)
{
    QStringList lines = QString::fromStdString(text).split(QLatin1Char('\n'));
    lines.remove(first - 1, last - first + 1);
    return lines.join(QLatin1Char('\n')).toStdString();
}

void compareScale(const QuantizationParameters& found, const QuantizationParameters& expected)
{
    QCOMPARE(exactly(found.scale), exactly(expected.scale));
    QCOMPARE(found.zero_point, expected.zero_point);
}

} // namespace

class TestUnderstanding : public QObject
{
    Q_OBJECT

private slots:
    void theForumsPrintIsTheWholeLayer();
    void theForumsLayerExplainsItsOutput();
    void withoutWeightAndBiasGammaAndBetaAreMissing();
    void printedTensorsGiveTheirCodes_data();
    void printedTensorsGiveTheirCodes();
    void aPreciseStateDictIsReadExactly();
    void aRoundedStateDictHoldsTheTruth();
    void aConvolutionIsNoLayer();
    void modulesSayEpsReluAndChannels();
    void everyNumberSaysWhereItStood();
    void aPlaceBeforeThePointIsNoDigitBehindIt();
    void sentencesBelongToTheLongestName();
    void aTupleBelongsToItsNames();
    void aTupleDoesNotHideWhatIsPrintedElsewhere();
    void valuesOfBinary64FindTheirCodes();
    void codesAreReadByTheNamesOfTheFormula();
    void whatIsAssumedIsSaid_data();
    void whatIsAssumedIsSaid();
    void whatIsMissingIsSaid_data();
    void whatIsMissingIsSaid();
};

void TestUnderstanding::theForumsPrintIsTheWholeLayer()
{
    const Understanding result = understood(textOf(QStringLiteral("forum.print.txt")));
    QCOMPARE(result.model.layers.size(), std::size_t{1});
    const BatchNormLayer& layer = *result.model.layers.front();
    const BatchNormLayer expected = *goldenModel(QStringLiteral("forum")).layers.at(0);
    compareScale(layer.input, expected.input);
    compareScale(layer.output, expected.output);
    QCOMPARE(exactly(layer.eps), exactly(expected.eps));
    QCOMPARE(layer.channels(), 3);
    for (int channel = 0; channel < 3; ++channel) {
        QVERIFY(std::abs(layer.mean[channel] - expected.mean[channel]) <= 5e-5);
        QVERIFY(std::abs(layer.var[channel] - expected.var[channel]) <= 5e-5);
        QCOMPARE(exactly(layer.gamma[channel]), exactly(expected.gamma[channel]));
        QCOMPARE(exactly(layer.beta[channel]), exactly(expected.beta[channel]));
    }
    QVERIFY2(result.missing.empty(), qPrintable(joined(result.missing)));
    QVERIFY2(contains(result.assumed,
                      "mean, var and gamma are taken as printed, with 4 digits behind the point: "
                      "a value may be off by 5e-05"),
             qPrintable(joined(result.assumed)));
}

void TestUnderstanding::theForumsLayerExplainsItsOutput()
{
    const Understanding result = understood(textOf(QStringLiteral("forum.print.txt")));
    const std::vector<Observation> expected{{.channel = 0, .input_code = 38, .output_code = 52}};
    QVERIFY(result.observations.at(0) == expected);
    QVERIFY(contains(result.understood,
                     "input code 38 gives output code 52 in channel 0 (lines 1 and 4)"));
    const BatchNormLayer& layer = *result.model.layers.front();
    for (const Backend& backend : all_backends())
        QCOMPARE(codes(backend, layer, 0).at(38), 52);
}

void TestUnderstanding::withoutWeightAndBiasGammaAndBetaAreMissing()
{
    const Understanding result
        = understood(withoutLines(textOf(QStringLiteral("forum.print.txt")), 12, 15));
    QCOMPARE(joined(result.missing),
             QStringLiteral("gamma and beta are missing; 1 and 0 stand in their place"));
    const BatchNormLayer& layer = *result.model.layers.front();
    QCOMPARE(layer.provenance.of(Field::gamma).origin, Origin::unknown);
    QCOMPARE(layer.provenance.of(Field::beta).origin, Origin::unknown);
    QCOMPARE(exactly(layer.gamma[0]), exactly(1));
    QCOMPARE(exactly(layer.beta[0]), exactly(0));
    QCOMPARE(result.observations.at(0).size(), std::size_t{1});
}

void TestUnderstanding::printedTensorsGiveTheirCodes_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("whole tensors") << "nchw";
    QTest::newRow("whole tensors with dots in them") << "nchw_summarized";
    QTest::newRow("tensors with dots between the channels") << "channels_summarized";
    QTest::newRow("tensors that were cut by hand") << "cut_by_hand";
    QTest::newRow("codes") << "int_repr";
    QTest::newRow("single values without labels") << "no_labels";
    QTest::newRow("all channels of a pixel, and a value with an index") << "one_pixel";
}

void TestUnderstanding::printedTensorsGiveTheirCodes()
{
    QFETCH(QString, name);
    const Understanding result = understood(textOf(QStringLiteral("prints/%1.txt").arg(name)));
    const std::vector<Observation> expected = pairsOf(name);
    QVERIFY(!expected.empty());
    QCOMPARE(result.observations.at(0).size(), expected.size());
    QVERIFY(result.observations.at(0) == expected);
}

void TestUnderstanding::aPreciseStateDictIsReadExactly()
{
    const Understanding result
        = understood(textOf(QStringLiteral("prints/state_dict_precise.txt")));
    const Model expected = goldenModel(QStringLiteral("ocr_quantized"));
    QCOMPARE(result.model.layers.size(), expected.layers.size());
    for (std::size_t i = 0; i < expected.layers.size(); ++i) {
        const BatchNormLayer& found = *result.model.layers[i];
        const BatchNormLayer& truth = *expected.layers[i];
        QCOMPARE(found.name, truth.name);
        compareScale(found.input, truth.input);
        compareScale(found.output, truth.output);
        for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta}) {
            for (int channel = 0; channel < truth.channels(); ++channel)
                QCOMPARE(exactly(value_of(found, field, channel)),
                         exactly(value_of(truth, field, channel)));
        }
    }
    QVERIFY2(result.missing.empty(), qPrintable(joined(result.missing)));
}

void TestUnderstanding::aRoundedStateDictHoldsTheTruth()
{
    const Understanding result = understood(textOf(QStringLiteral("prints/state_dict.txt")));
    const Model expected = goldenModel(QStringLiteral("ocr_quantized"));
    QCOMPARE(result.model.layers.size(), expected.layers.size());
    for (std::size_t i = 0; i < expected.layers.size(); ++i) {
        const BatchNormLayer& found = *result.model.layers[i];
        const BatchNormLayer& truth = *expected.layers[i];
        QCOMPARE(found.channels(), truth.channels());
        QVERIFY(std::abs(found.input.scale - truth.input.scale) <= 5.001e-5);
        QCOMPARE(found.input.zero_point, truth.input.zero_point);
        QCOMPARE(found.provenance.of(Field::input_scale).origin, Origin::inferred);
        for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta}) {
            for (int channel = 0; channel < truth.channels(); ++channel)
                QVERIFY(std::abs(value_of(found, field, channel) - value_of(truth, field, channel))
                        <= 5.001e-5);
        }
    }
}

void TestUnderstanding::aConvolutionIsNoLayer()
{
    const Understanding result = understood(textOf(QStringLiteral("prints/state_dict_float.txt")));
    QCOMPARE(result.model.layers.size(), std::size_t{1});
    QCOMPARE(result.model.layers.front()->name, std::string("1"));
    QCOMPARE(result.model.layers.front()->channels(), 2);
    QVERIFY(contains(result.understood, "skipped: 2 values that belong to no batch norm"));
}

void TestUnderstanding::modulesSayEpsReluAndChannels()
{
    const Understanding fused = understood(textOf(QStringLiteral("prints/module_relu.txt")));
    const BatchNormLayer& layer = *fused.model.layers.at(0);
    QVERIFY(layer.relu);
    QCOMPARE(layer.channels(), 3);
    QCOMPARE(layer.provenance.of(Field::eps).origin, Origin::pasted);

    const Understanding other
        = understood("(bn): QuantizedBatchNorm2d(5, eps=0.001, momentum=0.1, affine=False, "
                     "track_running_stats=True)");
    QCOMPARE(other.model.layers.at(0)->channels(), 5);
    QCOMPARE(exactly(other.model.layers.at(0)->eps), exactly(0.001));
    QVERIFY(!other.model.layers.at(0)->relu);
    QCOMPARE(other.model.layers.at(0)->provenance.of(Field::gamma).origin, Origin::defaulted);
}

void TestUnderstanding::everyNumberSaysWhereItStood()
{
    const Understanding result = understood(textOf(QStringLiteral("forum.print.txt")));
    const LayerProvenance& provenance = result.model.layers.front()->provenance;
    QCOMPARE(provenance.of(Field::mean).origin, Origin::pasted);
    QCOMPARE(provenance.of(Field::mean).note, std::string("Running Mean, line 7"));
    QCOMPARE(provenance.of(Field::output_scale).note, std::string("Output of batch norm, line 4"));
    QCOMPARE(provenance.of(Field::eps).note, std::string("Batch Norm Eps, line 11"));
    QCOMPARE(provenance.of(Field::relu).origin, Origin::defaulted);
}

void TestUnderstanding::aPlaceBeforeThePointIsNoDigitBehindIt()
{
    const Understanding result
        = understood("Running Mean tensor([1.5e+10, 2.5e+10])\nRunning Var tensor([0.5, 0.5])\n");
    QVERIFY2(contains(result.assumed,
                      "mean is taken as printed, rounded: a value may be off by 500000000"),
             qPrintable(joined(result.assumed)));
}

void TestUnderstanding::sentencesBelongToTheLongestName()
{
    Model model;
    for (const char* const name : {"a", "a: b", "c", "a"})
        model.layers.push_back(std::make_shared<const BatchNormLayer>(identity_layer(name, 1)));
    const std::vector<std::string> sentences{"a: one", "a: b: two", "c: three", "four", "d: five"};
    QCOMPARE(sentences_about(sentences, model, 0),
             (std::vector<std::string>{"a: one", "four", "d: five"}));
    QCOMPARE(sentences_about(sentences, model, 1),
             (std::vector<std::string>{"a: b: two", "four", "d: five"}));
    QCOMPARE(sentences_about(sentences, model, 3), (std::vector<std::string>{"four", "d: five"}));
}

void TestUnderstanding::aTupleBelongsToItsNames()
{
    const Understanding result = understood(textOf(QStringLiteral("prints/tuples.txt")));
    const BatchNormLayer& layer = *result.model.layers.at(0);
    const BatchNormLayer expected = *goldenModel(QStringLiteral("forum")).layers.at(0);
    compareScale(layer.input, expected.input);
    compareScale(layer.output, expected.output);
    QCOMPARE(exactly(layer.eps), exactly(expected.eps));
    QCOMPARE(exactly(layer.beta[2]), exactly(140));
    const std::vector<Observation> seen{{.channel = 1, .input_code = 58, .output_code = 76}};
    QVERIFY2(result.observations.at(0) == seen, qPrintable(joined(result.assumed)));
    QVERIFY2(result.missing.empty(), qPrintable(joined(result.missing)));
}

void TestUnderstanding::aTupleDoesNotHideWhatIsPrintedElsewhere()
{
    const Understanding result
        = understood("mean [0.5]\nbn zero_point [5.28, 73]\nscale 0.25\nzero_point 73");
    QCOMPARE(result.model.layers.at(0)->output.zero_point, 73);
    QCOMPARE(result.model.layers.at(0)->provenance.of(Field::output_zero_point).note,
             std::string("zero_point, line 4"));
}

// (q - z) * scale in NumPy: array([-110.88679361...]) where PyTorch has -110.88679504.
void TestUnderstanding::valuesOfBinary64FindTheirCodes()
{
    const Understanding result = understood(
        "mean [0.5]\ninput scale 0.007870171219110489 zero_point 0\n"
        "output scale 5.280323505401611 zero_point 73\n"
        "x [0.29906651, 0.4722102731466293]\ny array([-110.88679361, -36.96226454])\n");
    const std::vector<Observation> seen{{.channel = 0, .input_code = 38, .output_code = 52},
                                        {.channel = 0, .input_code = 60, .output_code = 66}};
    QVERIFY2(result.observations.at(0) == seen, qPrintable(joined(result.assumed)));
}

void TestUnderstanding::codesAreReadByTheNamesOfTheFormula()
{
    const std::vector<Observation> seen{{.channel = 0, .input_code = 38, .output_code = 52}};
    QVERIFY(understood("x_q = 38\ny_q = 52").observations.at(0) == seen);
    // A calculation without the clamp; no such code goes in.
    const std::vector<Observation> unclamped{{.channel = 0, .input_code = 38, .output_code = -21}};
    QVERIFY(understood("x_q = 38\ny_q = -21").observations.at(0) == unclamped);
    QVERIFY(understood("x_q = -21\ny_q = 52").observations.at(0).empty());
}

void TestUnderstanding::whatIsAssumedIsSaid_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* text, const char* sentence) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(sentence);
    };
    row("no eps", "running_mean tensor([0.5])", "eps 1e-05: PyTorch's default; no eps was printed");
    row("a negative zero point", "scale 0.5 zero_point -3 mean [0.5]",
        "output type qint8: the zero point is negative");
    row("two values of one field", "scale 0.5\nscale 0.25\nmean [0.5]",
        "output scale is printed differently (scale, line 1 and scale, line 2); the first is "
        "taken");
    row("arrays of different length", "mean [0.5, 0.25]\nvar [1.0, 2.0, 3.0]",
        "var is left out: it has 3 values, the layer 2 channels (var, line 2)");
    row("several values for one scale",
        "mean [0.5]\nbn.weight [1.5]\nscale [0.5, 0.25]\nscale 0.125",
        "output scale is left out: it has more than one value (scale, line 3)");
    row("a zero point that is no integer", "mean [0.5]\nzero_point 1.5",
        "output zero point is left out: it is not a whole number of 32 bits (zero_point, line 2)");
    row("a value of no code",
        "input scale 0.25 zero_point 0\noutput scale 0.25 zero_point 0\n"
        "input value 0.3000 output value 0.2500",
        "0.3 in line 3 is the value of no quint8 code at scale 0.25 and zero point 0; 1 such pair "
        "is left out");
    row("a value of several codes",
        "input scale 0.015625 zero_point 0\n"
        "output scale 0.25 zero_point 0\n"
        "input value 0.5 output value 0.250",
        "1 of 2 values in lines 3 and 3 could be several codes: the nearest are taken");
    row("a value without a channel",
        "mean [0.5, 0.25]\n"
        "input scale 0.25 zero_point 0\noutput scale 0.25 zero_point 0\n"
        "input value 0.5 output value 0.25",
        "the values in lines 4 and 4 do not say their channel: 0 is taken");
    row("tensors without labels",
        "tensor(0.5, size=(), dtype=torch.quint8, scale=0.5, zero_point=0)\n"
        "tensor(0.25, size=(), dtype=torch.quint8, scale=0.25, zero_point=0)",
        "the quantized tensor in line 1 has no label: it is taken for the input, the next for the "
        "output");
}

void TestUnderstanding::whatIsAssumedIsSaid()
{
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    const Understanding result = understood(text.toStdString());
    QVERIFY2(contains(result.assumed, qPrintable(sentence)), qPrintable(joined(result.assumed)));
}

void TestUnderstanding::whatIsMissingIsSaid_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* text, const char* sentence) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(sentence);
    };
    row("everything", "Hello, world!", "nothing in the text belongs to a batch norm");
    row("no text", "", "nothing in the text belongs to a batch norm");
    row("one of two", "running_mean [0.5]", "var is missing; 1 stands in its place");
    row("scales", "running_mean [0.5]",
        "output scale and output zero point are missing; 1 and 0 stand in their place");
    row("channels behind a cut", "mean tensor([0.5,\nvar tensor([1., 2., 3.])",
        "mean of 2 channels is missing, its print is cut off");
    row("an output", "input tensor(0.5, dtype=torch.quint8, scale=0.5, zero_point=0)",
        "the output for the input in line 1");
    row("the zero point of an output",
        "input tensor(0.5, scale=0.5, zero_point=0)\noutput tensor(0.5, scale=0.5)",
        "the output zero point is not known, so the values in line 2 have no codes");
    row("a tensor of the same shape",
        "x tensor([0.5, 1.0], scale=0.5, zero_point=0)\ny tensor([0.5], scale=0.5, zero_point=0)",
        "the input and the output in lines 1 and 2 have different shapes: no observation is made "
        "of them");
    row("a layer of as many channels",
        "mean [0.5, 0.25]\nx tensor([[[[1.]]]], scale=0.5, zero_point=0)\n"
        "y tensor([[[[1.]]]], scale=0.5, zero_point=0)",
        "the layer of 1 channel to which lines 2 and 3 belong: this one has 2");
}

void TestUnderstanding::whatIsMissingIsSaid()
{
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    const Understanding result = understood(text.toStdString());
    QVERIFY2(contains(result.missing, qPrintable(sentence)), qPrintable(joined(result.missing)));
}

QBN_TEST(TestUnderstanding)
#include "tst_understanding.moc"
