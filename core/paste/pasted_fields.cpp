#include "core/paste/pasted_fields.h"

#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace qbn {

namespace {

constexpr std::array channel_fields{Field::mean, Field::var, Field::gamma, Field::beta};
constexpr std::array scalar_fields{Field::input_scale,  Field::input_zero_point,
                                   Field::output_scale, Field::output_zero_point,
                                   Field::eps,          Field::relu};

bool is_zero_point(Field field)
{
    return field == Field::input_zero_point || field == Field::output_zero_point;
}

std::vector<double>& channels_of(BatchNormLayer& layer, Field field)
{
    switch (field) {
    case Field::mean:
        return layer.mean;
    case Field::var:
        return layer.var;
    case Field::gamma:
        return layer.gamma;
    default:
        return layer.beta;
    }
}

// "1 and 0", "input scale and input zero point"
std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

// 4 where every number has the last place 10^-4; nothing where they differ, or it stands before the
// point.
std::optional<std::size_t> digits_of(const PastedFact& fact)
{
    const double half_unit = fact.numbers.front().half_unit;
    const bool is_shared = std::all_of(
        fact.numbers.begin(), fact.numbers.end(),
        [half_unit](const PrintedNumber& number) { return number.half_unit == half_unit; });
    if (!is_shared || half_unit <= 0 || half_unit > 0.5)
        return std::nullopt;
    return static_cast<std::size_t>(std::lround(-std::log10(2 * half_unit)));
}

} // namespace

FieldWriter::FieldWriter(BatchNormLayer& layer, const PastedLayer& pasted, std::string prefix)
    : layer_(layer)
    , pasted_(pasted)
    , prefix_(std::move(prefix))
{ }

void FieldWriter::write()
{
    for (const Field field : channel_fields) {
        if (const auto& fact = pasted_.fact(field))
            write_channels(field, *fact);
    }
    for (const Field field : scalar_fields) {
        if (const auto& fact = pasted_.fact(field))
            write_scalar(field, *fact);
    }
    write_type(Field::input_type);
    write_type(Field::output_type);
    describe_roundings();
}

void FieldWriter::write_channels(Field field, const PastedFact& fact)
{
    const auto channels = static_cast<std::size_t>(layer_.channels());
    // What stands behind "..." has no channel: how many are left out is not printed.
    const std::size_t count = fact.elided_after.value_or(fact.numbers.size());
    if (fact.is_whole() ? count != channels : count > channels)
        return leave_out(field, fact,
                         "it has " + counted(count, "value") + ", the layer "
                             + counted(channels, "channel"));
    std::vector<double>& target = channels_of(layer_, field);
    if (fact.is_whole())
        layer_.provenance.set(field, fact.provenance_of(0));
    for (std::size_t i = 0; i < count; ++i) {
        const auto channel = static_cast<int>(i);
        target[channel] = fact.value(i);
        used.push_back({.place = fact.numbers[i].place, .field = field, .channel = channel});
        // A whole print leaves no other channels, and numbers may be rounded each in its way.
        Provenance own = fact.provenance_of(i);
        if (!fact.is_whole() || !(own == layer_.provenance.of(field)))
            layer_.provenance.set_channel(field, channel, std::move(own));
    }
    describe(field, fact, ": " + counted(count, "value"));
}

void FieldWriter::write_scalar(Field field, const PastedFact& fact)
{
    const double value = fact.value(0);
    constexpr double low = std::numeric_limits<std::int32_t>::min();
    constexpr double high = std::numeric_limits<std::int32_t>::max();
    const bool is_int32 = value >= low && value <= high && std::nearbyint(value) == value;
    if (is_zero_point(field) && !is_int32)
        return leave_out(field, fact, "it is not a whole number of 32 bits");
    if (is_overruled(field, fact.provenance))
        return;
    set_value(layer_, field, 0, value);
    used.push_back({.place = fact.numbers.front().place, .field = field});
    layer_.provenance.set(field, fact.provenance_of(0));
    describe(field, fact,
             field == Field::relu ? (value != 0 ? " on" : " off") : " " + format_number(value));
}

// A rule's assumption does not replace what was known before.
bool FieldWriter::is_overruled(Field field, const Provenance& provenance) const
{
    return provenance.origin == Origin::inferred
        && layer_.provenance.of(field).origin != Origin::unknown;
}

void FieldWriter::write_type(Field field)
{
    const bool is_input = field == Field::input_type;
    const auto& type = is_input ? pasted_.input_type : pasted_.output_type;
    if (!type)
        return;
    const auto& scale = pasted_.fact(is_input ? Field::input_scale : Field::output_scale);
    const Provenance from
        = scale ? scale->provenance : Provenance{.origin = Origin::pasted, .note = "dtype"};
    if (is_overruled(field, from))
        return;
    (is_input ? layer_.input : layer_.output).type = *type;
    layer_.provenance.set(field, from);
    (from.origin == Origin::pasted ? understood : assumed)
        .push_back(prefix_ + spaced_name(field) + " " + name_of(*type) + " (" + from.note + ")");
}

void FieldWriter::describe(Field field, const PastedFact& fact, const std::string& value)
{
    const bool is_pasted = fact.provenance.origin == Origin::pasted;
    (is_pasted ? understood : assumed)
        .push_back(prefix_ + spaced_name(field) + value + " (" + fact.provenance.note + ")");
    note_rounding(field, fact);
}

void FieldWriter::note_rounding(Field field, const PastedFact& fact)
{
    const double uncertainty = fact.uncertainty();
    if (uncertainty == 0)
        return;
    const auto digits = digits_of(fact);
    const std::string rule = " taken as printed, "
        + (digits ? "with " + counted(*digits, "digit") + " behind the point"
                  : std::string("rounded"))
        + ": a value may be off by " + format_number(uncertainty);
    const auto same
        = std::find_if(roundings_.begin(), roundings_.end(),
                       [&rule](const auto& rounding) { return rounding.first == rule; });
    if (same == roundings_.end())
        roundings_.push_back({rule, {spaced_name(field)}});
    else
        same->second.push_back(spaced_name(field));
}

void FieldWriter::describe_roundings()
{
    for (const auto& [rule, fields] : roundings_)
        assumed.push_back(prefix_ + joined(fields) + (fields.size() == 1 ? " is" : " are") + rule);
}

void FieldWriter::leave_out(Field field, const PastedFact& fact, const std::string& reason)
{
    assumed.push_back(prefix_ + spaced_name(field) + " is left out: " + reason + " ("
                      + fact.provenance.note + ")");
}

void FieldWriter::write_defaults()
{
    const auto mark = [this](Field field, const char* note) {
        layer_.provenance.set(field, {.origin = Origin::defaulted, .note = note});
        assumed.push_back(
            prefix_ + spaced_name(field) + " "
            + (field == Field::relu ? "off" : format_number(value_of(layer_, field, 0))) + ": "
            + note);
    };
    if (!pasted_.fact(Field::eps))
        mark(Field::eps, "PyTorch's default; no eps was printed");
    if (!pasted_.fact(Field::relu))
        mark(Field::relu, "the text does not say whether a ReLU is fused");
    for (const Field field : {Field::gamma, Field::beta}) {
        if (!pasted_.has_affine && !pasted_.fact(field))
            mark(field, "the module has affine=False");
    }
    default_type(Field::input_type, Field::input_zero_point);
    default_type(Field::output_type, Field::output_zero_point);
}

void FieldWriter::default_type(Field type, Field zero_point)
{
    if (layer_.provenance.of(type).origin != Origin::unknown)
        return;
    QuantizationParameters& target = type == Field::input_type ? layer_.input : layer_.output;
    const bool is_negative = target.zero_point < 0;
    target.type = is_negative ? qint8_type : quint8_type;
    const std::string note
        = is_negative ? "the zero point is negative" : "the text does not say the type";
    layer_.provenance.set(
        type, {.origin = is_negative ? Origin::inferred : Origin::defaulted, .note = note});
    if (layer_.provenance.of(zero_point).origin != Origin::unknown)
        assumed.push_back(prefix_ + spaced_name(type) + " " + name_of(target.type) + ": " + note);
}

void FieldWriter::find_missing()
{
    find_missing({Field::mean, Field::var});
    find_missing({Field::gamma, Field::beta});
    find_missing({Field::input_scale, Field::input_zero_point});
    find_missing({Field::output_scale, Field::output_zero_point});
    for (const Field field : channel_fields)
        find_missing_channels(field);
    find_channels_not_shown();
}

void FieldWriter::find_missing(std::vector<Field> fields)
{
    std::erase_if(fields, [this](Field field) {
        return layer_.provenance.of(field).origin != Origin::unknown
            || !layer_.provenance.channels(field).empty();
    });
    std::vector<std::string> names;
    std::vector<std::string> placeholders;
    for (const Field field : fields) {
        names.push_back(spaced_name(field));
        placeholders.push_back(format_number(value_of(layer_, field, 0)));
    }
    if (names.empty())
        return;
    const bool is_one = names.size() == 1;
    missing.push_back(prefix_ + joined(names) + (is_one ? " is" : " are") + " missing; "
                      + joined(placeholders) + (is_one ? " stands in its" : " stand in their")
                      + " place");
}

// A print that is cut behind a comma had one more value at least.
void FieldWriter::find_channels_not_shown()
{
    const auto channels = static_cast<std::size_t>(layer_.channels());
    const bool is_cut = std::any_of(channel_fields.begin(), channel_fields.end(), [&](Field field) {
        const auto& fact = pasted_.fact(field);
        return fact && fact->cut_off && fact->numbers.size() == channels;
    });
    const bool is_known = pasted_.features
        || std::any_of(channel_fields.begin(), channel_fields.end(), [&](Field field) {
                              const auto& fact = pasted_.fact(field);
                              return fact && fact->is_whole();
                          });
    if (is_cut && !is_known)
        missing.push_back(prefix_ + "channels from " + std::to_string(channels)
                          + " on are not shown: the print is cut off");
}

void FieldWriter::find_missing_channels(Field field)
{
    const auto known = layer_.provenance.channels(field).size();
    const auto channels = static_cast<std::size_t>(layer_.channels());
    const auto& fact = pasted_.fact(field);
    if (!fact || fact->is_whole() || known == 0 || known == channels
        || layer_.provenance.of(field).origin != Origin::unknown)
        return;
    missing.push_back(prefix_ + spaced_name(field) + " of " + counted(channels - known, "channel")
                      + " is missing, its print is cut off");
}

} // namespace qbn
