#include "core/arithmetic/exact.h"
#include "core/compare/proof.h"
#include "core/compare/tie_map.h"
#include "core/formula/error_bound.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace qbn;
using namespace qbn::test;

namespace {

std::vector<double> errorsOf(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    formula::BoundFormula bound(backend.program, layer);
    bound.run(channel);
    return formula::error_bounds(bound, layer, channel);
}

/// Of all sizes; in some the codes lie at ties or next to them, some have numbers that no float holds.
BatchNormLayer adversarial(std::mt19937& random)
{
    std::uniform_real_distribution<double> unit(0, 1);
    const auto between = [&](double low, double high) { return low + (high - low) * unit(random); };
    const auto magnitude = [&](double reach) { return std::exp2(between(-reach, reach)); };
    BatchNormLayer layer = identity_layer("adversarial", 9);
    const bool halves = unit(random) < 0.5;
    const double reach = unit(random) < 0.2 ? 40 : 6;
    const auto type = [&] { return unit(random) < 0.5 ? quint8_type : qint8_type; };
    for (QuantizationParameters* end : {&layer.input, &layer.output}) {
        end->type = type();
        end->scale = halves ? std::exp2(std::floor(between(-4, 4))) : magnitude(reach);
        end->zero_point = static_cast<int>(between(end->type.qmin(), end->type.qmax() + 1));
    }
    layer.relu = unit(random) < 0.3;
    layer.eps = halves ? 0 : 1e-5;
    for (int channel = 0; channel < 9; ++channel) {
        layer.mean[channel]
            = halves ? std::floor(between(-8, 8)) / 4 : between(-2, 2) * magnitude(reach);
        layer.var[channel] = halves ? std::exp2(2 * std::floor(between(-2, 3))) : magnitude(reach);
        layer.gamma[channel]
            = halves ? std::floor(between(-8, 8)) / 4 : between(-2, 2) * magnitude(reach);
        layer.beta[channel]
            = halves ? std::floor(between(-64, 64)) / 4 : between(-2, 2) * magnitude(reach);
        if (halves && unit(random) < 0.5) // next to a tie, by less than binary32 has
            layer.beta[channel] *= 1 + 0x1p-26;
    }
    return layer;
}

} // namespace

class TestProof : public QObject
{
    Q_OBJECT

private slots:
    void theErrorsOfASimpleFormulaAreThoseOfItsOperations();
    void theErrorIsWithinTheBound_data();
    void theErrorIsWithinTheBound();
    void soundFormulasAreWithinTheBoundOfAll();
    void noProvedCodeComesOutOtherwise_data();
    void noProvedCodeComesOutOtherwise();
    void aFormulaOfSomethingElseProvesNothing();
};

void TestProof::theErrorsOfASimpleFormulaAreThoseOfItsOperations()
{
    // 0.1 is no binary32 number; the product of x and s_in rounds once, the division once more.
    const auto program = *formula::compile("code\n"
                                           "  real = f32(x) * s_in\n"
                                           "  y    = to_code(rint(real / s_out), z_out)\n");
    BatchNormLayer layer = identity_layer("tenths", 1);
    layer.input.scale = 0.1;
    layer.output.scale = 4;
    formula::BoundFormula bound(program, layer);
    bound.run(0);
    const auto errors = formula::error_bounds(bound, layer, 0);
    const double lost = std::abs(static_cast<double>(0.1F) - 0.1);
    for (const std::size_t x : {1U, 3U, 100U, 255U}) {
        const double product = static_cast<double>(static_cast<float>(x) * 0.1F);
        const double expected
            = (static_cast<double>(x) * lost + 0x1p-24 * product) / 4 + 0x1p-24 * product / 4;
        QVERIFY(std::abs(errors[x] / expected - 1) < 1e-3);
    }
}

void TestProof::theErrorIsWithinTheBound_data()
{
    QTest::addColumn<QString>("backend");
    for (const Backend& backend : all_backends()) {
        if (backend.is_sound() && backend.program)
            QTest::newRow(std::string(backend.id).c_str())
                << QString::fromStdString(std::string(backend.id));
    }
}

void TestProof::theErrorIsWithinTheBound()
{
    QFETCH(QString, backend);
    const Backend& of = *find_backend(backend.toStdString());
    std::mt19937 random(3);
    double largest = 0;
    for (int round = 0; round < 200; ++round) {
        const BatchNormLayer layer = adversarial(random);
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const ExactChannel exact(layer, channel);
            const auto errors = errorsOf(of, layer, channel);
            const auto results = requantize_all(of, layer, channel);
            for (std::size_t i = 0; i < results.size(); ++i) {
                const auto code = layer.input.type.qmin() + static_cast<std::int32_t>(i);
                const double steps = exact.boundary(code).steps;
                if (layer.relu && steps < 0)
                    continue; // the formula's are 0
                const double error = std::abs(results[i].steps - steps);
                QVERIFY2(error <= errors[i] + 0x1p-52 * std::abs(steps),
                         qPrintable(QString::number(error) + u' ' + QString::number(errors[i])));
                if (errors[i] > 0 && std::isfinite(errors[i]) && steps != 0)
                    largest = std::max(largest, error / errors[i]);
            }
        }
    }
    QVERIFY2(largest > 0.2,
             qPrintable(QString::number(largest))); // a bound far too wide would prove nothing
}

/// What the header `sound` says: rounding_error_bound() holds of the formula, by its own operations.
void TestProof::soundFormulasAreWithinTheBoundOfAll()
{
    std::mt19937 random(4);
    for (int round = 0; round < 100; ++round) {
        const BatchNormLayer layer = adversarial(random);
        for (const Backend& backend : all_backends()) {
            if (!backend.is_sound() || !backend.program)
                continue;
            for (int channel = 0; channel < layer.channels(); ++channel) {
                const auto errors = errorsOf(backend, layer, channel);
                for (std::size_t i = 0; i < errors.size(); ++i) {
                    const auto code = layer.input.type.qmin() + static_cast<std::int32_t>(i);
                    const double bound = rounding_error_bound(layer, channel, code);
                    QVERIFY2(errors[i] <= bound, backend.id.data());
                }
            }
        }
    }
}

void TestProof::noProvedCodeComesOutOtherwise_data()
{
    QTest::addColumn<QString>("backend");
    QTest::addColumn<bool>("proves"); // that it proves something, at least
    for (const Backend& backend : all_backends()) {
        if (backend.program)
            QTest::newRow(std::string(backend.id).c_str())
                << QString::fromStdString(std::string(backend.id))
                << !backend.program->find("product_code"); // which is of 8 bits
    }
}

/// The errors alone, without a look at the codes, tell which codes are those of exact mathematics.
void TestProof::noProvedCodeComesOutOtherwise()
{
    QFETCH(QString, backend);
    QFETCH(bool, proves);
    const Backend& of = *find_backend(backend.toStdString());
    const Backend& exact = *find_backend("exact");
    qint64 proved = 0, all = 0;
    const auto check = [&](const BatchNormLayer& layer) {
        for (int channel = 0; channel < layer.channels(); ++channel) {
            const auto errors = errorsOf(of, layer, channel);
            const auto own = codes(of, layer, channel);
            const auto expected = codes(exact, layer, channel);
            const ChannelTieMap map = tie_map(of, layer, channel);
            for (std::size_t i = 0; i < own.size(); ++i) {
                all += 1;
                if (!(errors[i] < std::min(map.codes[i].steps, 0.5)))
                    continue;
                proved += 1;
                QVERIFY2(
                    own[i] == expected[i] || !layer.output.type.contains(layer.output.zero_point),
                    qPrintable(
                        QStringLiteral("%1, channel %6, code %7: %2 and %3, error %4, margin %5")
                            .arg(QString::fromStdString(layer.name))
                            .arg(own[i])
                            .arg(expected[i])
                            .arg(errors[i])
                            .arg(map.codes[i].steps)
                            .arg(channel)
                            .arg(i)));
            }
        }
    };
    for (const QString& session : goldenSessions()) {
        for (const auto& layer : goldenModel(session).layers)
            check(*layer);
    }
    std::mt19937 random(5);
    for (int round = 0; round < 40; ++round)
        check(adversarial(random));
    qInfo("%lld of %lld codes", proved, all);
    QVERIFY(!proves || proved > all / 100);
    QVERIFY(proved < all); // ties are among them
}

void TestProof::aFormulaOfSomethingElseProvesNothing()
{
    const auto text = std::string(find_backend("onnxruntime")->program->text());
    std::string without = text;
    without.replace(without.find("var + eps"), 9, "var");
    Backend other;
    other.program = *formula::compile(without);
    BatchNormLayer layer = identity_layer("eps", 1);
    layer.input.scale = 0.01;
    layer.output.scale = 0.011;
    layer.var[0] = 1e-5;
    layer.gamma[0] = 0.004;
    QVERIFY(is_proved(*find_backend("onnxruntime"), layer));
    QVERIFY(!is_proved(other, layer));
}

QBN_TEST(TestProof)
#include "tst_proof.moc"
