#pragma once

#include "core/layer/batch_norm.h"
#include "ui/edit/slider_range.h"

namespace qbn::ui {

/// The range in which a slider moves a field of this layer, around `value`: a mean in what the input
/// codes stand for, gamma from 0 to twice itself, beta by half of the output codes up and down, var,
/// scales and eps by decades, zero points among the codes. Always valid, as sensibleRange() is.
SliderRange fieldRange(const BatchNormLayer& layer, Field field, double value);

} // namespace qbn::ui
