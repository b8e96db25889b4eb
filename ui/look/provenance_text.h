#pragma once

#include "core/layer/provenance.h"

#include <QString>

namespace qbn::ui {

/// One word that fits beside a field: "file", "typed", "default", ...
QString provenanceMark(const Provenance& provenance);

/// A sentence for tooltips, with the note: "Read from the file: conv1.0.running_mean".
QString provenanceSentence(const Provenance& provenance);

} // namespace qbn::ui
