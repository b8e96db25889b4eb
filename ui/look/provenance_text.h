#pragma once

#include "core/layer/provenance.h"

#include <QString>

namespace qbn::ui {

/// A sentence for tooltips, with the note: "Read from the file: conv1.0.running_mean".
QString provenanceSentence(const Provenance& provenance);

} // namespace qbn::ui
