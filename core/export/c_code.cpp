#include "core/export/c_code.h"

#include "core/backends/bound_backend.h"
#include "core/export/c_expression.h"
#include "core/export/listing.h"
#include "core/export/request_parts.h"

#include <algorithm>
#include <array>
#include <map>

namespace qbn {

using formula::Input;
using formula::Instruction;
using formula::Op;
using formula::Section;
using formula::Type;
using formula::Value;

namespace {

constexpr std::array<std::string_view, 60> c_words{
    "asm",      "auto",      "bool",     "break",    "case",     "catch",     "char",    "class",
    "code",     "const",     "continue", "default",  "delete",   "do",        "double",  "else",
    "enum",     "extern",    "false",    "float",    "for",      "friend",    "goto",    "if",
    "inline",   "int",       "long",     "main",     "mutable",  "namespace", "new",     "operator",
    "private",  "protected", "public",   "register", "restrict", "return",    "short",   "signed",
    "sizeof",   "static",    "struct",   "switch",   "template", "this",      "throw",   "true",
    "try",      "typedef",   "typename", "union",    "unsigned", "using",     "virtual", "void",
    "volatile", "while",     "first",    "best"};

/// Functions of math.h and types of stdint.h that the text uses, and what they and ours begin with.
bool is_c_word(std::string_view name)
{
    constexpr std::array<std::string_view, 24> library{
        "fma",    "fmaf",   "sqrt",    "sqrtf",   "fabs",    "fabsf",    "floor", "floorf",
        "ceil",   "ceilf",  "trunc",   "truncf",  "rint",    "rintf",    "frexp", "ilogb",
        "memcpy", "int8_t", "uint8_t", "int32_t", "int64_t", "INFINITY", "NAN",   "near"};
    return std::find(c_words.begin(), c_words.end(), name) != c_words.end()
        || std::find(library.begin(), library.end(), name) != library.end()
        || name.starts_with("qbn_") || name.starts_with("bn") || name.starts_with("INT")
        || name.ends_with("_t") || name.starts_with("_");
}

std::string code_type(CodeType type, bool hls)
{
    if (hls)
        return type.is_signed ? "ap_int<8>" : "ap_uint<8>";
    return type.is_signed ? "int8_t" : "uint8_t";
}

std::string comment_lines(const CodeRequest& request)
{
    std::string text;
    for (const std::string& line : heading_lines(request))
        text += "// " + line + "\n";
    return text;
}

/// The function of the layer and a main() that prints all codes.
class CText
{
public:
    CText(const CodeRequest& request, bool hls)
        : request_(request)
        , hls_(hls)
        , name_(identifier_of(request.layer.name))
    { }

    const std::string& name() const { return name_; }

    std::string signature() const
    {
        return code_type(request_.layer.output.type, hls_) + " " + name_ + "(int channel, "
            + code_type(request_.layer.input.type, hls_) + " code)";
    }

    std::string main_program() const
    {
        const ChannelRange asked = asked_channels(request_);
        const CodeType type = request_.layer.input.type;
        const std::string end = std::to_string(asked.first + asked.count);
        std::string call = name_ + "(channel, (" + code_type(type, hls_) + ")code)";
        call = hls_ ? "(int)" + call : call;
        return "#ifdef QBN_MAIN\n"
               "#include <stdio.h>\n\n"
               "int main(void)\n{\n    int channel, code;\n    for (channel = "
            + std::to_string(asked.first) + "; channel < " + end
            + "; ++channel) {\n        for (code = " + std::to_string(type.qmin()) + "; code <= "
            + std::to_string(type.qmax()) + "; ++code)\n            printf(\"%d%c\", " + call
            + ", code == " + std::to_string(type.qmax())
            + " ? '\\n' : ' ');\n    }\n    return 0;\n}\n#endif\n";
    }

private:
    const CodeRequest& request_;
    bool hls_;
    std::string name_;
};

/// A formula as C.
class CArithmetic
{
public:
    CArithmetic(const CodeRequest& request, bool folded, bool hls)
        : request_(request)
        , program_(*request.backend.program)
        , channels_(needed_channels(request))
        , folded_(folded)
        , dialect_{hls}
        , frame_(request, hls)
        , listing_(program_, is_c_word)
        , helpers_(dialect_.helpers())
    { }

    Result<std::string> text()
    {
        const std::vector<int> lines = needed(program_.output());
        for (const int line : lines) {
            const Instruction& instruction = at(line);
            if (dialect_.is_hls && !is_known(line) && formula::is_float(instruction.type)
                && instruction.op != Op::input)
                return Error{std::string(request_.backend.id) + " computes \""
                             + listing_.statement_of(line)
                             + "\" in floating point for each code; HLS code is written of integer "
                               "arithmetic, as that of litert or of fixed point"};
        }
        write_function(lines);
        if (!helpers_.missing().empty())
            return Error{helpers_.missing() + " cannot be said in "
                         + (dialect_.is_hls ? "HLS C++" : "C")};
        std::string result = comment_lines(request_) + preamble();
        result += constants();
        result
            += helpers_.text(dialect_.is_hls ? CDialect::describe_hls : CDialect::describe_c, "\n");
        return result + reductions_ + function_ + "\n" + frame_.main_program();
    }

private:
    const Instruction& at(int index) const
    {
        return program_.instructions()[static_cast<std::size_t>(index)];
    }
    static bool is_reduction(Op op)
    {
        return op == Op::any || op == Op::all || op == Op::smallest || op == Op::largest;
    }
    /// Written as a number, or as one for each channel.
    bool is_known(int index) const
    {
        const Instruction& instruction = at(index);
        if (instruction.per_code || instruction.op == Op::constant)
            return false;
        return folded_ || (instruction.op == Op::input && instruction.input != Input::channel)
            || !c_can_say(instruction.op, dialect_);
    }

    /// What is gathered over all channels comes from a function of its own.
    std::vector<int> needed(int target) const
    {
        return listing_.needed(std::array{target},
                               [this](int i) { return is_known(i) || is_reduction(at(i).op); });
    }

    std::string preamble() const
    {
        if (dialect_.is_hls)
            return "// What depends on no input code is a number here; the operations on a code "
                   "are integers.\n"
                   "#include <ap_int.h>\n\n"
                   "typedef ap_int<64> i64_t;\ntypedef ap_uint<64> u64_t;\n"
                   "typedef ap_int<32> i32_t;\ntypedef ap_uint<32> u32_t;\n\n";
        return "// C99. Compile with -ffp-contract=off and without -ffast-math, link with -lm: "
               "each operation rounds once.\n"
               "#include <float.h>\n#include <math.h>\n#include <stdbool.h>\n#include "
               "<stdint.h>\n#include <string.h>\n\n"
               "/* 16 is 0, where _Float16 has a type of its own too. */\n"
               "#if defined(__FAST_MATH__) \\\n"
               "    || (defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != "
               "16)\n"
               "#error \"each operation has to round once, to its own type\"\n"
               "#endif\n"
               "#if defined(__GNUC__) && !defined(__clang__)\n"
               "#pragma GCC optimize(\"fp-contract=off\")\n"
               "#else\n"
               "#pragma STDC FP_CONTRACT OFF\n"
               "#endif\n\n";
    }

    std::string input_name(const Instruction& instruction) const
    {
        return "qbn_" + std::string(name_of(instruction.input));
    }

    std::string known_name(int index) const
    {
        const Instruction& instruction = at(index);
        return instruction.op == Op::input ? input_name(instruction)
                                           : "qbn_" + listing_.name_of(index) + "_value";
    }

    std::string operand(int index)
    {
        const Instruction& instruction = at(index);
        if (is_known(index)) {
            known_[static_cast<std::size_t>(index)] = true;
            if (!instruction.per_channel)
                return known_name(index);
            uses_channel_ = true;
            const std::string offset
                = channels_.first > 0 ? " - " + std::to_string(channels_.first) : "";
            return known_name(index) + "[channel" + offset + "]";
        }
        if (instruction.op == Op::input) {
            const bool is_code = instruction.input == Input::x;
            (is_code ? uses_code_ : uses_channel_) = true;
            const std::string from = is_code ? "code" : "channel";
            return dialect_.is_hls ? "i64_t(" + from + ")" : "(int64_t)" + from;
        }
        if (listing_.is_line(index))
            return listing_.name_of(index);
        const std::string literal = dialect_.literal(instruction.type, instruction.value);
        return literal.starts_with('-') ? "(" + literal + ")" : literal;
    }

    std::string expression(int index)
    {
        const Instruction& instruction = at(index);
        if (instruction.op == Op::constant)
            return dialect_.literal(instruction.type, instruction.value);
        if (is_reduction(instruction.op))
            return reduction(index) + "()";
        const Type type = at(instruction.operands[instruction.op == Op::select ? 1 : 0]).type;
        return c_expression(
            instruction, type, [&](std::size_t k) { return operand(instruction.operands[k]); },
            dialect_, helpers_);
    }

    /// The lines of a function's body, each statement's text in front of what computes it.
    std::string body(const std::vector<int>& lines, std::string_view indent)
    {
        std::string text;
        std::string last;
        for (const int line : lines) {
            if (is_known(line) || !listing_.is_line(line))
                continue;
            std::string statement = listing_.statement_of(line);
            if (statement != last)
                text += std::string(text.empty() ? "" : "\n") + std::string(indent) + "// "
                    + statement + "\n";
            last = std::move(statement);
            text += std::string(indent) + "const " + std::string(dialect_.type_name(at(line).type))
                + " " + listing_.name_of(line) + " = " + expression(line) + ";\n";
        }
        return text;
    }

    void write_function(const std::vector<int>& lines)
    {
        uses_channel_ = uses_code_ = false;
        const std::string lines_text = body(lines, "    ");
        const std::string y = operand(program_.output());
        const CodeType type = request_.layer.output.type;
        std::string result = dialect_.is_hls ? "i64_t(" + y + ")" : "(int64_t)" + y;
        if (type.bits != 8) {
            helpers_.use("wrap_code");
            const auto end = [&](std::int64_t value) {
                return dialect_.literal(Type::i64, Value{.i64 = value});
            };
            result = "qbn_wrap_code(" + result + ", " + end(type.qmin()) + ", " + end(type.qmax())
                + ")";
        }
        function_ += "// The output code of an input code.\n" + frame_.signature() + "\n{\n";
        if (dialect_.is_hls)
            function_ += "#pragma HLS PIPELINE II=1\n";
        function_ += lines_text + "\n";
        if (!uses_channel_)
            function_ += "    (void)channel;\n";
        if (!uses_code_)
            function_ += "    (void)code;\n";
        const std::string to = code_type(type, dialect_.is_hls);
        function_ += "    return "
            + (dialect_.is_hls ? to + "(" + result + ")" : "(" + to + ")" + result) + ";\n}\n";
    }

    /// A function that gathers what another instruction gives over all channels.
    std::string reduction(int index)
    {
        const std::string name = "qbn_over_channels_" + listing_.name_of(index);
        if (std::find(written_.begin(), written_.end(), index) != written_.end())
            return name;
        written_.push_back(index);
        const Instruction& instruction = at(index);
        const int from = instruction.operands[0];
        const std::string type(dialect_.type_name(instruction.type));
        const bool outer_channel = uses_channel_;
        const std::string lines = body(needed(from), "        ");
        std::string text = "// " + listing_.statement_of(index) + "\nstatic " + type + " " + name
            + "(void)\n{\n    " + type + " best = 0;\n    int channel;\n"
            + "    for (channel = 0; channel < " + std::to_string(channels_.count)
            + "; ++channel) {\n" + lines + "        if (channel == 0 || "
            + better(instruction, operand(from)) + ")\n            best = " + operand(from)
            + ";\n    }\n    return best;\n}\n\n";
        uses_channel_ = outer_channel;
        reductions_ += text;
        return name;
    }

    static std::string better(const Instruction& instruction, const std::string& value)
    {
        const bool smaller = instruction.op == Op::smallest || instruction.op == Op::all;
        const std::string order = value + (smaller ? " < best" : " > best");
        return formula::is_float(instruction.type)
            ? "(best != best && " + value + " == " + value + ") || " + order
            : order;
    }

    std::string constants() const
    {
        std::vector<int> indices;
        for (std::size_t i = 0; i < program_.instructions().size(); ++i) {
            if (const auto found = known_.find(i); found != known_.end())
                indices.push_back(static_cast<int>(i));
        }
        const KnownValues values(request_, channels_, indices);
        std::string text;
        for (const int index : indices) {
            const Instruction& instruction = at(index);
            text += "static const " + std::string(dialect_.type_name(instruction.type)) + " "
                + known_name(index);
            const std::vector<Value>& list = values.of(index);
            if (!instruction.per_channel) {
                text += " = " + dialect_.literal(instruction.type, list.front()) + ";\n";
                continue;
            }
            text += "[" + std::to_string(list.size()) + "] = {";
            for (std::size_t k = 0; k < list.size(); ++k)
                text += (k == 0           ? ""
                             : k % 8 == 0 ? ",\n    "
                                          : ", ")
                    + dialect_.literal(instruction.type, list[k]);
            text += "};\n";
        }
        return text + "\n";
    }

    const CodeRequest& request_;
    const formula::Program& program_;
    ChannelRange channels_;
    bool folded_;
    CDialect dialect_;
    CText frame_;
    Listing listing_;
    HelperSet helpers_;
    std::map<std::size_t, bool> known_; ///< the numbers that the text names
    std::vector<int> written_; ///< reductions
    std::string reductions_, function_;
    bool uses_channel_ = false, uses_code_ = false;
};

} // namespace

Result<std::string> c_arithmetic(const CodeRequest& request, bool folded, bool hls)
{
    return CArithmetic(request, folded, hls).text();
}

std::string c_table(const CodeRequest& request)
{
    const BatchNormLayer& layer = request.layer;
    const CText frame(request, false);
    const ChannelRange asked = asked_channels(request);
    const std::string type = code_type(layer.output.type, false);
    std::string text = comment_lines(request) + "// C99: an output code for each input code.\n"
        + "#include <stdint.h>\n\n" + "static const " + type + " qbn_codes["
        + std::to_string(asked.count) + "][" + std::to_string(layer.input.type.count()) + "] = {\n";
    BoundBackend bound(request.backend, layer);
    for (int channel = asked.first; channel < asked.first + asked.count; ++channel) {
        const std::vector<std::int32_t> codes = bound.codes(channel);
        text += "    {";
        for (std::size_t i = 0; i < codes.size(); ++i)
            text += (i == 0 ? "" : i % 16 == 0 ? ",\n     " : ", ") + std::to_string(codes[i]);
        text += "},\n";
    }
    const auto offset = [](int first) {
        return first == 0 ? std::string()
            : first > 0   ? " - " + std::to_string(first)
                          : " + " + std::to_string(-first);
    };
    return text + "};\n\n// The output code of an input code.\n" + frame.signature()
        + "\n{\n    return qbn_codes[channel" + offset(asked.first) + "][code"
        + offset(layer.input.type.qmin()) + "];\n}\n\n" + frame.main_program();
}

} // namespace qbn
