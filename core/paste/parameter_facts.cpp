#include "core/paste/parameter_facts.h"

#include <cmath>

namespace qbn {

Field field_of(const PrintMeaning& meaning)
{
    const bool is_input = meaning.side == PrintSide::input;
    switch (meaning.role) {
    case PrintRole::mean:
        return Field::mean;
    case PrintRole::var:
        return Field::var;
    case PrintRole::gamma:
        return Field::gamma;
    case PrintRole::beta:
        return Field::beta;
    case PrintRole::scale:
        return is_input ? Field::input_scale : Field::output_scale;
    case PrintRole::zero_point:
        return is_input ? Field::input_zero_point : Field::output_zero_point;
    default:
        return Field::eps;
    }
}

void ParameterFacts::take_quantized(std::vector<PrintedParameter>& parameters)
{
    for (const PrintedParameter& parameter : parameters) {
        const PrintMeaning& meaning = parameter.meaning;
        if (meaning.of == PrintRole::none || parameter.value->numbers.empty())
            continue;
        auto& [scale, zero_point] = own_codes_[meaning.of];
        (meaning.role == PrintRole::scale ? scale : zero_point) = parameter.value;
    }
    // Without a scale it was no quantized parameter.
    std::erase_if(own_codes_, [](const auto& entry) { return !entry.second.first; });
    std::erase_if(parameters, [this](const PrintedParameter& parameter) {
        return parameter.meaning.of != PrintRole::none && own_codes_.contains(parameter.meaning.of);
    });
}

PastedFact ParameterFacts::of(const PrintedParameter& parameter) const
{
    const auto& [value, meaning] = parameter;
    PastedFact fact = fact_of(*value, meaning.key);
    const auto own = own_codes_.find(meaning.role);
    if (own != own_codes_.end()) {
        const auto& [scale, zero_point] = own->second;
        const double zero = zero_point ? zero_point->numbers.front().value : 0;
        for (PrintedNumber& number : fact.numbers) {
            number.value = scale->numbers.front().value * (number.value - zero);
            number.half_unit = 0;
            number.is_integer = false;
        }
        fact.provenance.note += ", codes with a scale of their own";
    }
    if (meaning.form == PrintForm::plain)
        return fact;
    for (PrintedNumber& number : fact.numbers) {
        const double root = meaning.form == PrintForm::std_dev ? number.value : 1 / number.value;
        const double relative = number.value != 0 ? number.half_unit / std::abs(number.value) : 0;
        number.value = root * root;
        number.half_unit = 2 * relative * number.value;
        number.is_integer = false;
    }
    fact.provenance.note
        += meaning.form == PrintForm::std_dev ? ", squared" : ", inverted and squared";
    return fact;
}

} // namespace qbn
