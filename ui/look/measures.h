#pragma once

namespace qbn::ui {

// Pixels in panels that lay themselves out.
constexpr int panelSpacing = 4; ///< between parts
constexpr int panelEdge = 6; ///< around them

} // namespace qbn::ui
