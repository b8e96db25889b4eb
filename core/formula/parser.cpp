#include "core/formula/lexer.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <optional>

namespace qbn::formula {

namespace {

constexpr int max_depth = 200;
constexpr std::array<std::string_view, 7> header_keys{"title",      "group",  "checked", "source",
                                                      "parameters", "scales", "sound"};

/// One statement's expression, by precedence as in C. After an error everything is at its end.
class ExpressionParser
{
public:
    explicit ExpressionParser(const std::vector<Token>& tokens)
        : tokens_(tokens)
    { }

    Result<Expression> parse()
    {
        Expression expression = binary(0);
        if (!error_ && here().kind != Token::Kind::end)
            expected("an operator or the end of the line");
        if (error_)
            return *error_;
        return expression;
    }

private:
    const Token& here() const { return tokens_[at_]; }

    void fail(Position position, const std::string& sentence)
    {
        if (!error_)
            error_ = error_at(position, sentence);
        at_ = tokens_.size() - 1;
    }

    void expected(std::string_view what)
    {
        const bool end = here().kind == Token::Kind::end;
        fail(here().position,
             "expected " + std::string(what) + ", found "
                 + (end ? std::string("the end of the line") : in_quotes(here().text)));
    }

    bool take(std::string_view symbol)
    {
        if (here().kind != Token::Kind::symbol || here().text != symbol)
            return false;
        ++at_;
        return true;
    }

    /// Counted here already: what follows descends into what was parsed.
    Expression call(const Token& token, std::vector<Expression> arguments)
    {
        if (++calls_ > max_operations)
            fail(token.position, "a formula has at most 1,000 operations");
        return {Expression::Kind::call, token.text, token.position, std::move(arguments), {}};
    }

    /// From a place to the last token taken.
    std::string_view source_from(const char* begin) const
    {
        if (error_ || at_ == 0)
            return {};
        const std::string_view last = tokens_[at_ - 1].text;
        return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
    }

    /// The operators from weak to strong, each row from left to right.
    Expression binary(std::size_t level)
    {
        static const std::array<std::vector<std::string_view>, 5> levels{{
            {"||"},
            {"&&"},
            {"<", "<=", ">", ">=", "==", "!="},
            {"+", "-"},
            {"*", "/"},
        }};
        constexpr std::size_t comparison = 2;
        if (level == levels.size())
            return unary();
        const char* begin = here().text.data();
        Expression left = binary(level + 1);
        for (bool first = true;; first = false) {
            const Token& token = here();
            const auto& of_level = levels[level];
            if (token.kind != Token::Kind::symbol
                || std::find(of_level.begin(), of_level.end(), token.text) == of_level.end())
                return left;
            if (level == comparison && !first) {
                fail(token.position, "comparisons do not chain; join two with &&");
                return left;
            }
            ++at_;
            std::vector<Expression> sides;
            sides.push_back(std::move(left));
            sides.push_back(binary(level + 1));
            left = call(token, std::move(sides));
            left.source = source_from(begin);
        }
    }

    Expression unary()
    {
        const Token& token = here();
        if (depth_ == max_depth) {
            fail(token.position, "brackets and signs are nested too deeply");
            return {};
        }
        ++depth_;
        Expression expression;
        if (take("-")) {
            expression = call({Token::Kind::name, "negate", token.position}, {});
            expression.arguments.push_back(unary());
        } else if (take("!")) {
            expression = call(token, {});
            expression.arguments.push_back(unary());
        } else {
            expression = primary();
        }
        if (expression.source.empty())
            expression.source = source_from(token.text.data());
        --depth_;
        return expression;
    }

    Expression primary()
    {
        const Token& token = here();
        if (token.kind == Token::Kind::number) {
            ++at_;
            return {Expression::Kind::number, token.text, token.position, {}, {}};
        }
        if (token.kind == Token::Kind::name) {
            ++at_;
            if (take("("))
                return call(token, arguments());
            return {Expression::Kind::name, token.text, token.position, {}, {}};
        }
        if (take("(")) {
            Expression inner = binary(0);
            if (!take(")"))
                expected("\")\"");
            return inner;
        }
        expected("a number, a name or \"(\"");
        return {};
    }

    std::vector<Expression> arguments()
    {
        std::vector<Expression> arguments;
        do
            arguments.push_back(binary(0));
        while (take(","));
        if (!take(")"))
            expected("\",\" or \")\"");
        return arguments;
    }

    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::size_t calls_ = 0;
    std::optional<Error> error_;
};

std::optional<Section> section_named(std::string_view line)
{
    if (line == "layer")
        return Section::layer;
    if (line == "channel")
        return Section::channel;
    return line == "code" ? std::optional(Section::code) : std::nullopt;
}

Result<Statement> parse_statement(Lexer& lexer, Section section)
{
    const Position position = lexer.position();
    const char* begin = lexer.line().data();
    const Result<std::vector<Token>> read = lexer.tokens(0);
    if (!read)
        return read.error();
    const std::vector<Token>& tokens = *read;
    if (tokens[0].kind != Token::Kind::name || tokens[1].text != "=")
        return error_at(
            position, R"(expected "name = expression" or a section, "layer", "channel" or "code")");
    const std::vector<Token> right(tokens.begin() + 2, tokens.end());
    Result<Expression> expression = ExpressionParser(right).parse();
    if (!expression)
        return expression.error();
    const Token& last = tokens[tokens.size() - 2];
    const auto from = static_cast<std::size_t>(tokens[2].text.data() - begin);
    const auto to = static_cast<std::size_t>(last.text.data() - begin) + last.text.size();
    return Statement{section, tokens[0].text, std::string_view(begin + from, to - from), position,
                     std::move(*expression)};
}

Result<Header> parse_header(const Lexer& lexer)
{
    const std::string_view line = lexer.line();
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view key = line.substr(0, end);
    if (std::find(header_keys.begin(), header_keys.end(), key) == header_keys.end())
        return error_at(
            lexer.position(),
            in_quotes(key)
                + " is no header (title, group, checked, source, parameters, scales, sound) "
                  "and no section (layer, channel, code)");
    const std::size_t from = std::min(line.find_first_not_of(" \t", end), line.size());
    return Header{key, line.substr(from), lexer.position()};
}

} // namespace

Result<Syntax> parse(std::string_view text)
{
    if (text.size() > max_text_bytes)
        return Error{"a formula is at most 64 KB long"};
    Syntax syntax;
    std::optional<Section> section;
    Lexer lexer(text);
    while (lexer.next_line()) {
        if (const auto next = section_named(lexer.line())) {
            section = next;
        } else if (section) {
            Result<Statement> statement = parse_statement(lexer, *section);
            if (!statement)
                return statement.error();
            syntax.statements.push_back(std::move(*statement));
        } else {
            Result<Header> header = parse_header(lexer);
            if (!header)
                return header.error();
            syntax.headers.push_back(*header);
        }
    }
    return syntax;
}

} // namespace qbn::formula
