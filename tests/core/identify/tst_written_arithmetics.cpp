#include "core/backends/bound_backend.h"
#include "core/identify/identify.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

using namespace qbn;

/// Arithmetics that are written here, each choice as a piece of text, apart from what identify itself composes
/// (core/identify/composed.h): it has to find each from its codes, or one that gives the same codes on a layer that it never saw.
class TestWrittenArithmetics : public QObject
{
    Q_OBJECT

private slots:
    void eachIsFound_data();
    void eachIsFound();
};

namespace {

constexpr std::array<const char*, 3> orders{"stage by stage", "slope and intercept", "all folded"};
constexpr std::array<const char*, 3> types{"f32", "f64", "f16"};
constexpr std::array<const char*, 5> roundings{"rint", "round_away", "round_up", "trunc", "floor"};
constexpr std::array<const char*, 3> ends{"clamped", "wrapped", "without the lowest code"};

struct Written
{
    std::size_t order = 0, type = 0, rounding = 0, end = 0;
    bool fused = false, reciprocal = false, inside = false;

    std::string words() const
    {
        return std::string(orders[order]) + " in " + types[type] + (fused ? ", fused" : "")
            + (reciprocal ? ", reciprocals, " : ", quotients, ") + roundings[rounding]
            + (inside ? " with the zero point, " : ", ") + ends[end];
    }
};

/// Every T becomes the type.
std::string typed(std::string text, const std::string& type)
{
    for (std::size_t at = text.find("T("); at != std::string::npos; at = text.find("T(", at + 3))
        text.replace(at, 1, type);
    return text;
}

std::string channelText(const Written& w)
{
    const std::string quotient = w.reciprocal ? " * (1 / T(s_out))\n" : " / T(s_out)\n";
    std::string text = "channel\n root = sqrt(T(var) + T(eps))\n";
    text += w.reciprocal ? " slope = T(gamma) * (1 / root)\n" : " slope = T(gamma) / root\n";
    text += w.fused ? " intercept = fma(-T(mean), slope, T(beta))\n"
                    : " intercept = T(beta) - T(mean) * slope\n";
    text += " upon = 1 / root\n per = 1 / T(s_out)\n";
    text += w.reciprocal ? " factor = slope * T(s_in) * per\n"
                         : " factor = slope * (T(s_in) / T(s_out))\n";
    return text + " start = intercept" + quotient;
}

std::string codeText(const Written& w)
{
    const auto line = [&w](const std::string& a, const std::string& b, const std::string& c) {
        return w.fused ? "fma(" + a + ", " + b + ", " + c + ")\n"
                       : a + " * " + b + " + " + c + "\n";
    };
    const std::string steps = w.reciprocal ? " steps = kept * per\n" : " steps = kept / T(s_out)\n";
    const std::string kept = " kept = select(relu, max(0, out), out)\n";
    if (w.order == 2)
        return "code\n out = " + line("T(x - z_in)", "factor", "start")
            + " steps = select(relu, max(0, out), out)\n";
    const std::string real = "code\n real = T(x - z_in) * T(s_in)\n";
    if (w.order == 1)
        return real + " out = " + line("real", "slope", "intercept") + kept + steps;
    return real
        + (w.reciprocal ? " unit = (real - T(mean)) * upon\n" : " unit = (real - T(mean)) / root\n")
        + " out = " + line("unit", "T(gamma)", "T(beta)") + kept + steps;
}

std::string lastText(const Written& w)
{
    const std::string round = roundings[w.rounding];
    const std::string whole = w.inside ? round + "(steps + T(z_out))" : round + "(steps)";
    const std::string zero = w.inside ? "0" : "z_out";
    if (w.end == 1)
        return " y = wrap_code(to_int64_x86(f64(" + whole + ")) + " + zero + ")\n";
    const std::string code = "to_code(" + whole + ", " + zero + ")";
    return w.end == 2 ? " y = max(" + code + ", qmin + 1)\n" : " y = " + code + "\n";
}

std::string textOf(const Written& w)
{
    return typed(channelText(w) + codeText(w) + lastText(w), types[w.type]);
}

/// Three of five, so that all choices occur with all others; one way to bring codes into their range in turn.
std::vector<Written> someWritten()
{
    std::vector<Written> some;
    std::size_t count = 0;
    for (std::size_t order = 0; order < orders.size(); ++order)
        for (std::size_t type = 0; type < types.size(); ++type)
            for (const bool fused : {false, true})
                for (const bool reciprocal : {false, true})
                    for (const bool inside : {false, true})
                        for (std::size_t rounding = 0; rounding < roundings.size(); ++rounding) {
                            const std::size_t turn = count++;
                            if ((turn / 5 + turn) % 5 >= 3)
                                continue;
                            some.push_back({order, type, rounding, turn % 7 < 3 ? turn % 7 : 0,
                                            fused, reciprocal, inside});
                        }
    return some;
}

/// As training leaves it, with codes beyond both ends.
BatchNormLayer trained(unsigned seed, int channels)
{
    std::mt19937 random(seed);
    const auto real = [&](double low, double high) {
        return static_cast<double>(
            static_cast<float>(std::uniform_real_distribution<double>(low, high)(random)));
    };
    BatchNormLayer layer = identity_layer("trained", channels);
    layer.input = {quint8_type, real(0.004, 0.01), 17};
    layer.output = {quint8_type, real(0.008, 0.02), 73};
    for (int i = 0; i < channels; ++i) {
        layer.mean[i] = real(-1, 1);
        layer.var[i] = real(0.01, 2);
        layer.gamma[i] = real(-2, 2);
        layer.beta[i] = real(-1, 1);
    }
    return layer;
}

std::vector<std::int32_t> codesOf(const Backend& backend, const BatchNormLayer& layer)
{
    BoundBackend bound(backend, layer);
    std::vector<std::int32_t> all;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto codes = bound.codes(channel);
        all.insert(all.end(), codes.begin(), codes.end());
    }
    return all;
}

Backend running(const std::shared_ptr<const formula::Program>& program)
{
    Backend own;
    own.program = program;
    return own;
}

} // namespace

void TestWrittenArithmetics::eachIsFound_data()
{
    QTest::addColumn<QString>("text");
    const std::vector<Written> all = someWritten();
    QVERIFY(all.size() >= 200);
    for (const Written& written : all)
        QTest::newRow(written.words().c_str()) << QString::fromStdString(textOf(written));
}

void TestWrittenArithmetics::eachIsFound()
{
    QFETCH(QString, text);
    static const std::vector<Candidate> space = search_space();
    const auto maker = formula::compile(text.toStdString());
    QVERIFY2(maker, maker ? "" : maker.error().message.c_str());

    const BatchNormLayer layer = trained(7, 3);
    DeviceCodes device(layer);
    const std::vector<std::int32_t> given = codesOf(running(*maker), layer);
    for (std::size_t i = 0; i < given.size(); ++i)
        device.set(static_cast<int>(i / 256), static_cast<std::int32_t>(i % 256), given[i]);
    const auto found
        = identify(layer, device, {.also = {}, .space = space, .progress = {}, .stop = {}});
    QCOMPARE(found->complete(), std::size_t(1));

    const BatchNormLayer unseen = trained(8, 6);
    const std::vector<std::int32_t> wanted = codesOf(running(*maker), unseen);
    const std::vector<Candidate>& members = found->classes.front().members;
    QVERIFY2(std::any_of(members.begin(), members.end(),
                         [&](const Candidate& candidate) {
                             const Backend& backend = candidate.backend
                                 ? *candidate.backend
                                 : running(candidate.program);
                             return codesOf(backend, unseen) == wanted;
                         }),
             members.front().name.c_str());
}

QBN_TEST(TestWrittenArithmetics)
#include "tst_written_arithmetics.moc"
