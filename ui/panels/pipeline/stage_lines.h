#pragma once

#include "core/evaluate/evaluation.h"
#include "ui/draw/number_line_model.h"

namespace qbn::ui {

// The number lines of the pipeline's cards; pure. Every one has a finite range with low < high,
// whatever the layer holds.

/// What the input codes stand for, the selected one marked.
NumberLineModel dequantizedLine(const Evaluation& evaluation);

/// -4 to 4 standard deviations, or as far as the value lies.
NumberLineModel normalizedLine(double normalized);

/// What the output codes stand for, with the saturated regions at both ends.
NumberLineModel affineLine(const QuantizationParameters& output, double affine);

/// The codes next to the value, the arrow to the one that it becomes, the clamp, and the stretch
/// that a fused ReLU lifts.
NumberLineModel requantizedLine(double requantized, const Requantized& result, CodeType type);

} // namespace qbn::ui
