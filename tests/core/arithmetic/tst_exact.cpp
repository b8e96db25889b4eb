#include "core/arithmetic/exact.h"
#include "core/evaluate/experiment.h"
#include "tests/support/exactly.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <mpfr.h>
#include <random>

using namespace qbn;
using namespace qbn::test;

namespace {

/// The same formula in 1200-bit arithmetic, where every operation but the root and the divisions is
/// exact for the binary64 numbers used here; a result that close to a half way case is one.
class Reference
{
public:
    Reference()
    {
        for (mpfr_t* number : {&m_x, &m_root, &m_t, &m_half})
            mpfr_init2(*number, 1200);
    }
    ~Reference()
    {
        for (mpfr_t* number : {&m_x, &m_root, &m_t, &m_half})
            mpfr_clear(*number);
    }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

    /// Code and whether it is a tie. Requires: finite parameters, var + eps > 0, y_scale > 0,
    /// |steps| < 2^60.
    std::pair<int, bool> code(const BatchNormLayer& layer, int channel, int inputCode)
    {
        mpfr_set_d(m_root, layer.var[channel], MPFR_RNDN);
        mpfr_add_d(m_root, m_root, layer.eps, MPFR_RNDN);
        mpfr_sqrt(m_root, m_root, MPFR_RNDN);
        mpfr_set_d(m_x, layer.input.scale, MPFR_RNDN);
        mpfr_mul_si(m_x, m_x, inputCode - layer.input.zero_point, MPFR_RNDN);
        mpfr_sub_d(m_x, m_x, layer.mean[channel], MPFR_RNDN);
        mpfr_div(m_t, m_x, m_root, MPFR_RNDN);
        mpfr_mul_d(m_t, m_t, layer.gamma[channel], MPFR_RNDN);
        mpfr_add_d(m_t, m_t, layer.beta[channel], MPFR_RNDN);
        mpfr_div_d(m_t, m_t, layer.output.scale, MPFR_RNDN);
        // Twice t is within 2^-400 of an odd integer: a tie.
        mpfr_mul_2ui(m_half, m_t, 1, MPFR_RNDN);
        mpfr_t nearest;
        mpfr_init2(nearest, 1200);
        mpfr_rint(nearest, m_half, MPFR_RNDN);
        mpfr_sub(m_half, m_half, nearest, MPFR_RNDN);
        const bool near = mpfr_zero_p(m_half) != 0 || mpfr_get_exp(m_half) < -400;
        const bool odd = mpfr_get_sj(nearest, MPFR_RNDN) % 2 != 0;
        mpfr_clear(nearest);
        if (near && odd) {
            mpfr_rint_floor(m_half, m_t, MPFR_RNDN);
            mpfr_add_d(m_half, m_half, 0.5, MPFR_RNDN);
            mpfr_set(m_t, m_half, MPFR_RNDN); // exactly half way now
        }
        mpfr_rint_roundeven(m_t, m_t, MPFR_RNDN);
        auto code = mpfr_get_sj(m_t, MPFR_RNDN) + layer.output.zero_point;
        if (layer.relu)
            code = std::max<decltype(code)>(code, layer.output.zero_point);
        const auto low = decltype(code){layer.output.type.qmin()};
        const auto high = decltype(code){layer.output.type.qmax()};
        return {static_cast<int>(std::clamp(code, low, high)), near && odd};
    }

private:
    mpfr_t m_x, m_root, m_t, m_half;
};

bool isProper(const BatchNormLayer& layer, int channel)
{
    const double var = layer.var[channel];
    return std::isfinite(var) && var + layer.eps > 0 && std::isfinite(layer.mean[channel])
        && std::isfinite(layer.gamma[channel]) && std::isfinite(layer.beta[channel])
        && std::abs(layer.gamma[channel]) < 1e9;
}

} // namespace

class TestExact : public QObject
{
    Q_OBJECT

private slots:
    void codesAreThoseOfALongReference_data();
    void codesAreThoseOfALongReference();
    void randomChannelsMatchTheReference();
    void builtTiesAreFoundAndGoToTheEvenCode();
    void oneUlpBesideATieIsNoTie();
    void stagesAreRoundedOnce();
    void noAnswerGivesQminAndNaN_data();
    void noAnswerGivesQminAndNaN();
    void allCodesAtOnceAreAsOneByOne();
};

void TestExact::codesAreThoseOfALongReference_data()
{
    QTest::addColumn<QString>("session");
    for (const QString& session : goldenSessions())
        QTest::newRow(qPrintable(QStringLiteral("all layers of %1").arg(session))) << session;
}

void TestExact::codesAreThoseOfALongReference()
{
    QFETCH(QString, session);
    Reference reference;
    int ties = 0;
    for (const auto& layer : goldenModel(session).layers) {
        for (int channel = 0; channel < layer->channels(); ++channel) {
            if (!isProper(*layer, channel))
                continue; // noAnswerGivesQminAndNaN has them
            const ExactChannel exact(*layer, channel);
            for (int code = layer->input.type.qmin(); code <= layer->input.type.qmax(); ++code) {
                const Requantized got = exact.requantize(code);
                const auto [want, tie] = reference.code(*layer, channel, code);
                QCOMPARE(got.output_code, want);
                QCOMPARE(got.tie, tie);
                ties += tie ? 1 : 0;
            }
        }
    }
    if (session == QStringLiteral("hard"))
        QVERIFY2(ties > 100, "the hard layers are there for their ties");
}

void TestExact::randomChannelsMatchTheReference()
{
    Reference reference;
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> unit(-1, 1);
    for (int i = 0; i < 1000; ++i) {
        BatchNormLayer layer = identity_layer("random", 1);
        layer.input = {i % 2 == 0 ? quint8_type : qint8_type, std::exp(4 * unit(random)) / 100,
                       static_cast<int>(100 * unit(random))};
        layer.output = {i % 3 == 0 ? quint8_type : qint8_type, std::exp(4 * unit(random)) / 20,
                        static_cast<int>(100 * unit(random))};
        layer.mean = {unit(random)};
        layer.var = {std::exp(6 * unit(random))};
        layer.gamma = {3 * unit(random)};
        layer.beta = {unit(random)};
        layer.relu = i % 5 == 0;
        const ExactChannel exact(layer, 0);
        for (int code = layer.input.type.qmin(); code <= layer.input.type.qmax(); ++code)
            QCOMPARE(exact.requantize(code).output_code, reference.code(layer, 0, code).first);
    }
}

void TestExact::builtTiesAreFoundAndGoToTheEvenCode()
{
    // var + eps = 4, so the root is 2 and steps = (x_q - 3) / 2: every second code is a tie.
    BatchNormLayer layer = identity_layer("ties", 1);
    layer.input = {quint8_type, 1.0, 0};
    layer.output = {quint8_type, 1.0, 7};
    layer.eps = 0.5;
    layer.mean = {3};
    layer.var = {3.5};
    const ExactChannel exact(layer, 0);
    for (int code = 0; code < 256; ++code) {
        const Requantized result = exact.requantize(code);
        QCOMPARE(result.tie, code % 2 == 0);
        QCOMPARE(result.output_code, 7 + static_cast<int>(std::nearbyint((code - 3) / 2.0)));
    }
}

void TestExact::oneUlpBesideATieIsNoTie()
{
    BatchNormLayer layer = identity_layer("near tie", 1);
    layer.input = {quint8_type, 1.0, 0};
    layer.eps = 0;
    for (const auto& [beta, code] :
         {std::pair{0.5, 2}, {std::nextafter(0.5, 0.0), 1}, {std::nextafter(0.5, 1.0), 2}}) {
        layer.beta = {beta};
        const Requantized result = ExactChannel(layer, 0).requantize(1);
        QCOMPARE(result.output_code, code);
        QCOMPARE(result.tie, beta == 0.5);
    }
}

void TestExact::stagesAreRoundedOnce()
{
    // Worked with 50 digits: the published numbers of the forum thread and gamma 117.5, beta 0.
    const auto layer = example_experiment().model.layers.front();
    const ExactStages stages = ExactChannel(*layer, 0).stages(38);
    QCOMPARE(exactly(stages.dequantized), QStringLiteral("0.2990665063261986"));
    QCOMPARE(exactly(stages.normalized), QStringLiteral("-0.9443110160746137"));
    QCOMPARE(exactly(stages.affine), QStringLiteral("-110.9565443887671"));
    QCOMPARE(exactly(stages.requantized), QStringLiteral("51.98679043523339"));
}

void TestExact::noAnswerGivesQminAndNaN_data()
{
    QTest::addColumn<double>("var");
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("gamma");
    QTest::addColumn<bool>("isNumber");
    QTest::addColumn<int>("code");
    QTest::newRow("a negative variance has no root") << -1.0 << 0.0 << 1.0 << false << 0;
    QTest::newRow("zero over zero") << 0.0 << 10.0 << 1.0 << false << 0;
    QTest::newRow("a positive number over zero") << 0.0 << 0.0 << 1.0 << true << 255;
    QTest::newRow("a negative number over zero") << 0.0 << 20.0 << 1.0 << true << 0;
    QTest::newRow("a mean that is not a number") << 1.0 << std::nan("") << 1.0 << false << 0;
    QTest::newRow("an infinite variance normalizes to 0") << HUGE_VAL << 0.0 << 1.0 << true << 5;
    QTest::newRow("an infinite gamma saturates") << 1.0 << 0.0 << HUGE_VAL << true << 255;
    QTest::newRow("a huge gamma saturates") << 1.0 << 0.0 << 1e300 << true << 255;
    QTest::newRow("a denormal variance saturates") << 5e-324 << 20.0 << 1.0 << true << 0;
}

void TestExact::noAnswerGivesQminAndNaN()
{
    QFETCH(double, var);
    QFETCH(double, mean);
    QFETCH(double, gamma);
    QFETCH(bool, isNumber);
    BatchNormLayer layer = identity_layer("degenerate", 1);
    layer.input = {quint8_type, 1.0, 0};
    layer.output = {quint8_type, 1.0, 5};
    layer.eps = 0;
    layer.var = {var};
    layer.mean = {mean};
    layer.gamma = {gamma};
    const ExactChannel exact(layer, 0);
    QCOMPARE(!std::isnan(exact.stages(10).requantized), isNumber);
    QTEST(exact.requantize(10).output_code, "code");
}

void TestExact::allCodesAtOnceAreAsOneByOne()
{
    std::vector<BatchNormLayer> layers;
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers)
            layers.push_back(*layer);
    }
    // What no training gives: each of these numbers in each place.
    const std::vector<double> extremes{0,    -1,    0x1p-1074, 1e-300,    1e-30,       1e30,
                                       1e90, 1e300, HUGE_VAL,  -HUGE_VAL, std::nan("")};
    for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta, Field::eps,
                              Field::input_scale, Field::output_scale}) {
        for (const double value : extremes) {
            for (const std::int32_t zero_point : {0, 7, -300, 1 << 30}) {
                BatchNormLayer& layer = layers.emplace_back(identity_layer("extreme", 1));
                layer.input = {CodeType{zero_point == 7, 7}, 0.3, zero_point};
                layer.output = {zero_point == 7 ? qint8_type : quint8_type, 0.4, zero_point};
                layer.relu = value < 1;
                set_value(layer, field, 0, value);
            }
        }
    }
    int untold = 0;
    for (const BatchNormLayer& layer : layers) {
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const ExactChannel exact(layer, channel);
            const Lanes sums = exact.sums();
            const Lanes distances = exact.distances(28);
            const std::vector<std::int32_t> codes = exact_codes(layer, channel);
            QCOMPARE(codes.size(), static_cast<std::size_t>(layer.input.type.count()));
            for (std::size_t i = 0; i < codes.size(); ++i) {
                const auto code = layer.input.type.qmin() + static_cast<std::int32_t>(i);
                const Requantized one = exact.requantize(code);
                QCOMPARE(codes[i], one.output_code);
                QCOMPARE(!(sums[i] >= layer.output.type.qmin()), one.saturation == Saturation::low);
                QCOMPARE(sums[i] > layer.output.type.qmax(), one.saturation == Saturation::high);
                if (distances[i] >= 0)
                    QVERIFY(distances[i] == exact.boundary(code, 28).distance);
                else
                    ++untold;
            }
        }
    }
    QVERIFY(untold > 0);
}

QBN_TEST(TestExact)
#include "tst_exact.moc"
