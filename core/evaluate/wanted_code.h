#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <cstdint>
#include <optional>

namespace qbn {

/// A value of gamma or beta (`field`) for which the backend turns `input_code` into `wanted`, all
/// else as it stands: of the values that give it the decimal with the fewest digits in their middle half, so that it is no
/// near tie; behind the first and the last code they are taken to be as many as of any other. The present value if it gives the code already.
///
/// The values begin at the one nearest to the present. It is found by bisection between the
/// present value and one that gives too much, so it takes the code to grow or fall steadily; where
/// roundings make it waver within 16 steps of binary32 or binary64 of that place, those are looked
/// through.
///
/// Nothing where no value does: behind a ReLU, on the mean (gamma), or where one step of binary32
/// jumps over the code. Requires: the codes lie in their types.
std::optional<double> value_giving(const Backend& backend, const BatchNormLayer& layer, int channel,
                                   Field field, std::int32_t input_code, std::int32_t wanted);

} // namespace qbn
