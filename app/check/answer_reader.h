#pragma once

#include "app/check/check_outcome.h"
#include "core/text/result.h"

#include <QByteArray>

#include <vector>

namespace qbn::check {

/// What resources/check_runtimes.py wrote, held against the backends. `sent` are the layers of the request that it was given, in order.
/// Errors, one sentence each: an answer that is none, a Python with neither package.
Result<CheckOutcome> read_answers(const CheckRequest& request, const std::vector<std::size_t>& sent,
                                  const QByteArray& output);

} // namespace qbn::check
