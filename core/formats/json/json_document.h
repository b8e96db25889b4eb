#pragma once

#include "core/text/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

class JsonDocument;

enum class JsonType : std::uint8_t
{
    null,
    no, ///< false
    yes, ///< true
    number,
    text,
    array,
    object,
};

/// A value in a JsonDocument, valid as long as that.
class JsonValue
{
public:
    JsonType type() const;

    /// A number, or one of the texts that stand for what JSON has no number for: "inf", "-inf",
    /// "nan", "-0", "nan(0x7ff8000000000001)". Nothing for anything else.
    std::optional<double> number() const;

    /// In UTF-8; empty for what is no text.
    std::string text() const;

    /// Elements of an array, members of an object, 0 of anything else.
    std::size_t size() const;

    /// The first element of an array, or the first key of an object.
    std::optional<JsonValue> first() const;
    /// What stands behind it in the same array; in an object, its value behind a key and the next
    /// key behind a value.
    std::optional<JsonValue> next() const;

    /// The value of a key; nothing if it is missing or if this is no object.
    std::optional<JsonValue> find(std::string_view key) const;

    /// What stands there, for an error's sentence: "abc" in quotes, 1.5, true, null, an array, an
    /// object.
    std::string description() const;

private:
    friend class JsonDocument;
    JsonValue(const JsonDocument& document, std::uint32_t index, std::uint32_t end)
        : document_(&document)
        , index_(index)
        , end_(end)
    { }

    std::uint32_t end_of_this() const;

    const JsonDocument* document_;
    std::uint32_t index_;
    std::uint32_t end_; ///< of what it stands in
};

/// A JSON text (RFC 8259, UTF-8, with a byte order mark or without) as read by RapidJSON: nine bytes
/// a value, and the text itself, which somebody else keeps.
class JsonDocument
{
public:
    /// A number that is too small for binary64 is 0. Errors are one that is too large (RapidJSON
    /// counts 0e999 among these), a key that
    /// stands twice in an object, more than 100 levels and more than 16,777,216 values; an error
    /// names line and column (in characters), both from 1.
    static Result<JsonDocument> parse(std::string_view json, const std::stop_token& stop = {});

    JsonValue root() const;

private:
    friend class JsonValue;
    class Builder;

    std::string text_at(std::uint32_t index) const;

    std::string_view json_;
    // One entry for each value and key, in the order of the text.
    std::vector<JsonType> types_;
    std::vector<std::uint64_t>
        contents_; ///< bits of a number; two halves of anything else, see half()
};

} // namespace qbn
