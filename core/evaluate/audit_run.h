#pragma once

#include "core/evaluate/audit.h"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace qbn {

/// A layer to be audited with its inputs. Both have to outlive the run.
struct AuditTask
{
    const BatchNormLayer* layer = nullptr;
    const CodeDistribution* counted = nullptr; ///< null: CodeDistribution::normal() of the layer
};

struct AuditRun
{
    /// Told the number of channels done, from 1 to all of all layers: rising, by one thread at a
    /// time, but by any of them.
    std::function<void(int)> progress;
    std::stop_token stop;
    int threads = 0; ///< 0: as many as the machine has
};

/// What audit() gives for each, in their order and to the last bit, computed by several threads a
/// few channels at a time. Nothing if it was stopped, which takes less than a millisecond or two.
std::optional<std::vector<LayerAudit>> audit_all(std::span<const AuditTask> tasks,
                                                 const AuditRun& run = {});

} // namespace qbn
