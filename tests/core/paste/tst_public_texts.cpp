#include "core/paste/apply_paste.h"

#include "core/explain/report.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QDir>
#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

namespace {

/// Numbers of a layer as "mean 0.5 0.25 | input_scale 0.1": those that a text has to give, with as
/// many digits as are told.
QString firstWrong(const BatchNormLayer& layer, const QString& expected)
{
    for (const QString& entry : expected.split(QStringLiteral(" | "), Qt::SkipEmptyParts)) {
        QStringList words = entry.split(QLatin1Char(' '));
        QList<double> numbers;
        bool isNumber = true;
        while (isNumber) {
            const double number = words.last().toDouble(&isNumber);
            if (isNumber) {
                numbers.prepend(number);
                words.removeLast();
            }
        }
        const auto field = parse_field(words.join(QLatin1Char('_')).toStdString());
        if (!field)
            return QStringLiteral("no field: ") + entry;
        for (int channel = 0; channel < numbers.size(); ++channel) {
            const double found = value_of(layer, *field, channel);
            if (std::abs(found - numbers[channel]) > 2e-6 * std::abs(numbers[channel]))
                return QStringLiteral("%1: found %2").arg(entry).arg(found, 0, 'g', 17);
        }
    }
    return {};
}

QString typesOf(const BatchNormLayer& layer)
{
    return QString::fromStdString(name_of(layer.input.type) + " " + name_of(layer.output.type));
}

BatchNormLayer onlyLayer(const Understanding& read)
{
    return read.model.layers.empty() ? identity_layer("none", 1) : *read.model.layers.front();
}

Report reportOf(const BatchNormLayer& layer)
{
    const auto report = make_report(layer, *find_backend("pytorch"), {});
    return report ? *report : Report{};
}

} // namespace

/// Texts that people posted in public, rewritten: what each ought to give was worked out with the
/// frameworks and by hand before this program read them.
class TestPublicTexts : public QObject
{
    Q_OBJECT

private slots:
    void theParametersAreRead_data();
    void theParametersAreRead();
    void theCodesAreExplained_data();
    void theCodesAreExplained();
    void whatIsOutsideOfTheModelIsAnswered_data();
    void whatIsOutsideOfTheModelIsAnswered();
    void formsOfOtherProgramsAreRead_data();
    void formsOfOtherProgramsAreRead();
    void anIndexSaysTheChannelOrNothingIsObserved_data();
    void anIndexSaysTheChannelOrNothingIsObserved();
    void twoHeadingsAreTwoLayers();
    void nothingIsTakenFromOtherTexts_data();
    void nothingIsTakenFromOtherTexts();
    void aSentenceIsNoLabel_data();
    void aSentenceIsNoLabel();
    void theThreadGivesTheStrip();
    void theThreadWithGammaAndBetaAgrees();
    void everyNumberOfTheThreadIsClaimedOrLeft();
};

void TestPublicTexts::theParametersAreRead_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("numbers");
    QTest::addColumn<QString>("types");
    const auto row
        = [](const char* name, const char* file, const char* numbers, const char* types = "") {
              QTest::newRow(name) << QString::fromLatin1(file) << QString::fromLatin1(numbers)
                                  << QString::fromLatin1(types);
          };
    row("floats that Keras prints", "keras_float",
        "gamma 0.80644524 | mean 0.05885344 | var 0.91000736 | eps 0.001");
    row("mean and var as codes with a scale of their own", "cpp_quantized_parameters",
        "mean 0.1 0.6 | var 3 4 | eps 0.001 | input_scale 0.1 | input_zero_point 1 | output_scale "
        "0.5 | output_zero_point 0",
        "qint8 qint8");
    row("C's floats", "cpp_float_literals",
        "gamma 1 1 | beta 0.1 0.6 | mean 10 20 | var 0.25 0.5 | eps 0.001 | input_scale 0.1 | "
        "input_zero_point 1 | output_scale 0.8 | output_zero_point 0",
        "qint8 qint8");
    row("lists of whole numbers", "lists_without_dtype",
        "gamma 1 1 | beta 0.1 0.6 | mean 10 20 | var 0.25 0.5 | eps 0.001", "qint8 qint8");
    row("sums and a factor of Caffe", "caffe_blobs",
        "mean 1.0652192 1.1517207 1.2039217 | var 43.210778 45.123812 51.234922 | gamma 1.25 0.8 "
        "-0.6 | beta 0.1 -0.2 0.05");
    row("a factor that is no scale", "scale_factor",
        "input_scale 0.25 | output_scale 0.04 | output_zero_point 131");
    row("a prefix beside labels without one", "dotted_label",
        "output_zero_point 56 | input_zero_point 55");
    row("a standard deviation and a fraction", "std_and_fraction",
        "var 0.052441 0.050176 0.050625 | input_scale 0.00392156862745098", "quint8 qint8");
    row("details of TensorFlow Lite and get_weights()", "tflite_details",
        "gamma 1.18 0.73 | beta -0.21 0.35 | mean 1.9 2.4 | var 0.81 2.25 | eps 0.001 | "
        "input_scale 0.023528477177023888 | input_zero_point -128 | output_scale 0.0439453125 | "
        "output_zero_point -12",
        "qint8 qint8");
    row("scale and zero point in a tuple", "quantization_tuple",
        "input_scale 0.023528477177023888 | input_zero_point -128 | output_scale 0.0439453125 | "
        "output_zero_point -12",
        "qint8 qint8");
    row("hexadecimal scales of a calibration cache", "trt_cache",
        "input_scale 0.00784518 | input_zero_point 0 | output_scale 0.01671504 | output_zero_point "
        "0",
        "qint8 qint8");
    row("the range of a quantizer", "amax", "input_scale 0.0078448819 | output_scale 0.0167141732",
        "qint8 qint8");
    row("calls of Relay", "relay",
        "input_scale 0.0784314 | input_zero_point 119 | output_scale 0.0346196 | output_zero_point "
        "64 | eps 1e-5",
        "quint8 quint8");
    row("the arguments of a call", "torch_call",
        "gamma 1 1 | beta 0 0 | eps 0.00001 | input_scale 1.5 | input_zero_point 3 | output_scale "
        "0.2 | output_zero_point 2",
        "quint8 quint8");
    row("a call with a product, and what its input was made by", "call_with_factor",
        "gamma 1 1 1 1 1 1 | beta 0 0 0 0 0 0 | mean 0 0 0 0 0 0 | var -10 -10 -10 -10 -10 -10 | "
        "eps 0.00001 | input_scale 0.25 | input_zero_point 7 | output_scale 1 | output_zero_point "
        "-98",
        "qint8 qint8");
    row("a session that calls the layer", "session_of_calls",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | "
        "input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("a session in which the layer is set up and printed", "session_typed",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("a session with indices", "session_index",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("what print(f\"{x=}\") prints", "session_fstrings",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("the same without what was typed", "fstrings",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("vars(bn), a dictionary of dictionaries", "session_vars",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("a line for each channel", "session_channels",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("a session with an error in it", "session_error",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("what a hook prints", "session_hook",
        "gamma 1.5 -0.75 | beta 0.25 0.5 | mean 0.5 1.25 | var 0.75 2 | eps 0.001 | input_scale "
        "0.0125 | input_zero_point 4 | output_scale 0.0625 | output_zero_point 60",
        "quint8 quint8");
    row("IPython, its layer made by random numbers", "session_ipython",
        "gamma -0.6700 -1.1277 0.3497 | beta 0.5125 1.2068 1.4048 | mean -0.7019 -0.0269 0.9713 | "
        "var 0.6715 1.8350 2.1421 | eps 1e-5 | input_scale 0.0213 | input_zero_point 121 | "
        "output_scale 0.0347 | output_zero_point 117",
        "quint8 quint8");
    row("two calls in a line", "call_in_one_line",
        "gamma 1 1 | beta 0 0 | mean 0.5 0.5 | var 1 1 | eps 0.00001 | input_scale 1.5 | "
        "input_zero_point 3 | output_scale 0.2 | output_zero_point 2",
        "quint8 quint8");
    row("some channels by their index", "channels_by_index",
        "mean 0.3125 -1.25 | var 1.7347e-14 3.694e-14");
    row("a channel a line, in any order", "channel_a_line",
        "mean 0.25 0.5 | var 1.5 0.75 | gamma 1.25 -2 | eps 0.001");
    row("what MATLAB displays", "matlab",
        "mean 0.5653 0.4318 0.498 | var 0.0795 0.0621 0.071 | gamma 117.5 96 -310 | beta 0 4 140 | "
        "eps 1e-5");
    row("names of ONNX", "onnx_names",
        "gamma 1.25 0.75 | beta 0.5 -0.25 | mean 0.565 0.432 | var 0.0795 0.0621 | eps 1e-5",
        "quint8 quint8");
    row("a log", "printf_log",
        "gamma 0.8 1.3 | beta -0.4 0.2 | mean 0 0 | var 1 1 | input_zero_point -128 | "
        "output_zero_point -30");
}

void TestPublicTexts::theParametersAreRead()
{
    QFETCH(QString, file);
    QFETCH(QString, numbers);
    QFETCH(QString, types);
    const Understanding read = apply_paste(textOf(QStringLiteral("paste/%1.txt").arg(file)));
    QCOMPARE(read.model.layers.size(), std::size_t{1});
    QCOMPARE(firstWrong(onlyLayer(read), numbers), QString());
    if (!types.isEmpty())
        QCOMPARE(typesOf(onlyLayer(read)), types);
}

void TestPublicTexts::theCodesAreExplained_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("observed");
    QTest::addColumn<QString>("best"); ///< recipe; empty where parameters are missing
    QTest::addColumn<QString>("sentence"); ///< a part of the report's
    const auto row = [](const char* name, const char* file, int observed, const char* best,
                        const char* sentence) {
        QTest::newRow(name) << QString::fromLatin1(file) << observed << QString::fromLatin1(best)
                            << QString::fromLatin1(sentence);
    };
    row("parameters as codes, without affine", "cpp_quantized_parameters", 12, "",
        "with gamma 1 and beta 0, all 12 are explained");
    row("codes of output scale 1 beside 0.8, in C", "cpp_float_literals", 12, "-",
        "output scale 1 instead of 0.8");
    row("codes of output scale 1 beside 0.8", "wrong_output_scale", 12, "-",
        "output scale 1 instead of 0.8 would explain all of them");
    row("lists without a dtype", "lists_without_dtype", 12, "-", "output scale 1 instead of 0.8");
    row("training mode", "training_mode", 9, "biased-variance", "9 observations explained");
    row("a factor over both statistics, labelled", "scale_factor", 9, "-",
        "factor over mean and var");
    row("a factor over both statistics", "common_factor", 9, "-",
        "factor over mean and var 1000 would explain all of them");
    row("value and scale with four digits", "rounded_scale", 1, "batch-norm", "0 -> 129 explained");
    row("a prefix beside labels without one", "dotted_label", 8, "batch-norm", "explained");
    row("saturated codes", "std_and_fraction", 3, "", "input not dequantized");
    row("eps raised", "eps_raised", 12, "eps-1e-5", "12 observations explained");
    row("get_tensor()", "tflite_details", 8, "batch-norm", "8 observations explained");
    row("the last dimension is the channel", "nhwc", 8, "batch-norm", "8 observations explained");
    row("tuples", "quantization_tuple", 8, "batch-norm", "8 observations explained");
    row("truncated", "short_literals", 10, "truncated", "10 observations explained");
    row("truncated after the zero point", "truncated_after_zero_point", 10,
        "truncated-after-zero-point", "10 observations explained");
    row("a calibration cache", "trt_cache", 6, "batch-norm", "6 observations explained");
    row("ranges", "amax", 6, "batch-norm", "6 observations explained");
    row("Relay", "relay", 8, "batch-norm", "8 observations explained");
    row("the second tensor is the output", "torch_call", 16, "", "mean and var are missing");
    row("what the layer gives is the output, whatever its argument is called", "session_of_calls",
        8, "batch-norm", "8 observations explained");
    row("set up and printed in a session", "session_typed", 8, "batch-norm",
        "8 observations explained");
    row("a slice of channels in a tuple", "session_index", 2, "batch-norm",
        "2 observations explained");
    row("f-strings", "session_fstrings", 8, "batch-norm", "8 observations explained");
    row("f-strings without what was typed", "fstrings", 8, "batch-norm",
        "8 observations explained");
    row("vars(bn)", "session_vars", 8, "batch-norm", "8 observations explained");
    row("IPython", "session_ipython", 12, "batch-norm", "12 observations explained");
    row("a channel a line, in words", "session_channels", 8, "batch-norm",
        "8 observations explained");
    row("an error between prints", "session_error", 8, "batch-norm", "8 observations explained");
    row("a hook", "session_hook", 8, "batch-norm", "8 observations explained");
    row("X and Y", "onnx_names", 8, "batch-norm", "8 observations explained");
    row("a pair a line", "printf_log", 12, "batch-norm", "12 observations explained");
}

void TestPublicTexts::theCodesAreExplained()
{
    QFETCH(QString, file);
    QFETCH(QString, best);
    QFETCH(QString, sentence);
    const Understanding read = apply_paste(textOf(QStringLiteral("paste/%1.txt").arg(file)));
    const BatchNormLayer layer = onlyLayer(read);
    QTEST(static_cast<int>(layer.observations.size()), "observed");
    const Report report = reportOf(layer);
    QVERIFY2(report.sentence.find(sentence.toStdString()) != std::string::npos,
             report.sentence.c_str());
    if (best == QStringLiteral("-")) {
        QVERIFY(!report.single_unknowns.empty());
    } else if (!best.isEmpty()) {
        const Explanation& found = report.diagnosis.explanations.at(0);
        QCOMPARE(QString::fromStdString(id_of(found)), best);
        QCOMPARE(found.explains, found.of);
    }
}

void TestPublicTexts::whatIsOutsideOfTheModelIsAnswered_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("floating point alone")
        << QStringLiteral("keras_float")
        << QStringLiteral(
               "no quantization in the text: in floating point the formula, without beta "
               "gives 0.79519053, 4.1748577; 2 of 2 printed outputs agree");
    QTest::newRow("a quantizer alone")
        << QStringLiteral("quantizer_alone")
        << QStringLiteral("-0.2156 is -19.42 steps, -19.33 to -19.52 within the rounding of the "
                          "print; the output -0.2101 is -18.93: the nearest code, -19; half way "
                          "between two codes only if the scale is 0.01105641");
}

void TestPublicTexts::whatIsOutsideOfTheModelIsAnswered()
{
    QFETCH(QString, file);
    QFETCH(QString, sentence);
    const Understanding read = apply_paste(textOf(QStringLiteral("paste/%1.txt").arg(file)));
    const bool isSaid
        = std::any_of(read.understood.begin(), read.understood.end(), [&](const std::string& one) {
              return one.find(sentence.toStdString()) != std::string::npos;
          });
    QVERIFY2(isSaid, qPrintable(joined(read.understood)));
}

void TestPublicTexts::formsOfOtherProgramsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("numbers");
    const auto row = [](const char* name, const char* text, const char* numbers) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromLatin1(numbers);
    };
    row("YAML",
        "layer: bn1\ninput:\n  scale: 0.0235\n  zero_point: -128\noutput:\n  scale: 0.0471\n  "
        "zero_point: -30\nmean: [0.0, 0.5]\nvar: [1.0, 2.0]\ngamma: [0.8, 1.3]\nbeta: [-0.4, "
        "0.2]\neps: 1e-3\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2 | eps 0.001 | input_scale 0.0235 | "
        "input_zero_point -128 | output_scale 0.0471 | output_zero_point -30");
    row("JSON",
        "{\n\"input\": {\"scale\": 0.0235, \"zero_point\": -128},\n\"output\": {\n  \"scale\": "
        "0.0471,\n  \"zero_point\": -30\n},\n\"mean\": [0.0, 0.5],\n\"variance\": [1.0, 2.0]\n}",
        "mean 0 0.5 | var 1 2 | input_scale 0.0235 | input_zero_point -128 | output_scale 0.0471 | "
        "output_zero_point -30");
    row("a Markdown table of channels",
        "| parameter | ch 0 | ch 1 |\n|---|---|---|\n| mean | 0.0 | 0.5 |\n| var | 1.0 | 2.0 |\n| "
        "gamma | 0.8 | 1.3 |\n\n| tensor | scale | zero_point |\n|---|---|---|\n| input | 0.0235 | "
        "-128 |\n| output | 0.0471 | -30 |\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | input_scale 0.0235 | input_zero_point -128 | "
        "output_scale 0.0471 | output_zero_point -30");
    row("tabs",
        "channel\tmean\tvar\tgamma\tbeta\n0\t0.0\t1.0\t0.8\t-0.4\n1\t0.5\t2.0\t1.3\t0.2\ninput "
        "scale\t0.0235\ninput zero point\t-128\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2 | input_scale 0.0235 | "
        "input_zero_point -128");
    row("a data frame",
        "   gamma  beta  running_mean  running_var\n0    0.8  -0.4           0.0          1.0\n1   "
        " 1.3   0.2           0.5          2.0\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("Flax",
        "{'params': {'BatchNorm_0': {'scale': array([0.8, 1.3], dtype=float32), 'bias': "
        "array([-0.4, 0.2], dtype=float32)}}, 'batch_stats': {'BatchNorm_0': {'mean': array([0. , "
        "0.5], dtype=float32), 'var': array([1., 2.], dtype=float32)}}}",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("darknet",
        "biases: -0.4 0.2\nscales: 0.8 1.3\nrolling_mean: 0.0 0.5\nrolling_variance: 1.0 2.0\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("Caffe2",
        "c1_spatbn_s [0.8 1.3]\nc1_spatbn_b [-0.4  0.2]\nc1_spatbn_rm [0.  0.5]\nc1_spatbn_riv [1. "
        "2.]\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("Paddle",
        "batch_norm_0.w_0 [0.8 1.3]\nbatch_norm_0.b_0 [-0.4  0.2]\nbatch_norm_0.w_1 [0.  "
        "0.5]\nbatch_norm_0.w_2 [1. 2.]\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("MindSpore",
        "bn1.moving_mean [0.  0.5]\nbn1.moving_variance [1. 2.]\nbn1.gamma [0.8 1.3]\nbn1.beta "
        "[-0.4  0.2]\n",
        "mean 0 0.5 | var 1 2 | gamma 0.8 1.3 | beta -0.4 0.2");
    row("Greek letters",
        "\u03b3 = 0.8, \u03b2 = -0.4, \u03bc = 0.25, \u03c3 = 1.5, \u03b5 = 1e-3\ns_x = 0.0235, "
        "z_x = -128, s_y = 0.0471, z_y = -30\n",
        "mean 0.25 | var 2.25 | gamma 0.8 | beta -0.4 | eps 0.001 | input_scale 0.0235 | "
        "input_zero_point -128 | output_scale 0.0471 | output_zero_point -30");
    row("a viewer's formula",
        "name: input\nquantization: 0.0235 * (q + 128)\nname: output\nquantization: 0.0471 * (q + "
        "30)\nmean: [0.0, 0.5]\nvariance: [1.0, 2.0]\n",
        "mean 0 0.5 | var 1 2 | input_scale 0.0235 | input_zero_point -128 | output_scale 0.0471 | "
        "output_zero_point -30");
    row("MLIR's types",
        "%0 = \"quant.dcast\"(%a) : (tensor<1x2x!quant.uniform<i8:f32, 0.0235:-128>>) -> "
        "tensor<1x2xf32>\n%2 = \"quant.qcast\"(%1) : (tensor<1x2xf32>) -> "
        "tensor<1x2x!quant.uniform<i8:f32, 0.0471:-30>>\n%mean = stablehlo.constant dense<[0.0, "
        "0.5]> : tensor<2xf32>\n%var = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>\n",
        "mean 0 0.5 | var 1 2 | input_scale 0.0235 | input_zero_point -128 | output_scale 0.0471 | "
        "output_zero_point -30");
    row("C's arrays, macros and hexadecimal codes",
        "static const float bn_mean[2] = { 0.0f,\n   0.5f }; /* of 3 epochs */\nconst float "
        "bn_var[] = {1.f, 2.f};\n#define IN_SCALE 0.0235f\n#define IN_ZERO_POINT 3\nconst uint8_t "
        "input[4] = { 0x00, 0x7f, 0x80, 0xff };\n",
        "mean 0 0.5 | var 1 2 | input_scale 0.0235 | input_zero_point 3");
    row("the inverse of a deviation", "mean: [0.25]\ninv_std: [0.5]\ngamma: [0.9]\n",
        "mean 0.25 | var 4 | gamma 0.9");
}

void TestPublicTexts::formsOfOtherProgramsAreRead()
{
    QFETCH(QString, text);
    QFETCH(QString, numbers);
    const Understanding read = apply_paste(text.toStdString());
    QCOMPARE(firstWrong(onlyLayer(read), numbers), QString());
    for (const QString& entry : numbers.split(QStringLiteral(" | "))) {
        const auto field = parse_field(entry.section(QLatin1Char(' '), 0, 0).toStdString());
        QCOMPARE(onlyLayer(read).provenance.of(field.value()).origin, Origin::pasted);
    }
}

void TestPublicTexts::anIndexSaysTheChannelOrNothingIsObserved_data()
{
    QTest::addColumn<QString>("index");
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("observed"); ///< channel:input code, in the order of the print
    const auto row
        = [](const char* index, const char* input, const char* output, const char* observed) {
              QTest::newRow(index) << QString::fromLatin1(index) << QString::fromLatin1(input)
                                   << QString::fromLatin1(output) << QString::fromLatin1(observed);
          };
    // PyTorch 2.13 prints these of x.int_repr() and y.int_repr().
    const char* const both = "[[[132,  52],\n [162, 162]],\n\n [[ 60, 106],\n [ 54, 155]]]";
    const char* const bothOut = "[[[ 94,  67],\n [105, 105]],\n\n [[ 73,  68],\n [ 73,  63]]]";
    const char* const one = "[[ 60, 106],\n [ 54, 155]]";
    const char* const oneOut = "[[73, 68],\n [73, 63]]";
    const char* const all = "0:132 0:52 0:162 0:162 1:60 1:106 1:54 1:155";
    const char* const second = "1:60 1:106 1:54 1:155";
    row("[0]", both, bothOut, all);
    row(".squeeze()", both, bothOut, all);
    row("[0, 1]", one, oneOut, second);
    row("[0][1]", one, oneOut, second);
    row("[0, -1]", one, oneOut, second);
    row("[0, 1, ...]", one, oneOut, second);
    row("[0, 1].tolist()", one, oneOut, second);
    row("[:, 1]", "[[[ 60, 106],\n [ 54, 155]]]", "[[[73, 68],\n [73, 63]]]", second);
    row("[0, 1:]", "[[[ 60, 106],\n [ 54, 155]]]", "[[[73, 68],\n [73, 63]]]", second);
    row("[0, 0, :1, :2]", "[[132,  52]]", "[[94, 67]]", "0:132 0:52");
    row("[0, :, 0, 0]", "[132,  60]", "[94, 73]", "0:132 1:60");
    row("[0, ::2]", "[[[132,  52],\n [162, 162]]]", "[[[ 94,  67],\n [105, 105]]]",
        "0:132 0:52 0:162 0:162");
    row("[..., 0]", "[[[132, 162],\n [ 60,  54]]]", "[[[ 94, 105],\n [ 73,  73]]]",
        "0:132 0:162 1:60 1:54");
    row("[:, :, 0]", "[[[132,  52],\n [ 60, 106]]]", "[[[94, 67],\n [73, 68]]]",
        "0:132 0:52 1:60 1:106");
    row("[0].flatten()", "[132,  52, 162, 162,  60, 106,  54, 155]",
        "[ 94,  67, 105, 105,  73,  68,  73,  63]", all);
    row(".flatten()[:4]", "[132,  52, 162, 162]", "[ 94,  67, 105, 105]", "");
    row("[0, i]", one, oneOut, "");
    row("[0, 1][None]", "[[[ 60, 106],\n [ 54, 155]]]", "[[[73, 68],\n [73, 63]]]", second);
}

void TestPublicTexts::anIndexSaysTheChannelOrNothingIsObserved()
{
    QFETCH(QString, index);
    QFETCH(QString, input);
    QFETCH(QString, output);
    const QString parameters = QStringLiteral(
        "\n>>> x.q_scale(), x.q_zero_point()\n(0.0125, 4)\n>>> bn.running_mean, bn.running_var\n"
        "(tensor([0.5000, 1.2500]), tensor([0.7500, 2.0000]))\n>>> bn.weight.data\n"
        "tensor([ 1.5000, -0.7500])\n>>> bn.bias.data\ntensor([0.2500, 0.5000])\n>>> bn.eps\n"
        "0.001\n>>> bn.scale, bn.zero_point\n(tensor(0.0625), tensor(60))\n");
    const QString x = QStringLiteral("x.int_repr()") + index;
    const QString y = QStringLiteral("y.int_repr()") + index;
    const QString a = QStringLiteral("tensor(%1, dtype=torch.uint8)").arg(input);
    const QString b = QStringLiteral("tensor(%1, dtype=torch.uint8)").arg(output);
    const QStringList texts{
        QStringLiteral(">>> %1\n%2\n>>> %3\n%4").arg(x, a, y, b),
        QStringLiteral(">>> %1, %2\n(%3, %4)").arg(x, y, a, b),
        QStringLiteral("In [1]: %1\nOut[1]: \n%2\n\nIn [2]: %3\nOut[2]: \n%4").arg(x, a, y, b)};
    for (const QString& text : texts) {
        const Understanding read = apply_paste((text + parameters).toStdString());
        QStringList observed;
        for (const Observation& one : onlyLayer(read).observations)
            observed.append(QStringLiteral("%1:%2").arg(one.channel).arg(one.input_code));
        QTEST(observed.join(QLatin1Char(' ')), "observed");
        if (!observed.isEmpty())
            QCOMPARE(reportOf(onlyLayer(read)).sentence.find("observations explained")
                         != std::string::npos,
                     true);
    }
}

void TestPublicTexts::twoHeadingsAreTwoLayers()
{
    const Understanding read = apply_paste(textOf(QStringLiteral("paste/two_headings.txt")));
    QCOMPARE(read.model.layers.size(), std::size_t{2});
    QCOMPARE(firstWrong(*read.model.layers[0], QStringLiteral("var 0.8888889 0.6666667 1.5555557")),
             QString());
    QCOMPARE(firstWrong(*read.model.layers[1], QStringLiteral("var 1.3333334 1 2.3333333")),
             QString());
    QCOMPARE(read.model.layers[1]->name, std::string("Library"));
}

void TestPublicTexts::nothingIsTakenFromOtherTexts_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(QStringLiteral(QBN_TEST_DATA "/paste/others"));
    for (const QString& name : folder.entryList(QDir::Files))
        QTest::newRow(qPrintable(name)) << QStringLiteral("paste/others/") + name;
}

// Source files, traces, READMEs, logs, tables of something else, a shopping list.
void TestPublicTexts::nothingIsTakenFromOtherTexts()
{
    QFETCH(QString, file);
    const Understanding read = apply_paste(textOf(file));
    QVERIFY2(!read.found, qPrintable(joined(read.understood)));
    for (const Claim& claim : read.claims) {
        QCOMPARE(claim.use, Claim::Use::left);
        QVERIFY(!claim.meaning.empty());
    }
}

void TestPublicTexts::aSentenceIsNoLabel_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* text) {
        QTest::newRow(name) << QString::fromUtf8(text);
    };
    row("a formula in front of a number", "(y / scale) + offset gives 98 as output");
    row("a number in a formula", "the var is 1/2 * ((x - mean)^2)");
    row("a list in a formula", "the mean of the batch should be ([0, 1] + [2, 3]) / 2");
    row("a sentence", "I think that the mean of all these layers went down in run 14");
    row("one number for many channels", "in channel 1 mean=3, std=1.63");
    row("a long sentence",
        "But we think that any good layer of this kind has mean = 1 and var = 0");
    row("a quotient under a name", "running_std = bn.running_var / n\n\ntensor([0.5, 0.25])");
}

void TestPublicTexts::aSentenceIsNoLabel()
{
    QFETCH(QString, text);
    const BatchNormLayer layer = onlyLayer(apply_paste(
        "bn.weight tensor([1., 2.])\nbn.bias tensor([0., 1.])\n" + text.toStdString() + "\n"));
    for (const Field field : all_fields) {
        const bool isGiven = field == Field::gamma || field == Field::beta;
        if (!isGiven)
            QVERIFY2(layer.provenance.of(field).origin != Origin::pasted,
                     std::string(name_of(field)).c_str());
    }
}

void TestPublicTexts::theThreadGivesTheStrip()
{
    const Understanding read = apply_paste(textOf(QStringLiteral("paste/thread.txt")));
    QCOMPARE(read.model.layers.size(), std::size_t{1});
    const BatchNormLayer& layer = *read.model.layers[0];
    QCOMPARE(layer.channels(), 2);
    QCOMPARE(firstWrong(layer,
                        QStringLiteral("mean 0.5653476 0.43177494 | var 0.0795053 0.06208014 | "
                                       "output_scale 5.2803235 | output_zero_point 73 | "
                                       "input_scale 0.0078701712 | eps 1e-5")),
             QString());
    QCOMPARE(layer.provenance.of(Field::eps).origin, Origin::defaulted);
    QCOMPARE(layer.provenance.of(Field::input_zero_point).origin, Origin::defaulted);
    QCOMPARE(layer.provenance.of(Field::gamma).origin, Origin::unknown);
    QCOMPARE(layer.provenance.of(Field::beta).origin, Origin::unknown);
    const std::vector<Observation> seen{{.channel = 0, .input_code = 38, .output_code = 52}};
    QVERIFY(layer.observations == seen);
    const Report report = reportOf(layer);
    QVERIFY(report.region.has_value());
    QCOMPARE(report.region->kind, FeasibleRegion::Kind::strip);
    QVERIFY2(contains(read.snippets, "print(\"weight\", net.block[0].weight)")
                 && contains(read.snippets, "print(\"bias\", net.block[0].bias)"),
             qPrintable(joined(read.snippets)));
    QVERIFY2(contains(read.missing, "channels from 2 on are not shown: the print is cut off"),
             qPrintable(joined(read.missing)));
}

void TestPublicTexts::theThreadWithGammaAndBetaAgrees()
{
    const Understanding read
        = apply_paste(textOf(QStringLiteral("paste/thread.txt"))
                      + "\n\nweight tensor([117.5, 96.])\nbias tensor([0., 4.])\n");
    const Report report = reportOf(onlyLayer(read));
    QVERIFY2(report.sentence.starts_with("38 -> 52 explained"), report.sentence.c_str());
    QCOMPARE(report.diagnosis.observations.at(0).backends.size(), all_backends().size());
}

void TestPublicTexts::everyNumberOfTheThreadIsClaimedOrLeft()
{
    const std::string text = textOf(QStringLiteral("paste/thread.txt"));
    const Understanding read = apply_paste(text);
    QVERIFY(!read.claims.empty());
    QStringList used;
    for (const Claim& claim : read.claims) {
        QCOMPARE(text.substr(claim.offset, claim.size), claim.text);
        QVERIFY(!claim.meaning.empty());
        if (claim.use != Claim::Use::left)
            used.append(QStringLiteral("%1:%2 %3")
                            .arg(claim.line)
                            .arg(claim.column)
                            .arg(QString::fromStdString(claim.meaning)));
        else if (claim.line < 61)
            QVERIFY2(claim.meaning == "source code" || claim.line < 7, claim.meaning.c_str());
    }
    QCOMPARE(used.join(QLatin1Char('\n')),
             QStringLiteral("66:8 input of channel 0, code 38\n67:59 input scale\n"
                            "71:8 output of channel 0, code 52\n76:23 mean of channel 0\n"
                            "76:57 mean of channel 1\n77:27 var of channel 0\n"
                            "77:61 var of channel 1\n78:27 output scale\n"
                            "79:31 output zero point"));
}

QBN_TEST(TestPublicTexts)
#include "tst_public_texts.moc"
