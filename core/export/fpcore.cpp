#include "core/export/fpcore.h"

#include "core/export/listing.h"
#include "core/export/request_parts.h"
#include "core/formula/functions.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace qbn {

using formula::Input;
using formula::Instruction;
using formula::Op;
using formula::Type;
using formula::Value;

namespace {

bool is_fpcore_word(std::string_view name)
{
    constexpr std::array<std::string_view, 22> words{
        "if",   "let",    "while", "for",   "tensor", "x",     "and",   "or",
        "not",  "fma",    "sqrt",  "fabs",  "floor",  "ceil",  "trunc", "round",
        "cast", "digits", "isnan", "array", "whole",  "raised"};
    const bool is_constant = std::none_of(name.begin(), name.end(),
                                          [](char c) { return c >= 'a' && c <= 'z'; }); // LN2
    return is_constant || std::find(words.begin(), words.end(), name) != words.end();
}

std::string_view precision(Type type)
{
    switch (type) {
    case Type::f64:
        return "binary64";
    case Type::f32:
        return "binary32";
    case Type::f16:
        return "binary16";
    case Type::bf16:
        return "(float 8 16)";
    default:
        return "integer";
    }
}

std::string literal(Type type, const Value& value)
{
    std::string digits;
    switch (type) {
    case Type::f64:
        digits = format_number(value.f64);
        break;
    case Type::i64:
        return std::to_string(value.i64);
    case Type::i32:
        return std::to_string(value.i32);
    case Type::boolean:
        return value.boolean != 0 ? "TRUE" : "FALSE";
    default:
        digits = format_number(value.f32);
    }
    if (digits == "nan")
        return "NAN";
    return digits == "inf" ? "INFINITY" : digits == "-inf" ? "(- INFINITY)" : digits;
}

/// "+" of what FPCore has under a name of its own; empty for what is said in other words.
std::string_view fpcore_name(Op op)
{
    switch (op) {
    case Op::add:
        return "+";
    case Op::subtract:
    case Op::negate:
        return "-";
    case Op::multiply:
        return "*";
    case Op::divide:
        return "/";
    case Op::fma:
        return "fma";
    case Op::sqrt:
        return "sqrt";
    case Op::abs:
        return "fabs";
    case Op::floor:
        return "floor";
    case Op::ceil:
        return "ceil";
    case Op::trunc:
        return "trunc";
    case Op::rint:
        return "nearbyint";
    case Op::round_away:
        return "round";
    case Op::less:
        return "<";
    case Op::less_equal:
        return "<=";
    case Op::equal:
        return "==";
    case Op::not_equal:
        return "!=";
    case Op::logical_and:
        return "and";
    case Op::logical_or:
        return "or";
    case Op::logical_not:
        return "not";
    case Op::select:
        return "if";
    case Op::is_nan:
        return "isnan";
    case Op::convert:
        return "cast";
    default:
        return {};
    }
}

bool wraps(Op op, std::int64_t a, std::int64_t b, std::int64_t result)
{
    std::int64_t exactly = 0;
    const bool beyond = op == Op::add ? __builtin_add_overflow(a, b, &exactly)
        : op == Op::subtract          ? __builtin_sub_overflow(a, b, &exactly)
        : op == Op::multiply          ? __builtin_mul_overflow(a, b, &exactly)
                                      : __builtin_sub_overflow(std::int64_t{0}, a, &exactly);
    return beyond || exactly != result;
}

class FpcoreText
{
public:
    explicit FpcoreText(const CodeRequest& request)
        : request_(request)
        , program_(*request.backend.program)
        , bound_(request.backend.program, request.layer)
        , listing_(program_, is_fpcore_word)
    { }

    Result<std::string> text()
    {
        const std::vector<int> targets = conversions();
        if (targets.empty())
            return Error{std::string(request_.backend.id)
                         + " computes the code from integers alone; FPCore says floating point"};
        std::string text;
        for (const std::string& line : heading_lines(request_))
            text += "; " + line + "\n";
        const ChannelRange asked = asked_channels(request_);
        for (int channel = asked.first; channel < asked.first + asked.count; ++channel) {
            bound_.run(channel);
            for (const int target : targets) {
                const Result<std::string> core = core_of(channel, target);
                if (!core)
                    return core.error();
                text += "\n" + *core;
            }
        }
        return text;
    }

private:
    const Instruction& at(int index) const
    {
        return program_.instructions()[static_cast<std::size_t>(index)];
    }

    /// The reals of a code that become whole numbers: what is rounded to a code.
    std::vector<int> conversions() const
    {
        std::vector<int> targets;
        for (const int index : listing_.needed(std::array{program_.output()})) {
            const Instruction& instruction = at(index);
            const bool converts = instruction.op == Op::to_code
                || instruction.op == Op::to_int32_x86 || instruction.op == Op::to_int64_x86;
            const int from = instruction.operands[0];
            if (converts && instruction.per_code && at(from).per_code
                && std::find(targets.begin(), targets.end(), from) == targets.end())
                targets.push_back(from);
        }
        return targets;
    }

    /// Folded to a number: parameters, and what is no float and depends on no code.
    bool is_number(int index) const
    {
        const Instruction& instruction = at(index);
        if (instruction.per_code)
            return false;
        const bool gathers = instruction.op == Op::smallest || instruction.op == Op::largest;
        return !formula::is_float(instruction.type) || instruction.count == 0 || gathers;
    }

    std::string operand(int index) const
    {
        const Instruction& instruction = at(index);
        if (instruction.op == Op::input && instruction.input == Input::x)
            return "x";
        return is_number(index) ? literal(instruction.type, bound_.raw_value(index, 0))
                                : listing_.name_of(index);
    }

    /// Nothing for an operation that FPCore does not have.
    std::optional<std::string> operation(const Instruction& instruction) const
    {
        std::vector<std::string> operands;
        for (std::size_t k = 0; k < instruction.count; ++k)
            operands.push_back(operand(instruction.operands[k]));
        const auto order
            = [&](const std::string& sign, const std::string& a, const std::string& b) {
                  return "(if (" + sign + " " + a + " " + b + ") " + a + " " + b + ")";
              };
        switch (instruction.op) {
        case Op::min:
            return order("<", operands[0], operands[1]);
        case Op::max:
            return order(">", operands[0], operands[1]);
        case Op::clamp:
            return "(let ((raised " + order(">", operands[0], operands[1]) + ")) "
                + order("<", "raised", operands[2]) + ")";
        case Op::round_up:
            return "(let ((whole (floor " + operands[0] + "))) (if (>= (- " + operands[0]
                + " whole) 0.5) (+ whole 1) whole))";
        default:
            break;
        }
        const std::string_view name = fpcore_name(instruction.op);
        const bool rounds_whole = formula::is_integer(instruction.type)
            && (instruction.op == Op::divide || instruction.op == Op::abs);
        if (name.empty() || rounds_whole)
            return std::nullopt;
        std::string text = "(" + std::string(name);
        for (const std::string& of : operands)
            text += " " + of;
        return text + ")";
    }

    /// FPCore's integers do not end: a sum that wraps is not said.
    bool wraps_somewhere(int index) const
    {
        const Instruction& instruction = at(index);
        if (!formula::is_integer(instruction.type) || instruction.count == 0
            || instruction.op == Op::select || instruction.op == Op::min
            || instruction.op == Op::max || instruction.op == Op::clamp)
            return false;
        const auto whole = [&](int of, std::size_t lane) {
            const Value value = bound_.raw_value(of, lane);
            return at(of).type == Type::i64 ? value.i64
                : at(of).type == Type::i32  ? std::int64_t{value.i32}
                                            : std::int64_t{value.boolean};
        };
        const auto lanes = static_cast<std::size_t>(request_.layer.input.type.count());
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::int64_t a = whole(instruction.operands[0], lane);
            const std::int64_t b = whole(instruction.operands[instruction.count - 1U], lane);
            const std::int64_t result = whole(index, lane);
            if (instruction.op == Op::convert ? a != result : wraps(instruction.op, a, b, result))
                return true;
        }
        return false;
    }

    Result<std::string> core_of(int channel, int target) const
    {
        const auto fault = [&](int index, const std::string& why) {
            return Error{std::string(request_.backend.id) + " computes \""
                         + listing_.statement_of(index) + "\", channel " + std::to_string(channel)
                         + ": " + why};
        };
        std::string bindings;
        for (const int index :
             listing_.needed(std::array{target}, [this](int i) { return is_number(i); })) {
            const Instruction& instruction = at(index);
            if (is_number(index) || instruction.count == 0)
                continue;
            const auto operation_text = operation(instruction);
            if (!operation_text)
                return fault(index, "FPCore has no such operation");
            if (wraps_somewhere(index))
                return fault(index, "it wraps, and FPCore's integers do not");
            // A comparison and a choice round nothing; what is in them is of the operands' type.
            const Type type = instruction.type == Type::boolean ? at(instruction.operands[0]).type
                                                                : instruction.type;
            const std::string said = type == Type::boolean || type == Type::f32
                ? *operation_text
                : "(! :precision " + std::string(precision(type)) + " " + *operation_text + ")";
            bindings += (bindings.empty() ? "" : "\n         ") + ("(" + listing_.name_of(index))
                + " " + said + ")";
        }
        const CodeType in = request_.layer.input.type;
        const std::string name = identifier_of(request_.layer.name) + "_" + std::to_string(channel)
            + "_" + listing_.name_of(target);
        return "(FPCore " + name + " (x)\n  :precision binary32\n  :round nearestEven\n  :pre (<= "
            + std::to_string(in.qmin()) + " x " + std::to_string(in.qmax()) + ")\n  (let* ("
            + bindings + ")\n    " + listing_.name_of(target) + "))\n";
    }

    const CodeRequest& request_;
    const formula::Program& program_;
    formula::BoundFormula bound_;
    Listing listing_;
};

} // namespace

Result<std::string> fpcore_text(const CodeRequest& request)
{
    if (!request.backend.program)
        return Error{std::string(request.backend.id)
                     + " has no formula; thresholds and a table of C say its codes"};
    return FpcoreText(request).text();
}

} // namespace qbn
