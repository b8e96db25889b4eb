#include "core/identify/identify.h"

#include "core/backends/bound_backend.h"
#include "core/parallel/shared_work.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace qbn {

namespace {

// All formulas are tried on so many channels at most, those that come near there on so many; what is shown is counted on all.
constexpr std::size_t first_channels = 12;
constexpr std::size_t sampled_channels = 64;
constexpr std::size_t kept_formulas = 400;
// Shown beside those that reproduce everything; the known backends all are.
constexpr std::size_t near_classes = 8;
// So many are changed further where none reproduces everything, of what is near to a backend and of what is put together, and so often.
constexpr std::array<std::size_t, 2> expanded{20, 40};
constexpr int rounds = 2;
constexpr std::size_t tried_at_once = 64; // by all threads, some ten milliseconds
// Codes that are computed to compare formulas on the whole layer.
constexpr std::size_t proof_budget = 400'000'000;

/// Candidates and how many codes of the sampled channels each reproduces.
struct Scored
{
    Candidate candidate;
    std::int64_t reproduced = 0;
    std::string codes = {}; ///< of the whole layer, one byte each, once they are needed
};

bool comes_first(const Scored& a, const Scored& b)
{
    if (a.reproduced != b.reproduced)
        return a.reproduced > b.reproduced;
    if (a.candidate.changes != b.candidate.changes)
        return a.candidate.changes < b.candidate.changes;
    return a.candidate.rank < b.candidate.rank;
}

class Search
{
public:
    Search(const BatchNormLayer& layer, const DeviceCodes& device, const IdentifyRun& run)
        : layer_(layer)
        , device_(device)
        , run_(run)
    {
        sample(first_channels);
    }

    std::optional<Identification> result()
    {
        if (!search())
            return std::nullopt;
        return classified();
    }

private:
    /// Evenly of the observed ones.
    void sample(std::size_t most)
    {
        const std::vector<int> observed = device_.observed_channels();
        const std::size_t step = std::max<std::size_t>((observed.size() + most - 1) / most, 1);
        sample_.clear();
        sampled_ = 0;
        for (std::size_t i = 0; i < observed.size(); i += step)
            sample_.push_back(observed[i]);
        for (const int channel : sample_)
            sampled_ += std::ranges::count_if(device_.channel(channel), [](std::int32_t code) {
                return code != DeviceCodes::unknown;
            });
    }

    bool is_stopped() const { return run_.stop.stop_requested(); }

    void tell(double share)
    {
        if (run_.progress)
            run_.progress(static_cast<int>(1000 * std::min(share, 1.0)));
    }

    BoundBackend bound(const Candidate& candidate, Backend& own) const
    {
        if (candidate.backend)
            return {*candidate.backend, layer_};
        own.program = candidate.program;
        return {own, layer_};
    }

    Scored tried(const Candidate& candidate) const
    {
        Backend own;
        BoundBackend backend = bound(candidate, own);
        Scored scored{.candidate = candidate};
        const bool is_all = sample_.size() == static_cast<std::size_t>(layer_.channels());
        const auto count = static_cast<std::size_t>(layer_.input.type.count());
        std::array<std::uint8_t, 256> codes{};
        for (const int channel : sample_) {
            backend.bytes(channel, std::span(codes).first(count));
            const auto observed = device_.channel(channel);
            for (std::size_t i = 0; i < count; ++i)
                scored.reproduced += layer_.output.type.code_of(codes[i]) == observed[i] ? 1 : 0;
            if (is_all)
                scored.codes.append(reinterpret_cast<const char*>(codes.data()), count);
        }
        return scored;
    }

    bool try_all(std::span<const Candidate> candidates, double from, double to)
    {
        const std::size_t count = candidates.size();
        const auto helpers = static_cast<std::size_t>(parallel::threads_for(0) - 1);
        for (std::size_t first = 0; first < count; first += tried_at_once) {
            if (is_stopped())
                return false;
            tell(from + (to - from) * static_cast<double>(first) / static_cast<double>(count));
            std::vector<Scored> scored(std::min(tried_at_once, count - first));
            helpers_.run(scored.size(), helpers,
                         [&](std::size_t i) { scored[i] = tried(candidates[first + i]); });
            tried_ += scored.size();
            std::move(scored.begin(), scored.end(), std::back_inserter(scored_));
        }
        return true;
    }

    bool search()
    {
        std::vector<Candidate> own;
        std::span<const Candidate> space = run_.space;
        if (space.empty()) {
            own = search_space(run_.stop);
            space = own;
        }
        std::vector<Candidate> also;
        for (const Backend* backend : run_.also) {
            also.push_back(known_candidate(*backend, also.size()));
            const auto changes = changed(also.back(), true);
            also.insert(also.end(), changes.begin(), changes.end());
        }
        return try_all(also, 0.3, 0.35) && try_all(space, 0.35, 0.7) && look_closer()
            && change_further();
    }

    /// Those that come near, and the known ones, on more channels.
    bool look_closer()
    {
        const std::size_t before = sample_.size();
        const std::int64_t all = sampled_;
        sample(sampled_channels);
        if (sample_.size() == before)
            return true;
        std::sort(scored_.begin(), scored_.end(), comes_first);
        std::vector<Candidate> nearest;
        for (const Scored& scored : scored_) {
            if (scored.reproduced == all || scored.candidate.changes == 0
                || nearest.size() < kept_formulas)
                nearest.push_back(scored.candidate);
        }
        scored_.clear();
        const std::size_t tried = tried_;
        const bool done = try_all(nearest, 0.7, 0.85);
        tried_ = tried;
        return done;
    }

    /// The nearest ones with one more change, as long as that brings them nearer.
    bool change_further()
    {
        std::unordered_set<const formula::Program*> changed_already;
        for (int round = 0; round < rounds; ++round) {
            std::sort(scored_.begin(), scored_.end(), comes_first);
            if (scored_.front().reproduced == sampled_)
                return true;
            std::vector<Candidate> nearest;
            // As many of what is put together as of what is near to a backend: those with the right end of the range come
            // nearer than the one with the right arithmetic.
            std::array<std::size_t, 2> chosen{};
            for (const Scored& scored : scored_) {
                const std::size_t kind = scored.candidate.changes >= composed_changes ? 1 : 0;
                // Of a known one all single changes have been tried.
                if (chosen[kind] < expanded[kind] && scored.candidate.changes > 0
                    && scored.candidate.program
                    && changed_already.insert(scored.candidate.program.get()).second) {
                    nearest.push_back(scored.candidate);
                    ++chosen[kind];
                }
            }
            for (const Candidate& candidate : nearest) {
                if (!try_all(changed(candidate, false), 0.85 + 0.05 * round,
                             0.85 + 0.05 * (round + 1)))
                    return false;
            }
        }
        std::sort(scored_.begin(), scored_.end(), comes_first);
        return true;
    }

    /// One byte a code.
    std::string all_codes(const Candidate& candidate) const
    {
        Backend own;
        BoundBackend backend = bound(candidate, own);
        std::string bytes(index_of(layer_.channels(), 0), '\0');
        for (int channel = 0; channel < layer_.channels(); ++channel)
            backend.bytes(channel,
                          {reinterpret_cast<std::uint8_t*>(&bytes[index_of(channel, 0)]),
                           static_cast<std::size_t>(layer_.input.type.count())});
        return bytes;
    }

    std::int32_t code_at(const std::string& codes, std::size_t index) const
    {
        return layer_.output.type.code_of(static_cast<std::uint8_t>(codes[index]));
    }

    std::size_t index_of(int channel, std::size_t lane) const
    {
        return static_cast<std::size_t>(channel)
            * static_cast<std::size_t>(layer_.input.type.count())
            + lane;
    }

    void count(FormulaClass& formulas, const std::string& codes) const
    {
        for (int channel = 0; channel < layer_.channels(); ++channel) {
            const auto observed = device_.channel(channel);
            for (std::size_t lane = 0; lane < observed.size(); ++lane) {
                if (observed[lane] == DeviceCodes::unknown)
                    continue;
                const std::int32_t given = code_at(codes, index_of(channel, lane));
                if (given == observed[lane])
                    ++formulas.reproduced;
                else if (!formulas.first_wrong)
                    formulas.first_wrong = WrongCode{
                        channel, static_cast<std::int32_t>(lane) + layer_.input.type.qmin(),
                        observed[lane], given};
            }
        }
    }

    /// Compared on the whole layer, one class for all that are equal there.
    std::optional<Identification> classified()
    {
        Identification found{.observed = device_.known(),
                             .tried = tried_,
                             .classes = {},
                             .left_out = 0,
                             .telling = {}};
        std::sort(scored_.begin(), scored_.end(), comes_first);
        const std::size_t layer_codes = index_of(layer_.channels(), 0);
        const std::size_t most = std::max<std::size_t>(
            proof_budget / std::max<std::size_t>(layer_codes, 1), 3 * near_classes);
        std::unordered_map<std::string, std::size_t> class_of;
        std::size_t near = 0;
        for (std::size_t i = 0; i < scored_.size(); ++i) {
            if (is_stopped())
                return std::nullopt;
            tell(0.95
                 + 0.05 * static_cast<double>(i)
                     / static_cast<double>(std::min(most, scored_.size())));
            const bool is_complete = scored_[i].reproduced == sampled_;
            if (is_complete && i >= most) {
                ++found.left_out;
                continue;
            }
            if (!is_complete && scored_[i].candidate.changes > 0 && near >= near_classes)
                continue;
            std::string codes = scored_[i].codes.empty() ? all_codes(scored_[i].candidate)
                                                         : std::move(scored_[i].codes);
            const auto [entry, is_new]
                = class_of.try_emplace(std::move(codes), found.classes.size());
            if (is_new) {
                FormulaClass formulas;
                count(formulas, entry->first);
                near += is_complete || scored_[i].candidate.changes == 0 ? 0U : 1U;
                found.classes.push_back(std::move(formulas));
            }
            found.classes[entry->second].members.push_back(std::move(scored_[i].candidate));
        }
        std::vector<const std::string*> codes(found.classes.size());
        for (const auto& [bytes, index] : class_of)
            codes[index] = &bytes;
        find_telling(found, codes);
        std::stable_sort(found.classes.begin(), found.classes.end(),
                         [](const FormulaClass& a, const FormulaClass& b) {
                             return a.reproduced > b.reproduced;
                         });
        tell(1);
        return found;
    }

    /// The code that leaves the fewest classes together, whatever it turns out to be.
    void find_telling(Identification& found, const std::vector<const std::string*>& all) const
    {
        std::vector<const std::string*> complete;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!found.classes[i].first_wrong)
                complete.push_back(all[i]);
        }
        if (complete.size() < 2)
            return;
        std::size_t best = complete.size();
        for (int channel = 0; channel < layer_.channels(); ++channel) {
            const auto observed = device_.channel(channel);
            for (std::size_t lane = 0; lane < observed.size(); ++lane) {
                if (observed[lane] != DeviceCodes::unknown)
                    continue;
                std::array<std::size_t, 256> counts{};
                for (const std::string* codes : complete)
                    ++counts[static_cast<unsigned char>((*codes)[index_of(channel, lane)])];
                const std::size_t largest = *std::max_element(counts.begin(), counts.end());
                if (largest >= best)
                    continue;
                best = largest;
                found.telling = TellingCode{
                    channel, static_cast<std::int32_t>(lane) + layer_.input.type.qmin(), {}};
            }
        }
        if (!found.telling)
            return;
        const std::size_t index = index_of(
            found.telling->channel,
            static_cast<std::size_t>(found.telling->input_code - layer_.input.type.qmin()));
        for (const std::string* codes : complete)
            found.telling->codes.push_back(code_at(*codes, index));
    }

    const BatchNormLayer& layer_;
    const DeviceCodes& device_;
    const IdentifyRun& run_;
    std::vector<int> sample_;
    std::int64_t sampled_ = 0;
    std::size_t tried_ = 0;
    parallel::Helpers helpers_;
    std::vector<Scored> scored_;
};

} // namespace

std::size_t Identification::complete() const
{
    return static_cast<std::size_t>(std::count_if(
        classes.begin(), classes.end(), [](const FormulaClass& c) { return !c.first_wrong; }));
}

std::optional<Identification> identify(const BatchNormLayer& layer, const DeviceCodes& device,
                                       const IdentifyRun& run)
{
    return Search(layer, device, run).result();
}

} // namespace qbn
