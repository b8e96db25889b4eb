#pragma once

#include "core/layer/provenance.h"

#include <QString>

class QWidget;

namespace qbn::ui {

class Document;

/// Sets a field of all channels of the selected layer to the numbers of a pasted text, as one step,
/// after a box ("listPreview") has said what that does. A text that is no list, of another length
/// than the layer has channels, or for a field that all channels share, is refused in a box.
void setFromList(Document& document, Field field, const QString& text, QWidget* parent);

} // namespace qbn::ui
