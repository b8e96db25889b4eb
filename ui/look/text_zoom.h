#pragma once

namespace qbn::ui {

inline constexpr int smallestTextZoom = 70; ///< percent, here and below
inline constexpr int largestTextZoom = 200;

/// Scales all texts of the program: its font, and the fonts that widgets have of their own. 100 is
/// what applyTheme() gives. Values beyond the two ends are taken for them.
void setTextZoom(int percent);
int textZoom();

} // namespace qbn::ui
