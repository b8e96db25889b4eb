#pragma once

#include "ui/widgets/formula.h"

namespace qbn::ui {

Formula inputCodeFormula(); ///< x_q
Formula dequantizeFormula(); ///< x = s_x (x_q − z_x)
Formula normalizeFormula(); ///< x̂ = (x − μ)/√(σ² + ε)
Formula affineFormula(); ///< y = γ x̂ + β
Formula requantizeFormula(); ///< r = y/s_y + z_y
Formula outputCodeFormula(bool relu); ///< y_q = clamp(round(r)), with relu max(z_y, ..) of it
Formula outputValueFormula(); ///< s_y (y_q − z_y)

// The form with two parameters that fused kernels run.
Formula fusedFormula(); ///< y_q = clamp(round(α (x_q − z_x) + β′) + z_y)
Formula multiplierFormula(); ///< α = γ s_x/(s_y √(σ² + ε))
Formula offsetFormula(); ///< β′ = (β − μ γ/√(σ² + ε))/s_y

} // namespace qbn::ui
