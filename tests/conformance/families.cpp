#include "tests/conformance/families.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <array>
#include <limits>

namespace qbn::conformance {

namespace {

float narrow(double value)
{
    return static_cast<float>(value);
}

CodeType randomType(Random& random)
{
    return random.chance(0.5) ? quint8_type : qint8_type;
}

std::int32_t zeroPointIn(CodeType type, Random& random)
{
    constexpr double atAnEnd = 0.15;
    if (random.chance(atAnEnd))
        return random.chance(0.5) ? type.qmin() : type.qmax();
    return random.integer(type.qmin(), type.qmax());
}

double ordinaryScale(const Subject& subject, Random& random)
{
    const double scale = random.logUniform(1e-4, 10);
    return subject.binary64Scales && random.chance(0.5) ? scale : narrow(scale);
}

/// Of some code.
double stepsFromZero(const QuantizationParameters& parameters, Random& random)
{
    const double code = random.integer(parameters.type.qmin(), parameters.type.qmax());
    return code - parameters.zero_point;
}

double ordinaryEps(Random& random)
{
    constexpr std::array values{1e-5, 1e-3, 1e-12, 0.0};
    return random.oneOf<double>(values);
}

/// Types, zero points and ReLU; scales 1, eps 0.
BatchNormLayer plainFrame(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = identity_layer({}, channels);
    layer.input.type = subject.unsignedAlone ? quint8_type : randomType(random);
    layer.output.type = subject.mixedTypes ? randomType(random) : layer.input.type;
    layer.input.zero_point = zeroPointIn(layer.input.type, random);
    layer.output.zero_point = zeroPointIn(layer.output.type, random);
    layer.input.scale = 1;
    layer.output.scale = 1;
    layer.eps = 0;
    layer.relu = !subject.withoutRelu && random.chance(0.5);
    return layer;
}

/// Numbers that a kernel's author may not have thought of.
float anyExtremeNumber(Random& random)
{
    using Limits = std::numeric_limits<float>;
    constexpr std::array values{0.0F,
                                -0.0F,
                                1.0F,
                                0x1p-24F,
                                0x1p24F,
                                1e-30F,
                                1e30F,
                                0x1p31F,
                                0x1p63F,
                                2147483520.0F,
                                Limits::min(),
                                Limits::denorm_min(),
                                Limits::max(),
                                Limits::infinity(),
                                1e-40F,
                                Limits::quiet_NaN(),
                                Limits::epsilon()};
    return random.oneOf<float>(values) * static_cast<float>(random.sign());
}

float extremeNumber(const Subject& subject, Random& random)
{
    for (;;) {
        const float number = anyExtremeNumber(random);
        const float size = std::abs(number);
        const bool middling = size > 1e-25F && size < 1e25F;
        if (!subject.tamed || middling || size == 0 || !std::isfinite(size))
            return number;
    }
}

float ordinaryOrExtreme(const Subject& subject, double ordinary, Random& random)
{
    constexpr double extreme = 0.3;
    return random.chance(extreme) ? extremeNumber(subject, random) : narrow(ordinary);
}

/// Some take none but positive normal numbers.
float ordinaryOrExtremeScale(const Subject& subject, double ordinary, Random& random)
{
    for (;;) {
        const float scale = ordinaryOrExtreme(subject, ordinary, random);
        if (!subject.positiveScales || (scale > 0 && std::isnormal(scale)))
            return scale;
    }
}

/// Of a layer with the integer weights of the subject; anything else takes all.
bool isTaken(const Subject& subject, const BatchNormLayer& layer, int channel)
{
    if (!subject.integerWeights)
        return true;
    const Trace trace
        = BoundBackend(*subject.backend, layer).trace(channel, layer.input.type.qmin());
    return std::all_of(trace.steps.begin(), trace.steps.end(), [&](const TraceStep& step) {
        if (subject.largestMultiplier > 0 && step.name == "b_scale")
            return std::isnormal(narrow(step.value));
        if (subject.largestMultiplier > 0 && step.name == "multiplier")
            return step.value < subject.largestMultiplier;
        if (subject.layerScales && step.name == "total_real")
            return step.value > 0 && step.value < 1;
        const bool hasToBeFinite = step.name == "gain" || step.name == "offset"
            || (subject.layerScales && step.name == "product_scale");
        return !hasToBeFinite || std::isfinite(step.value);
    });
}

std::int32_t wildZeroPoint(const Subject& subject, Random& random)
{
    constexpr std::array values{-129,
                                -1,
                                128,
                                256,
                                300,
                                65536,
                                (1 << 24) + 1,
                                (1 << 24) + 3,
                                (1 << 30) - 127,
                                std::numeric_limits<std::int32_t>::max()};
    if (random.chance(0.5))
        return random.integer(-1000, 1000);
    const std::int32_t value
        = std::min(random.oneOf<std::int32_t>(values), subject.wildestZeroPoint);
    return random.chance(0.5) ? value : -value;
}

void makeFrameExtreme(BatchNormLayer& layer, const Subject& subject, Random& random)
{
    layer.input.scale = ordinaryOrExtremeScale(subject, layer.input.scale, random);
    layer.output.scale = ordinaryOrExtremeScale(subject, layer.output.scale, random);
    do {
        layer.eps = ordinaryOrExtreme(subject, ordinaryEps(random), random);
    } while (subject.integerWeights && !(layer.eps >= 0 && std::isfinite(layer.eps)));
    constexpr double wild = 0.3;
    if (layer.intermediate && random.chance(wild)) { // products around 2^31 steps
        const double step = layer.input.scale * layer.intermediate->gain.scale;
        const double scale
            = std::max(narrow(step * random.logUniform(0x1p-24, 0x1p-10)), 0x1p-120F);
        layer.intermediate->product.scale = scale;
        layer.intermediate->offset.scale = scale;
        layer.output.scale = narrow(scale * random.logUniform(0.25, 4));
    }
    for (QuantizationParameters* end : {&layer.input, &layer.output}) {
        if (subject.wildestZeroPoint > 0 && random.chance(wild))
            end->zero_point = wildZeroPoint(subject, random);
    }
}

/// Steps of some binary32 numbers around an end of int32 or int64.
void placeNearOverflow(BatchNormLayer& layer, int channel, Random& random)
{
    const double end = random.chance(0.5) ? 0x1p31 : 0x1p63;
    const double neighbour = end * 0x1p-24; // the distance of binary32 numbers below `end`
    layer.mean[channel] = 0;
    layer.var[channel] = 1;
    layer.gamma[channel] = narrow(random.sign() * neighbour * random.uniform(0, 4));
    layer.beta[channel] = narrow(random.sign() * (end + neighbour * random.integer(-512, 512)));
}

void makeChannelExtreme(BatchNormLayer& layer, int channel, bool overflow, const Subject& subject,
                        Random& random)
{
    if (overflow) {
        placeNearOverflow(layer, channel, random);
        return;
    }
    for (std::vector<double>* values : {&layer.mean, &layer.var, &layer.gamma, &layer.beta})
        (*values)[channel] = ordinaryOrExtreme(subject, (*values)[channel], random);
}

/// Of a range, wider or narrower than what the converters choose.
QuantizationParameters around(CodeType type, double low, double high, Random& random)
{
    const double scale = std::max(high - low, 1e-30) / 255 * random.logUniform(0.25, 4);
    return {.type = type,
            .scale = std::clamp(narrow(scale), 0x1p-126F, 0x1p120F),
            .zero_point = zeroPointIn(type, random)};
}

/// Half of the layers keep what the converters choose.
void drawIntermediate(BatchNormLayer& layer, Random& random)
{
    if (random.chance(0.5))
        return;
    double gain = 0;
    double offset = 0;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const double slope = layer.gamma[channel] / std::sqrt(layer.var[channel] + layer.eps);
        const double shift = layer.beta[channel] - slope * layer.mean[channel];
        gain = std::max(gain, std::isfinite(slope) ? std::abs(slope) : 0);
        offset = std::max(offset, std::isfinite(shift) ? std::abs(shift) : 0);
    }
    const double product = gain * std::abs(layer.input.scale) * 256;
    const CodeType type = layer.input.type;
    layer.intermediate = {.gain = around(type, -gain, gain, random),
                          .offset = around(type, -offset, offset, random),
                          .product = around(type, -product, product, random)};
}

} // namespace

BatchNormLayer ordinaryFrame(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = plainFrame(subject, channels, random);
    layer.input.scale = ordinaryScale(subject, random);
    layer.output.scale = ordinaryScale(subject, random);
    layer.eps = ordinaryEps(random);
    return layer;
}

void drawChannel(const Subject& subject, BatchNormLayer& layer, int channel, double sign,
                 Random& random)
{
    const double var = narrow(random.logUniform(1e-6, 1e4));
    const double stdDev = std::sqrt(var + layer.eps);
    const double steps = sign * random.logUniform(0x1p-10, subject.steepest);
    const double gamma = narrow(steps * layer.output.scale * stdDev / layer.input.scale);
    const double mean = narrow(random.uniform(-3, 3) * stdDev * random.logUniform(1e-3, 10));

    const double real = layer.input.scale * stepsFromZero(layer.input, random);
    const double middle = layer.output.scale * stepsFromZero(layer.output, random);
    layer.mean[channel] = mean;
    layer.var[channel] = var;
    layer.gamma[channel] = gamma;
    layer.beta[channel] = narrow(middle - gamma * (real - mean) / stdDev);
}

BatchNormLayer ordinaryLayer(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = ordinaryFrame(subject, channels, random);
    constexpr double withPositiveGammas = 0.3;
    const bool positive = random.chance(withPositiveGammas);
    for (int channel = 0; channel < channels; ++channel)
        drawChannel(subject, layer, channel, positive ? 1 : random.sign(), random);
    constexpr double withDeadChannel = 0.2;
    if (random.chance(withDeadChannel))
        layer.gamma[random.integer(0, channels - 1)] = 0;
    if (subject.layerScales)
        drawIntermediate(layer, random);
    return layer;
}

BatchNormLayer wildZeroPointLayer(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = ordinaryFrame(subject, channels, random);
    layer.input.zero_point = wildZeroPoint(subject, random);
    if (random.chance(0.5))
        layer.output.zero_point = wildZeroPoint(subject, random);
    for (int channel = 0; channel < channels; ++channel)
        drawChannel(subject, layer, channel, random.sign(), random);
    return layer;
}

BatchNormLayer tieLayer(const Subject& subject, int channels, Random& random)
{
    BatchNormLayer layer = plainFrame(subject, channels, random);
    const int exponent = random.integer(-12, 4);
    layer.input.scale = std::ldexp(1.0, exponent);
    layer.output.scale = std::ldexp(1.0, exponent + random.integer(-1, 1));
    for (int channel = 0; channel < channels; ++channel) {
        const double stdDev = std::ldexp(1.0, random.integer(-3, 3));
        layer.var[channel] = stdDev * stdDev;
        layer.gamma[channel] = stdDev * random.integer(-6, 6) / 4;
        layer.mean[channel] = layer.input.scale * random.integer(-64, 64);
        layer.beta[channel] = layer.output.scale * random.integer(-256, 256) / 4;
    }
    if (subject.layerScales)
        drawIntermediate(layer, random);
    return layer;
}

BatchNormLayer extremeLayer(const Subject& subject, int channels, Random& random)
{
    const bool overflow = random.chance(0.5);
    BatchNormLayer layer = overflow ? plainFrame(subject, channels, random)
                                    : ordinaryLayer(subject, channels, random);
    if (!overflow || random.chance(0.5)) // half of the overflowing layers keep a sane frame
        makeFrameExtreme(layer, subject, random);
    for (int channel = 0; channel < channels; ++channel) {
        const BatchNormLayer before = layer;
        makeChannelExtreme(layer, channel, overflow, subject, random);
        for (int attempt = 0; attempt < 100 && !isTaken(subject, layer, channel); ++attempt) {
            layer = before;
            makeChannelExtreme(layer, channel, overflow, subject, random);
        }
        if (!isTaken(subject, layer, channel))
            drawChannel(subject, layer, channel, random.sign(), random); // none fits this frame
    }
    return layer;
}

} // namespace qbn::conformance
