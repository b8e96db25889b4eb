#include "core/paste/pasted_layer.h"

#include <algorithm>
#include <utility>

namespace qbn {

namespace {

bool agree(const PastedFact& a, const PastedFact& b)
{
    return std::equal(
        a.numbers.begin(), a.numbers.end(), b.numbers.begin(), b.numbers.end(),
        [](const PrintedNumber& x, const PrintedNumber& y) { return x.agrees_with(y); });
}

std::string named_place(const std::string& name, int line)
{
    return name + (name.empty() ? "line " : ", line ") + std::to_string(line);
}

} // namespace

double PastedFact::uncertainty() const
{
    double widest = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        widest = std::max(widest, uncertainty(i));
    return widest;
}

double PastedFact::uncertainty(std::size_t index) const
{
    return is_rounded && !only_binary32(numbers[index]) ? numbers[index].half_unit : 0;
}

Provenance PastedFact::provenance_of(std::size_t index) const
{
    Provenance told = provenance;
    told.rounding = uncertainty(index);
    return told;
}

double PastedFact::value(std::size_t index) const
{
    return only_binary32(numbers[index]).value_or(numbers[index].value);
}

std::optional<std::string> PastedLayer::add(Field field, PastedFact fact)
{
    if (fact.numbers.empty())
        return std::nullopt;
    // It would hide one that is printed elsewhere.
    if (!is_per_channel(field) && (fact.numbers.size() != 1 || !fact.is_whole()))
        return spaced_name(field) + " is left out: it has more than one value ("
            + fact.provenance.note + ")";
    auto& known = facts[static_cast<std::size_t>(field)];
    if (!known) {
        known = std::move(fact);
        return std::nullopt;
    }
    if (!agree(*known, fact))
        return spaced_name(field) + " is printed differently (" + known->provenance.note + " and "
            + fact.provenance.note + "); the first is taken";
    if (fact.uncertainty() < known->uncertainty())
        known = std::move(fact);
    return std::nullopt;
}

std::string place_of(const PrintedValue& value)
{
    return named_place(value.form == PrintedValue::Form::module ? value.type : value.label.text,
                       value.line);
}

PastedFact fact_of(const PrintedValue& value, const std::string& key)
{
    PastedFact fact;
    fact.numbers = value.numbers;
    if (!value.dimensions.empty() && value.dimensions.front().elided_after)
        fact.elided_after = static_cast<std::size_t>(*value.dimensions.front().elided_after);
    fact.cut_off = value.cut_off;
    fact.is_rounded = value.form == PrintedValue::Form::array;
    fact.provenance = {.origin = Origin::pasted,
                       .note = key.empty() ? place_of(value) : named_place(key, value.line)};
    return fact;
}

std::optional<PastedFact> attribute_fact(const PrintedValue& value, std::string_view attribute)
{
    const PrintedValue::Attribute* const found = value.attribute(attribute);
    if (!found || found->numbers.size() != 1)
        return std::nullopt;
    PastedFact fact;
    fact.numbers = found->numbers;
    fact.is_rounded = !found->word.empty(); // scale=tensor([0.0079])
    fact.provenance = {.origin = Origin::pasted, .note = place_of(value)};
    return fact;
}

std::optional<CodeType> code_type_of(const PrintedValue& value)
{
    const PrintedValue::Attribute* const dtype = value.attribute("dtype");
    return dtype ? parse_code_type(dtype->word) : std::nullopt;
}

} // namespace qbn
