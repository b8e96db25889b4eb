#include "core/formats/json/json_document.h"

#include "core/formats/bytes/cancelled.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <QString>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace qbn {

namespace {

using Encoding = rapidjson::UTF8<>;

constexpr std::size_t depth_limit = 100;
constexpr std::size_t value_limit = 1 << 24;

// What is no number is two numbers of 32 bits: a text's place and length in the JSON, quotes
// included; a container's end, as an index, and its size.
std::uint64_t content_of(std::size_t first, std::size_t second)
{
    return static_cast<std::uint64_t>(first) << 32U | second;
}

std::uint32_t first_half(std::uint64_t content)
{
    return static_cast<std::uint32_t>(content >> 32U);
}

std::uint32_t second_half(std::uint64_t content)
{
    return static_cast<std::uint32_t>(content & 0xffffffffU);
}

std::string place_in(std::string_view json, std::size_t offset)
{
    const std::string_view before = json.substr(0, std::min(offset, json.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::string_view in_line = before.substr(before.rfind('\n') + 1); // all if there is none
    const auto column = std::count_if(in_line.begin(), in_line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

// The quote that opens a text has no backslash before it, all in the text have.
std::size_t opening_quote(std::string_view json, std::size_t closing)
{
    std::size_t at = closing;
    for (bool is_escaped = true; is_escaped;) {
        at = json.rfind('"', at - 1);
        const std::size_t other
            = at == 0 ? std::string_view::npos : json.find_last_not_of('\\', at - 1);
        is_escaped = (at - 1 - other) % 2 == 1;
    }
    return at;
}

struct TextCatcher : rapidjson::BaseReaderHandler<Encoding, TextCatcher>
{
    std::string text;
    bool String(const char* characters, rapidjson::SizeType length, bool /*copy*/)
    {
        text.assign(characters, length);
        return true;
    }
};

std::string meaning_of(std::string_view token)
{
    if (token.find('\\') == std::string_view::npos)
        return std::string(token.substr(1, token.size() - 2));
    TextCatcher catcher;
    rapidjson::MemoryStream stream(token.data(), token.size());
    rapidjson::Reader().Parse(stream, catcher);
    // An escape may stand for half a surrogate pair.
    return QString::fromStdString(catcher.text).toStdString();
}

std::optional<double> nan_of(std::string_view text)
{
    constexpr std::string_view head = "nan(0x";
    if (text.size() != head.size() + 17 || !text.starts_with(head) || text.back() != ')')
        return std::nullopt;
    std::uint64_t bits = 0;
    const char* const end = text.data() + text.size() - 1;
    if (std::from_chars(text.data() + head.size(), end, bits, 16).ptr != end)
        return std::nullopt;
    const auto value = std::bit_cast<double>(bits);
    return std::isnan(value) ? std::optional(value) : std::nullopt;
}

Error too_large(std::string_view json, std::size_t offset)
{
    const std::string_view number
        = json.substr(offset, json.find_first_not_of("+-.0123456789eE", offset) - offset);
    return {place_in(json, offset) + ": " + in_quotes(number)
            + " is too large for a number of 64 bits (infinity is written as text: \"inf\", "
              "\"-inf\")"};
}

Error syntax_error(std::string_view json, rapidjson::ParseErrorCode code, std::size_t offset)
{
    if (code == rapidjson::kParseErrorNumberTooBig)
        return too_large(json, offset);
    std::size_t word = std::min(offset, json.size());
    while (
        word > 0
        && (std::isalpha(static_cast<unsigned char>(json[word - 1])) != 0 || json[word - 1] == '-'))
        --word;
    const bool is_value = code == rapidjson::kParseErrorValueInvalid;
    std::string reason = rapidjson::GetParseError_En(code);
    reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
    if (reason.ends_with('.'))
        reason.pop_back();
    std::string message
        = place_in(json, is_value ? word : offset) + ": it is not valid JSON: " + reason;
    for (const std::string_view name : {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"}) {
        if (is_value && json.substr(word).starts_with(name))
            return {
                message
                + R"x( (not-a-number and infinity are written as text: "nan", "inf", "-inf"))x"};
    }
    return {message};
}

} // namespace

// Takes what RapidJSON reports. Each function is false if the text is refused; error() says why.
class JsonDocument::Builder : public rapidjson::BaseReaderHandler<Encoding, JsonDocument::Builder>
{
public:
    Builder(JsonDocument& document, const rapidjson::MemoryStream& stream,
            const std::stop_token& stop)
        : document_(document)
        , stream_(stream)
        , stop_(stop)
    { }

    const std::optional<Error>& error() const { return error_; }

    bool Null() { return add(JsonType::null, 0); }
    bool Bool(bool value) { return add(value ? JsonType::yes : JsonType::no, 0); }

    bool RawNumber(const char* text, rapidjson::SizeType length, bool /*copy*/)
    {
        const double value = parse_number({text, length}).value_or(HUGE_VAL);
        if (std::isfinite(value))
            return add(JsonType::number, std::bit_cast<std::uint64_t>(value));
        error_ = too_large(document_.json_, stream_.Tell() - length);
        return false;
    }

    bool String(const char* /*text*/, rapidjson::SizeType /*length*/, bool /*copy*/)
    {
        const std::size_t end = stream_.Tell();
        const std::size_t start = opening_quote(document_.json_, end - 1);
        return add(JsonType::text, content_of(start, end - start));
    }
    bool Key(const char* text, rapidjson::SizeType length, bool copy)
    {
        return String(text, length, copy);
    }

    bool StartObject() { return open(JsonType::object); }
    bool StartArray() { return open(JsonType::array); }
    bool EndObject(rapidjson::SizeType count)
    {
        const std::uint32_t index = open_.back();
        return close(count) && has_no_repeated_key(index);
    }
    bool EndArray(rapidjson::SizeType count) { return close(count); }

private:
    bool fail(std::size_t offset, const std::string& what)
    {
        error_ = Error{place_in(document_.json_, offset) + ": " + what};
        return false;
    }

    bool add(JsonType type, std::uint64_t content)
    {
        if (document_.types_.size() == value_limit)
            return fail(stream_.Tell(), "it has more than 16777216 values");
        if (stop_.stop_requested()) {
            error_ = reading_cancelled();
            return false;
        }
        document_.types_.push_back(type);
        document_.contents_.push_back(content);
        return true;
    }

    bool open(JsonType type)
    {
        if (open_.size() == depth_limit)
            return fail(stream_.Tell() - 1, "it is nested more than 100 levels deep");
        open_.push_back(static_cast<std::uint32_t>(document_.types_.size()));
        return add(type, 0);
    }

    bool close(std::size_t count)
    {
        document_.contents_[open_.back()] = content_of(document_.types_.size(), count);
        open_.pop_back();
        return true;
    }

    bool has_no_repeated_key(std::uint32_t object)
    {
        using Key = std::pair<std::string, std::size_t>;
        std::vector<Key> keys;
        const JsonValue value(document_, object, first_half(document_.contents_[object]));
        for (auto key = value.first(); key; key = key->next()->next())
            keys.emplace_back(key->text(), first_half(document_.contents_[key->index_]));
        std::sort(keys.begin(), keys.end());
        const auto repeated
            = std::adjacent_find(keys.begin(), keys.end(),
                                 [](const Key& a, const Key& b) { return a.first == b.first; });
        return repeated == keys.end()
            || fail(std::next(repeated)->second,
                    "the key " + in_quotes(repeated->first) + " stands twice in one object");
    }

    JsonDocument& document_;
    const rapidjson::MemoryStream& stream_;
    const std::stop_token& stop_;
    std::vector<std::uint32_t> open_;
    std::optional<Error> error_;
};

Result<JsonDocument> JsonDocument::parse(std::string_view json, const std::stop_token& stop)
{
    if (json.size() > std::numeric_limits<std::uint32_t>::max())
        return Error{"it is larger than 4 GiB"};
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    JsonDocument document;
    document.json_ = json.starts_with(byte_order_mark) ? json.substr(byte_order_mark.size()) : json;
    rapidjson::MemoryStream stream(document.json_.data(), document.json_.size());
    Builder builder(document, stream, stop);
    rapidjson::Reader reader;
    constexpr unsigned flags = rapidjson::kParseIterativeFlag
        | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
    const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
    if (builder.error())
        return *builder.error();
    if (result.IsError())
        return syntax_error(document.json_, result.Code(), result.Offset());
    // RapidJSON takes a byte 0 for the text's end.
    if (stream.Tell() != document.json_.size())
        return syntax_error(document.json_, rapidjson::kParseErrorDocumentRootNotSingular,
                            stream.Tell());
    return document;
}

JsonValue JsonDocument::root() const
{
    return {*this, 0, static_cast<std::uint32_t>(types_.size())};
}

std::string JsonDocument::text_at(std::uint32_t index) const
{
    return meaning_of(json_.substr(first_half(contents_[index]), second_half(contents_[index])));
}

JsonType JsonValue::type() const
{
    return document_->types_[index_];
}

std::uint32_t JsonValue::end_of_this() const
{
    const bool holds_others = type() == JsonType::array || type() == JsonType::object;
    return holds_others ? first_half(document_->contents_[index_]) : index_ + 1;
}

std::optional<double> JsonValue::number() const
{
    if (type() == JsonType::number)
        return std::bit_cast<double>(document_->contents_[index_]);
    if (type() != JsonType::text)
        return std::nullopt;
    const std::string word = text();
    if (word == "inf")
        return std::numeric_limits<double>::infinity();
    if (word == "-inf")
        return -std::numeric_limits<double>::infinity();
    if (word == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    if (word == "-0")
        return -0.0;
    return nan_of(word);
}

std::string JsonValue::text() const
{
    return type() == JsonType::text ? document_->text_at(index_) : std::string();
}

std::size_t JsonValue::size() const
{
    const bool holds_others = type() == JsonType::array || type() == JsonType::object;
    return holds_others ? second_half(document_->contents_[index_]) : 0;
}

std::optional<JsonValue> JsonValue::first() const
{
    if (size() == 0)
        return std::nullopt;
    return JsonValue(*document_, index_ + 1, end_of_this());
}

std::optional<JsonValue> JsonValue::next() const
{
    const std::uint32_t at = end_of_this();
    if (at >= end_)
        return std::nullopt;
    return JsonValue(*document_, at, end_);
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const
{
    if (type() != JsonType::object)
        return std::nullopt;
    for (auto other = first(); other; other = other->next()->next()) {
        if (other->text() == key)
            return other->next();
    }
    return std::nullopt;
}

std::string JsonValue::description() const
{
    switch (type()) {
    case JsonType::text:
        return in_quotes(text());
    case JsonType::number:
        return format_number(*number());
    case JsonType::yes:
        return "true";
    case JsonType::no:
        return "false";
    case JsonType::array:
        return "an array";
    case JsonType::object:
        return "an object";
    case JsonType::null:
        break;
    }
    return "null";
}

} // namespace qbn
