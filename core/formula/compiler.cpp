#include "core/formula/functions.h"
#include "core/formula/literal.h"
#include "core/text/printable.h"

#include <algorithm>
#include <optional>

namespace qbn::formula {

namespace {

std::string quoted(std::string_view text)
{
    return in_quotes(text);
}

std::optional<Type> type_named(std::string_view name)
{
    for (int i = 0; i <= static_cast<int>(Type::i32); ++i) {
        if (name_of(static_cast<Type>(i)) == name)
            return static_cast<Type>(i);
    }
    return std::nullopt;
}

std::optional<Input> input_named(std::string_view name)
{
    for (int i = 0; i < input_count; ++i) {
        if (name_of(static_cast<Input>(i)) == name)
            return static_cast<Input>(i);
    }
    return std::nullopt;
}

bool is_scale(Input input)
{
    return input == Input::s_in || input == Input::s_out || input == Input::s_gain
        || input == Input::s_offset || input == Input::s_product;
}

/// A number, inf, nan, or minus one of these: it takes the type of what stands beside it.
bool is_literal(const Expression& e)
{
    if (e.kind == Expression::Kind::number)
        return true;
    if (e.kind == Expression::Kind::name)
        return e.text == "inf" || e.text == "nan";
    return e.text == "negate" && e.arguments.size() == 1 && is_literal(e.arguments[0]);
}

} // namespace

/// From the syntax to instructions, depth first. The first error ends it.
class Compiler
{
public:
    explicit Compiler(Program& program)
        : program_(program)
    { }

    std::optional<Error> run()
    {
        read_headers();
        for (const Statement& statement : program_.syntax_.statements)
            compile_statement(statement);
        if (error_)
            return error_;
        const Named* y = program_.find("y");
        if (!y)
            return Error{"the formula gives no y, the output code"};
        const Type type = program_.instructions_[static_cast<std::size_t>(y->instruction)].type;
        if (!is_integer(type))
            return error_at(y->position,
                            "y is the output code and must be i64 or i32, not "
                                + std::string(name_of(type))
                                + "; to_code(), to_int32_x86() and the like make one");
        program_.output_ = y->instruction;
        return std::nullopt;
    }

private:
    int fail(Position position, const std::string& sentence)
    {
        if (!error_)
            error_ = error_at(position, sentence);
        return 0;
    }

    Instruction& at(int index) { return program_.instructions_[static_cast<std::size_t>(index)]; }
    Type type_of(int index) { return at(index).type; }

    void read_headers()
    {
        inputs_.fill(-1);
        for (const Header& header : program_.syntax_.headers) {
            if (header.key != "parameters" && header.key != "scales")
                continue;
            const auto type = type_named(header.value);
            if (!type || (*type != Type::f32 && *type != Type::f64))
                fail(header.position, std::string(header.key) + " are f32 or f64");
            else
                (header.key == "scales" ? scales_ : parameters_) = *type;
        }
    }

    int push(Instruction instruction)
    {
        if (program_.instructions_.size() == max_operations)
            return fail(instruction.position, "a formula has at most 1,000 operations");
        for (int i = 0; i < instruction.count; ++i) {
            const Instruction& operand = at(instruction.operands[static_cast<std::size_t>(i)]);
            instruction.per_channel = instruction.per_channel || operand.per_channel;
            instruction.per_code = instruction.per_code || operand.per_code;
        }
        program_.instructions_.push_back(instruction);
        return static_cast<int>(program_.instructions_.size()) - 1;
    }

    void compile_statement(const Statement& statement)
    {
        const bool taken = input_named(statement.name) || statement.name == "inf"
            || statement.name == "nan" || type_named(statement.name) || statement.name == "bool";
        if (taken)
            fail(statement.position, quoted(statement.name) + " is given and cannot be set");
        if (program_.find(statement.name))
            fail(statement.position, quoted(statement.name) + " is set a second time");
        if (error_)
            return;
        const int index = value(statement.expression, std::nullopt);
        if (error_)
            return;
        const Instruction& instruction = at(index);
        if (statement.section != Section::code && instruction.per_code)
            fail(statement.position,
                 quoted(statement.name) + " depends on x and belongs under \"code\"");
        else if (statement.section == Section::layer && instruction.per_channel)
            fail(statement.position,
                 quoted(statement.name)
                     + " is another in each channel and belongs under \"channel\"; any(), all(), "
                       "smallest() and largest() make one of all");
        program_.names_.push_back(
            {statement.name, statement.text, statement.section, index, statement.position});
    }

    /// Of a type if one is wanted, which only a number written in the text can follow.
    int value(const Expression& e, std::optional<Type> type)
    {
        if (error_)
            return 0;
        if (is_literal(e)) {
            if (!type)
                return fail(e.position, "a number alone has no type; write f32(...) or the like");
            return literal(e, *type);
        }
        return e.kind == Expression::Kind::name ? name(e) : call(e);
    }

    int literal(const Expression& e, Type type)
    {
        const Expression* number = &e;
        bool negative = false;
        while (number->kind == Expression::Kind::call) {
            negative = !negative;
            number = &number->arguments[0];
        }
        const auto value = read_literal(number->text, negative, type);
        if (!value)
            return fail(e.position, quoted(number->text) + " is no " + std::string(name_of(type)));
        return push({.op = Op::constant, .type = type, .value = *value, .position = e.position});
    }

    int input(Input input)
    {
        int& index = inputs_[static_cast<std::size_t>(input)];
        if (index >= 0)
            return index;
        Instruction instruction{.op = Op::input, .type = Type::i64, .input = input};
        if (input <= Input::eps)
            instruction.type = parameters_;
        else if (is_scale(input))
            instruction.type = scales_;
        else if (input == Input::relu || input == Input::has_product)
            instruction.type = Type::boolean;
        instruction.per_channel
            = input <= Input::beta || input == Input::channel || input == Input::observed;
        instruction.per_code = input == Input::x;
        index = push(instruction);
        return index;
    }

    int name(const Expression& e)
    {
        if (const Named* named = program_.find(e.text))
            return named->instruction;
        if (const auto given = input_named(e.text))
            return input(*given);
        if (find_function(e.text) || type_named(e.text))
            return fail(e.position,
                        quoted(e.text) + " is a function; its operands follow in brackets");
        return fail(e.position, quoted(e.text) + " is not known here");
    }

    int call(const Expression& e)
    {
        if (const auto type = type_named(e.text))
            return cast(e, *type);
        // Both directions of a comparison are one operation.
        const bool swapped = e.text == ">" || e.text == ">=";
        const std::string_view text = e.text == ">" ? "<" : e.text == ">=" ? "<=" : e.text;
        const Function* function = find_function(text);
        if (!function)
            return fail(e.position, "there is no function " + quoted(e.text));
        if (e.arguments.size() != function->arity)
            return fail(e.position,
                        std::string(function->name) + " takes " + std::to_string(function->arity)
                            + (function->arity == 1 ? " operand, not " : " operands, not ")
                            + std::to_string(e.arguments.size()));
        Instruction instruction{
            .op = function->op, .count = function->arity, .position = e.position, .text = e.source};
        operands(e, *function, instruction);
        if (error_)
            return 0;
        if (swapped)
            std::swap(instruction.operands[0], instruction.operands[1]);
        if (function->op == Op::to_code || function->op == Op::wrap_code) {
            instruction.operands[instruction.count++] = input(Input::qmin);
            instruction.operands[instruction.count++] = input(Input::qmax);
        }
        return function->shape == Shape::logic_of_channels
                || function->shape == Shape::number_of_channels
            ? reduction(instruction)
            : push(instruction);
    }

    int reduction(const Instruction& instruction)
    {
        if (at(instruction.operands[0]).per_code)
            return fail(instruction.position,
                        "what depends on x cannot be gathered over the channels");
        program_.sees_all_channels_ = true;
        const int index = push(instruction);
        at(index).per_channel = false;
        return index;
    }

    void operands(const Expression& e, const Function& function, Instruction& instruction)
    {
        const bool choice = function.shape == Shape::choice;
        const std::size_t first = choice ? 1 : 0;
        const bool bits = function.shape == Shape::bits;
        const std::size_t last = function.shape == Shape::coding ? 1 : bits ? 2 : function.arity;
        if (choice)
            instruction.operands[0] = typed(e.arguments[0], Type::boolean, function);
        if (function.shape == Shape::coding)
            instruction.operands[1] = typed(e.arguments[1], Type::i64, function);
        for (std::size_t i = last; bits && i < function.arity; ++i)
            instruction.operands[i] = typed(e.arguments[i], Type::i64, function);
        // The first that has a type of its own gives it to the numbers beside it.
        std::optional<Type> type;
        for (std::size_t i = first; i < last && !error_; ++i) {
            if (is_literal(e.arguments[i]))
                continue;
            const int operand = value(e.arguments[i], std::nullopt);
            if (error_)
                return;
            if (!type) {
                type = type_of(operand);
                if (!accepts(function.shape, *type))
                    fail(e.arguments[i].position,
                         std::string(function.name) + " takes "
                             + std::string(accepted_types(function.shape)) + ", not "
                             + std::string(name_of(*type)));
            }
            agree(e, *type, type_of(operand));
            instruction.operands[i] = operand;
        }
        for (std::size_t i = first; i < last && !error_; ++i) {
            if (is_literal(e.arguments[i]))
                instruction.operands[i] = value(e.arguments[i], type);
        }
        if (type)
            instruction.type = result_type(function.shape, *type);
    }

    int typed(const Expression& e, Type type, const Function& function)
    {
        const int operand = value(e, type);
        if (!error_ && type_of(operand) != type)
            fail(e.position,
                 std::string(function.name) + " takes " + std::string(name_of(type)) + " here, not "
                     + std::string(name_of(type_of(operand))));
        return operand;
    }

    void agree(const Expression& e, Type a, Type b)
    {
        if (a == b)
            return;
        const std::string mixed
            = "mixes " + std::string(name_of(a)) + " and " + std::string(name_of(b));
        if (a == Type::boolean || b == Type::boolean) {
            fail(e.position, quoted(e.text) + " " + mixed);
            return;
        }
        const Type wider = std::min(a, b);
        fail(e.position,
             quoted(e.text) + " " + mixed + "; write the cast that is meant, "
                 + std::string(name_of(wider)) + "(...) or " + std::string(name_of(std::max(a, b)))
                 + "(...)");
    }

    int cast(const Expression& e, Type type)
    {
        if (e.arguments.size() != 1)
            return fail(e.position,
                        std::string(name_of(type)) + " takes 1 operand, not "
                            + std::to_string(e.arguments.size()));
        if (is_literal(e.arguments[0]))
            return literal(e.arguments[0], type);
        const int operand = value(e.arguments[0], std::nullopt);
        if (error_)
            return 0;
        const Type from = type_of(operand);
        if (is_integer(type) && is_float(from))
            return fail(e.position,
                        "a float becomes a whole number by to_code(), to_int32_x86() or "
                        "to_int64_x86(), which say what NaN and overflow give");
        if (is_float(type) && from == Type::boolean)
            return fail(e.position, "select(c, a, b) makes a number of a bool");
        return push({.op = Op::convert,
                     .type = type,
                     .count = 1,
                     .operands = {operand},
                     .position = e.position,
                     .text = e.source});
    }

    Program& program_;
    Type parameters_ = Type::f32;
    Type scales_ = Type::f32;
    std::array<int, input_count> inputs_{};
    std::optional<Error> error_;
};

Result<std::shared_ptr<const Program>> compile(std::string text)
{
    auto program = std::make_shared<Program>();
    program->text_ = std::make_shared<const std::string>(std::move(text));
    Result<Syntax> syntax = parse(*program->text_);
    if (!syntax)
        return syntax.error();
    program->syntax_ = std::move(*syntax);
    if (const auto error = Compiler(*program).run())
        return *error;
    return std::shared_ptr<const Program>(std::move(program));
}

} // namespace qbn::formula
