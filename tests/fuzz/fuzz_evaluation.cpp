#include "core/compare/difference.h"
#include "core/compare/tie_map.h"
#include "core/evaluate/audit.h"
#include "core/evaluate/code_export.h"
#include "core/evaluate/evaluation.h"
#include "core/evaluate/fold.h"
#include "core/explain/report.h"
#include "core/formula/error_bound.h"
#include "core/text/csv.h"
#include "tests/fuzz/support.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace {

using namespace qbn;

constexpr int mostChannels = 20; // both lanes of a kernel of eight

bool sameNumber(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// What parameters are: plain, halves and other ties, extreme, no number at all.
double anyNumber(FuzzedDataProvider& input)
{
    constexpr std::array special{0.0,
                                 -0.0,
                                 1.0,
                                 -1.0,
                                 0.5,
                                 2.0,
                                 1e-5,
                                 1e30,
                                 -1e30,
                                 1e300,
                                 1e-300,
                                 5e-324,
                                 3.4028234663852886e38, // the largest binary32
                                 3.4028235677973366e38, // half way from it to the next
                                 1.1754943508222875e-38,
                                 HUGE_VAL,
                                 -HUGE_VAL,
                                 std::numeric_limits<double>::quiet_NaN()};
    switch (input.ConsumeIntegralInRange(0, 4)) {
    case 0:
        return special[input.ConsumeIntegralInRange<std::size_t>(0, special.size() - 1)];
    case 1:
        return std::bit_cast<double>(input.ConsumeIntegral<std::uint64_t>());
    case 2:
        return std::bit_cast<float>(input.ConsumeIntegral<std::uint32_t>());
    case 3:
        return input.ConsumeIntegral<std::int16_t>() / 256.0;
    default:
        return input.ConsumeIntegral<std::int16_t>() / 1000.0;
    }
}

QuantizationParameters anyQuantization(FuzzedDataProvider& input)
{
    QuantizationParameters parameters;
    parameters.type.is_signed = input.ConsumeBool();
    parameters.type.bits = input.ConsumeIntegralInRange<std::uint8_t>(2, 8);
    parameters.scale = anyNumber(input);
    parameters.zero_point = input.ConsumeBool()
        ? input.ConsumeIntegral<std::int32_t>()
        : input.ConsumeIntegralInRange(parameters.type.qmin(), parameters.type.qmax());
    return parameters;
}

BatchNormLayer anyLayer(FuzzedDataProvider& input)
{
    BatchNormLayer layer = identity_layer("layer", input.ConsumeIntegralInRange(1, mostChannels));
    layer.input = anyQuantization(input);
    layer.output = anyQuantization(input);
    layer.eps = anyNumber(input);
    layer.relu = input.ConsumeBool();
    for (std::size_t at = 0; at < layer.mean.size() && input.remaining_bytes() > 0; ++at) {
        layer.mean[at] = anyNumber(input);
        layer.var[at] = anyNumber(input);
        layer.gamma[at] = anyNumber(input);
        layer.beta[at] = anyNumber(input);
    }
    return layer;
}

/// What a fuzzed layer is looked at for.
struct Place
{
    int channel = 0;
    std::int32_t code = 0;
};

void requireTrace(const Backend& backend, const BatchNormLayer& layer, Place place,
                  const Requantized& result)
{
    const Trace traced = trace(backend, layer, place.channel, place.code);
    fuzz::require(traced.result.output_code == result.output_code,
                  std::string(backend.id) + ": the trace ends in the code");
    fuzz::require(sameNumber(traced.result.steps, result.steps)
                      && traced.result.saturation == result.saturation
                      && traced.result.relu_clamped == result.relu_clamped,
                  std::string(backend.id) + ": the trace rounds as the codes do");
}

std::vector<std::int32_t> requireCodes(const Backend& backend, const BatchNormLayer& layer,
                                       Place place)
{
    const auto results = requantize_all(backend, layer, place.channel);
    fuzz::require(static_cast<int>(results.size()) == layer.input.type.count(),
                  "each input code has an output code");
    const bool isReluOutside = layer.relu && !layer.output.type.contains(layer.output.zero_point);
    for (const Requantized& result : results)
        fuzz::require(layer.output.type.contains(result.output_code) || isReluOutside,
                      std::string(backend.id) + ": a code lies in its type's range");
    for (const std::int32_t code : {layer.input.type.qmin(), place.code, layer.input.type.qmax()})
        requireTrace(backend, layer, {place.channel, code},
                     results[static_cast<std::size_t>(code - layer.input.type.qmin())]);
    return codes(results);
}

/// What a formula's own operations prove, without a look at the codes. Of other types than those of 8 bits, and of
/// scales that are not above 0, some formulas are not the batch norm.
void requireProof(const Backend& backend, const BatchNormLayer& layer, Place place,
                  const ChannelTieMap& margins, const std::vector<std::int32_t>& codes,
                  const std::vector<std::int32_t>& exact)
{
    const bool usual = layer.output.type.contains(layer.output.zero_point)
        && layer.input.type.bits == 8 && layer.output.type.bits == 8 && layer.input.scale > 0
        && layer.output.scale > 0;
    if (!backend.program || !usual)
        return;
    formula::BoundFormula bound(backend.program, layer);
    bound.run(place.channel);
    const auto errors = formula::error_bounds(bound, layer, place.channel);
    for (std::size_t i = 0; i < codes.size(); ++i)
        fuzz::require(!(errors[i] < std::min(margins.codes[i].steps, 0.5)) || codes[i] == exact[i],
                      std::string(backend.id) + " gives what it proves");
}

void compareBackends(const BatchNormLayer& layer, Place place)
{
    const auto exact = requireCodes(*find_backend("exact"), layer, place);
    const auto margins = tie_map(*find_backend("exact"), layer, place.channel);
    for (const Backend& backend : all_backends()) {
        const auto codes = requireCodes(backend, layer, place);
        for (std::size_t i = 0; backend.is_sound() && i < codes.size(); ++i)
            fuzz::require(margins.codes[i].tie || margins.codes[i].near || codes[i] == exact[i],
                          std::string(backend.id) + " gives what is certified");
        requireProof(backend, layer, place, margins, codes, exact);
    }
}

void explainDifferences(const BatchNormLayer& layer, Place place)
{
    const auto backends = all_backends();
    for (std::size_t i = 1; i < backends.size(); ++i) {
        const Difference difference
            = explain_difference(backends[i - 1], backends[i], layer, place.channel, place.code);
        fuzz::requireSentence(difference.sentence);
    }
}

void evaluateExperiment(const BatchNormLayer& layer, Place place)
{
    Experiment experiment;
    experiment.model.layers.push_back(std::make_shared<const BatchNormLayer>(layer));
    const Selection selection = clamped({.channel = place.channel, .code = place.code}, experiment);
    const Evaluation evaluation = evaluate(experiment, selection);
    fuzz::require(static_cast<int>(evaluation.rows.size()) == layer.input.type.count(),
                  "each input code has a row");
    for (const Finding& finding : validate(layer))
        fuzz::requireSentence(finding.sentence);
    csv_rows(code_table(layer, place.channel, *evaluation.chosen));
    csv_rows(
        fold_table(layer, std::vector<ConvChannel>(static_cast<std::size_t>(layer.channels()))));
}

void auditLayer(const BatchNormLayer& layer)
{
    for (const auto& distribution :
         {CodeDistribution::normal(layer), CodeDistribution::even(layer)}) {
        const LayerAudit result = audit(layer, distribution);
        fuzz::require(static_cast<int>(result.channels.size()) == layer.channels(),
                      "each channel is audited");
        for (const ChannelAudit& channel : result.channels)
            fuzz::require(channel.used_codes >= 1
                              && channel.used_codes + channel.dead_codes
                                  == layer.output.type.count(),
                          "each output code is used or dead");
    }
}

void explainObservation(BatchNormLayer layer, Place place, std::int32_t seen)
{
    layer.observations = {{place.channel, place.code, seen}};
    for (const Field field : all_fields)
        layer.provenance.set(field, {Origin::typed, {}, 0});
    const auto report = make_report(layer, *find_backend("pytorch"), {});
    fuzz::require(bool(report), "an observation of the layer's is explained");
    fuzz::requireSentence(report->sentence);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    FuzzedDataProvider input(data, size);
    const int look = input.ConsumeIntegralInRange(0, 7);
    const auto seen = input.ConsumeIntegral<std::int16_t>();
    const auto where = input.ConsumeIntegral<std::uint8_t>();
    const auto which = input.ConsumeIntegral<std::uint8_t>();
    const BatchNormLayer layer = anyLayer(input);
    const Place place{which % layer.channels(),
                      layer.input.type.qmin() + where % layer.input.type.count()};
    switch (look) {
    case 0:
        explainDifferences(layer, place);
        break;
    case 1:
        evaluateExperiment(layer, place);
        break;
    case 2:
        auditLayer(layer);
        break;
    case 3:
        explainObservation(layer, place, seen);
        break;
    default:
        compareBackends(layer, place);
    }
    return 0;
}
