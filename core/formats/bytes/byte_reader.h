#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace qbn {

/// A cursor over bytes that somebody else owns. It is the only code of the file readers that
/// touches raw offsets: every read is checked against the end, and one that does not fit gives
/// nothing and moves nothing.
class ByteReader
{
public:
    explicit ByteReader(std::string_view bytes)
        : bytes_(bytes)
    { }

    std::size_t position() const { return position_; }
    std::size_t size() const { return bytes_.size(); }
    std::size_t remaining() const { return bytes_.size() - position_; }
    bool at_end() const { return remaining() == 0; }

    /// Moves to an offset from the start; size() itself is allowed. False, and no move, beyond it.
    bool seek(std::uint64_t offset)
    {
        if (offset > bytes_.size())
            return false;
        position_ = static_cast<std::size_t>(offset);
        return true;
    }

    /// The next `count` bytes, as a view into the owner's memory.
    std::optional<std::string_view> bytes(std::uint64_t count)
    {
        if (count > remaining())
            return std::nullopt;
        const std::string_view result = bytes_.substr(position_, static_cast<std::size_t>(count));
        position_ += result.size();
        return result;
    }

    /// The bytes up to the next '\n', which is read but not part of the result.
    std::optional<std::string_view> line()
    {
        const std::size_t end = bytes_.find('\n', position_);
        if (end == std::string_view::npos)
            return std::nullopt;
        const std::string_view result = bytes_.substr(position_, end - position_);
        position_ = end + 1;
        return result;
    }

    /// An integer or IEEE number stored with its lowest byte first.
    template <typename T> std::optional<T> little() { return number<T>(std::endian::little); }

    /// The same with its highest byte first, as pickles store a float.
    template <typename T> std::optional<T> big() { return number<T>(std::endian::big); }

private:
    template <typename T> std::optional<T> number(std::endian order)
    {
        static_assert(std::is_arithmetic_v<T>);
        const auto source = bytes(sizeof(T));
        if (!source)
            return std::nullopt;
        std::array<char, sizeof(T)> raw{};
        std::copy_n(source->data(), sizeof(T), raw.begin());
        if (order != std::endian::native)
            std::reverse(raw.begin(), raw.end());
        return std::bit_cast<T>(raw);
    }

    std::string_view bytes_;
    std::size_t position_ = 0;
};

} // namespace qbn
