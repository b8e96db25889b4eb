#pragma once

#include "core/layer/provenance.h"
#include "core/paste/paste.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// What a number of a text was taken for; a part of understand().
struct UsedNumber
{
    enum class Use : std::uint8_t
    {
        field,
        input,
        output,
    };

    std::uint32_t place = 0; ///< in PlainText::text
    Use use = Use::field;
    Field field = Field::eps; ///< of Use::field
    int channel = -1; ///< -1 for what has none
    std::optional<std::int32_t> code; ///< of an input or output
};

/// A number of a pasted text, and what became of it.
struct Claim
{
    enum class Use : std::uint8_t
    {
        left, ///< it has no effect
        field,
        input,
        output,
    };

    std::uint32_t offset = 0; ///< of its first byte, in the text in UTF-8
    std::uint32_t size = 0; ///< in bytes
    int line = 1; ///< counted from 1
    int column = 1; ///< counted from 1, in characters
    std::string text; ///< as it stands there
    Use use = Use::left;
    Field field = Field::eps; ///< of Use::field
    std::size_t layer = 0; ///< of the model
    int channel = -1; ///< -1 for what has none
    std::string meaning; ///< "mean of channel 0"; of one that was left why
};

/// Every number of the text in its order. `used` are those of each layer. `utf8` is the text that
/// was read, utf8_text() of what was pasted.
std::vector<Claim> make_claims(const Paste& paste, std::string_view utf8,
                               const std::vector<std::vector<UsedNumber>>& used);

} // namespace qbn
