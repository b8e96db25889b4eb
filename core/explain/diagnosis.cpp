#include "core/explain/diagnosis.h"

#include "core/explain/coincidence.h"
#include "core/explain/evidence.h"
#include "core/explain/observed_codes.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace qbn {

namespace {

int mistakes(const Explanation& explanation)
{
    if (explanation.recipe->kind == Recipe::Kind::chosen_backend)
        return 0;
    return explanation.second ? 2 : 1;
}

bool has_channel(const Explanation& explanation)
{
    return explanation.recipe->kind == Recipe::Kind::other_channel;
}

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
        , codes_(layer, chosen, observations, also, stop)
        , evidence_(observations)
        , stop_(stop)
    { }

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
        std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
            return std::tuple(-a.explains, mistakes(a), a.coincidence)
                < std::tuple(-b.explains, mistakes(b), b.coincidence);
        });
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

    void set_codes(Explanation& explanation, std::vector<double> codes) const
    {
        explanation.codes = std::move(codes);
        explanation.of = static_cast<int>(observations_.size());
        for (std::size_t i = 0; i < observations_.size(); ++i) {
            explanation.explains += explains(explanation, i) ? 1 : 0;
            explanation.within_rounding += is_within_rounding(explanation, i) ? 1 : 0;
        }
    }

    Explanation from_backend(const Recipe& recipe, const Backend& backend) const
    {
        Explanation explanation{.recipe = &recipe, .backend = &backend};
        std::vector<double> codes;
        for (const Observation& observation : observations_)
            codes.push_back(codes_.code_of(backend, observation));
        set_codes(explanation, std::move(codes));
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

    /// The numbers it gives for the observations; stops where more than `misses` are wrong.
    bool compute(Explanation& explanation, std::size_t misses) const
    {
        std::vector<double> codes;
        codes.reserve(observations_.size());
        for (const Observation& o : observations_) {
            codes.push_back(
                evaluate(explanation.computation, layer_, o.channel, o.input_code).code);
            if (codes.back() != o.output_code && misses-- == 0)
                return false;
        }
        set_codes(explanation, std::move(codes));
        return true;
    }

    std::vector<Explanation> single_recipes() const
    {
        std::vector<Explanation> singles;
        for (const Recipe& recipe : all_recipes()) {
            if (recipe.kind != Recipe::Kind::computation
                && recipe.kind != Recipe::Kind::other_channel)
                continue;
            const int variants = recipe.kind == Recipe::Kind::other_channel ? layer_.channels() : 1;
            for (int channel = 0; channel < variants && !stop_.stop_requested(); ++channel) {
                Explanation single{.recipe = &recipe};
                recipe.change(single.computation, channel);
                if (!codes_.is_changed_by(single.computation))
                    continue;
                compute(single, observations_.size());
                singles.push_back(std::move(single));
            }
        }
        return singles;
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
            for (auto second = first + 1; second != singles.end() && !stop_.stop_requested();
                 ++second) {
                if (!compatible(*first->recipe, *second->recipe)
                    || (!with_channels && (has_channel(*first) || has_channel(*second))))
                    continue;
                ++tried;
                Explanation pair{.recipe = first->recipe,
                                 .second = second->recipe,
                                 .computation = first->computation};
                second->recipe->change(pair.computation, second->computation.channel.value_or(0));
                if (compute(pair, misses))
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
        for (const Explanation& explanation : tried) {
            keep({explanation},
                 has_channel(explanation) ? of_channels : tried.size() - of_channels);
        }
    }

    void keep(const std::vector<Explanation>& explanations, std::size_t tried)
    {
        for (const Explanation& explanation : explanations) {
            if (explanation.explains == 0 || stop_.stop_requested())
                continue;
            found_.push_back(explanation);
            found_.back().coincidence = chance_of_any(chance_of_one(explanation), tried);
        }
    }

    double chance_of_one(const Explanation& explanation) const
    {
        std::vector<double> all;
        std::optional<int> channel_of_all;
        const auto share = [&](const Observation& seen) {
            if (explanation.recipe->kind == Recipe::Kind::chosen_backend)
                return codes_.possible_share(seen.channel, seen.output_code);
            if (channel_of_all != seen.channel)
                all = codes(explanation, layer_, seen.channel);
            channel_of_all = seen.channel;
            return static_cast<double>(std::count(all.begin(), all.end(), seen.output_code))
                / static_cast<double>(all.size());
        };
        return evidence_.chance([&](std::size_t i) { return explains(explanation, i); }, share);
    }

    std::vector<ExplainedObservation> by_observation() const
    {
        std::vector<ExplainedObservation> result;
        for (std::size_t i = 0; i < observations_.size() && !stop_.stop_requested(); ++i) {
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
