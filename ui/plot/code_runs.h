#pragma once

#include "core/evaluate/evaluation.h"

#include <QtGlobal>

#include <vector>

namespace qbn::ui {

/// What held an output code back from where rounding had put it.
enum class Clip : quint8
{
    None,
    Low,
    High,
    Relu
};

/// Neighbouring input codes, first to last, with the same clip.
struct CodeRun
{
    std::int32_t first = 0;
    std::int32_t last = 0;
    Clip clip = Clip::None;

    bool operator==(const CodeRun&) const = default;
};

/// By the chosen backend: saturation low or high, or a fused ReLU that lifted the code to the zero
/// point.
Clip clipOf(const CodeRow& row, const BatchNormLayer& layer);

/// All runs with a clip, ascending; pure.
std::vector<CodeRun> clippedRuns(const Evaluation& evaluation);

} // namespace qbn::ui
