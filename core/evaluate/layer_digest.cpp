#include "core/evaluate/layer_digest.h"

namespace qbn {

namespace {

void count(LayerDigest& digest, const std::vector<Finding>& findings)
{
    for (const Finding& finding : findings) {
        int& of = finding.severity == Severity::error ? digest.errors
            : finding.severity == Severity::warning   ? digest.warnings
                                                      : digest.notes;
        ++of;
    }
}

} // namespace

LayerDigest digest_of(const LayerSummary& summary)
{
    LayerDigest digest{.layer = summary.layer,
                       .chosen = summary.chosen,
                       .compared = summary.compared,
                       .first_difference = first_difference(summary),
                       .last_difference = next_difference(
                           summary, {0, summary.layer->input.type.qmin()}, Direction::backward)};
    count(digest, summary.findings);
    for (const auto& channel : summary.channels) {
        digest.differing += channel->differing;
        digest.differing_channels += channel->differing > 0 ? 1 : 0;
        digest.saturated += channel->saturated_low + channel->saturated_high;
        count(digest, channel->findings);
    }
    return digest;
}

} // namespace qbn
