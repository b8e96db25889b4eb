#pragma once

#include <QString>

namespace qbn::ui {

/// Why a typed text is no number, and what Escape brings back; empty if it is one.
QString numberProblem(const QString& text, const QString& before);

} // namespace qbn::ui
