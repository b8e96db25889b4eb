#pragma once

#include "core/backends/backend.h"
#include "core/explain/explanation.h"
#include "core/explain/rounded_codes.h"
#include "core/layer/observation.h"

#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

/// What the backends and the textbook give for every input code of the observed channels.
class ObservedCodes
{
public:
    /// The backends are all_backends(), the chosen one and those in `also`, each once. Layer and
    /// chosen backend have to outlive it. Requires: observations that the layer can have. When a
    /// stop is requested codes may be missing, and nothing may be asked.
    ObservedCodes(const BatchNormLayer& layer, const Backend& chosen,
                  std::span<const Observation> observations, std::span<const Backend* const> also,
                  const std::stop_token& stop);

    const std::vector<const Backend*>& backends() const { return backends_; }

    /// Requires: one of backends(), an observed channel.
    const std::vector<std::int32_t>& codes_of(const Backend& backend, int channel) const;
    std::int32_t code_of(const Backend& backend, const Observation& observation) const;

    /// What the chosen backend can give for the observed input while parameters that were printed
    /// rounded are any that print alike.
    CodeRange possible_at(const Observation& observation) const;

    /// Whether it gives another code than the textbook for an input code of an observed channel.
    bool is_changed_by(const Explanation& explanation) const;

    /// For which share of a channel's input codes an output code is among those possible.
    double possible_share(int channel, std::int32_t output_code) const;

private:
    struct Channel
    {
        std::map<const Backend*, std::vector<std::int32_t>> backends;
        std::vector<double> textbook; ///< of the textbook, without a mistake
        std::vector<CodeRange> possible;
    };

    Channel tabulated(int channel) const;
    std::size_t index_of(std::int32_t input_code) const;

    const BatchNormLayer& layer_;
    const Backend& chosen_;
    std::vector<const Backend*> backends_;
    std::map<int, Channel> channels_;
};

} // namespace qbn
