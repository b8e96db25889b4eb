#include "core/explain/diagnosis.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace qbn {

namespace {

std::size_t index_of(std::int32_t input_code, const BatchNormLayer& layer)
{
    return static_cast<std::size_t>(input_code - layer.input.type.qmin());
}

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

/// all_backends(), and those that have a parameter and are not among them; each once.
std::vector<const Backend*> tabulated(const Backend& chosen, std::span<const Backend* const> also)
{
    std::vector<const Backend*> backends;
    for (const Backend& backend : all_backends())
        backends.push_back(&backend);
    const auto add = [&backends](const Backend* added) {
        if (std::find(backends.begin(), backends.end(), added) == backends.end())
            backends.push_back(added);
    };
    add(&chosen);
    std::for_each(also.begin(), also.end(), add);
    return backends;
}

/// One call of explain().
class Search
{
public:
    Search(const BatchNormLayer& layer, const Backend& chosen,
           std::span<const Observation> observations, std::span<const Backend* const> also)
        : layer_(layer)
        , chosen_(chosen)
        , backends_(tabulated(chosen, also))
        , observations_(observations)
    {
        for (const Observation& observation : observations) {
            const auto [entry, is_new] = channels_.try_emplace(observation.channel);
            if (is_new)
                prepare(entry->first, entry->second);
        }
    }

    Diagnosis run()
    {
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
    struct ObservedChannel
    {
        std::map<const Backend*, std::vector<std::int32_t>> backends;
        std::vector<double> textbook; ///< of a Computation without a mistake
    };

    void prepare(int channel, ObservedChannel& observed) const
    {
        for (const Backend* backend : backends_)
            observed.backends[backend] = qbn::codes(*backend, layer_, channel);
        observed.textbook = qbn::codes(Explanation{}, layer_, channel);
    }

    std::int32_t code_of(const Backend& backend, const Observation& observation) const
    {
        return channels_.at(observation.channel)
            .backends.at(&backend)[index_of(observation.input_code, layer_)];
    }

    bool changes_a_code(const Computation& computation) const
    {
        return std::any_of(channels_.begin(), channels_.end(), [&](const auto& entry) {
            std::int32_t input_code = layer_.input.type.qmin();
            return std::any_of(
                entry.second.textbook.begin(), entry.second.textbook.end(), [&](double unchanged) {
                    return evaluate(computation, layer_, entry.first, input_code++).code
                        != unchanged;
                });
        });
    }

    void set_codes(Explanation& explanation, std::vector<double> codes) const
    {
        explanation.codes = std::move(codes);
        explanation.of = static_cast<int>(observations_.size());
        for (std::size_t i = 0; i < observations_.size(); ++i)
            explanation.explains += explanation.codes[i] == observations_[i].output_code ? 1 : 0;
    }

    Explanation from_backend(const Recipe& recipe, const Backend& backend) const
    {
        Explanation explanation{.recipe = &recipe, .backend = &backend};
        std::vector<double> codes;
        for (const Observation& observation : observations_)
            codes.push_back(code_of(backend, observation));
        set_codes(explanation, std::move(codes));
        return explanation;
    }

    void try_backends()
    {
        const Explanation predicted = from_backend(*find_recipe("batch-norm"), chosen_);
        keep({predicted});
        std::vector<Explanation> others;
        for (const Backend* backend : backends_) {
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
            for (int channel = 0; channel < variants; ++channel) {
                Explanation single{.recipe = &recipe};
                recipe.change(single.computation, channel);
                if (!changes_a_code(single.computation))
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
            for (auto second = first + 1; second != singles.end(); ++second) {
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
            if (explanation.explains == 0)
                continue;
            found_.push_back(explanation);
            const double one = chance_of_one(explanation);
            // 1 - (1 - one)^tried without the loss of small numbers.
            found_.back().coincidence
                = one >= 1 ? 1 : -std::expm1(static_cast<double>(tried) * std::log1p(-one));
        }
    }

    double chance_of_one(const Explanation& explanation) const
    {
        std::map<int, std::set<std::int32_t>> explained;
        for (std::size_t i = 0; i < observations_.size(); ++i) {
            if (explanation.codes[i] == observations_[i].output_code)
                explained[observations_[i].channel].insert(observations_[i].output_code);
        }
        double chance = 1;
        for (const auto& [channel, output_codes] : explained) {
            const std::vector<double> all = codes(explanation, layer_, channel);
            for (const std::int32_t code : output_codes) {
                chance *= static_cast<double>(std::count(all.begin(), all.end(), code))
                    / static_cast<double>(all.size());
            }
        }
        return chance;
    }

    std::vector<ExplainedObservation> by_observation() const
    {
        std::vector<ExplainedObservation> result;
        for (std::size_t i = 0; i < observations_.size(); ++i) {
            ExplainedObservation explained{.observation = observations_[i],
                                           .predicted = code_of(chosen_, observations_[i]),
                                           .explained_by = {},
                                           .backends = {}};
            for (std::size_t k = 0; k < found_.size(); ++k) {
                if (found_[k].codes[i] == observations_[i].output_code)
                    explained.explained_by.push_back(k);
            }
            for (const Backend* backend : backends_) {
                if (code_of(*backend, observations_[i]) == observations_[i].output_code)
                    explained.backends.push_back(backend);
            }
            result.push_back(std::move(explained));
        }
        return result;
    }

    const BatchNormLayer& layer_;
    const Backend& chosen_;
    std::vector<const Backend*> backends_;
    std::span<const Observation> observations_;
    std::map<int, ObservedChannel> channels_;
    std::vector<Explanation> found_;
};

} // namespace

Result<Diagnosis> explain(const BatchNormLayer& layer, const Backend& chosen,
                          std::span<const Observation> observations,
                          std::span<const Backend* const> also)
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
    return Search(layer, chosen, observations, also).run();
}

} // namespace qbn
