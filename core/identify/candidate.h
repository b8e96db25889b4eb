#pragma once

#include "core/backends/backend.h"

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// An arithmetic that a device may have: a known backend, a backend's formula with something changed, or one put together.
struct Candidate
{
    std::string
        name; ///< "ONNX Runtime", "as ONNX Runtime, but halves are rounded away from zero (y)"
    std::string id; ///< of a known backend, else empty
    const Backend* backend = nullptr; ///< of a known one; the others have a program
    std::shared_ptr<const formula::Program> program = {};
    int changes = 0; ///< of a known backend's text; 0: it is one
    std::size_t rank = 0; ///< the usual ones first

    /// The formula, for a file; empty where a known backend is no formula.
    std::string text() const;
};

inline constexpr int composed_changes
    = 10; ///< of one that is put together: behind all that are near to something known

Candidate known_candidate(const Backend& backend, std::size_t rank);

/// The formula of a candidate with one more change each; with `pairs` also with two, of those that change no precision.
/// Those that do not compile are none.
std::vector<Candidate> changed(const Candidate& candidate, bool pairs);

/// All that is tried for every device: the backends, each with one change or two, and the arithmetics of core/identify/composed.h.
/// Some 5,000 formulas, a quarter of a second. Fewer where it was stopped.
std::vector<Candidate> search_space(const std::stop_token& stop = {});

} // namespace qbn
