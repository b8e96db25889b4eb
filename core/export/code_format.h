#pragma once

#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qbn {

/// As what a layer's codes leave the program.
enum class CodeFormat : std::uint8_t
{
    c, ///< C99, self contained
    numpy,
    pytorch,
    hls, ///< C++ with ap_int, integers alone
    fpcore, ///< FPCore 2.0, the reals before they become codes
    thresholds, ///< CSV: the input codes at which the output code changes
};

/// What of the computation is written, in C.
enum class CodeForm : std::uint8_t
{
    arithmetic, ///< all operations, from the parameters on
    folded, ///< what depends on no input code is a number; the operations on a code remain
    table, ///< an output code for each input code
};

struct CodeFormatName
{
    CodeFormat format;
    std::string_view id; ///< "numpy"; the command line uses it
    std::string_view title; ///< "NumPy"
    std::string_view extension; ///< "py"
};

std::span<const CodeFormatName> all_code_formats();
std::optional<CodeFormat> find_code_format(std::string_view id);

struct CodeRequest
{
    const BatchNormLayer& layer;
    const Backend& backend;
    std::optional<int> channel; ///< all without
    CodeForm form = CodeForm::arithmetic;
};

/// The text. A backend without a formula gives a table where the format has one. Errors: one sentence, why the format cannot say
/// this arithmetic. Texts that run print, run on their own, the output codes of all input codes: a line a channel, a space between.
Result<std::string> code_text(CodeFormat format, const CodeRequest& request);

} // namespace qbn
