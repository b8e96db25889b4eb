#include "core/formats/torch/script_code.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace qbn {

namespace {

// An operator and which of its arguments is eps.
struct Operator
{
    std::string_view call;
    std::size_t eps;
    std::optional<bool> relu;
};

// The signatures of native_functions.yaml and of ATen/native/quantized/library.cpp.
constexpr std::array operators{
    Operator{"torch.batch_norm(", 7, std::nullopt},
    Operator{"torch.nn.functional.batch_norm(", 7, std::nullopt},
    Operator{"ops.quantized.batch_norm(", 5, false},
    Operator{"ops.quantized.batch_norm_relu(", 5, true},
    Operator{"ops.quantized.batch_norm1d(", 5, false},
    Operator{"ops.quantized.batch_norm1d_relu(", 5, true},
    Operator{"ops.quantized.batch_norm2d(", 5, false},
    Operator{"ops.quantized.batch_norm2d_relu(", 5, true},
    Operator{"ops.quantized.batch_norm3d(", 5, false},
    Operator{"ops.quantized.batch_norm3d_relu(", 5, true},
};

// From the line that begins the class to the next class.
std::string_view text_of_class(std::string_view code, std::string_view name)
{
    const std::string head = "class " + std::string(name) + '(';
    std::size_t start = code.find(head);
    while (start != std::string_view::npos && start > 0 && code[start - 1] != '\n')
        start = code.find(head, start + 1);
    if (start == std::string_view::npos)
        return {};
    return code.substr(start, code.substr(start).find("\nclass "));
}

std::optional<double> constant(std::string_view text, std::string_view declaration)
{
    const std::size_t found = text.find(declaration);
    if (found == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = text.substr(found + declaration.size());
    return parse_number(rest.substr(0, rest.find('\n')));
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = std::min(text.find_first_not_of(" \n"), text.size());
    const std::size_t last = text.find_last_not_of(" \n");
    return first == text.size() ? std::string_view() : text.substr(first, last - first + 1);
}

// The arguments of a call, from behind its parenthesis, split at the commas outside of brackets.
std::optional<std::string_view> argument(std::string_view text, std::size_t wanted)
{
    std::size_t start = 0;
    std::size_t index = 0;
    int depth = 0;
    for (std::size_t i = 0; i < text.size() && depth >= 0; ++i) {
        const char c = text[i];
        if (c == '(' || c == '[')
            ++depth;
        else if (c == ')' || c == ']')
            --depth;
        if (depth >= 0 && (depth > 0 || c != ','))
            continue;
        if (index == wanted)
            return trimmed(text.substr(start, i - start));
        ++index;
        start = i + 1;
    }
    return std::nullopt;
}

// The eps of all calls of the operator; nothing if they differ or one is no number.
std::optional<double> eps_of_calls(std::string_view text, const Operator& op)
{
    std::optional<double> eps;
    for (std::size_t at = text.find(op.call); at != std::string_view::npos;
         at = text.find(op.call, at + 1)) {
        const auto word = argument(text.substr(at + op.call.size()), op.eps);
        const auto value = word ? parse_number(*word) : std::nullopt;
        if (!value || (eps && *eps != *value))
            return std::nullopt;
        eps = value;
    }
    return eps;
}

} // namespace

ModuleFacts read_script_class(std::string_view code, std::string_view class_name)
{
    ModuleFacts facts;
    const std::string_view text = text_of_class(code, class_name);
    facts.eps = constant(text, "\n  eps : Final[float] = ");
    for (const Operator& op : operators) {
        if (text.find(op.call) == std::string_view::npos)
            continue;
        if (!facts.eps)
            facts.eps = eps_of_calls(text, op);
        facts.relu = op.relu;
    }
    return facts;
}

void read_script_facts(const ZipArchive& archive, const std::string& top, Checkpoint& checkpoint)
{
    Modules modules = checkpoint.modules();
    for (auto& [prefix, facts] : modules) {
        const std::size_t dot = facts.class_name.rfind('.');
        if (!facts.class_name.starts_with("__torch__") || dot == std::string::npos)
            continue;
        std::string path = facts.class_name.substr(0, dot);
        std::replace(path.begin(), path.end(), '.', '/');
        path.insert(0, top + "code/").append(".py");
        const auto code
            = archive.find(path) != nullptr ? std::optional(archive.read(path)) : std::nullopt;
        if (!code || !*code)
            continue;
        const ModuleFacts read
            = read_script_class(view(**code), std::string_view(facts.class_name).substr(dot + 1));
        if (read.eps)
            facts.eps = read.eps;
        facts.relu = read.relu;
        facts.note = printable(path);
    }
    checkpoint.set_modules(std::move(modules));
}

} // namespace qbn
