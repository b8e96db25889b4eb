#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/text/result.h"

#include <QString>

#include <optional>
#include <vector>

namespace qbn {

/// Reads the output codes that a device gave, a .npy array of one of these shapes, of a layer of C channels and n input codes:
///     (C, n)  the code of every input code from the lowest, channel after channel
///     (n,)    of one channel: `channel`, or the layer's only one
///     (N, 2)  input and output code, of that channel
///     (N, 3)  channel, input and output code
/// Integers, or floats that are whole; NaN is a code that nobody knows. Refused, with the file and the place: another shape, an input
/// code or a channel that the layer does not have, an output code outside of its type.
Result<std::vector<Observation>> read_code_table(const QString& path, const BatchNormLayer& layer,
                                                 std::optional<int> channel);

} // namespace qbn
