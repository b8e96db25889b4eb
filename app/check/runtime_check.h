#pragma once

#include "app/check/check_outcome.h"
#include "core/text/result.h"

#include <stop_token>

namespace qbn::check {

/// Runs all input codes of the layers through the quantized batch norms of that Python's torch and onnxruntime, in a process of its
/// own, and holds what they give against all backends. Errors, one sentence each: no such interpreter, neither package in it, the
/// time limit, a crash, an answer that is none. Once `stop` is requested the process is killed and an error comes that means nothing.
/// Blocks; on any thread.
Result<CheckOutcome> check_runtimes(const CheckRequest& request, const std::stop_token& stop = {});

} // namespace qbn::check
