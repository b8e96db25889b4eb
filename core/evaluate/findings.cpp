#include "core/evaluate/findings.h"

#include "core/arithmetic/exact.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace qbn {

namespace {

using Findings = std::vector<Finding>;

/// 100 % only of all.
std::string percent(int part, int whole)
{
    const auto rounded = static_cast<int>(std::lround(100.0 * part / whole));
    return std::to_string(part < whole ? std::min(rounded, 99) : rounded) + " %";
}

/// Finite and not 0 as it stands, but not once it is narrowed.
void check_binary32(Field field, double value, std::optional<int> channel, Findings& found)
{
    const auto narrow = static_cast<float>(value);
    if (!std::isfinite(value) || value == 0 || (std::isfinite(narrow) && narrow != 0))
        return;
    found.push_back({FindingId::beyond_binary32, Severity::warning, channel,
                     spaced_name(field) + " " + format_number(value) + " is "
                         + (narrow == 0 ? "0" : "infinite")
                         + " in binary32, in which frameworks compute"});
}

void check_scale(Field field, double scale, Findings& found)
{
    if (!std::isfinite(scale)) {
        found.push_back({FindingId::not_finite,
                         Severity::error,
                         {},
                         spaced_name(field) + " is " + format_number(scale)});
    } else if (scale <= 0) {
        found.push_back({FindingId::scale_not_positive,
                         Severity::error,
                         {},
                         spaced_name(field) + " " + format_number(scale)
                             + " is not above 0: codes have no real values"});
    }
}

void check_zero_point(Field field, const QuantizationParameters& p, Findings& found)
{
    if (p.type.contains(p.zero_point))
        return;
    found.push_back({FindingId::zero_point_out_of_range,
                     Severity::warning,
                     {},
                     spaced_name(field) + " " + std::to_string(p.zero_point) + " lies outside of "
                         + name_of(p.type) + " (" + std::to_string(p.type.qmin()) + " to "
                         + std::to_string(p.type.qmax())
                         + "); PyTorch's operator takes it, real 0 has no code"});
}

std::string steps_of(const QuantizationParameters& p)
{
    return format_number(p.scale) + " from zero point " + std::to_string(p.zero_point);
}

void check_intermediate(const BatchNormLayer& layer, Findings& found)
{
    if (!layer.intermediate)
        return;
    found.push_back({FindingId::intermediate_codes,
                     Severity::note,
                     {},
                     "the model multiplies by codes of " + name_of(layer.intermediate->gain.type)
                         + " in steps of " + steps_of(layer.intermediate->gain)
                         + ", rounds the product to steps of "
                         + steps_of(layer.intermediate->product) + " and adds codes in steps of "
                         + steps_of(layer.intermediate->offset)
                         + "; onnxruntime-qlinear and the backends litert-mul-add do so, the "
                           "others do not"});
}

bool is_given(Origin origin)
{
    return origin == Origin::file || origin == Origin::typed || origin == Origin::example
        || origin == Origin::pasted;
}

/// In how many channels the field's value came from where: a field of the layer has one channel.
std::map<std::pair<Origin, std::string>, int> origins_of(const BatchNormLayer& layer, Field field)
{
    const LayerProvenance::Channels& single = layer.provenance.channels(field);
    const int channels = is_per_channel(field) ? layer.channels() : 1;
    std::map<std::pair<Origin, std::string>, int> counts;
    const auto count = [&counts](const Provenance& from, int times) {
        if (times > 0 && !is_given(from.origin))
            counts[{from.origin, from.note}] += times;
    };
    count(layer.provenance.of(field), channels - static_cast<int>(single.size()));
    for (const auto& [channel, from] : single)
        count(from, 1);
    return counts;
}

void check_origins(const BatchNormLayer& layer, Findings& found)
{
    for (const Field field : all_fields) {
        for (const auto& [from, channels] : origins_of(layer, field)) {
            const auto& [origin, note] = from;
            std::string sentence = spaced_name(field);
            if (!is_per_channel(field) && field != Field::input_type && field != Field::output_type)
                sentence += " "
                    + (field == Field::relu ? std::string(layer.relu ? "on" : "off")
                                            : format_number(value_of(layer, field, 0)));
            sentence += origin == Origin::defaulted ? std::string(" is a default")
                                                    : " is " + std::string(name_of(origin));
            if (is_per_channel(field) && channels < layer.channels())
                sentence += " in " + std::to_string(channels) + " of "
                    + counted(static_cast<std::size_t>(layer.channels()), "channel");
            if (!note.empty())
                sentence += ": " + note;
            found.push_back({FindingId::assumed,
                             origin == Origin::unknown ? Severity::warning : Severity::note,
                             {},
                             sentence});
        }
    }
}

void check_parameters(const BatchNormLayer& layer, int channel, Findings& found)
{
    for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta}) {
        const double value = value_of(layer, field, channel);
        if (!std::isfinite(value)) {
            found.push_back({FindingId::not_finite, Severity::error, channel,
                             spaced_name(field) + " is " + format_number(value)});
        }
        check_binary32(field, value, channel, found);
    }
    const double var = layer.var[channel];
    if (const double sum = var + layer.eps; sum <= 0) {
        found.push_back({FindingId::var_eps_not_positive, Severity::error, channel,
                         sum < 0 ? "var + eps = " + format_number(sum)
                                 + " is negative: its root is not a number"
                                 : "var + eps is 0: normalize divides by zero"});
    } else if (static_cast<float>(var) + static_cast<float>(layer.eps) == 0) {
        found.push_back({FindingId::beyond_binary32, Severity::warning, channel,
                         "var + eps = " + format_number(sum)
                             + " is 0 in binary32: there normalize divides by zero"});
    }
}

void check_codes(const BatchNormLayer& layer, int channel, Findings& found)
{
    const CodeType type = layer.input.type;
    const CodeType output = layer.output.type;
    if (layer.gamma[channel] == 0) {
        found.push_back({FindingId::gamma_zero, Severity::warning, channel,
                         "gamma is 0: every input code gives "
                             + std::to_string(exact_codes(layer, channel).front())});
        return;
    }
    const Lanes sums = ExactChannel(layer, channel).sums();
    int low = 0;
    int high = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(type.count()); ++i) {
        low += sums[i] < output.qmin() ? 1 : 0; // NaN has a finding of its own
        high += sums[i] > output.qmax() ? 1 : 0;
    }
    const int saturated = low + high;
    if (saturated == type.count()) {
        found.push_back({FindingId::everything_saturates, Severity::warning, channel,
                         "every input code saturates (" + std::to_string(low) + " low, "
                             + std::to_string(high) + " high)"});
    } else if (2 * saturated >= type.count()) {
        found.push_back({FindingId::half_saturates, Severity::warning, channel,
                         percent(saturated, type.count()) + " of the input codes saturate ("
                             + std::to_string(low) + " low, " + std::to_string(high) + " high)"});
    }
}

} // namespace

std::string_view name_of(Severity severity)
{
    constexpr std::array<std::string_view, 3> names{"note", "warning", "error"};
    return names[static_cast<std::size_t>(severity)];
}

std::string_view name_of(FindingId id)
{
    constexpr std::array<std::string_view, 12> names{
        "var-eps-not-positive",    "not-finite",  "scale-not-positive",
        "zero-point-out-of-range", "gamma-zero",  "everything-saturates",
        "half-saturates",          "assumed",     "constructor-default",
        "beyond-binary32",         "in-no-layer", "intermediate-codes",
    };
    return names[static_cast<std::size_t>(id)];
}

std::vector<Finding> findings_of(const Model& model)
{
    Findings found;
    for (const std::string& note : model.notes)
        found.push_back({FindingId::in_no_layer, Severity::note, {}, note});
    return found;
}

std::vector<Finding> validate_layer(const BatchNormLayer& layer)
{
    Findings found;
    check_scale(Field::input_scale, layer.input.scale, found);
    check_zero_point(Field::input_zero_point, layer.input, found);
    check_scale(Field::output_scale, layer.output.scale, found);
    check_zero_point(Field::output_zero_point, layer.output, found);
    if (!std::isfinite(layer.eps))
        found.push_back(
            {FindingId::not_finite, Severity::error, {}, "eps is " + format_number(layer.eps)});
    check_binary32(Field::input_scale, layer.input.scale, {}, found);
    check_binary32(Field::output_scale, layer.output.scale, {}, found);
    check_binary32(Field::eps, layer.eps, {}, found);
    const Origin from = layer.provenance.of(Field::output_scale).origin;
    const bool is_given = from == Origin::file || from == Origin::pasted || from == Origin::typed;
    if (is_given && layer.output.scale == 1 && layer.output.zero_point == 0) {
        found.push_back({FindingId::constructor_default,
                         Severity::warning,
                         {},
                         "output scale 1 and zero point 0 look like a constructor's defaults, not "
                         "like calibrated values"});
    }
    check_intermediate(layer, found);
    check_origins(layer, found);
    return found;
}

std::vector<Finding> validate_channel(const BatchNormLayer& layer, int channel)
{
    Findings found;
    check_parameters(layer, channel, found);
    check_codes(layer, channel, found);
    return found;
}

std::vector<Finding> validate(const BatchNormLayer& layer)
{
    Findings found = validate_layer(layer);
    for (int channel = 0; channel < layer.channels(); ++channel) {
        Findings more = validate_channel(layer, channel);
        found.insert(found.end(), std::make_move_iterator(more.begin()),
                     std::make_move_iterator(more.end()));
    }
    return found;
}

} // namespace qbn
