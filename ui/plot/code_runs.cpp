#include "ui/plot/code_runs.h"

namespace qbn::ui {

Clip clipOf(const CodeRow& row, const BatchNormLayer& layer)
{
    if (row.saturation == Saturation::low)
        return Clip::Low;
    if (row.saturation == Saturation::high)
        return Clip::High;
    const bool lifted = layer.relu && row.output_code == layer.output.zero_point
        && row.exact.requantized < layer.output.zero_point - 0.5;
    return lifted ? Clip::Relu : Clip::None;
}

std::vector<CodeRun> clippedRuns(const Evaluation& evaluation)
{
    std::vector<CodeRun> runs;
    bool adjacent = false;
    for (const CodeRow& row : evaluation.rows) {
        const Clip clip = clipOf(row, *evaluation.layer);
        if (adjacent && runs.back().clip == clip)
            runs.back().last = row.input_code;
        else if (clip != Clip::None)
            runs.push_back({row.input_code, row.input_code, clip});
        adjacent = clip != Clip::None;
    }
    return runs;
}

} // namespace qbn::ui
