#pragma once

#include "core/formats/tensors/checkpoint.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <stop_token>
#include <string>

namespace qbn {

/// The batch norms of a state_dict, in the order of their first keys. A layer P is recognised by
/// P.running_mean and P.running_var (one without the other is an error). What a state_dict does not
/// say is filled in and marked:
///     gamma, beta    P.weight, P.bias; 1 and 0 where both are missing (affine=False), an error
///                    where one is
///     eps            what Checkpoint::modules() says; 1e-5, PyTorch's default, where it says nothing
///     relu           likewise, or false
///     output         P.scale, P.zero_point; without them proposed from beta +- 4 |gamma|
///     input          <P with '_' for '.'>_input_scale_0, ..._input_zero_point_0, as FX writes
///                    them; or, if P has an output scale, the last X.scale and X.zero_point before
///                    P's first key (inferred), and 1 and 0 (unknown) where there is none; without
///                    an output scale proposed from mean +- 4 sqrt(var)
///     types          that of the module X where that is known (inferred for the output, since PyTorch's batch norm keeps its
///                    input's type); else quint8, or qint8 where the zero point is negative, which quint8 does not have
/// A graph that says input or output in Checkpoint::modules() comes before all of that.
/// Proposed ranges are taken over all channels with finite statistics (var >= 0) and go through
/// choose_quantization; if no channel has any, scale 1 and zero point 0 are marked as unknown.
/// Arrays of unequal length, a scale of several values, a zero point beyond int32 and no batch norm
/// at all are errors that name the keys, but not the file.
Result<Model> find_layers(const Checkpoint& checkpoint, const std::string& model_name,
                          const std::stop_token& stop = {});

} // namespace qbn
