#include "core/compare/difference_cause.h"

#include "core/compare/difference_side.h"
#include "core/compare/exchange_search.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qbn {

namespace {

using Causes = std::vector<Cause>;

/// Looks for the cause between two sides on one code.
class Search
{
public:
    Search(Difference& difference, const BatchNormLayer& layer)
        : difference_(difference)
        , layer_(layer)
    { }

    Causes between(const Side& a, const Side& b)
    {
        if (a.code() == b.code())
            return {};
        if (a.has_fraction_bits() || b.has_fraction_bits())
            return through_exact(a, b);
        const auto of_a = rule(b, a.steps());
        const auto of_b = rule(a, b.steps());
        const bool a_follows = of_a == b.code();
        const bool b_follows = of_b == a.code();
        // Narrowed to binary32 for the trial, steps in binary64 must not come near a tie.
        const bool comparable
            = (a.is_wild() && b.is_wild()) || (a.is_binary32() && b.is_binary32());
        if (comparable && a_follows && b_follows)
            return of_conversion(a, b);
        if (differ_in_kind(a.steps(), b.steps()))
            return {Cause::overflow};
        if ((a.is_wild() || b.is_wild()) && (a_follows || b_follows || !of_a || !of_b))
            return of_conversion(a, b);
        Causes causes = of_roundings(a, b);
        if (difference_.boundary.tie)
            causes.push_back(Cause::tie);
        return causes;
    }

private:
    std::optional<std::int32_t> rule(const Side& side, double steps) const
    {
        return code_by_rule_of(side, steps, layer_, difference_.channel, difference_.input_code);
    }

    /// Two formulas in one precision by what is exchanged between them.
    Causes of_roundings(const Side& a, const Side& b)
    {
        if (a.computes_in_integers() != b.computes_in_integers()) {
            const auto& [integers, other]
                = a.computes_in_integers() ? std::pair(&a, &b) : std::pair(&b, &a);
            difference_.constants
                = decisive_constants(integers->backend, layer_, difference_.channel,
                                     difference_.input_code, other->code());
            if (!difference_.constants.empty())
                return {Cause::integer_constants};
            if (nearest_code(integers->steps()) == other->code())
                return {Cause::double_rounding};
        }
        if (!a.backend.program || !b.backend.program)
            return {Cause::precision};
        difference_.exchanged = decisive_exchanges(difference_, layer_);
        if (!(a.is_binary32() && b.is_binary32())
            || a.computes_in_integers() != b.computes_in_integers())
            return {Cause::precision};
        Causes causes;
        for (const ExchangedStatement& statement : difference_.exchanged)
            causes.insert(causes.end(), statement.causes.begin(), statement.causes.end());
        return causes.empty() ? Causes{Cause::order_of_operations} : causes;
    }

    /// In one rounding.
    double nearest_code(double steps) const
    {
        const CodeType type = layer_.output.type;
        const double lowest = layer_.relu ? layer_.output.zero_point : type.qmin();
        return std::clamp<double>(std::nearbyint(steps) + layer_.output.zero_point, lowest,
                                  type.qmax());
    }

    /// Each side that departs from exact mathematics has its own cause.
    Causes through_exact(const Side& a, const Side& b)
    {
        const Backend& exact = *find_backend("exact");
        const Trace trace = qbn::trace(exact, layer_, difference_.channel, difference_.input_code);
        const Side truth{exact, trace};
        Causes causes;
        for (const Side* side : {&a, &b}) {
            if (side->code() == truth.code())
                continue;
            const Causes more
                = side->has_fraction_bits() ? of_integers(*side) : between(truth, *side);
            causes.insert(causes.end(), more.begin(), more.end());
        }
        return causes;
    }

    Causes of_integers(const Side& side) const
    {
        switch (loss_of(side)) {
        case IntegerLoss::accumulator:
            return {side.accumulates_in_int64() ? Cause::int64_wrap : Cause::int32_wrap};
        case IntegerLoss::none:
            break;
        default:
            return {Cause::overflow};
        }
        const Boundary& boundary = difference_.boundary;
        if (boundary.tie && side.steps() == boundary.steps)
            return {Cause::tie}; // one value, rounded by two rules
        // What the bits lost may have made a tie of it.
        const bool went_up
            = side.trace.result.tie && side.trace.result.rounded != std::nearbyint(side.steps());
        if (boundary.tie || went_up)
            return {Cause::fraction_bits, Cause::tie};
        return {Cause::fraction_bits};
    }

    Causes of_conversion(const Side& a, const Side& b) const
    {
        if (!a.is_wild() && a.steps() == b.steps() && a.trace.result.tie)
            return {Cause::tie}; // one value, rounded by two rules
        Causes causes;
        for (const auto& [side, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
            const auto moved
                = in_other_lane(*side, layer_, difference_.channel, difference_.input_code);
            if (moved && moved->result.output_code == other->code())
                causes.push_back(Cause::lane);
            if (const auto wrap = wrapped_sum(*side, layer_))
                causes.push_back(*wrap);
        }
        if (causes.empty())
            causes.push_back(Cause::conversion);
        return causes;
    }

    /// NaN, an infinity and a finite number are of three kinds.
    static bool differ_in_kind(double a, double b)
    {
        return std::isnan(a) != std::isnan(b)
            || (std::isinf(a) != std::isinf(b) && !std::isnan(a) && !std::isnan(b));
    }

    Difference& difference_;
    const BatchNormLayer& layer_;
};

} // namespace

std::string_view name_of(Cause cause)
{
    constexpr std::array<std::string_view, 14> names{
        "multiply-add",
        "offset-multiply-add",
        "reciprocal",
        "order-of-operations",
        "precision",
        "tie",
        "fraction-bits",
        "integer-constants",
        "double-rounding",
        "overflow",
        "int32-wrap",
        "int64-wrap",
        "lane",
        "conversion",
    };
    return names[static_cast<std::size_t>(cause)];
}

std::vector<Cause> causes_of(Difference& difference, const BatchNormLayer& layer)
{
    Causes causes
        = Search(difference, layer).between(first_side(difference), second_side(difference));
    std::sort(causes.begin(), causes.end());
    causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
    return causes;
}

std::vector<RoundingSet> decisive_roundings(const Difference& difference,
                                            const BatchNormLayer& layer)
{
    const Side first = first_side(difference);
    const Side second = second_side(difference);
    const bool first_departs = first.code() != difference.exact_code;
    const Side& departing = first_departs ? first : second;
    const bool is_precision
        = std::find(difference.causes.begin(), difference.causes.end(), Cause::precision)
        != difference.causes.end();
    if (!is_precision || !departing.backend.program
        || first_departs == (second.code() != difference.exact_code))
        return {};
    return decisive_roundings(departing.backend, layer, difference.channel, difference.input_code,
                              difference.exact_code);
}

} // namespace qbn
