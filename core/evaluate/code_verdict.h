#pragma once

#include "core/evaluate/evaluation.h"
#include "core/evaluate/stage.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qbn {

/// A compared backend that parts from the chosen one in the selected channel.
struct Parting
{
    const Backend* backend = nullptr;
    int codes = 0; ///< input codes of the channel on which it does
    std::optional<std::int32_t> here; ///< what it gives for the selected code, if another
};

/// What is known of all layers of the model; of a large one it comes layer by layer.
struct ModelDifferences
{
    int layers = 0;
    int known = 0; ///< layers that were compared
    std::int64_t codes = 0; ///< input codes of all their channels
    std::int64_t differing = 0; ///< codes on which a compared backend differs

    bool complete() const { return known == layers && layers > 0; }
};

/// What there is to say of the selected code in one sentence.
struct CodeVerdict
{
    std::int32_t input_code = 0;
    float input_value = 0;
    std::int32_t output_code = 0;
    float output_value = 0;
    std::vector<Field> unknown; ///< nobody gave them, so the output is a placeholder
    int compared = 0; ///< backends, the chosen one among them
    int codes = 0; ///< of the channel
    std::vector<Parting> parting;
    ModelDifferences model;
    CodeMargin margin;
    std::optional<std::int32_t> before; ///< the output code before the last change, if another

    bool agrees() const { return parting.empty(); }

    /// "Code 38 (0.29906651) becomes 52 (-110.886795)."
    std::string transition() const;
    /// "All 6 compared backends agree on all 2048 codes of the model.", "ONNX Runtime gives 53, ..."; of placeholders it says so:
    /// "With placeholders all 6 ..."
    std::string agreement() const;
    /// "A tie.", "0.00012 steps from a tie."; empty where no sound backend can differ.
    std::string nearness() const;
    /// "52, was 49"; empty if it was the same.
    std::string change() const;
    std::string sentence() const; ///< all of it

private:
    std::string compared_codes() const;
    std::string concord() const;
    std::string elsewhere(const std::string& start) const;
};

/// `model`: by the backends of the evaluation; nothing is said of a model of no layers.
/// `codes_before`: the chosen backend's codes of the channel before the last change; may be empty.
CodeVerdict verdict_of(const Evaluation& evaluation, const ModelDifferences& model = {},
                       std::span<const std::int32_t> codes_before = {});

/// The codes that the selected channel of `evaluation` had in `before`, by the backend chosen
/// there. Empty where nothing changed, and where it was another layer: by its name, its channels or its input type.
std::vector<std::int32_t> codes_before(const Experiment& before, const Evaluation& evaluation);

} // namespace qbn
