#pragma once

#include "core/evaluate/evaluation.h"
#include "core/evaluate/stage.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QString>

#include <array>

namespace qbn::ui {

/// What the six cards of the pipeline say about the selected code; pure.
///
/// Dequantize and the value of the output code are the binary32 values that frameworks print. The
/// others are the chosen backend's, where it has them on its way, else exact mathematics, which is
/// said; the exact number stands beside where the two part in the digits shown. What depends on a
/// value that nobody gave is muted. Numbers are short, the tooltips hold all digits and what the
/// backend computes on its way, in decimal and as hex floats.
std::array<StageCardContent, stage_count> stageContents(const Evaluation& evaluation);

/// "0x26" and "0b00100110": the bits of a code as its type stores them, two's complement where it
/// is signed.
QString hexText(std::int32_t code, CodeType type);
QString binaryText(std::int32_t code, CodeType type);

/// The id of the help page that tells about a stage.
QString helpPageOf(Stage stage);

} // namespace qbn::ui
