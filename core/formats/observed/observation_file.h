#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/text/result.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace qbn {

/// More different observations than that are not kept.
inline constexpr std::size_t observation_limit = 20'000;

/// More are not counted.
inline constexpr std::size_t different_limit = 1'000'000;

/// What a file said was observed: each different observation once, in the order of the file.
struct LoadedObservations
{
    std::vector<Observation> observations; ///< observation_limit at most
    std::size_t different = 0; ///< how many there were; different_limit for that many or more
};

/// Reads a CSV file. Its first line is `channel,input_code,output_code`, or `channel,input,output`
/// where real values follow: the nearest code is taken (core/layer/quantization.h). An output may lie
/// outside of its type's range, an input is clamped to it. Refused, with file and line: another
/// header, a channel or input code that the layer does not have, a value that has no code.
Result<LoadedObservations> read_observations(const QString& path, const BatchNormLayer& layer);

/// Reads a layer's input and output, two .npy arrays of one shape with the channel in dimension 1
/// (NCHW). Arrays of integers hold codes, arrays of floats real values, as above.
Result<LoadedObservations> read_observations(const QString& input_path, const QString& output_path,
                                             const BatchNormLayer& layer);

} // namespace qbn
