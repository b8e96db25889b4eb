#pragma once

#include "core/identify/candidate.h"
#include "core/identify/device_codes.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

/// The first place where a formula gives another code than the device.
struct WrongCode
{
    int channel = 0;
    std::int32_t input_code = 0;
    std::int32_t observed = 0;
    std::int32_t given = 0;
};

/// Formulas that give the same codes in every channel of the layer and for every input code: computed, so proved. No
/// measurement of this layer tells them apart.
struct FormulaClass
{
    std::vector<Candidate> members; ///< the simplest first, one at least
    std::int64_t reproduced = 0; ///< of the observed codes
    std::optional<WrongCode> first_wrong; ///< nothing: all are reproduced
};

/// An input code that was not observed and for which the formulas that reproduce everything part.
struct TellingCode
{
    int channel = 0;
    std::int32_t input_code = 0;
    std::vector<std::int32_t> codes; ///< of each class that reproduces everything, in their order
};

struct Identification
{
    std::int64_t observed = 0; ///< codes that are known
    std::size_t tried = 0; ///< formulas
    std::vector<FormulaClass>
        classes; ///< by the number of codes reproduced; known backends first among equals
    std::size_t left_out
        = 0; ///< formulas that may reproduce everything too, beyond what could be compared on the whole layer
    std::optional<TellingCode> telling;

    /// How many classes reproduce everything; they stand first.
    std::size_t complete() const;
};

struct IdentifyRun
{
    std::vector<const Backend*> also; ///< beside all_backends(), with their changes
    std::span<const Candidate>
        space; ///< search_space(), for who identifies several times; else it is made
    std::function<void(int)> progress; ///< from 0 to 1000
    std::stop_token stop;
};

/// Searches who computed the codes: all backends, each formula of them with one or two of core/formula/rewrite.h's changes, and
/// the arithmetics of composed.h. Where none reproduces everything, the nearest ones with further changes. By all threads; some two
/// seconds of one for 64 channels. Nothing if it was stopped.
std::optional<Identification> identify(const BatchNormLayer& layer, const DeviceCodes& device,
                                       const IdentifyRun& run = {});

} // namespace qbn
