#include "core/evaluate/fold.h"
#include "core/text/csv.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

namespace {

/// A few roundings of binary64: PyTorch takes the reciprocal of the root.
bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-14 * std::abs(b);
}

/// gamma 6 and var + eps 4 make a factor of 3.
BatchNormLayer threefold()
{
    BatchNormLayer layer = identity_layer("threefold", 1);
    layer.eps = 0.25;
    layer.var[0] = 3.75;
    layer.gamma[0] = 6;
    layer.mean[0] = 0.5;
    layer.beta[0] = 10;
    return layer;
}

} // namespace

class TestFold : public QObject
{
    Q_OBJECT

private slots:
    void numbersWorkedByHand();
    void aNegativeGammaNegatesTheWeights();
    void aFoldedConvolutionGivesWhatTheTwoGave();
    void pytorchFoldsToTheSame();
    void aRootOfNothingIsNoNumber();
    void theTableHoldsWhatWentInAndCameOut();
};

void TestFold::numbersWorkedByHand()
{
    const FoldedChannel folded = fold(threefold(), {{.weight_scale = 0.125, .bias = 2.5}}).front();
    QVERIFY(folded.factor == 3);
    QVERIFY(folded.weight_scale == 0.375);
    QVERIFY(folded.bias == 16); // (2.5 - 0.5) * 3 + 10
    QVERIFY(!folded.negates());
}

void TestFold::aNegativeGammaNegatesTheWeights()
{
    BatchNormLayer layer = threefold();
    layer.gamma[0] = -6;
    const FoldedChannel folded = fold(layer, {{.weight_scale = 0.125, .bias = 2.5}}).front();
    QVERIFY(folded.factor == -3);
    QVERIFY(folded.weight_scale == 0.375);
    QVERIFY(folded.bias == 4); // 2 * -3 + 10
    QVERIFY(folded.negates());
}

void TestFold::aFoldedConvolutionGivesWhatTheTwoGave()
{
    const BatchNormLayer layer = threefold();
    const ConvChannel conv{.weight_scale = 0.125, .bias = 2.5};
    const FoldedChannel folded = fold(layer, {conv}).front();
    const double product = 7 * -40; // weight code by the input
    const double convolved = conv.weight_scale * product + conv.bias;
    const double both = (convolved - layer.mean[0]) / 2 * layer.gamma[0] + layer.beta[0];
    QVERIFY(folded.weight_scale * product + folded.bias == both);
}

void TestFold::pytorchFoldsToTheSame()
{
    const auto model = goldenModel(QStringLiteral("forum"));
    QFile file(dataPath(QStringLiteral("fold/forum.csv")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    std::vector<ConvChannel> conv;
    std::vector<std::pair<double, double>> expected;
    file.readLine();
    while (!file.atEnd()) {
        const QByteArrayList fields = file.readLine().trimmed().split(',');
        QCOMPARE(fields.size(), 4);
        conv.push_back({.weight_scale = fields[0].toDouble(), .bias = fields[1].toDouble()});
        expected.emplace_back(fields[2].toDouble(), fields[3].toDouble());
    }
    QCOMPARE(conv.size(), 3U);
    const std::vector<FoldedChannel> folded = fold(*model.layers[0], conv);
    for (std::size_t i = 0; i < conv.size(); ++i) {
        const double weight
            = folded[i].negates() ? -folded[i].weight_scale : folded[i].weight_scale;
        QVERIFY(near(weight, expected[i].first));
        QVERIFY(near(folded[i].bias, expected[i].second));
    }
}

void TestFold::aRootOfNothingIsNoNumber()
{
    BatchNormLayer layer = threefold();
    layer.var[0] = -1;
    const FoldedChannel folded = fold(layer, {{}}).front();
    QVERIFY(std::isnan(folded.weight_scale));
    QVERIFY(std::isnan(folded.bias));
}

void TestFold::theTableHoldsWhatWentInAndCameOut()
{
    const Table table = fold_table(threefold(), {{.weight_scale = 0.125, .bias = 2.5}});
    QCOMPARE(csv_header(table) + csv_rows(table),
             std::string("channel,conv_weight_scale,conv_bias,factor,folded_weight_scale,"
                         "folded_bias\r\n0,0.125,2.5,3,0.375,16\r\n"));
}

QBN_TEST(TestFold)
#include "tst_fold.moc"
