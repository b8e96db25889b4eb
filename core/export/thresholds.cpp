#include "core/export/thresholds.h"

#include "core/backends/bound_backend.h"
#include "core/export/request_parts.h"
#include "core/text/csv.h"

namespace qbn {

std::string thresholds_csv(const CodeRequest& request)
{
    const BatchNormLayer& layer = request.layer;
    Table table{.columns = {"layer", "channel", "input_code", "output_code", "unknown"},
                .rows = {}};
    const ChannelRange asked = asked_channels(request);
    BoundBackend bound(request.backend, layer);
    for (std::int64_t channel = asked.first; channel < asked.first + asked.count; ++channel) {
        const std::string unknown = unknown_names(layer.provenance, static_cast<int>(channel));
        const std::vector<std::int32_t> codes = bound.codes(static_cast<int>(channel));
        for (std::size_t i = 0; i < codes.size(); ++i) {
            if (i == 0 || codes[i] != codes[i - 1])
                table.rows.push_back({layer.name, channel,
                                      layer.input.type.qmin() + static_cast<std::int64_t>(i),
                                      std::int64_t{codes[i]}, unknown});
        }
    }
    return csv_header(table) + csv_rows(table);
}

} // namespace qbn
