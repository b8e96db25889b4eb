#pragma once

#include "core/layer/observation.h"
#include "core/layer/provenance.h"
#include "core/layer/quantization.h"
#include "core/layer/unknown_pair.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// One quantized batch norm layer of C channels:
///     dequantized = input.scale * (x_q - input.zero_point)
///     normalized  = (dequantized - mean) / sqrt(var + eps)
///     affine      = gamma * normalized + beta
///     y_q         = clamp(output.zero_point + round_half_even(affine / output.scale), qmin, qmax)
///     with relu:  y_q = max(y_q, output.zero_point)
/// (Ioffe and Szegedy 2015, evaluation mode; quantization per tensor.)
///
/// Parameters are binary64 so that a typed number keeps its digits. Frameworks hold them as
/// binary32: each backend narrows them first, `exact` and `textbook` take them as they stand.
/// Anything is allowed in them (negative var, inf, NaN): people come to understand just that.
/// validate() says what is wrong.
struct BatchNormLayer
{
    std::string name;
    QuantizationParameters input;
    QuantizationParameters output;
    /// Of a model in which a multiplication and an addition of codes stand for the layer; from a file alone.
    std::optional<IntermediateQuantization> intermediate;
    double eps = 1e-5;
    bool relu = false;
    std::vector<double> mean, var, gamma, beta; ///< C values each
    LayerProvenance provenance;
    /// What the layer was seen to give, to be explained. Nothing is computed from it; a channel or
    /// code that the layer does not have may stand here.
    std::vector<Observation> observations;

    int channels() const { return static_cast<int>(mean.size()); }
};

/// Bit for bit: NaN equals NaN, and 0 is not -0, so that no edit is lost.
bool operator==(const BatchNormLayer& a, const BatchNormLayer& b);

/// C channels that do nothing: mean 0, var 1, gamma 1, beta 0.
BatchNormLayer identity_layer(std::string name, int channels);

/// The number in a field; mean, var, gamma and beta look at `channel`, < channels(). A zero point
/// comes as an integral number, relu as 0 or 1, a type as its bits, negative if signed.
double value_of(const BatchNormLayer& layer, Field field, int channel);

/// Sets what value_of reads and marks it as typed. A zero point is rounded and clamped to int32,
/// NaN becomes 0. Requires: of a type, 2 to 8 bits.
void set_value(BatchNormLayer& layer, Field field, int channel, double value);

/// Sets mean, var, gamma or beta of all channels and marks it as typed. Requires: such a field, and
/// channels() values.
void set_values(BatchNormLayer& layer, Field field, std::vector<double> values);

/// What a question is about. Where it is in the model, whoever opens it has to see.
struct SavedView
{
    int layer = 0;
    int channel = 0;
    std::int32_t input_code = 0;
    std::optional<UnknownPair> unknowns; ///< nothing: default_unknowns()

    bool operator==(const SavedView&) const = default;
};

/// A backend that a user wrote (core/formula/program.h).
struct UserFormula
{
    std::string id;
    std::string text;

    bool operator==(const UserFormula&) const = default;
};

/// The layers of a file. They are shared and never changed in place, so a copy costs pointers.
struct Model
{
    std::string name;
    std::string backend; ///< id of the one that it was saved with or is for; may be empty
    std::vector<std::shared_ptr<const BatchNormLayer>> layers;
    std::vector<UserFormula> formulas; ///< each compiles, under an id that no built-in backend has
    std::optional<SavedView> view; ///< of a question card
    std::vector<std::string> notes; ///< what the file has and no layer does; not saved
};

/// Whatever the notes are.
bool operator==(const Model& a, const Model& b);

} // namespace qbn
