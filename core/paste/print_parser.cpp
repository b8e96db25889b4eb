#include "core/paste/print_parser.h"

#include "core/paste/module_paths.h"
#include "core/paste/print_array.h"
#include "core/paste/print_index.h"
#include "core/paste/print_labels.h"
#include "core/paste/print_lexer.h"
#include "core/paste/print_names.h"
#include "core/paste/print_skips.h"
#include "core/paste/print_tuple.h"
#include "core/paste/typed_line.h"

#include <algorithm>
#include <string>
#include <utility>

namespace qbn {

namespace {

using Kind = PrintToken::Kind;
using Form = PrintedValue::Form;

constexpr std::size_t most_values = 65536;

std::string_view last_of_words(std::string_view label)
{
    const auto space = label.rfind(' ');
    return space == std::string_view::npos ? label : label.substr(space + 1);
}

class Parser
{
public:
    explicit Parser(const PasteText& text)
        : text_(text)
        , lexer_(text.rest())
        , is_cut_short_(text.is_cut_short())
    { }

    PrintedText parse()
    {
        PrintToken token = lexer_.next();
        for (; token.kind != Kind::end; token = lexer_.next()) {
            if (result_.values.size() == most_values) {
                is_cut_short_ = true;
                break;
            }
            if (is_line_start_)
                start_line(token);
            if (typed_ == TypedLine::expression)
                take_typed(token);
            else if (typed_ == TypedLine::none || token.kind == Kind::line_end)
                take(token);
            is_line_start_ = token.kind == Kind::line_end;
            previous_symbol_ = token.kind == Kind::symbol ? token.text.front() : '\0';
        }
        tuple_.close(result_.values);
        if (is_cut_short_)
            result_.stopped_at_line = token.line;
        return std::move(result_);
    }

private:
    void start_line(const PrintToken& token)
    {
        const auto line = static_cast<std::size_t>(token.line - 1);
        const PlainLine& place = text_.place_of_line(line);
        typed_ = place.is_continuation ? TypedLine::block
            : place.is_prompt          ? typed_line(text_.line(line))
                                       : TypedLine::none;
        if (typed_ == TypedLine::block && !place.is_continuation)
            clear_label();
    }

    // Its words name what is printed below. Its numbers are indices and arguments, no values.
    void take_typed(const PrintToken& token)
    {
        extends_bare_ = false;
        if (token.kind == Kind::word) {
            const bool is_call = lexer_.peek() == '(';
            if (is_call && names_layer(token.text))
                add_layer_call(token);
            else
                add_to_label(token);
            label_.is_reduced = label_.is_reduced || (is_call && reduces(token.text));
            tuple_.set_place(label_);
        } else if (token.kind == Kind::text) {
            add_to_label(token);
        } else if (token.is(',') || token.is(';')) {
            tuple_.take_comma();
            label_.is_reduced = false;
        } else if (token.kind == Kind::line_end) {
            end_line(token.line);
        } else if (is_operator_of_formula(token) || token.is('-')) {
            is_formula_ = is_formula_ || !label_.text.empty();
        }
        if ((token.kind == Kind::word || token.is(')')) && lexer_.peek() == '[')
            take_index(true);
    }

    void take(const PrintToken& token)
    {
        const bool extends = std::exchange(extends_bare_, false);
        if (token.kind == Kind::number)
            take_bare(token, extends);
        else if (token.is(','))
            take_comma(extends);
        else if (token.kind == Kind::word)
            take_word(token);
        else if (token.kind == Kind::text)
            add_to_label(token);
        else if (token.kind == Kind::line_end)
            end_line(token.line);
        else if (token.is('['))
            take_list(token);
        else if (token.is('('))
            paths_.open(lexer_);
        else if (token.is(')'))
            close_parenthesis();
        else if (is_operator_of_formula(token) && !label_.text.empty())
            is_formula_ = true;
    }

    void take_comma(bool extends)
    {
        extends_bare_ = extends;
        tuple_.take_comma();
    }

    // Words behind a value label nothing in the lines that follow.
    void end_line(int line)
    {
        paths_.end_line();
        if (value_line_ == line)
            clear_label();
    }

    void clear_label()
    {
        label_ = {};
        is_formula_ = false;
        tuple_.clear_names();
    }

    void take_word(const PrintToken& token)
    {
        if ((is_line_start_ && skip_prompt(lexer_, token.text))
            || skip_containing(lexer_, token.text) || skip_attribute(lexer_, token.text))
            return;
        if (lexer_.peek() == '(')
            return take_call(token);
        add_to_label(token);
        if (lexer_.peek() == '[')
            take_index(false);
        else if (previous_symbol_ == '/')
            skip_output_index(lexer_);
    }

    void add_to_label(const PrintToken& token)
    {
        tuple_.close(result_.values);
        if (label_.line != token.line) {
            if (!label_.text.empty())
                ++result_.skipped_lines;
            clear_label();
            label_.line = token.line;
        }
        if (previous_symbol_ != '.') // x[0, 1, 0, 0].item()
            label_.index.clear();
        std::string word;
        for (const char c : token.text.substr(0, longest_label))
            word += c >= ' ' && c <= '~' ? c : '?';
        append_word(label_.text, word);
        tuple_.add_word(word);
        tuple_.set_place(label_);
    }

    PrintedLabel take_label(int line)
    {
        PrintedLabel label = std::exchange(label_, {});
        is_formula_ = false;
        if (before_line_ != line)
            before_.clear();
        label.before = before_;
        before_line_ = line;
        append_word(before_, label.text);
        if (tuple_.has_names())
            tuple_.open(result_.values.size(), label.before, paths_.is_open());
        tuple_.clear_names();
        return label;
    }

    // x[0, :, 1, 2], x[0][1] and state["conv1.weight"]; what else stands in brackets is left alone,
    // and variables too where nothing says that it is an expression.
    void take_index(bool is_expression)
    {
        const auto is_clear
            = [](const PrintedIndex& entry) { return entry.kind != PrintedIndex::Kind::unclear; };
        while (lexer_.peek() == '[') {
            PrintLexer ahead = lexer_;
            const auto brackets = read_brackets(ahead);
            if (!brackets
                || (!is_expression
                    && !std::all_of(brackets->index.begin(), brackets->index.end(), is_clear)))
                return;
            lexer_ = ahead;
            for (const PrintToken& key : brackets->keys)
                add_to_label(key);
            if (tuple_.has_words() && changes_shape(tuple_.last_name()))
                label_.index = {{.kind = PrintedIndex::Kind::unclear}};
            else
                append_index(label_.index, brackets->index);
            tuple_.set_place(label_);
        }
    }

    void take_call(const PrintToken& token)
    {
        const std::string_view type = last_component(token.text);
        PrintLexer ahead = lexer_;
        ahead.next();
        PrintedValue value;
        value.type = type.substr(0, longest_label);
        value.line = token.line;
        const bool is_value = is_array_type(type) || is_scalar_type(type);
        const bool is_other = type == "Size" || type == "device";
        if (is_value || is_other || is_module_type(type))
            read_call(ahead, value);
        const bool is_empty = value.numbers.empty() && value.attributes.empty();
        // A class may be called QuantizedNet: what holds other modules is no value.
        if (is_empty && !is_value)
            return names_layer(token.text) ? add_layer_call(token) : add_to_label(token);
        lexer_ = ahead;
        value.form = is_array_type(type) ? Form::array : is_value ? Form::number : Form::module;
        if (is_formula_) // what it gives has no name
            clear_label();
        if (!is_empty && !is_other)
            add(std::move(value));
    }

    // "bn(qx)" as it stands, so that what it gives is not taken for its argument.
    void add_layer_call(PrintToken token)
    {
        constexpr int longest_call = 64; // tokens
        PrintLexer ahead = lexer_;
        int depth = 0;
        int count = 0;
        PrintToken next;
        do {
            next = ahead.next();
            if (next.kind == Kind::end || next.kind == Kind::line_end || ++count == longest_call)
                return add_to_label(token);
            depth += next.is('(') ? 1 : next.is(')') ? -1 : 0;
        } while (depth > 0);
        lexer_ = ahead;
        token.text = {token.text.data(), next.text.data() + next.text.size()};
        add_to_label(token);
    }

    // Of a list that is cut in its first number nothing is left.
    void take_list(const PrintToken& token)
    {
        PrintedValue value;
        value.line = token.line;
        const bool is_operand = is_operator(previous_symbol_) || is_prose();
        read_array(lexer_, value);
        if (!value.numbers.empty() && !is_operand && !is_in_expression())
            add(std::move(value));
    }

    bool is_operator_of_formula(const PrintToken& token) const
    {
        return token.is('+') || token.is('*') || (token.is('/') && lexer_.has_space_before(token));
    }

    static bool is_operator(char c) { return c == '*' || c == '+' || c == '^' || c == '/'; }

    // "0.5 * x": a part of a formula and no value of its label.
    bool is_in_expression() const
    {
        PrintLexer ahead = lexer_;
        const PrintToken next = ahead.next();
        return is_operator(previous_symbol_)
            || (next.kind == Kind::symbol && is_operator(next.text.front()));
    }

    // What labels nothing: a part of a formula, or prose that names a parameter somewhere.
    bool is_prose() const
    {
        return is_formula_ || (!tuple_.has_names() && !tuple_.is_open() && is_sentence(label_));
    }

    // Numbers stand in every prose; one that counts is labelled, or follows such a one.
    void take_bare(const PrintToken& token, bool extends)
    {
        if (token.number.is_integer && label_.line == token.line
            && names_channel(last_of_words(label_.text))) {
            channel_ = static_cast<int>(std::clamp<std::int64_t>(token.number.whole(), 0, 1 << 30));
            channel_line_ = token.line;
            return;
        }
        if (extends && value_line_ == token.line) {
            PrintedValue& value = result_.values.back();
            value.numbers.push_back(token.number);
            value.dimensions = {{.count = static_cast<std::int64_t>(value.numbers.size())}};
            value.form = Form::list;
            extends_bare_ = true;
            return;
        }
        const bool is_in_tuple
            = tuple_.is_open() && previous_symbol_ == ',' && value_line_ == token.line;
        if (!is_in_tuple && (!labels_number(token) || is_in_expression() || is_prose()))
            return;
        PrintedValue value;
        value.line = token.line;
        value.numbers = {token.number};
        add(std::move(value));
        extends_bare_ = true;
    }

    bool labels_number(const PrintToken& token) const
    {
        if (label_.text.empty())
            return false;
        PrintedLabel label = label_;
        if (tuple_.has_names())
            label.text = tuple_.first_name();
        label.before = before_line_ == token.line ? before_ : std::string();
        const PrintMeaning meaning = meaning_of(label);
        const bool is_real = meaning.is_code || token.number.half_unit > 0;
        const bool is_pixel = meaning.role == PrintRole::input || meaning.role == PrintRole::output;
        // "posted in 2023" is no input
        return meaning.role != PrintRole::none && (!is_pixel || is_real);
    }

    void add(PrintedValue value)
    {
        if (value.form == Form::module)
            value.path = paths_.take();
        tuple_.close_if_complete(result_.values);
        value.label = take_label(value.line);
        // "channel 0: x=[132, 52]", where a whole tensor has its own.
        if (channel_line_ == value.line && value.label.index.empty()
            && value.dimensions.size() <= 2)
            value.label.index = {{.first = 0}, {.first = channel_}};
        // The line on which it ends, for what follows it there.
        value_line_ = PrintLexer(lexer_).next().line;
        if (before_line_ != value_line_)
            before_.clear();
        result_.values.push_back(std::move(value));
    }

    // x.int_repr()[0, 1]
    void close_parenthesis()
    {
        paths_.close();
        if (lexer_.peek() == '[' && !label_.text.empty())
            take_index(true);
    }

    const PasteText& text_;
    PrintLexer lexer_;
    PrintedText result_;
    PrintedLabel label_;
    PrintTuple tuple_;
    std::string before_;
    int before_line_ = 0;
    int value_line_ = 0;
    int channel_ = 0; // that a line begins with
    int channel_line_ = 0;
    ModulePaths paths_;
    TypedLine typed_ = TypedLine::none; // the line
    bool is_line_start_ = true;
    bool extends_bare_ = false;
    bool is_formula_ = false; // "gamma * x + beta" labels no number
    char previous_symbol_ = '\0'; // the token before, if it is one
    bool is_cut_short_;
};

} // namespace

PrintedText parse_print(std::string_view text)
{
    return parse_print(PasteText(text));
}

PrintedText parse_print(const PasteText& text)
{
    return Parser(text).parse();
}

} // namespace qbn
