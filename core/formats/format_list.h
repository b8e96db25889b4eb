#pragma once

#include "core/formats/bytes/file_content.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

namespace qbn {

/// A kind of file that layers are read from.
struct Format
{
    std::string_view name; ///< "ONNX model"
    /// Nothing where the content is of another kind; its first bytes or its members decide that. An error names the path.
    std::optional<Result<Model>> (*read)(const FileContent& file, const std::stop_token& stop);
};

/// All of them, in the order in which they are asked.
std::span<const Format> all_formats();

/// What a file is that no format knows, and what to do instead, as the end of a sentence.
Error not_a_model(const FileContent& file);

} // namespace qbn
