#include "core/compare/exchange_search.h"

#include "core/formula/bound_formula.h"
#include "core/formula/likeness.h"
#include "core/formula/mixture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace qbn {

namespace {

using formula::Exchange;
using formula::Likeness;
using formula::Named;
using formula::Op;
using formula::Program;

/// One exchange into a formula, and what it would mean.
struct Option
{
    Exchange exchange;
    ExchangedStatement meaning;
};

const formula::Instruction& at(const Program& program, int index)
{
    return program.instructions()[static_cast<std::size_t>(index)];
}

/// The statement that an instruction is part of.
const Named* statement_of(const Program& program, int index)
{
    const Named* best = nullptr;
    for (const Named& named : program.names()) {
        if (named.instruction >= index && (!best || named.instruction < best->instruction))
            best = &named;
    }
    return best;
}

/// Of a float that depends on the code: the fma, or the sum of a product, that y is computed from.
const Named* multiply_add_of(const Program& program, bool fused)
{
    const std::vector<bool> needed = formula::ancestors_of_output(program);
    for (int i = 0; i < static_cast<int>(needed.size()); ++i) {
        const formula::Instruction& instruction = at(program, i);
        if (!needed[static_cast<std::size_t>(i)] || !instruction.per_code
            || !formula::is_float(instruction.type))
            continue;
        const auto is_product = [&](std::size_t slot) {
            const formula::Instruction& operand = at(program, instruction.operands[slot]);
            return operand.op == Op::multiply && operand.per_code;
        };
        if (fused ? instruction.op == Op::fma
                  : instruction.op == Op::add && (is_product(0) || is_product(1)))
            return statement_of(program, i);
    }
    return nullptr;
}

/// The least of what two expressions must be freed of to be alike, as causes; order_of_operations where nothing does it.
std::vector<Cause> causes_of_expressions(const Program& a, const Program& b, std::string_view name,
                                         formula::Likenesses& likenesses)
{
    const bool per_code = at(a, a.find(name)->instruction).per_code;
    const Cause fused = per_code ? Cause::multiply_add : Cause::offset_multiply_add;
    for (const Likeness& likeness :
         {Likeness{.fused = true}, Likeness{.reciprocal = true}, Likeness{.types = true},
          Likeness{.fused = true, .reciprocal = true}, Likeness{.fused = true, .types = true},
          Likeness{.reciprocal = true, .types = true},
          Likeness{.fused = true, .reciprocal = true, .types = true}}) {
        if (!likenesses.same(name, likeness))
            continue;
        std::vector<Cause> causes;
        if (likeness.fused)
            causes.push_back(fused);
        if (likeness.reciprocal)
            causes.push_back(Cause::reciprocal);
        if (likeness.types)
            causes.push_back(Cause::precision);
        return causes;
    }
    const formula::Type type_a = at(a, a.find(name)->instruction).type;
    const formula::Type type_b = at(b, b.find(name)->instruction).type;
    return {type_a == type_b ? Cause::order_of_operations : Cause::precision};
}

class ExchangeSearch
{
public:
    ExchangeSearch(const Difference& difference, const BatchNormLayer& layer)
        : layer_(layer)
        , channel_(difference.channel)
        , lane_(static_cast<std::size_t>(difference.input_code - layer.input.type.qmin()))
        , programs_{difference.first->program, difference.second->program}
        , codes_{difference.first_trace.result.output_code,
                 difference.second_trace.result.output_code}
    {
        // The order of the two must change nothing.
        swapped_ = difference.second->id < difference.first->id;
        if (swapped_) {
            std::swap(programs_[0], programs_[1]);
            std::swap(codes_[0], codes_[1]);
        }
        likenesses_.emplace(*programs_[0], *programs_[1]);
        bind();
    }

    std::vector<ExchangedStatement> run()
    {
        std::vector<ExchangedStatement> exchanged = searched();
        if (exchanged.empty() && !distinct_.empty()) {
            distinct_.clear(); // what a cancellation left may lie far apart and be the same
            exchanged = searched();
        }
        return exchanged;
    }

private:
    static constexpr std::size_t most_for_three = 6; ///< options, so that a search stays short

    std::vector<ExchangedStatement> searched()
    {
        for (const std::size_t side : {0, 1})
            options_[side] = options_of(side);
        for (std::size_t count = 1; count <= 3; ++count) {
            for (const std::size_t side : {0, 1}) {
                const bool is_short = count < 3 || options_[side].size() <= most_for_three;
                if (is_short && found(side, count))
                    return meanings(side);
            }
        }
        return {};
    }

    /// What is gathered over all channels stays as it is: a trial costs one channel, however many there are.
    void bind()
    {
        std::vector<formula::BoundFormula> bound;
        for (const std::size_t side : {0, 1}) {
            bound.emplace_back(programs_[side], layer_);
            bound.back().run(channel_);
            tried_[side] = programs_[side]->sees_all_channels() ? formula::gathered(bound.back())
                                                                : programs_[side];
        }
        find_distinct(bound);
    }

    /// Names whose values are so far apart that they mean something else in each.
    void find_distinct(const std::vector<formula::BoundFormula>& bound)
    {
        for (const Named& named : programs_[0]->names()) {
            const Named* other = programs_[1]->find(named.name);
            if (!other || named.name == "y")
                continue;
            const double a = bound[0].value(named.instruction, lane_);
            const double b = bound[1].value(other->instruction, lane_);
            const double distance = std::abs(a - b);
            const bool apart = distance > 2 && distance > std::max(std::abs(a), std::abs(b)) / 16;
            const bool small_apart = distance > 1e-3
                && distance > std::max(std::abs(a), std::abs(b)) / 16
                && formula::is_float(at(*programs_[0], named.instruction).type);
            if (std::isfinite(distance) && std::abs(a) < 0x1p30 && std::abs(b) < 0x1p30
                && (apart || small_apart))
                distinct_.insert(named.name);
        }
    }

    std::vector<Option> options_of(std::size_t side)
    {
        const Program& own = *programs_[side];
        const Program& other = *programs_[1 - side];
        std::vector<Option> options;
        for (const bool fused : {true, false}) {
            const Named* mine = multiply_add_of(own, fused);
            const Named* contrary = multiply_add_of(other, !fused);
            if (!mine || !contrary || multiply_add_of(other, fused)
                || at(own, mine->instruction).type != at(other, contrary->instruction).type)
                continue;
            options.push_back({{.kind = fused ? Exchange::Kind::unfuse : Exchange::Kind::fuse},
                               statement({Cause::multiply_add}, side, *mine, *contrary)});
        }
        const std::vector<bool> needed = formula::ancestors_of_output(*tried_[side]);
        for (const Named& named : own.names()) {
            if (!needed[static_cast<std::size_t>(named.instruction)]
                || distinct_.count(named.name) != 0 || !formula::are_alike(own, other, named.name)
                || likenesses_->same(named.name, {}))
                continue;
            options.push_back(
                {{.kind = Exchange::Kind::statement, .name = named.name},
                 statement(causes_of_expressions(own, other, named.name, *likenesses_), side, named,
                           *other.find(named.name))});
        }
        std::stable_sort(options.begin(), options.end(), [](const Option& a, const Option& b) {
            return a.meaning.causes.front() < b.meaning.causes.front();
        });
        return options;
    }

    ExchangedStatement statement(std::vector<Cause> causes, std::size_t side, const Named& own,
                                 const Named& other) const
    {
        const bool own_is_first = (side == 0) != swapped_;
        const Named& first = own_is_first ? own : other;
        const Named& second = own_is_first ? other : own;
        return {.causes = std::move(causes),
                .first_name = first.name,
                .first_expression = first.text,
                .second_name = second.name,
                .second_expression = second.text};
    }

    bool gives(std::size_t side) const
    {
        std::vector<Exchange> exchanges;
        for (const std::size_t i : chosen_)
            exchanges.push_back(options_[side][i].exchange);
        const auto program = formula::mixed(tried_[side], tried_[1 - side], exchanges, distinct_);
        if (!program)
            return false;
        formula::BoundFormula bound(program, layer_);
        bound.run(channel_);
        return bound.code(lane_) == codes_[1 - side];
    }

    bool found(std::size_t side, std::size_t count)
    {
        const std::size_t all = options_[side].size();
        chosen_.clear();
        const auto choose = [&](const auto& self, std::size_t from) -> bool {
            if (chosen_.size() == count)
                return gives(side);
            for (std::size_t i = from; i < all; ++i) {
                chosen_.push_back(i);
                if (self(self, i + 1))
                    return true;
                chosen_.pop_back();
            }
            return false;
        };
        return choose(choose, 0);
    }

    std::vector<ExchangedStatement> meanings(std::size_t side) const
    {
        std::vector<ExchangedStatement> found;
        for (const std::size_t i : chosen_)
            found.push_back(options_[side][i].meaning);
        return found;
    }

    const BatchNormLayer& layer_;
    int channel_;
    std::size_t lane_;
    std::array<std::shared_ptr<const Program>, 2> programs_;
    std::array<std::shared_ptr<const Program>, 2> tried_; ///< the same, of the channel alone
    std::array<std::int32_t, 2> codes_;
    bool swapped_ = false;
    std::optional<formula::Likenesses> likenesses_;
    std::set<std::string_view> distinct_;
    std::array<std::vector<Option>, 2> options_;
    std::vector<std::size_t> chosen_;
};

} // namespace

std::vector<ExchangedStatement> decisive_exchanges(const Difference& difference,
                                                   const BatchNormLayer& layer)
{
    return ExchangeSearch(difference, layer).run();
}

} // namespace qbn
