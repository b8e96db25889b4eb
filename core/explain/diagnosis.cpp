#include "core/explain/diagnosis.h"

#include "core/explain/coincidence.h"
#include "core/explain/computation.h"
#include "core/explain/distinct_observations.h"
#include "core/explain/equal_channels.h"
#include "core/explain/evidence.h"
#include "core/explain/observed_codes.h"
#include "core/explain/ranking.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace qbn {

namespace {

bool has_channel(const Explanation& explanation)
{
    return explanation.recipe->kind == Recipe::Kind::other_channel;
}

formula::Point point_of(const Observation& seen)
{
    return {seen.channel, seen.input_code};
}

constexpr std::size_t at_a_time = 64; // points

/// One call of explain().
class Search
{
public:
    Search(const BatchNormLayer& layer, const Backend& chosen,
           std::span<const Observation> observations, std::span<const Backend* const> also,
           const std::stop_token& stop)
        : layer_(layer)
        , chosen_(chosen)
        , observations_(observations)
        , distinct_(distinct(observations))
        , codes_(layer, chosen, observations, also, stop)
        , evidence_(observations)
        , stop_(stop)
    {
        for (const Distinct& one : distinct_)
            points_.push_back(point_of(one.seen));
        unchanged_ = numbers({.recipe = find_recipe("batch-norm")}, first_points());
    }

    Diagnosis run()
    {
        if (stop_.stop_requested())
            return {}; // perhaps not all codes are there
        try_backends();
        const std::vector<Explanation> singles = single_recipes();
        keep(singles);
        const int best = most_explained();
        if (best < static_cast<int>(observations_.size()))
            try_pairs(singles, best);
        rank(found_);
        Diagnosis diagnosis{.observations = by_observation(), .explanations = {}};
        diagnosis.explanations = std::move(found_);
        return diagnosis;
    }

private:
    bool is_within_rounding(const Explanation& explanation, std::size_t i) const
    {
        const Observation& seen = observations_[i];
        return explanation.recipe->kind == Recipe::Kind::chosen_backend
            && explanation.codes[i] != seen.output_code
            && codes_.possible_at(seen).contains(seen.output_code);
    }

    bool explains(const Explanation& explanation, std::size_t i) const
    {
        return explanation.codes[i] == observations_[i].output_code
            || is_within_rounding(explanation, i);
    }

    Explanation from_backend(const Recipe& recipe, const Backend& backend) const
    {
        Explanation explanation{.recipe = &recipe, .backend = &backend};
        explanation.of = static_cast<int>(observations_.size());
        for (const Observation& observation : observations_)
            explanation.codes.push_back(codes_.code_of(backend, observation));
        for (std::size_t i = 0; i < observations_.size(); ++i) {
            explanation.explains += explains(explanation, i) ? 1 : 0;
            explanation.within_rounding += is_within_rounding(explanation, i) ? 1 : 0;
        }
        return explanation;
    }

    void try_backends()
    {
        const Explanation predicted = from_backend(*find_recipe("batch-norm"), chosen_);
        keep({predicted});
        std::vector<Explanation> others;
        for (const Backend* backend : codes_.backends()) {
            Explanation other = from_backend(*find_recipe("other-backend"), *backend);
            if (other.codes != predicted.codes)
                others.push_back(std::move(other));
        }
        keep(others);
    }

    std::vector<double> numbers(const Explanation& explanation,
                                std::span<const formula::Point> points) const
    {
        if (!explanation.channel)
            return computed(*explanation.recipe, explanation.second, layer_, points);
        std::vector<formula::Point> moved(points.begin(), points.end());
        for (formula::Point& point : moved)
            point.channel = *explanation.channel;
        return computed(*explanation.recipe, explanation.second, layer_, moved);
    }

    /// Counts what it explains; stops where more than `misses` are wrong.
    bool count(Explanation& explanation, std::size_t misses) const
    {
        std::size_t missed = 0;
        for (std::size_t i = 0; i < distinct_.size();) {
            const std::size_t left = std::min(at_a_time, distinct_.size() - i);
            for (const double number : numbers(explanation, std::span(points_).subspan(i, left))) {
                const auto& [seen, times] = distinct_[i++];
                missed += number != seen.output_code ? times : 0;
            }
            if (missed > misses)
                return false;
        }
        explanation.of = static_cast<int>(observations_.size());
        explanation.explains = static_cast<int>(observations_.size() - missed);
        return true;
    }

    std::span<const formula::Point> first_points() const
    {
        return std::span(points_).first(std::min(points_.size(), at_a_time));
    }

    /// Mostly the first codes tell it already.
    bool is_changed(const Explanation& explanation) const
    {
        return numbers(explanation, first_points()) != unchanged_
            || codes_.is_changed_by(explanation);
    }

    /// The numbers that it gives for the observations.
    std::vector<double> numbers_of_observations(const Explanation& explanation) const
    {
        std::vector<formula::Point> points(observations_.size());
        std::transform(observations_.begin(), observations_.end(), points.begin(), point_of);
        return numbers(explanation, points);
    }

    /// Those that change a code, without their codes.
    std::vector<Explanation> single_recipes() const
    {
        std::vector<Explanation> singles;
        const auto add = [&](Explanation single) {
            if (stop_.stop_requested() || !is_changed(single))
                return false;
            count(single, observations_.size());
            singles.push_back(std::move(single));
            return true;
        };
        for (const Recipe& recipe : all_recipes()) {
            Explanation single{.recipe = &recipe};
            if (recipe.kind == Recipe::Kind::computation)
                add(std::move(single));
            else if (recipe.kind == Recipe::Kind::other_channel
                     && evaluations_of_channels() <= other_channels_limit)
                add_channels(single, add, singles);
        }
        return singles;
    }

    /// Equal channels that follow each other, as placeholders do, are computed once.
    void add_channels(Explanation single, const std::function<bool(Explanation)>& add,
                      std::vector<Explanation>& singles) const
    {
        bool is_added = false;
        for (int channel = 0; channel < layer_.channels() && !stop_.stop_requested(); ++channel) {
            single.channel = channel;
            if (channel == 0 || !has_equal_parameters(layer_, channel - 1, channel))
                is_added = add(single);
            else if (is_added) {
                singles.push_back(singles.back());
                singles.back().channel = channel;
            }
        }
    }

    std::size_t evaluations_of_channels() const
    {
        return static_cast<std::size_t>(layer_.channels()) * distinct_.size();
    }

    void try_pairs(const std::vector<Explanation>& singles, int best)
    {
        const std::size_t misses = observations_.size() - static_cast<std::size_t>(best) - 1;
        const bool with_channels
            = static_cast<std::size_t>(layer_.channels()) * observations_.size()
            <= paired_channels_limit;
        std::vector<Explanation> pairs;
        std::size_t tried = 0;
        for (auto first = singles.begin(); first != singles.end(); ++first) {
            const Recipe* asked = nullptr;
            bool is_compatible = false;
            for (auto second = first + 1; second != singles.end() && !stop_.stop_requested();
                 ++second) {
                if (std::exchange(asked, second->recipe) != second->recipe)
                    is_compatible = compatible(*first->recipe, *second->recipe);
                if (!is_compatible
                    || (!with_channels && (has_channel(*first) || has_channel(*second))))
                    continue;
                ++tried;
                Explanation pair{.recipe = first->recipe,
                                 .second = second->recipe,
                                 .channel = first->channel ? first->channel : second->channel};
                if (count(pair, misses))
                    pairs.push_back(std::move(pair));
            }
        }
        keep(pairs, tried);
    }

    int most_explained() const
    {
        int most = 0;
        for (const Explanation& explanation : found_)
            most = std::max(most, explanation.explains);
        return most;
    }

    /// Keeps those that explain something, with how likely a coincidence each is.
    void keep(const std::vector<Explanation>& tried)
    {
        const auto of_channels
            = static_cast<std::size_t>(std::count_if(tried.begin(), tried.end(), has_channel));
        const int least = least_of_channels(tried);
        for (const Explanation& explanation : tried) {
            if (!has_channel(explanation))
                keep({explanation}, tried.size() - of_channels);
            else if (explanation.explains < least)
                continue;
            else if (follows_equal(explanation)) {
                found_.push_back(found_.back());
                found_.back().channel = explanation.channel;
            } else
                keep({explanation}, of_channels);
        }
    }

    /// Whether the last one found is of the channel before, which is like this one's.
    bool follows_equal(const Explanation& explanation) const
    {
        if (found_.empty() || !has_channel(found_.back()))
            return false;
        const int before = *found_.back().channel;
        const int channel = *explanation.channel;
        return before + 1 == channel && has_equal_parameters(layer_, before, channel);
    }

    /// How much another channel has to explain to be listed.
    int least_of_channels(const std::vector<Explanation>& tried) const
    {
        std::vector<int> explained;
        for (const Explanation& explanation : tried) {
            if (has_channel(explanation) && explanation.explains > 0)
                explained.push_back(explanation.explains);
        }
        const std::size_t most = std::max<std::size_t>(
            listed_codes_limit / std::max<std::size_t>(observations_.size(), 1), 1);
        if (explained.size() <= most)
            return 1;
        // Of channels that explain alike all are listed or none.
        const auto first_left_out = explained.begin() + static_cast<std::ptrdiff_t>(most);
        std::nth_element(explained.begin(), first_left_out, explained.end(), std::greater());
        return *first_left_out + 1;
    }

    void keep(const std::vector<Explanation>& explanations, std::size_t tried)
    {
        for (const Explanation& explanation : explanations) {
            if (explanation.explains == 0 || stop_.stop_requested())
                continue;
            Explanation& kept = found_.emplace_back(explanation);
            if (!kept.backend)
                kept.codes = numbers_of_observations(kept);
            // Who runs LiteRT mostly knows it, and its weights of 8 bits come near many codes.
            constexpr double rare = 8;
            const bool is_rare
                = kept.backend && kept.backend != &chosen_ && kept.backend->group == "LiteRT";
            kept.coincidence
                = std::min(1.0, chance_of_any(chance_of_one(kept), tried) * (is_rare ? rare : 1));
        }
    }

    double chance_of_one(const Explanation& explanation) const
    {
        std::vector<double> all;
        std::optional<int> channel_of_all;
        const auto share = [&](const Observation& seen) {
            if (explanation.recipe->kind == Recipe::Kind::chosen_backend)
                return codes_.possible_share(seen.channel, seen.output_code);
            // The codes of another channel's parameters are the same in every channel.
            if (!channel_of_all || (channel_of_all != seen.channel && !explanation.channel))
                all = all_codes(explanation, seen.channel);
            channel_of_all = seen.channel;
            return static_cast<double>(std::count(all.begin(), all.end(), seen.output_code))
                / static_cast<double>(all.size());
        };
        return evidence_.chance([&](std::size_t i) { return explains(explanation, i); }, share);
    }

    std::vector<double> all_codes(const Explanation& explanation, int channel) const
    {
        if (!explanation.backend)
            return codes(explanation, layer_, channel);
        const auto& known = codes_.codes_of(*explanation.backend, channel);
        return {known.begin(), known.end()};
    }

    std::vector<ExplainedObservation> by_observation() const
    {
        std::vector<ExplainedObservation> result;
        for (std::size_t i = 0; i < observations_.size(); ++i) {
            ExplainedObservation explained{.observation = observations_[i],
                                           .predicted = codes_.code_of(chosen_, observations_[i]),
                                           .possible = codes_.possible_at(observations_[i]),
                                           .explained_by = {},
                                           .backends = {}};
            for (std::size_t k = 0; k < found_.size(); ++k) {
                if (explains(found_[k], i))
                    explained.explained_by.push_back(k);
            }
            for (const Backend* backend : codes_.backends()) {
                if (codes_.code_of(*backend, observations_[i]) == observations_[i].output_code)
                    explained.backends.push_back(backend);
            }
            result.push_back(std::move(explained));
        }
        return result;
    }

    const BatchNormLayer& layer_;
    const Backend& chosen_;
    std::span<const Observation> observations_;
    std::vector<Distinct> distinct_;
    std::vector<formula::Point> points_; ///< of distinct_
    std::vector<double> unchanged_; ///< what the textbook gives at the first of these
    ObservedCodes codes_;
    Evidence evidence_;
    const std::stop_token& stop_;
    std::vector<Explanation> found_;
};

} // namespace

Result<Diagnosis> explain(const BatchNormLayer& layer, const Backend& chosen,
                          std::span<const Observation> observations,
                          std::span<const Backend* const> also, const std::stop_token& stop)
{
    const CodeType type = layer.input.type;
    for (const Observation& observation : observations) {
        if (observation.channel < 0 || observation.channel >= layer.channels())
            return Error{"an observation is of channel " + std::to_string(observation.channel)
                         + ", the layer has " + std::to_string(layer.channels())};
        if (!type.contains(observation.input_code))
            return Error{"an observation's input code " + std::to_string(observation.input_code)
                         + " is not a " + name_of(type) + " code"};
    }
    return Search(layer, chosen, observations, also, stop).run();
}

} // namespace qbn
