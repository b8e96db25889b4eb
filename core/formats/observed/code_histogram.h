#pragma once

#include "core/evaluate/audit.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QString>

namespace qbn {

/// Reads how often each input code of a layer occurs: CSV, first line `channel,input_code,count`,
/// then a line for each code that occurs; codes without a line, or with several, count 0 or the
/// sum. Refused, with file and line: another header, a channel or code that the layer does not
/// have, a count that is negative or no number.
Result<CodeDistribution> read_code_histogram(const QString& path, const BatchNormLayer& layer);

} // namespace qbn
