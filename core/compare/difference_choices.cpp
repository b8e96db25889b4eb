#include "core/compare/difference_side.h"

#include <algorithm>
#include <array>
#include <bit>

namespace qbn {

namespace {

using Form = Arithmetic::Form;

/// One choice of an Arithmetic on which two of them in binary32 may differ.
struct Choice
{
    Cause cause;
    bool (*same)(const Arithmetic& a, const Arithmetic& b);
    void (*carry)(const Arithmetic& from, Arithmetic& to);
};

bool both_in_stages(const Arithmetic& a, const Arithmetic& b)
{
    return a.form == Form::four_stages && b.form == Form::four_stages;
}

/// The finer ones first. How the offset is computed and what comes after the stages is a choice of
/// its own only where there are stages in both; the form carries it along else, and with it the
/// conversion, which knows whether the form did the ReLU.
constexpr std::array choices{
    Choice{
        Cause::multiply_add,
        [](const Arithmetic& a, const Arithmetic& b) { return a.multiply_add == b.multiply_add; },
        [](const Arithmetic& from, Arithmetic& to) { to.multiply_add = from.multiply_add; }},
    Choice{Cause::offset_multiply_add,
           [](const Arithmetic& a, const Arithmetic& b) {
               return !both_in_stages(a, b) || a.offset_multiply_add == b.offset_multiply_add;
           },
           [](const Arithmetic& from, Arithmetic& to) {
               to.offset_multiply_add = from.offset_multiply_add;
           }},
    Choice{Cause::reciprocal,
           [](const Arithmetic& a, const Arithmetic& b) {
               return !both_in_stages(a, b) || a.rescale == b.rescale;
           },
           [](const Arithmetic& from, Arithmetic& to) { to.rescale = from.rescale; }},
    Choice{Cause::conversion,
           [](const Arithmetic& a, const Arithmetic& b) {
               return a.form != b.form || a.conversion == b.conversion;
           },
           [](const Arithmetic& from, Arithmetic& to) { to.conversion = from.conversion; }},
    Choice{Cause::order_of_operations,
           [](const Arithmetic& a, const Arithmetic& b) { return a.form == b.form; },
           [](const Arithmetic& from, Arithmetic& to) {
               const Arithmetic::MultiplyAdd multiply_add = to.multiply_add;
               to = from;
               to.multiply_add = multiply_add;
           }},
};

std::vector<Cause> causes_in(unsigned mask)
{
    std::vector<Cause> causes;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if ((mask >> i & 1U) != 0)
            causes.push_back(choices[i].cause);
    }
    return causes;
}

/// All sets of the differing choices, the small ones first.
std::vector<unsigned> sets_of(unsigned differing)
{
    std::vector<unsigned> masks;
    for (unsigned mask = 1; mask < 1U << choices.size(); ++mask) {
        if ((mask & ~differing) == 0)
            masks.push_back(mask);
    }
    std::stable_sort(masks.begin(), masks.end(),
                     [](unsigned a, unsigned b) { return std::popcount(a) < std::popcount(b); });
    return masks;
}

Arithmetic mixed(const Arithmetic& base, const Arithmetic& other, unsigned mask)
{
    Arithmetic result = base;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if ((mask >> i & 1U) != 0)
            choices[i].carry(other, result);
    }
    return result;
}

} // namespace

std::vector<Cause> differing_choices(const Side& first, const Side& second,
                                     const BatchNormLayer& layer, int channel,
                                     std::int32_t input_code)
{
    const Arithmetic& a = *first.backend.arithmetic;
    const Arithmetic& b = *second.backend.arithmetic;
    const auto gives = [&](const Arithmetic& arithmetic, std::int32_t code) {
        return evaluate_trace(arithmetic, layer, channel, input_code).result.output_code == code;
    };
    unsigned differing = 0;
    for (std::size_t i = 0; i < choices.size(); ++i)
        differing |= choices[i].same(a, b) ? 0U : 1U << i;
    for (const unsigned mask : sets_of(differing)) {
        if (gives(mixed(a, b, mask), second.code()) || gives(mixed(b, a, mask), first.code()))
            return causes_in(mask);
    }
    return causes_in(differing);
}

} // namespace qbn
