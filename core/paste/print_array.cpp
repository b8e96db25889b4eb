#include "core/paste/print_array.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qbn {

namespace {

using Kind = PrintToken::Kind;
constexpr std::size_t deepest = 8;
constexpr std::size_t most_attributes = 32;

class ArrayReader
{
public:
    ArrayReader(PrintLexer& lexer, PrintedValue& value)
        : lexer_(lexer)
        , value_(value)
    { }

    void read()
    {
        open();
        PrintLexer end = lexer_; // of what belongs to the array
        bool is_cut = false;
        while (!counts_.empty() && !is_cut) {
            const PrintToken token = lexer_.next();
            is_cut = !take(token);
            const bool is_line_end = token.kind == Kind::line_end;
            if (is_cut)
                lexer_ = end; // line ends too are left to those who know what they end
            else if (is_line_end)
                ends_line_ = ends_with_number_;
            else {
                end = lexer_;
                ends_with_number_ = token.kind == Kind::number;
                ends_line_ = false;
            }
        }
        if (is_cut)
            finish_cut();
        const bool is_list = value_.type.empty() && (has_commas_ || is_short_literal());
        if (!is_list && !is_scientific_)
            share_last_place();
        value_.form = has_commas_ || is_list ? PrintedValue::Form::list : PrintedValue::Form::array;
    }

    // [0.9]: one number alone has no comma. Who typed it meant it; a print has more digits.
    bool is_short_literal() const
    {
        constexpr double third_place = 4e-4;
        return value_.numbers.size() == 1 && value_.numbers.front().half_unit > third_place;
    }

private:
    // False for what cannot stand in an array.
    bool take(const PrintToken& token)
    {
        if (token.kind == Kind::number)
            return add(token);
        if (token.kind == Kind::ellipsis)
            value_.dimensions[counts_.size() - 1].elided_after = counts_.back();
        else if (token.is('['))
            return descend();
        else if (token.is(']'))
            return close();
        else if (token.is(','))
            has_commas_ = true;
        else
            return token.kind == Kind::line_end;
        return true;
    }

    bool add(const PrintToken& token)
    {
        // A rectangular array has its numbers at one depth.
        if (leaf_depth_ == 0)
            leaf_depth_ = counts_.size();
        if (leaf_depth_ != counts_.size())
            return false;
        is_scientific_ = is_scientific_ || token.text.find_first_of("eE") != std::string_view::npos;
        value_.numbers.push_back(token.number);
        ++counts_.back();
        return true;
    }

    bool descend()
    {
        if (counts_.size() == deepest || counts_.size() == leaf_depth_)
            return false;
        ++counts_.back();
        open();
        return true;
    }

    void open()
    {
        counts_.push_back(0);
        if (value_.dimensions.size() < counts_.size()) {
            value_.dimensions.emplace_back();
            is_known_.push_back(false);
        }
    }

    bool close()
    {
        const std::size_t depth = counts_.size() - 1;
        std::int64_t& count = value_.dimensions[depth].count;
        if (is_known_[depth] && count != counts_.back())
            return false;
        count = counts_.back();
        is_known_[depth] = true;
        counts_.pop_back();
        return true;
    }

    void finish_cut()
    {
        value_.cut_off = true;
        if (lacks_digits()) {
            value_.numbers.pop_back();
            --counts_.back();
        }
        for (std::size_t depth = 0; depth < counts_.size(); ++depth) {
            std::int64_t& count = value_.dimensions[depth].count;
            count = std::max(count, counts_[depth]);
        }
    }

    // Whether the last number may have been cut: it touches the end of the text, or the end of a
    // line and has fewer digits than another, or no point.
    bool lacks_digits() const
    {
        if (!ends_with_number_)
            return false;
        const double half_unit = value_.numbers.back().half_unit;
        const bool is_short = value_.numbers.size() == 1 || half_unit == 0
            || std::any_of(value_.numbers.begin(), value_.numbers.end(),
                           [half_unit](const PrintedNumber& other) {
                               return other.half_unit > 0 && other.half_unit < half_unit;
                           });
        return lexer_.at_end() || (ends_line_ && is_short);
    }

    // PyTorch rounds all numbers of a tensor to one place. So does NumPy, to 8 digits if not told
    // otherwise, and leaves zeros out; but its shorter numbers are those that only one binary32 has
    // (0.5653476), so beside long ones they are exact.
    void share_last_place()
    {
        constexpr double seventh_place = 0.6e-7;
        constexpr double eighth_place = 0.6e-8;
        double finest = 0;
        for (const PrintedNumber& number : value_.numbers) {
            if (number.half_unit > 0 && (finest == 0 || number.half_unit < finest))
                finest = number.half_unit;
        }
        const bool are_exact = are_dyadic();
        for (PrintedNumber& number : value_.numbers) {
            const bool is_shortest = finest < seventh_place && number.half_unit > eighth_place;
            if (are_exact)
                number.half_unit = 0;
            else if (is_shortest)
                number = {.value = static_cast<float>(number.value),
                          .half_unit = 0,
                          .place = number.place};
            else
                number.half_unit = finest;
        }
    }

    // [ 117.5   96.  -310. ]: NumPy prints the digits that are needed. Were they rounded to fewer,
    // not all of them would be multiples of a power of two by chance. PyTorch always prints 4.
    bool are_dyadic() const
    {
        constexpr int places = 20;
        return value_.type != "tensor"
            && std::all_of(value_.numbers.begin(), value_.numbers.end(),
                           [](const PrintedNumber& number) {
                               const double scaled = std::ldexp(number.value, places);
                               return !std::isfinite(scaled) || std::nearbyint(scaled) == scaled;
                           });
    }

    PrintLexer& lexer_;
    PrintedValue& value_;
    std::vector<std::int64_t> counts_; // entries so far, of each open bracket
    std::vector<bool> is_known_; // by depth: whether a closed bracket told the count
    std::size_t leaf_depth_ = 0;
    bool has_commas_ = false;
    bool is_scientific_ = false;
    bool ends_with_number_ = false;
    bool ends_line_ = false; // and a line end follows that number
};

class CallReader
{
public:
    CallReader(PrintLexer& lexer, PrintedValue& value, int depth)
        : lexer_(lexer)
        , value_(value)
        , depth_(depth)
    { }

    void read()
    {
        PrintLexer end = lexer_; // of what belongs to the call
        while (true) {
            const PrintToken token = lexer_.next();
            if (token.is(')'))
                return;
            if (token.kind == Kind::line_end)
                continue;
            const bool is_between = token.is(',') || token.kind == Kind::ellipsis;
            if (!is_between && !take(token)) {
                value_.cut_off = true;
                if (!is_consumed_)
                    lexer_ = end; // line ends too are left to those who know what they end
            }
            if (value_.cut_off)
                return;
            end = lexer_;
        }
    }

private:
    bool take(const PrintToken& token)
    {
        is_consumed_ = true;
        if (token.kind == Kind::number && value_.attributes.empty()) {
            if (lexer_.at_end())
                return false;
            value_.numbers.push_back(token.number);
            return true;
        }
        if (token.is('[') && value_.numbers.empty() && value_.dimensions.empty()) {
            read_array(lexer_, value_);
            value_.form = PrintedValue::Form::array;
            return true;
        }
        // What is half an attribute is nothing else either; "Running Mean" is not one.
        is_consumed_ = token.kind == Kind::word && lexer_.next().is('=');
        return is_consumed_ && read_attribute(token.text);
    }

    bool read_attribute(std::string_view name)
    {
        PrintedValue::Attribute attribute{.name = std::string(name), .word = {}, .numbers = {}};
        const PrintLexer before = lexer_;
        const PrintToken token = lexer_.next();
        if (token.kind == Kind::line_end)
            lexer_ = before;
        if (token.kind == Kind::word || token.kind == Kind::text)
            attribute.word = token.text;
        if (token.kind == Kind::number)
            attribute.numbers.push_back(token.number);
        const bool is_call = token.kind == Kind::word && lexer_.peek() == '(';
        if (is_call)
            lexer_.next();
        bool is_whole = token.kind != Kind::end && token.kind != Kind::line_end && !lexer_.at_end();
        if (is_call || token.is('(') || token.is('['))
            is_whole = read_inside(token, attribute);
        else if (token.is('<'))
            is_whole = skip_angle_brackets();
        if (is_whole && value_.attributes.size() < most_attributes)
            value_.attributes.push_back(std::move(attribute));
        return is_whole;
    }

    // tensor([0.0079]), (1, 3, 2, 4) or [3, 3]
    bool read_inside(const PrintToken& token, PrintedValue::Attribute& attribute)
    {
        constexpr int deepest_call = 3;
        if (depth_ == deepest_call)
            return false;
        PrintedValue inside;
        if (token.is('['))
            read_array(lexer_, inside);
        else
            CallReader(lexer_, inside, depth_ + 1).read();
        attribute.numbers = std::move(inside.numbers);
        return !inside.cut_off;
    }

    // grad_fn=<AddBackward0>
    bool skip_angle_brackets()
    {
        constexpr int most_tokens = 64;
        PrintToken token = lexer_.next();
        for (int i = 0; i < most_tokens && !token.is('>'); ++i)
            token = lexer_.next();
        return token.is('>');
    }

    PrintLexer& lexer_;
    PrintedValue& value_;
    int depth_;
    bool is_consumed_ = false; // the last token belongs to the call, even if it ends it too early
};

} // namespace

void read_array(PrintLexer& lexer, PrintedValue& value)
{
    ArrayReader(lexer, value).read();
}

void read_call(PrintLexer& lexer, PrintedValue& value)
{
    CallReader(lexer, value, 0).read();
}

} // namespace qbn
