#include "core/evaluate/findings.h"

#include "core/evaluate/experiment.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace qbn;

using Change = std::function<void(BatchNormLayer&)>;
Q_DECLARE_METATYPE(Change)

class TestFindings : public QObject
{
    Q_OBJECT

private slots:
    void whatIsWrongIsFound_data();
    void whatIsWrongIsFound();
    void anOrdinaryLayerHasNone();
    void aPastedLayerHasNone();
    void assumedValuesAreNamedWithTheirReason();
    void whatSingleChannelsHaveIsCounted();
    void whatIsNotANumberDoesNotSaturate();
};

void TestFindings::whatIsWrongIsFound_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<int>("channel");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const Change& change, const char* id,
                        const char* severity, int channel, const char* sentence) {
        QTest::newRow(name) << change << QString::fromUtf8(id) << QString::fromUtf8(severity)
                            << channel << QString::fromUtf8(sentence);
    };
    row(
        "negative variance", [](auto& l) { l.var[1] = -1; }, "var-eps-not-positive", "error", 1,
        "var + eps = -0.99999 is negative: its root is not a number");
    row(
        "no variance and no eps",
        [](auto& l) {
            l.var[1] = 0;
            l.eps = 0;
        },
        "var-eps-not-positive", "error", 1, "var + eps is 0: normalize divides by zero");
    row(
        "a mean that is not a number", [](auto& l) { l.mean[0] = std::nan(""); }, "not-finite",
        "error", 0, "mean is nan");
    row(
        "an infinite eps", [](auto& l) { l.eps = HUGE_VAL; }, "not-finite", "error", -1,
        "eps is inf");
    row(
        "a scale of 0", [](auto& l) { l.output.scale = 0; }, "scale-not-positive", "error", -1,
        "output scale 0 is not above 0: codes have no real values");
    row(
        "a zero point outside", [](auto& l) { l.input.zero_point = 300; },
        "zero-point-out-of-range", "warning", -1,
        "input zero point 300 lies outside of quint8 (0 to 255); PyTorch's operator takes it, real "
        "0 has no code");
    row(
        "codes between gain and offset",
        [](auto& l) {
            l.intermediate = {.gain = {qint8_type, 0.5, 0},
                              .offset = {qint8_type, 0.25, -3},
                              .product = {qint8_type, 2, 7}};
        },
        "intermediate-codes", "note", -1,
        "the model multiplies by codes of qint8 in steps of 0.5 from zero point 0, rounds the "
        "product to steps of 2 from zero point 7 and adds codes in steps of 0.25 from zero point "
        "-3; onnxruntime-qlinear and the backends litert-mul-add do so, the others do not");
    row(
        "a gamma of 0", [](auto& l) { l.gamma[0] = 0; }, "gamma-zero", "warning", 0,
        "gamma is 0: every input code gives 64");
    row(
        "a beta far above", [](auto& l) { l.beta[1] = 1000; }, "everything-saturates", "warning", 1,
        "every input code saturates (0 low, 256 high)");
    row(
        "half of the codes", [](auto& l) { l.beta[0] = 24; }, "half-saturates", "warning", 0,
        "50 % of the input codes saturate (0 low, 129 high)");
    // (x_q - 128) / 2 + 255.36 + 64 lies below 255.5 for code 0 alone.
    row(
        "all codes but one", [](auto& l) { l.beta[0] = 31.92; }, "half-saturates", "warning", 0,
        "99 % of the input codes saturate (0 low, 255 high)");
    row(
        "a beta that binary32 does not hold", [](auto& l) { l.beta[1] = 1e300; }, "beyond-binary32",
        "warning", 1, "beta 1e+300 is infinite in binary32, in which frameworks compute");
    row(
        "an input scale that binary32 does not hold", [](auto& l) { l.input.scale = 1e39; },
        "beyond-binary32", "warning", -1,
        "input scale 1e+39 is infinite in binary32, in which frameworks compute");
    row(
        "an output scale that is 0 in binary32", [](auto& l) { l.output.scale = 1e-50; },
        "beyond-binary32", "warning", -1,
        "output scale 1e-50 is 0 in binary32, in which frameworks compute");
    row(
        "an eps that is 0 in binary32",
        [](auto& l) {
            l.var[0] = 0;
            l.eps = 1e-60;
        },
        "beyond-binary32", "warning", -1,
        "eps 1e-60 is 0 in binary32, in which frameworks compute");
    row(
        "a variance that only binary64 tells from -eps",
        [](auto& l) {
            l.var[0] = -0.5 + 0x1p-40;
            l.eps = 0.5;
        },
        "beyond-binary32", "warning", 0,
        "var + eps = 9.094947017729282e-13 is 0 in binary32: there normalize divides by zero");
    row(
        "constructor defaults", [](auto& l) { l.output = {quint8_type, 1.0, 0}; },
        "constructor-default", "warning", -1,
        "output scale 1 and zero point 0 look like a constructor's defaults, not like calibrated "
        "values");
    for (const auto& [name, origin] : {std::pair("constructor defaults, printed", Origin::pasted),
                                       {"constructor defaults, typed", Origin::typed}}) {
        row(
            name,
            [from = origin](auto& l) {
                l.output = {quint8_type, 1.0, 0};
                for (const Field field : {Field::output_scale, Field::output_zero_point})
                    l.provenance.set(field, {.origin = from, .note = {}});
            },
            "constructor-default", "warning", -1,
            "output scale 1 and zero point 0 look like a constructor's defaults, not like "
            "calibrated values");
    }
}

namespace {

/// 2 channels that map code to (code - 128) / 4 + 64 with scales that are powers of two; nothing to
/// find.
BatchNormLayer ordinaryLayer()
{
    BatchNormLayer layer = identity_layer("ordinary", 2);
    layer.input = {quint8_type, 0.0625, 128};
    layer.output = {quint8_type, 0.125, 64};
    layer.provenance.set_all({Origin::file, {}});
    return layer;
}

} // namespace

void TestFindings::whatIsWrongIsFound()
{
    QFETCH(Change, change);
    QFETCH(QString, id);
    BatchNormLayer layer = ordinaryLayer();
    change(layer);
    for (const Finding& finding : validate(layer)) {
        if (name_of(finding.id) != id.toStdString())
            continue;
        QTEST(QString::fromStdString(finding.sentence), "sentence");
        QTEST(QString::fromStdString(std::string(name_of(finding.severity))), "severity");
        QTEST(finding.channel.value_or(-1), "channel");
        return;
    }
    QFAIL(qPrintable(id + QStringLiteral(" was not found")));
}

void TestFindings::anOrdinaryLayerHasNone()
{
    for (const Finding& finding : validate(ordinaryLayer()))
        QFAIL(finding.sentence.c_str());
}

void TestFindings::aPastedLayerHasNone()
{
    BatchNormLayer layer = ordinaryLayer();
    layer.provenance.set_all({.origin = Origin::pasted, .note = "line 1"});
    for (const Finding& finding : validate(layer))
        QFAIL(finding.sentence.c_str());
}

void TestFindings::assumedValuesAreNamedWithTheirReason()
{
    BatchNormLayer layer = ordinaryLayer();
    layer.provenance.set(Field::eps, {Origin::defaulted, "not in a state_dict"});
    layer.provenance.set(Field::gamma, {Origin::unknown, "not given"});
    const std::vector<Finding> found = validate(layer);
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].sentence, std::string("eps 1e-05 is a default: not in a state_dict"));
    QCOMPARE(found[0].severity, Severity::note);
    QCOMPARE(found[1].sentence, std::string("gamma is unknown: not given"));
    QCOMPARE(found[1].severity, Severity::warning);
}

void TestFindings::whatSingleChannelsHaveIsCounted()
{
    BatchNormLayer layer = ordinaryLayer();
    const int channels = layer.channels();
    QVERIFY(channels > 1);
    layer.provenance.set(Field::mean, {Origin::unknown, "not given"});
    for (int channel = 0; channel < channels; ++channel)
        layer.provenance.set_channel(Field::mean, channel, {Origin::pasted, "line 1"});
    QVERIFY(validate(layer).empty());
    layer.provenance.set_channel(Field::mean, 0, {Origin::unknown, "not given"});
    const std::vector<Finding> found = validate(layer);
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(found.front().sentence),
             QStringLiteral("mean is unknown in 1 of %1 channels: not given").arg(channels));
}

void TestFindings::whatIsNotANumberDoesNotSaturate()
{
    BatchNormLayer layer = ordinaryLayer();
    layer.var[0] = -1;
    const std::vector<Finding> found = validate_channel(layer, 0);
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found.front().id, FindingId::var_eps_not_positive);
}

QBN_TEST(TestFindings)
#include "tst_findings.moc"
