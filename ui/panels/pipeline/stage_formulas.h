#pragma once

#include "ui/draw/formula.h"

namespace qbn::ui {

Formula inputCodeFormula(); ///< x_q
Formula dequantizeFormula(); ///< x = s_x (x_q − z_x)
Formula normalizeFormula(); ///< x̂ = (x − μ)/√(σ² + ε)
Formula affineFormula(); ///< y = γ x̂ + β
Formula requantizeFormula(); ///< r = y/s_y + z_y
/// y_q = clamp(round(y/s_y) + z_y): the zero point is added behind the rounding, which decides
/// ties. With a fused ReLU the clamp begins at z_y.
Formula outputCodeFormula(bool relu);

// The two parameters of the form that fused kernels run.
Formula multiplierFormula(); ///< α = γ s_x/(s_y √(σ² + ε))
Formula offsetFormula(); ///< β′ = (β − μ γ/√(σ² + ε))/s_y

} // namespace qbn::ui
