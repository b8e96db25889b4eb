#pragma once

#include "core/evaluate/evaluation.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QString>

#include <array>

namespace qbn::ui {

/// The stages in the order of computation; they index the array of stageContents().
enum class Stage : quint8
{
    InputCode,
    Dequantize,
    Normalize,
    Affine,
    Requantize,
    OutputCode
};
inline constexpr int stageCount = 6;

/// What the six cards of the pipeline say about the selected code; pure.
///
/// Dequantize and the value of the output code are the binary32 values that frameworks print; the
/// three between are exact mathematics. The output code, its saturation and its ReLU are the chosen
/// backend's. Numbers are short, the tooltips hold all digits and what the backend itself computes
/// on its way, in decimal and as hex floats.
std::array<StageCardContent, stageCount> stageContents(const Evaluation& evaluation);

/// "0x26" and "0b00100110": the bits of a code as its type stores them, two's complement where it
/// is signed.
QString hexText(std::int32_t code, CodeType type);
QString binaryText(std::int32_t code, CodeType type);

/// The id of the help page that tells about a stage.
QString helpPageOf(Stage stage);

} // namespace qbn::ui
