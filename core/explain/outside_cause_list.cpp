#include "core/explain/outside_cause.h"

#include <array>

namespace qbn {

namespace {

constexpr std::array causes{
    OutsideCause{
        .id = "other-input-quantization",
        .title = "input scale and zero point of another tensor",
        .explanation = "They are not stored with the batch norm but with what produces its input: "
                       "the stub or the operator before it.",
        .check = "Print q_scale() and q_zero_point() of the tensor that enters the layer.",
    },
    OutsideCause{
        .id = "folded",
        .title = "folded into the convolution",
        .explanation = "Fusing moves mean, variance, gamma and beta into the convolution's weights "
                       "and leaves an Identity in the place of the batch norm.",
        .check = "Print the converted module: an Identity computes nothing.",
    },
    OutsideCause{
        .id = "batch-statistics",
        .title = "training mode",
        .explanation = "In training mode the statistics of the batch are used, not the running "
                       "ones, and the running ones move with each call.",
        .check = "Call eval() before preparing, converting and measuring.",
    },
    OutsideCause{
        .id = "fake-quantized",
        .title = "prepared but not converted",
        .explanation = "A prepared model computes in floating point and only rounds to the codes' "
                       "values; observers may still be changing the scales.",
        .check = "Look for FakeQuantize or observer modules in the printed model.",
    },
    OutsideCause{
        .id = "constructor-defaults",
        .title = "scale 1 and zero point 0",
        .explanation = "A quantized module that was built and never loaded or calibrated keeps its "
                       "constructor's defaults; old checkpoints did not store the values.",
        .check = "Compare scale and zero point before saving and after loading.",
    },
    OutsideCause{
        .id = "other-axis",
        .title = "another dimension taken for the channels",
        .explanation = "The channel is dimension 1 of NCHW, the last one of NHWC.",
        .check
        = "The length of mean is the number of channels; compare it with the tensor's shape.",
    },
    OutsideCause{
        .id = "hook-in-another-place",
        .title = "measured before or after another operator",
        .explanation = "A hook on a fused module sees the result after its ReLU, one on a part of "
                       "it may see a value that the fused operator never computes.",
        .check = "No code below the zero point: a ReLU came before the measurement.",
    },
    OutsideCause{
        .id = "multiply-and-add",
        .title = "two quantized operators instead of one",
        .explanation = "A converter without batch norm makes a quantized multiplication and a "
                       "quantized addition of it, and rounds to a code between the two.",
        .check = "Look at the converted graph: the product has its own scale and zero point.",
    },
    OutsideCause{
        .id = "quantized-parameters",
        .title = "gamma and beta quantized as well",
        .explanation = "Some backends take gamma / sqrt(var + eps) and the offset as codes with "
                       "their own scales.",
        .check = "Dequantize the stored parameters and compare them with the trained ones.",
    },
    OutsideCause{
        .id = "fixed-point-multiplier",
        .title = "an integer multiplier and a shift",
        .explanation = "Hardware without floating point multiplies by a rounded factor, and may "
                       "round twice.",
        .check = "Differences of one code near a half, and nowhere else.",
    },
};

} // namespace

std::span<const OutsideCause> all_outside_causes()
{
    return causes;
}

} // namespace qbn
