#pragma once

#include "core/evaluate/stage.h"
#include "core/layer/quantization.h"

#include <QString>

#include <vector>

namespace qbn::ui {

/// "inputScale", ...: the objectName of a field's editor.
QString editorName(Field field);

/// The fields on the card of a stage, in the order of the formula.
std::vector<Field> fieldsOf(Stage stage);

/// As it stands before the editor, with its mnemonic: "ga&mma".
QString fieldLabel(Field field);

/// What the field means, as the glossary has it.
QString fieldHelp(Field field);

/// The help page that explains the field at length.
QString helpPageOf(Field field);

/// Where a step from 0 leads.
double zeroStepOf(Field field);

/// All types that a layer may have, the usual two first.
std::vector<CodeType> offeredTypes();

} // namespace qbn::ui
