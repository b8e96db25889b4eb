#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"
#include "core/text/table.h"

#include <functional>
#include <optional>
#include <string_view>

namespace qbn {

/// The table of all input codes of one channel, one row a code, with the columns
///     layer,channel,input_code,dequantized,normalized,affine,requantized,output_code,output_value,saturation,backend,unknown
/// dequantized and output_value are binary32 values as frameworks print them; normalized, affine
/// and requantized are exact mathematics rounded once to binary64 (requantized: before rounding,
/// ReLU and clamp, zero point included). unknown is unknown_names() of the channel.
Table code_table(const BatchNormLayer& layer, int channel, const Backend& backend);

/// What of a model is exported; nothing set means all of it.
struct ExportChoice
{
    std::optional<int> layer;
    std::optional<int> channel;
    const Backend* backend = nullptr;
};

/// Takes a piece of text; false stops the export.
using TextSink = std::function<bool(std::string_view)>;

/// Writes the code tables of the chosen channels as one CSV, channel by channel, so that a large
/// model needs no large text. False if the sink stopped it. Requires: the chosen layer exists;
/// layers without the chosen channel are passed over.
bool export_csv(const Model& model, const ExportChoice& choice, const TextSink& sink);

} // namespace qbn
