#include "core/backends/textbook.h"

namespace qbn {

namespace {

constexpr Arithmetic textbook_arithmetic{
    .form = Arithmetic::Form::binary64_stages,
    .multiply_add = Arithmetic::MultiplyAdd::separate,
    .conversion = Arithmetic::Conversion::numpy_clip,
};

} // namespace

Backend textbook()
{
    return {
        .id = "textbook",
        .title = "Textbook",
        .formula = "np.clip(np.round((gamma * (dequantized - mean) / np.sqrt(var + eps) + beta) / "
                   "y_scale) + y_zero_point, qmin, qmax)",
        .source = "binary64, NumPy 1.24",
        .arithmetic = &textbook_arithmetic,
    };
}

} // namespace qbn
