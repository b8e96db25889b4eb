#pragma once

#include "core/explain/diagnosis.h"
#include "core/explain/feasible_region.h"
#include "core/explain/next_measurement.h"

#include <cstdint>
#include <optional>
#include <string>

namespace qbn {

/// What the layer's observations come to.
enum class Verdict : std::uint8_t
{
    nothing_observed,
    parameters_missing, ///< nobody gave a parameter that the prediction needs: see region
    explained, ///< the chosen backend gives every observed code
    explained_by_recipe, ///< a mistake, or another backend, gives every observed code
    partly_explained, ///< the best explanation gives some of them
    unexplained, ///< none gives any
};

/// "nothing-observed", "explained", ...
std::string_view name_of(Verdict verdict);

/// All that is said of a layer's observations: what `qbn explain`, the explain panel and the
/// question card show.
struct Report
{
    Diagnosis diagnosis;
    Verdict verdict = Verdict::nothing_observed;
    std::string
        sentence; ///< the verdict for a person; "38 -> 52 explained" of a single observation
    std::optional<NextMeasurement> next; ///< where several explanations remain
    int region_channel = 0; ///< the first observed one
    UnknownPair unknowns;
    std::optional<FeasibleRegion> region; ///< of the unknown pair; none where it cannot be computed
    std::string no_region_because; ///< the reason then
    bool outside_causes = false; ///< nothing explains all: see all_outside_causes()
};

/// The fields of the layer that nobody gave (Origin::unknown), in the order of all_fields.
std::vector<Field> missing_fields(const BatchNormLayer& layer);

/// The pair to solve for: gamma and beta, unless others are missing and solve.
UnknownPair default_unknowns(const BatchNormLayer& layer);

/// Explains layer.observations. Fails on one that the layer cannot have. Time is that of explain()
/// (core/explain/diagnosis.h).
Result<Report> make_report(const BatchNormLayer& layer, const Backend& chosen,
                           const UnknownPair& unknowns);

} // namespace qbn
