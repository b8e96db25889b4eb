#include "core/formats/npy/npy.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace qbn {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t dimension_limit = 32; // NumPy's own was that for long

struct Header
{
    std::string descr;
    std::optional<bool> fortran_order;
    std::optional<std::vector<std::int64_t>> shape;
};

// The header is a Python dict in text. It is read as exactly that: 'descr': text, 'fortran_order':
// True or False, 'shape': a tuple of integers, each once, in any order.
class HeaderParser
{
public:
    explicit HeaderParser(std::string_view text)
        : rest_(text)
    { }

    std::optional<Header> parse()
    {
        Header header;
        if (!take('{'))
            return std::nullopt;
        while (!take('}')) {
            const auto key = text();
            if (!key || !take(':') || !entry(*key, header))
                return std::nullopt;
            if (take(','))
                continue;
            if (!take('}'))
                return std::nullopt;
            break;
        }
        skip_spaces();
        if (!rest_.empty() || header.descr.empty() || !header.fortran_order || !header.shape)
            return std::nullopt;
        return header;
    }

private:
    void skip_spaces()
    {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
    }

    bool take(char character)
    {
        skip_spaces();
        const bool found = !rest_.empty() && rest_.front() == character;
        rest_.remove_prefix(found ? 1 : 0);
        return found;
    }

    bool take_word(std::string_view word)
    {
        skip_spaces();
        const bool found = rest_.substr(0, word.size()) == word;
        rest_.remove_prefix(found ? word.size() : 0);
        return found;
    }

    std::optional<std::string_view> text()
    {
        skip_spaces();
        const char quote = rest_.empty() ? '\0' : rest_.front();
        const std::size_t end = rest_.find(quote, 1);
        if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
            return std::nullopt;
        const std::string_view result = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return result;
    }

    bool entry(std::string_view key, Header& header)
    {
        if (key == "descr" && header.descr.empty()) {
            const auto value = text();
            header.descr = value.value_or("");
            return value.has_value();
        }
        if (key == "fortran_order" && !header.fortran_order) {
            header.fortran_order = take_word("True");
            return *header.fortran_order || take_word("False");
        }
        if (key == "shape" && !header.shape) {
            header.shape = shape();
            return header.shape.has_value();
        }
        return false;
    }

    std::optional<std::vector<std::int64_t>> shape()
    {
        std::vector<std::int64_t> result;
        if (!take('('))
            return std::nullopt;
        while (!take(')')) {
            skip_spaces();
            std::int64_t size = 0;
            const char* const end = rest_.data() + rest_.size();
            const auto [next, code] = std::from_chars(rest_.data(), end, size);
            if (code != std::errc() || size < 0)
                return std::nullopt;
            rest_.remove_prefix(static_cast<std::size_t>(next - rest_.data()));
            if (result.size() <= dimension_limit) // one too many is enough to know
                result.push_back(size);
            if (!take(',') && (rest_.empty() || rest_.front() != ')'))
                return std::nullopt;
        }
        return result;
    }

    std::string_view rest_;
};

struct ElementType
{
    std::string_view descr;
    std::size_t size;
    std::string_view dtype;
};

constexpr std::array element_types{
    ElementType{"|u1", 1, "uint8"},   ElementType{"|i1", 1, "int8"},
    ElementType{"<i2", 2, "int16"},   ElementType{"<i4", 4, "int32"},
    ElementType{"<i8", 8, "int64"},   ElementType{"<f4", 4, "float32"},
    ElementType{"<f8", 8, "float64"},
};

const ElementType* element_type(std::string_view descr)
{
    const auto* const found
        = std::find_if(element_types.begin(), element_types.end(),
                       [descr](const ElementType& type) { return type.descr == descr; });
    return found != element_types.end() ? found : nullptr;
}

template <typename T, typename Value>
void read_as(const QByteArray& data, std::size_t first, std::span<Value> values)
{
    ByteReader reader(view(data));
    reader.seek(first * sizeof(T));
    for (Value& value : values)
        value = static_cast<Value>(
            reader.little<T>().value_or(T{})); // NOLINT(bugprone-signed-char-misuse): no text
}

std::optional<std::string_view> header_text(ByteReader& reader)
{
    if (reader.bytes(magic.size()) != magic)
        return std::nullopt;
    const auto major = reader.little<std::uint8_t>();
    const auto minor = reader.little<std::uint8_t>();
    if (!minor || *major < 1 || *major > 3 || *minor != 0)
        return std::nullopt;
    if (*major == 1) {
        const auto length = reader.little<std::uint16_t>();
        return length ? reader.bytes(*length) : std::nullopt;
    }
    const auto length = reader.little<std::uint32_t>();
    return length ? reader.bytes(*length) : std::nullopt;
}

std::optional<std::size_t> element_count(const std::vector<std::int64_t>& shape)
{
    std::size_t count = 1;
    for (const std::int64_t size : shape) {
        if (__builtin_mul_overflow(count, static_cast<std::size_t>(size), &count))
            return std::nullopt;
    }
    return count;
}

} // namespace

QByteArray npy_header(const std::vector<std::int64_t>& shape, CodeType type)
{
    std::string header = "{'descr': '";
    header += type.is_signed ? "|i1" : "|u1";
    header += "', 'fortran_order': False, 'shape': (";
    for (const std::int64_t size : shape)
        header += std::to_string(size) + (shape.size() == 1 ? "," : ", ");
    if (shape.size() > 1)
        header.erase(header.size() - 2);
    header += "), }";
    constexpr std::size_t head_size = 10;
    const std::size_t used = (head_size + header.size() + 1) % 64;
    header.append(used == 0 ? 0 : 64 - used, ' ');
    header += '\n';

    QByteArray bytes(magic.data(), static_cast<qsizetype>(magic.size()));
    bytes.append('\1').append('\0');
    bytes.append(static_cast<char>(header.size() & 0xffU))
        .append(static_cast<char>(header.size() >> 8U));
    return bytes.append(QByteArray::fromStdString(header));
}

QByteArray write_npy(const std::vector<std::int64_t>& shape, CodeType type,
                     std::span<const std::int32_t> codes)
{
    QByteArray bytes = npy_header(shape, type);
    bytes.reserve(bytes.size() + static_cast<qsizetype>(codes.size()));
    for (const std::int32_t code : codes)
        bytes.append(static_cast<char>(code));
    return bytes;
}

Result<NpyHeader> read_npy_header(const QByteArray& bytes)
{
    ByteReader reader(view(bytes));
    const auto text = header_text(reader);
    if (!text)
        return Error{"it is not a NumPy array of format 1, 2 or 3, or its header is cut short"};
    auto header = HeaderParser(*text).parse();
    if (!header)
        return Error{"the NumPy header " + in_quotes(*text) + " cannot be understood"};
    if (header->shape->size() > dimension_limit)
        return Error{"the NumPy array has more than 32 dimensions"};
    return NpyHeader{.descr = std::move(header->descr),
                     .shape = *std::move(header->shape),
                     .fortran_order = *header->fortran_order,
                     .data_offset = reader.position()};
}

Result<NpyArray> read_npy(const QByteArray& bytes)
{
    auto header = read_npy_header(bytes);
    if (!header)
        return header.error();
    const ElementType* const type = element_type(header->descr);
    if (type == nullptr)
        return Error{"NumPy elements of type " + in_quotes(header->descr) + " are not supported"};
    ByteReader reader(view(bytes));
    reader.seek(header->data_offset);
    const auto count = element_count(header->shape);
    if (!count || reader.remaining() % type->size != 0 || reader.remaining() / type->size != *count)
        return Error{"the NumPy array has " + counted(reader.remaining(), "byte")
                     + " of data, which do not fit its shape"};
    const std::string_view data = *reader.bytes(reader.remaining());
    return NpyArray{.descr = std::move(header->descr),
                    .shape = std::move(header->shape),
                    .fortran_order = header->fortran_order,
                    .count = *count,
                    .data
                    = QByteArray::fromRawData(data.data(), static_cast<qsizetype>(data.size()))};
}

std::string NpyArray::dtype() const
{
    const ElementType* const known = element_type(descr);
    return known != nullptr ? std::string(known->dtype) : descr;
}

void NpyArray::read_integers(std::size_t first, std::span<std::int64_t> values) const
{
    if (descr == "|u1")
        read_as<std::uint8_t>(data, first, values);
    else if (descr == "|i1")
        read_as<std::int8_t>(data, first, values);
    else if (descr == "<i2")
        read_as<std::int16_t>(data, first, values);
    else if (descr == "<i4")
        read_as<std::int32_t>(data, first, values);
    else
        read_as<std::int64_t>(data, first, values);
}

void NpyArray::read_reals(std::size_t first, std::span<double> values) const
{
    if (descr == "<f4")
        read_as<float>(data, first, values);
    else
        read_as<double>(data, first, values);
}

NpyArray reordered(const NpyArray& array)
{
    NpyArray result = array;
    result.fortran_order = !array.fortran_order;
    result.data = QByteArray(array.data.size(), '\0');
    const std::size_t dimensions = array.shape.size();
    // The axes from the fastest of the result on, and how far apart their elements lie in the source.
    std::vector<std::int64_t> sizes(array.shape);
    if (!result.fortran_order)
        std::reverse(sizes.begin(), sizes.end());
    std::vector<std::int64_t> strides(dimensions,
                                      static_cast<std::int64_t>(element_type(array.descr)->size));
    for (std::size_t axis = dimensions; axis-- > 1;)
        strides[axis - 1] = strides[axis] * sizes[axis];
    std::vector<std::int64_t> index(dimensions, 0);
    const auto width = static_cast<std::ptrdiff_t>(element_type(array.descr)->size);
    const char* source = array.data.constData();
    char* target = result.data.data();
    for (std::size_t i = 0; i < array.count; ++i) {
        target = std::copy(source, source + width, target);
        for (std::size_t axis = 0; axis < dimensions; ++axis) {
            source += strides[axis];
            if (++index[axis] < sizes[axis])
                break;
            source -= strides[axis] * sizes[axis];
            index[axis] = 0;
        }
    }
    return result;
}

} // namespace qbn
