#include "core/export/python_code.h"

#include "core/backends/bound_backend.h"
#include "core/export/listing.h"
#include "core/export/python_helpers.h"
#include "core/export/python_words.h"
#include "core/export/request_parts.h"
#include "core/export/torch_operator.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <map>

namespace qbn {

using formula::Input;
using formula::Instruction;
using formula::Op;
using formula::Type;
using formula::Value;

namespace {

class PythonText
{
public:
    PythonText(const CodeRequest& request, PythonLibrary library)
        : request_(request)
        , program_(*request.backend.program)
        , channels_(needed_channels(request))
        , library_(library)
        , name_(identifier_of(request.layer.name))
        , listing_(program_, is_python_word)
        , helpers_(python_helper_texts())
    { }

    Result<std::string> text()
    {
        const std::string body = lines(
            listing_.needed(std::array{program_.output()}, [this](int i) { return is_known(i); }));
        const std::string result = output();
        const std::string numbers = inputs();
        if (!helpers_.missing().empty())
            return Error{helpers_.missing() + " cannot be said in Python"};
        const std::string helpers
            = helpers_.text([](Type) { return HelperType{}; }, "\n\n"); // all that are used by now
        std::string comment;
        for (const std::string& line : heading_lines(request_))
            comment += "# " + line + "\n";
        std::string text = comment;
        if (library_ == PythonLibrary::torch)
            text += torch_note(request_);
        text += std::string(python_vocabulary(library_)) + "\n\n" + helpers + numbers + "\n\n"
            + "def " + name_ + "(codes):\n"
            + "    \"\"\"The output codes, (C, N), of input codes, (C, N) or (N); channels "
            + channel_words() + ".\"\"\"\n";
        const bool is_numpy = library_ == PythonLibrary::numpy;
        const std::string x = is_numpy ? "np.atleast_2d(np.asarray(codes, _I64))"
                                       : "torch.atleast_2d(torch.as_tensor(codes, dtype=_I64))";
        text += "    x = " + x + "\n";
        if (is_numpy)
            text += "    with np.errstate(all=\"ignore\"):\n";
        return text + body + result;
    }

private:
    const Instruction& at(int index) const
    {
        return program_.instructions()[static_cast<std::size_t>(index)];
    }
    std::string indent() const { return library_ == PythonLibrary::numpy ? "        " : "    "; }

    std::string channel_words() const
    {
        const ChannelRange asked = asked_channels(request_);
        return asked.count == 1 ? std::to_string(asked.first) + " alone"
                                : "0 to " + std::to_string(asked.count - 1);
    }

    std::string help(std::string_view name)
    {
        helpers_.use(name);
        return "_" + std::string(name);
    }

    /// Written as numbers: parameters, and what Python has no words for where no code is in it.
    bool is_known(int index) const
    {
        const Instruction& instruction = at(index);
        return !instruction.per_code
            && (instruction.op == Op::input || !python_can_say(instruction.op));
    }

    std::string known_name(int index) const
    {
        const Instruction& instruction = at(index);
        return "_"
            + (instruction.op == Op::input ? std::string(name_of(instruction.input))
                                           : listing_.name_of(index) + "_value");
    }

    std::string operand(int index)
    {
        const Instruction& instruction = at(index);
        if (is_known(index)) {
            used_inputs_[index] = true;
            return known_name(index);
        }
        if (instruction.op == Op::input)
            return "x";
        return listing_.is_line(index) ? listing_.name_of(index) : constant(instruction);
    }

    static std::string constant(const Instruction& instruction)
    {
        return "_array([[" + python_number(instruction.type, instruction.value) + "]], "
            + std::string(python_dtype(instruction.type)) + ")";
    }

    std::string list(const Instruction& instruction)
    {
        std::string text = "(";
        for (std::size_t k = 0; k < instruction.count; ++k)
            text += (k > 0 ? ", " : "") + operand(instruction.operands[k]);
        return text + ")";
    }

    std::string rounded(Type type, const std::string& text)
    {
        if (type != Type::f16 && type != Type::bf16)
            return text;
        return help(type == Type::f16 ? "round_f16" : "round_bf16") + "(" + text + ")";
    }

    std::string narrowed(Type to, const std::string& binary64)
    {
        return rounded(to, help("to_odd") + "(" + binary64 + ")");
    }

    std::string expression(const Instruction& instruction)
    {
        const Type type = instruction.count == 0
            ? instruction.type
            : at(instruction.operands[instruction.op == Op::select ? 1 : 0]).type;
        const bool narrow = type == Type::f16 || type == Type::bf16;
        const bool whole = formula::is_integer(type);
        switch (instruction.op) {
        case Op::constant:
            return constant(instruction);
        case Op::negate:
            return "-" + operand(instruction.operands[0]);
        case Op::logical_not:
            return "~" + operand(instruction.operands[0]);
        case Op::is_nan:
            return operand(instruction.operands[0]) + " != " + operand(instruction.operands[0]);
        case Op::fma:
            return narrow ? narrowed(type, help("fma_to_odd") + list(instruction))
                          : help(type == Type::f64 ? "fma_f64" : "fma_f32") + list(instruction);
        case Op::convert:
            return conversion(instruction, type);
        default:
            break;
        }
        const std::string_view sign = python_sign(instruction.op);
        if (!sign.empty() && !(whole && instruction.op == Op::divide))
            return rounded(instruction.type,
                           operand(instruction.operands[0]) + " " + std::string(sign) + " "
                               + operand(instruction.operands[1]));
        if (const std::string_view word = python_vocabulary_word(instruction.op); !word.empty()) {
            const std::string call = "_" + std::string(word) + list(instruction);
            return instruction.op == Op::sqrt ? rounded(type, call) : call;
        }
        return help(instruction.op == Op::divide ? "divide" : function_name(instruction.op))
            + list(instruction);
    }

    std::string conversion(const Instruction& instruction, Type from)
    {
        const Type to = instruction.type;
        const std::string a = operand(instruction.operands[0]);
        if (to != Type::f16 && to != Type::bf16)
            return "_cast(" + a + ", " + std::string(python_dtype(to)) + ")";
        if (from == Type::f64)
            return narrowed(to, a);
        if (formula::is_integer(from))
            return narrowed(to, help("whole_to_odd") + "(" + a + ")");
        return rounded(to, a);
    }

    std::string lines(const std::vector<int>& needed)
    {
        std::string text;
        std::string last;
        for (const int line : needed) {
            if (!listing_.is_line(line) || is_known(line))
                continue;
            std::string statement = listing_.statement_of(line);
            if (statement != last)
                text += std::string(text.empty() ? "" : "\n") + indent() + "# " + statement + "\n";
            last = std::move(statement);
            text += indent() + listing_.name_of(line) + " = " + expression(at(line)) + "\n";
        }
        return text;
    }

    /// All channels by all codes, in the output type's range, and what runs when the file does.
    std::string output()
    {
        const CodeType type = request_.layer.output.type;
        const CodeType in = request_.layer.input.type;
        const ChannelRange asked = asked_channels(request_);
        const std::string least = std::to_string(type.qmin());
        std::string y = "_cast(" + operand(program_.output()) + ", _I64)";
        y = least + " + ((" + y + " - " + least + ") & " + std::to_string(type.count() - 1) + ")";
        const std::string channels = std::to_string(channels_.count);
        const std::string rows = channels_.count == asked.count
            ? ""
            : "[" + std::to_string(asked.first) + ":" + std::to_string(asked.first + 1) + "]";
        const bool is_numpy = library_ == PythonLibrary::numpy;
        std::string text = "\n" + indent() + "code = " + y + "  # as a cast stores it\n" + indent()
            + "return "
            + (is_numpy ? "np.broadcast_to(code, (" + channels + ", x.shape[1]))"
                        : "code.expand(" + channels + ", x.shape[1])")
            + rows + "\n";
        std::string function = name_;
        if (const std::string real
            = is_numpy ? std::string() : torch_operator(request_, name_ + "_operator");
            !real.empty()) {
            text += "\n\n" + real;
            function
                = "(" + name_ + "_operator if sys.argv[1:] == [\"operator\"] else " + name_ + ")";
        }
        text += "\n\nif __name__ == \"__main__\":\n";
        if (function != name_)
            text += "    import sys\n\n";
        return text + "    for row in " + function + "(range(" + std::to_string(in.qmin()) + ", "
            + std::to_string(in.qmax() + 1) + ")).tolist():\n        print(*row)\n";
    }

    /// The parameters, (C, 1) or (1, 1).
    std::string inputs() const
    {
        std::vector<int> indices;
        for (const auto& [index, used] : used_inputs_)
            indices.push_back(index);
        const KnownValues values(request_, channels_, indices);
        std::string text;
        for (const int index : indices) {
            const Instruction& instruction = at(index);
            const std::vector<Value>& list = values.of(index);
            const std::size_t count = instruction.per_channel ? list.size() : 1;
            text += known_name(index) + " = _array([[";
            for (std::size_t k = 0; k < count; ++k)
                text += (k == 0           ? ""
                             : k % 8 == 0 ? "], [\n    "
                                          : "], [")
                    + python_number(instruction.type, list[k]);
            text += "]], " + std::string(python_dtype(instruction.type)) + ")\n";
        }
        return text;
    }

    const CodeRequest& request_;
    const formula::Program& program_;
    ChannelRange channels_;
    PythonLibrary library_;
    std::string name_;
    Listing listing_;
    HelperSet helpers_;
    std::map<int, bool> used_inputs_;
};

/// Of what has no formula.
std::string python_table(const CodeRequest& request, PythonLibrary library)
{
    const ChannelRange asked = asked_channels(request);
    const CodeType type = request.layer.input.type;
    const std::string name = identifier_of(request.layer.name);
    const bool is_numpy = library == PythonLibrary::numpy;
    std::string text;
    for (const std::string& line : heading_lines(request))
        text += "# " + line + "\n";
    text += is_numpy ? "import numpy as np\n\n_CODES = np.array([\n"
                     : "import torch\n\n_CODES = torch.tensor([\n";
    BoundBackend bound(request.backend, request.layer);
    for (int channel = asked.first; channel < asked.first + asked.count; ++channel) {
        text += "    [";
        for (const std::int32_t code : bound.codes(channel))
            text += std::to_string(code) + ", ";
        text += "],\n";
    }
    const std::string index = is_numpy ? "np.asarray(codes)" : "torch.as_tensor(codes)";
    text += "])\n\n\ndef " + name + "(codes):\n"
        + "    \"\"\"The output codes, (C, N), of input codes, (N).\"\"\"\n    return _CODES[:, "
        + index + " - " + (type.is_signed ? "(" : "") + std::to_string(type.qmin())
        + (type.is_signed ? ")" : "") + "]\n";
    return text + "\n\nif __name__ == \"__main__\":\n    for row in " + name + "(range("
        + std::to_string(type.qmin()) + ", " + std::to_string(type.qmax() + 1)
        + ")).tolist():\n        print(*row)\n";
}

} // namespace

Result<std::string> python_code(const CodeRequest& request, PythonLibrary library)
{
    return request.backend.program ? PythonText(request, library).text()
                                   : python_table(request, library);
}

} // namespace qbn
