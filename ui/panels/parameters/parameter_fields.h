#pragma once

#include "core/layer/provenance.h"
#include "core/layer/quantization.h"

#include <QString>

#include <vector>

namespace qbn::ui {

/// "inputScale", ...: the objectName of a field's editor.
QString editorName(Field field);

/// What the field means, as a tooltip.
QString fieldHelp(Field field);

/// The help page that explains the field at length.
QString helpPageOf(Field field);

/// Where a step from 0 leads.
double zeroStepOf(Field field);

/// All types that a layer may have, the usual two first.
std::vector<CodeType> offeredTypes();

} // namespace qbn::ui
