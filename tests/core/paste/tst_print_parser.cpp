#include "core/paste/print_parser.h"

#include "tests/support/exactly.h"
#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

using Form = PrintedValue::Form;
Q_DECLARE_METATYPE(Form)

namespace {

// "input 1x3x2x4 quint8 | y 2.."
QString shapeOf(const PrintedValue& value)
{
    QStringList extents;
    for (const PrintedDimension& dimension : value.dimensions) {
        QString extent = QString::number(dimension.count);
        if (dimension.elided_after)
            extent = QStringLiteral("%1...").arg(*dimension.elided_after) + extent;
        extents.append(extent);
    }
    return extents.join(QLatin1Char('x'));
}

QString summaryOf(const std::string& text)
{
    QStringList summaries;
    for (const PrintedValue& value : parse_print(text).values) {
        QString summary = QString::fromStdString(
            value.form == Form::module ? value.path + " " + value.type : value.label.text);
        summary += QStringLiteral("[%1]").arg(shapeOf(value));
        for (const PrintedNumber& number : value.numbers) {
            if (value.numbers.size() <= 4)
                summary += QLatin1Char(' ') + exactly(number.value);
        }
        summaries.append(summary + (value.cut_off ? QStringLiteral(" cut") : QString()));
    }
    return summaries.join(QStringLiteral(" | "));
}

} // namespace

class TestPrintParser : public QObject
{
    Q_OBJECT

private slots:
    void filesGiveTheirValues_data();
    void filesGiveTheirValues();
    void textsGiveTheirValues_data();
    void textsGiveTheirValues();
    void attributesAreRead();
    void numpyLeavesZerosOutButKnowsTheDigits();
    void numpyPrintsTheDigitsThatAreNeeded_data();
    void numpyPrintsTheDigitsThatAreNeeded();
    void indicesAreReadFromLabels();
    void linesWithoutAValueAreCounted();
    void repeatedPiecesTakeLinearTime_data();
    void repeatedPiecesTakeLinearTime();
    void hugeTextEndsAtALimit();
};

void TestPrintParser::filesGiveTheirValues_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("values");
    const auto row = [](const char* name, const char* file, const char* values) {
        QTest::newRow(name) << QString::fromUtf8(file) << QString::fromUtf8(values);
    };
    row("what the forum's script prints", "forum.print.txt",
        "Input to batch norm[] 0.2991 | Output of batch norm[] -110.8868 | Running Mean[3] 0.5653 "
        "0.4318 0.498 | Running Variance[3] 0.0795 0.0621 0.071 | Batch Norm Scale[1] 5.2803 | "
        "Batch Norm Zero Point[1] 73 | Batch Norm Eps[] 1e-05 | weight[3] 117.5 96 -310 | bias[3] "
        "0 4 140");
    row("whole tensors", "prints/nchw.txt",
        "input[1x3x2x4] | output[1x3x2x4] | Running Mean[3] 0.5653 0.4318 0.498 | Running "
        "Variance[3] 0.0795 0.0621 0.071 | weight[3] 117.5 96 -310 | bias[3] 0 4 140 | eps[] "
        "1e-05");
    row("whole tensors with dots in them", "prints/nchw_summarized.txt",
        "bn input[2x3x3...6x3...6] | bn output[2x3x3...6x3...6]");
    row("codes", "prints/int_repr.txt",
        "x.int_repr[1x3x2x4] | y.int_repr[1x3x2x4] | input scale[] 0.007870171219110489 | "
        "zero_point[] 0 | output scale[] 5.280323505401611 | zero_point[] 73");
    row("a session", "prints/interactive.txt",
        "bn.running_mean[3] 0.5653 0.4318 0.498 | bn.running_var[3] 0.0795 0.0621 0.071 | "
        "bn.weight[3] 117.5 96 -310 | bn.bias[3] 0 4 140 | bn.eps[] 1e-05 | x[] 0.4565 | y[] "
        "15.841");
    row("modules within modules", "prints/module.txt",
        "quant Quantize[] | conv1.0 QuantizedBatchNorm2d[] 3");
    row("a fused module", "prints/module_relu.txt",
        "0 QuantizedConv2d[] 3 3 | 1 QuantizedBNReLU2d[] 3");
    row("named parameters", "prints/parameters.txt", "weight[2] 1 1 | bias[2] 0 0 | [2] 2.5 -1");
    row("NumPy arrays", "prints/numpy.txt",
        "Running Mean[3] 0.5653476119041443 0.43177494 0.49799999594688416 | Running Variance[3] "
        "0.07950528 0.06208014 0.07100000232458115 | gamma[3] 117.5 96 -310 | beta[3] 0 4 140 | "
        "eps[] 1e-05");
    row("Python lists", "prints/lists.txt",
        "running_mean[3] 0.5653476119041443 0.43177494406700134 0.49799999594688416 | "
        "running_var[3] 0.07950527966022491 0.06208014488220215 0.07100000232458115 | weight[3] "
        "117.5 96 -310 | bias[3] 0 4 140 | scale[] 5.280323505401611 | zero_point[] 73");
    row("values that are not finite", "prints/nonfinite.txt",
        "running_mean[3] nan 1 -inf | running_var[3] -1.5 nan inf");
    row("a tensor quantized per channel", "prints/per_channel.txt",
        "conv.weight[2x3] | bn.running_mean[3] 0.5653 0.4318 0.498");
    row("scientific numbers", "prints/scientific.txt",
        "Running Mean[3] 0.56535 0.43177 0.498 | Running Variance[3] 0.079505 0.06208 0.071 | "
        "weight[3] 117.5 96 -310 | bias[3] 0 4 140 | eps[] 1e-05");
    row("prints that were cut by hand", "prints/cut_by_hand.txt",
        "input scale[] 0.007870171219110489 | zero_point[] 0 | output scale[] 5.280323505401611 | "
        "zero_point[] 73 | Input to batch norm[1x1x2x4] cut | Output of batch norm[1x1x2x4] cut | "
        "Running Mean[2] 0.5653 0.4318 cut | Running Variance[2] 0.0795 0.0621 cut | weight[2] "
        "117.5 96 cut | bias[2] 0 4 cut | eps[] 1e-05");
    row("tuples", "prints/tuples.txt",
        "bn.running_mean[3] 0.5653 0.4318 0.498 | bn.running_var[3] 0.0795 0.0621 0.071 | "
        "bn.weight[3] 117.5 96 -310 | bn.bias[3] 0 4 140 | bn.eps[] 1e-05 | bn.scale.item[] "
        "5.280323505401611 | bn.zero_point.item[] 73 | x.q_scale[] 0.007870171219110489 | "
        "x.q_zero_point[] 0 | x dequantize item[] 0.45646992325782776 | y dequantize item[] "
        "15.840970993041992");
    row("variables of TensorFlow", "prints/tensorflow.txt",
        "tf.Variable batch_normalization/gamma:0[3] 117.5 96 -310 | tf.Variable "
        "batch_normalization/beta:0[3] 0 4 140 | tf.Variable batch_normalization/moving_mean:0[3] "
        "0.5653476119041443 0.43177494 0.49799999594688416 | tf.Variable "
        "batch_normalization/moving_variance:0[3] 0.07950528 0.06208014 0.07100000232458115");
    row("a long tensor with dots in it", "prints/long_mean.txt",
        "running_mean[3...6] | running_var[3...6]");
}

void TestPrintParser::filesGiveTheirValues()
{
    QFETCH(QString, file);
    QTEST(summaryOf(textOf(file)), "values");
}

void TestPrintParser::textsGiveTheirValues_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("values");
    const auto row = [](const char* name, const char* text, const char* values) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(values);
    };
    row("a print that ends at a comma", "mean tensor([0.565, 0.431,", "mean[2] 0.565 0.431 cut");
    row("a print that ends in a number", "mean tensor([0.565, 0.43", "mean[1] 0.565 cut");
    row("a print that ends at a label", "mean tensor([0.565,\nvar tensor([0.079])",
        "mean[1] 0.565 cut | var[1] 0.079");
    row("a print that ends at a label on its own line",
        "Mean\ntensor([0.565, 0.431,\nVar\ntensor([0.0795,\n",
        "Mean[2] 0.565 0.431 cut | Var[1] "
        "0.0795 cut");
    row("a print that ends in a number before a line end", "mean tensor([0.565, 0.43\nvar 0.5",
        "mean[1] 0.565 cut | var[] 0.5");
    row("a print that ends behind a whole number", "mean tensor([0.565, 0.431\nvar 0.5",
        "mean[2] 0.565 0.431 cut | var[] 0.5");
    row("codes that end before a line end", "x.int_repr [38, 7\ny.int_repr [52, 66]",
        "x.int_repr[1] 38 cut | y.int_repr[2] 52 66");
    row("an attribute without its value", "x tensor(0.25, scale=\nmean\ntensor([0.5])",
        "x[] 0.25 cut | mean[1] 0.5");
    row("a print that ends in a row", "x tensor([[1., 2.],\n [3.,\ny 0.5",
        "x[2x2] 1 2 3 cut | y[] 0.5");
    row("a print that ends in an attribute", "x tensor(0.25, size=(), scale=0.0078",
        "x[] 0.25 cut");
    row("a print that ends in its first number", "x tensor(0.2", "");
    row("a list that ends in its first number", "mean [0.2", "");
    row("a number that is cut by hand", "x tensor(0.2990..., size=())", "x[] 0.299");
    row("rows of unequal length", "x [[1, 2], [3]]", "x[2x2] 1 2 3 cut");
    row("an array behind an empty one", "mean tensor([], [0.5])", "mean[1] 0.5");
    row("a label on the line before", "Running Mean:\n\ntensor([0.5])", "Running Mean[1] 0.5");
    row("two values behind one label", "mean tensor([0.5])\ntensor([0.25])",
        "mean[1] 0.5 | [1] 0.25");
    row("words behind a value", "mean tensor([0.5]) of bn\ntensor([0.25])",
        "mean[1] 0.5 | [1] 0.25");
    row("numbers without brackets", "var 0.1 0.2, 0.3", "var[3] 0.1 0.2 0.3");
    row("numbers in prose", "I trained for 90 epochs in 2023 and don't know why.", "");
    row("a dictionary's key", "sd['bn.running_mean'] tensor([0.5])", "sd bn.running_mean[1] 0.5");
    row("an expression that is printed", ">>> print(bn.eps)\n0.001", "print bn.eps[] 0.001");
    row("a prompt of IPython", "In [4]: bn.running_var\nOut[4]: tensor([0.5])",
        "bn.running_var[1] 0.5");
    row("numbers of an expression that was typed",
        ">>> x.clip(0, 255).reshape(2, 2)[0, 1].item()\n0.5", "x.clip reshape item[] 0.5");
    row("two statements in a line",
        ">>> print(bn.weight); print(bn.bias)\nParameter containing:\ntensor([0.5])\nParameter "
        "containing:\ntensor([0.25])",
        "print bn.weight[1] 0.5 | print bn.bias[1] 0.25");
    row("a loop names nothing", ">>> for c in range(2): print(bn.weight[c].item())\n0.5\n0.25", "");
    row("lines of a loop", ">>> for c in range(2):\n...     print(bn.weight[c])\n... \n0.5", "");
    row("a difference has no name", ">>> y.dequantize() - ref\ntensor([0.5])", "[1] 0.5");
    row("a mail quoted three times", ">>> Running mean [0.5, 0.25]\n>>> eps 1e-5",
        "Running mean[2] 0.5 0.25 | eps[] 1e-05");
    row("a parameter of a dictionary",
        "{'weight': Parameter containing:\ntensor([0.5], requires_grad=True), 'bias': Parameter "
        "containing:\ntensor([0.25], requires_grad=True)}",
        "weight[1] 0.5 | bias[1] 0.25");
    row("a device and a gradient",
        "weight tensor([0.5], device='cuda:0', grad_fn=<MulBackward0>)\nbias tensor([1.])",
        "weight[1] 0.5 | bias[1] 1");
    row("a shape is no value", "bn.weight.shape torch.Size([3])\nbn.weight tensor([1.])",
        "bn.weight[1] 1");
    row("a class that is called like a module",
        "QuantizedNet(\n  (bn): BatchNorm2d(3, eps=1e-05)\n)", "bn BatchNorm2d[] 3");
    row("spaces of a web page",
        "mean\xc2\xa0tensor([0.5,\xc2\xa0"
        "0.25])",
        "mean[2] 0.5 0.25");
    row("line ends of Windows", "mean tensor([0.5,\r\n 0.25])\r\n", "mean[2] 0.5 0.25");
    row("one assignment of two", "scale, zero_point = 5.28, 73", "scale[] 5.28 | zero_point[] 73");
    row("two names and a print of both", ">>> print(bn.scale, bn.zero_point)\n5.28 73",
        "print bn.scale[] 5.28 | bn.zero_point[] 73");
    row("two names and one value", "scale, zero_point 73", "[] 73");
    row("two names and the first of their values", "scale, zero_point\n(0.5, tensor(7",
        "scale[] 0.5");
    row("an index before a method", "x[0, 1, 0, 0].item() 0.5", "x item[] 0.5");
    row("a name of TensorFlow", "batch_normalization/gamma:0 [117.5 96.]",
        "batch_normalization gamma[2] 117.5 96");
    row("a side and a comma", "of the input, scale 0.5", "of the input scale[] 0.5");
    row("two names and three values", "mean, var = 1, 2, 3", "[3] 1 2 3");
    row("words and a comma before a label", "Hello, my mean tensor([0.5]) tensor([0.25])",
        "Hello my mean[1] 0.5 | [1] 0.25");
    row("tensors behind the names of a tuple", "scale, zero_point: tensor([5.28]) tensor([73])",
        "scale[1] 5.28 | zero_point[1] 73");
    row("codes by the names of the formula", "x_q = 38\ny_q = 52", "x_q[] 38 | y_q[] 52");
    row("a shape is no mean", "mean.shape (3,)\nmean [0.5]", "mean.shape[] 3 | mean[1] 0.5");
    row("no text", "", "");
}

void TestPrintParser::textsGiveTheirValues()
{
    QFETCH(QString, text);
    QTEST(summaryOf(text.toStdString()), "values");
}

void TestPrintParser::attributesAreRead()
{
    const PrintedText text = parse_print(textOf(QStringLiteral("prints/nchw.txt")));
    const PrintedValue& output = text.values.at(1);
    QCOMPARE(output.line, 13);
    QCOMPARE(exactly(output.number("scale").value().value), QStringLiteral("5.280323505401611"));
    QCOMPARE(exactly(output.number("zero_point").value().value), QStringLiteral("73"));
    QVERIFY(output.attribute("dtype") != nullptr);
    QCOMPARE(output.attribute("dtype")->word, std::string("torch.quint8"));
    QVERIFY(output.attribute("size") != nullptr);
    QCOMPARE(output.attribute("size")->numbers.size(), std::size_t{4});
    QVERIFY(!output.number("axis"));
}

void TestPrintParser::numpyLeavesZerosOutButKnowsTheDigits()
{
    const PrintedText text = parse_print("mean [0.5653 0.25   0.498 ]");
    for (const PrintedNumber& number : text.values.at(0).numbers)
        QCOMPARE(exactly(number.half_unit), exactly(0.00005));
}

void TestPrintParser::numpyPrintsTheDigitsThatAreNeeded_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("half_unit");
    QTest::newRow("halves") << "mean array([117.5, 96., -310.], dtype=float32)" << 0.0;
    QTest::newRow("halves without commas") << "mean [ 117.5   96.  -310. ]" << 0.0;
    QTest::newRow("quarters and what is not finite") << "mean [0.25  nan  inf]" << 0.0;
    QTest::newRow("tenths, which may be rounded") << "mean [0.5 0.3]" << 0.05;
    QTest::newRow("precision=2") << "mean array([0.57, 0.43, 0.5 ])" << 0.005;
    QTest::newRow("PyTorch always prints four") << "mean tensor([117.5000, 96.0000])" << 0.00005;
}

void TestPrintParser::numpyPrintsTheDigitsThatAreNeeded()
{
    QFETCH(QString, text);
    const PrintedText read = parse_print(text.toStdString());
    for (const PrintedNumber& number : read.values.at(0).numbers) {
        QFETCH(double, half_unit);
        QVERIFY2(std::abs(number.half_unit - half_unit) <= 1e-12 * half_unit,
                 qPrintable(exactly(number.half_unit)));
    }
}

void TestPrintParser::indicesAreReadFromLabels()
{
    const PrintedText text = parse_print("x[0, 2, 0, 3] 0.5\nx[0, :, 1, 2] [0.5, 0.25]");
    using Index = std::vector<PrintedIndex>;
    const PrintedIndex all{.kind = PrintedIndex::Kind::range};
    const Index element{{.first = 0}, {.first = 2}, {.first = 0}, {.first = 3}};
    QVERIFY(text.values.at(0).label.index == element);
    QVERIFY(text.values.at(1).label.index
            == (Index{{.first = 0}, all, {.first = 1}, {.first = 2}}));
    const PrintedText pair = parse_print("x[0, 2, 0, 3].item(), y[1].item()\n(0.5, 0.25)");
    QVERIFY(pair.values.at(0).label.index == element);
    QVERIFY(pair.values.at(1).label.index == Index{{.first = 1}});
    const PrintedText chain = parse_print(">>> x.int_repr()[0][:, 1:]\n[5, 6]");
    QVERIFY(chain.values.at(0).label.index
            == (Index{{.first = 0}, all, {.first = 1, .kind = PrintedIndex::Kind::range}}));
}

void TestPrintParser::linesWithoutAValueAreCounted()
{
    QCOMPARE(parse_print("Hello\neverybody\nmean tensor([0.5])\n").skipped_lines, std::size_t{2});
}

void TestPrintParser::repeatedPiecesTakeLinearTime_data()
{
    QTest::addColumn<QByteArray>("piece");
    for (const char* const piece : {"x 0.5 ",     "[",        "((((",       "tensor(a=tensor(",
                                    "tensor(a=<", "[[],",     "mean\n",     "'",
                                    "a[a[",       "1,",       "eps 1 ",     "(a): B(",
                                    "scale,",     "scale,1,", "tensor(\n",  "[\n",
                                    "shape=(",    "\x1b[",    "> ",         "INFO:",
                                    "\xe2\x80",   ">>> x()[", ">>> x[0][0", "bn("})
        QTest::newRow(piece) << QByteArray(piece);
}

// Each would take minutes if it took the square of the text's length.
void TestPrintParser::repeatedPiecesTakeLinearTime()
{
    QFETCH(QByteArray, piece);
    constexpr int size = 1 << 20;
    const PrintedText text
        = parse_print(piece.repeated(size / static_cast<int>(piece.size())).toStdString());
    QVERIFY(text.values.size() <= 65536);
}

void TestPrintParser::hugeTextEndsAtALimit()
{
    const PrintedText many = parse_print(QByteArray("eps 1\n").repeated(70000).toStdString());
    QCOMPARE(many.values.size(), std::size_t{65536});
    QCOMPARE(many.stopped_at_line.value_or(0), 65536);
    const PrintedText large = parse_print(std::string(std::size_t{9} << 20, ' '));
    QCOMPARE(large.stopped_at_line.value_or(0), 1);
    QVERIFY(!parse_print("eps 1").stopped_at_line);
}

QBN_TEST(TestPrintParser)
#include "tst_print_parser.moc"
