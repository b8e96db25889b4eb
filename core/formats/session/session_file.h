#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <stop_token>

namespace qbn {

/// A session of at most 256 MiB; nothing if the text is no JSON by its first letter. The error names the path.
std::optional<Result<Model>> read_session_file(const FileContent& file,
                                               const std::stop_token& stop);

/// The session in a question card; nothing if the text is none. The error names the path.
std::optional<Result<Model>> read_question_card(const FileContent& file,
                                                const std::stop_token& stop);

} // namespace qbn
