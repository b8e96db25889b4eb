#pragma once

class QWidget;

namespace qbn::ui {

enum class ValueKind : unsigned char;

/// Colours the text of a label (Problem, Muted) or of a spin box (Code), by the application's rules
/// of style (applyTheme): these follow the palette, and a palette of the widget's own does not.
void setTextKind(QWidget& widget, ValueKind kind);

} // namespace qbn::ui
