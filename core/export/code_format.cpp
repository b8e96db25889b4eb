#include "core/export/code_format.h"

#include "core/export/c_code.h"
#include "core/export/fpcore.h"
#include "core/export/python_code.h"
#include "core/export/thresholds.h"

#include <algorithm>
#include <array>

namespace qbn {

std::span<const CodeFormatName> all_code_formats()
{
    static constexpr std::array list{
        CodeFormatName{CodeFormat::c, "c", "C", "c"},
        CodeFormatName{CodeFormat::numpy, "numpy", "NumPy", "py"},
        CodeFormatName{CodeFormat::pytorch, "pytorch", "PyTorch", "py"},
        CodeFormatName{CodeFormat::hls, "hls", "HLS C++", "cpp"},
        CodeFormatName{CodeFormat::fpcore, "fpcore", "FPCore", "fpcore"},
        CodeFormatName{CodeFormat::thresholds, "thresholds", "Thresholds", "csv"},
    };
    return list;
}

std::optional<CodeFormat> find_code_format(std::string_view id)
{
    const auto formats = all_code_formats();
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [id](const CodeFormatName& name) { return name.id == id; });
    return found == formats.end() ? std::nullopt : std::optional(found->format);
}

Result<std::string> code_text(CodeFormat format, const CodeRequest& request)
{
    const bool has_formula = request.backend.program != nullptr;
    switch (format) {
    case CodeFormat::c:
        if (!has_formula || request.form == CodeForm::table)
            return c_table(request);
        return c_arithmetic(request, request.form == CodeForm::folded, false);
    case CodeFormat::numpy:
        return python_code(request, PythonLibrary::numpy);
    case CodeFormat::pytorch:
        return python_code(request, PythonLibrary::torch);
    case CodeFormat::hls:
        if (!has_formula)
            return Error{std::string(request.backend.id)
                         + " has no formula; a table of C and thresholds say its codes"};
        return c_arithmetic(request, true, true);
    case CodeFormat::fpcore:
        return fpcore_text(request);
    case CodeFormat::thresholds:
        return thresholds_csv(request);
    }
    return Error{"there is no such format"};
}

} // namespace qbn
