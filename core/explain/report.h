#pragma once

#include "core/explain/diagnosis.h"
#include "core/explain/next_measurement.h"
#include "core/explain/single_unknown.h"
#include "core/region/sought_region.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// What the layer's observations come to.
enum class Verdict : std::uint8_t
{
    nothing_observed,
    parameters_missing, ///< nobody gave a parameter that the prediction needs: see region
    /// The chosen backend gives every observed code, as it stands or within what was printed.
    explained,
    explained_by_recipe, ///< a mistake, or another backend, gives every observed code
    explained_by_chance, ///< the same, but some mistake would give these codes whatever they were
    partly_explained, ///< the best explanation gives half of them or more, and not by chance
    unexplained, ///< none does
};

/// From here on a fit is more likely by chance than not and says nothing.
inline constexpr double chance_limit = 0.5;

/// "nothing-observed", "explained", ...
std::string_view name_of(Verdict verdict);

/// All that is said of a layer's observations: what `qbn explain`, the explain panel and the
/// question card show.
struct Report
{
    /// Where parameters are missing, the observations alone: nothing follows from placeholders.
    Diagnosis diagnosis;
    Verdict verdict = Verdict::nothing_observed;
    std::string added; ///< said behind the sentence: single_unknowns, without_affine()
    std::string
        sentence; ///< the verdict for a person; "38 -> 52 explained" of a single observation
    std::optional<NextMeasurement> next; ///< where several explanations remain
    int region_channel = 0;
    UnknownPair unknowns;
    std::optional<FeasibleRegion> region; ///< of the unknown pair; none where it cannot be computed
    std::string no_region_because; ///< the reason then
    /// Where nothing explains all: numbers of the layer one of which, if it were another, would.
    std::vector<SingleUnknown> single_unknowns;
    bool outside_causes = false; ///< nothing explains all for sure: see all_outside_causes()
};

/// What remains of the sentence where gamma and beta alone are missing and a layer without them,
/// gamma 1 and beta 0, gives every observed code: "; without them ..". Else empty.
std::string without_affine(const BatchNormLayer& layer, const Backend& chosen,
                           const std::stop_token& stop);

struct ReportOptions
{
    std::optional<UnknownPair> unknowns; ///< without it default_unknowns()
    std::optional<int> region_channel; ///< without it the first observation's
    std::vector<const Backend*> also; ///< as explain() takes them
    std::stop_token stop; ///< once requested, the report comes soon and means nothing
};

/// Explains layer.observations. Fails on one that the layer cannot have, and on a region channel
/// that it has not. Time is that of explain() (core/explain/diagnosis.h).
Result<Report> make_report(const BatchNormLayer& layer, const Backend& chosen,
                           const ReportOptions& options);

/// Puts another channel's region, or that of another pair, into a report of the same layer and
/// backend. Requires: a channel of the layer.
void solve_for(Report& report, const BatchNormLayer& layer, const Backend& chosen, int channel,
               const UnknownPair& unknowns);

} // namespace qbn
