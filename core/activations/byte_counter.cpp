#include "core/activations/byte_counter.h"

#include <algorithm>
#include <cstring>

namespace qbn::activations {

namespace {

constexpr std::uint64_t short_plane = 8; // each of its bytes is a column
constexpr std::uint64_t least_columns = 64; // a row of fewer has more pixels
constexpr std::uint64_t tables_a_run = 8;
constexpr std::uint64_t columns_of_runs = 8; // 35 kB of tables, for the first cache
constexpr std::uint64_t columns_of_rows = 1024; // 557 kB of tables, for the second
constexpr std::uint64_t chunk_bytes = 128 << 10; // beside them there, and as many that come
constexpr std::uint64_t bytes_at_once = 4096; // of short planes
constexpr std::uint64_t side_by_side = 8; // columns that are counted together, in a table each
constexpr std::uint64_t most_side_by_side = 256; // bytes of a plane
constexpr std::uint64_t most_counts = 65'535; // of 16 bits
constexpr std::uint64_t part_of_plane = 256 << 10; // in eight tables
constexpr std::uint64_t least_tile = 4 << 20;
constexpr std::uint64_t greatest_tile = 16 << 20;
constexpr std::uint64_t tiles_of_rows = 8; // of a tensor that is large enough, for the threads
constexpr std::uint64_t many_bytes = 4096; // of a column, which are worth the work of eight tables
constexpr std::size_t bytes_ahead = 4096; // processors fetch on their own to a page's end only

// Padded: a stride that is a power of two would have a load wait for a store to another table whose address ends alike.
constexpr std::size_t stride = 256 + 16;

/// Eight bytes in eight tables, `step` apart. What is known when it is compiled is a part of the instructions' addresses, and two
/// bytes of a register have names: a byte takes three instructions or four.
template <std::size_t step> void count_eight(std::uint16_t* tables, std::uint64_t eight)
{
    for (std::size_t table = 0; table < 8; table += 2, eight >>= 16) {
        ++tables[table * step + (eight & 0xffU)];
        ++tables[(table + 1) * step + (eight >> 8 & 0xffU)];
    }
}

/// `ahead`: where bytes are that will be counted soon.
std::uint64_t eight_of(const std::uint8_t* bytes, std::size_t ahead)
{
    __builtin_prefetch(bytes + ahead, 0, 2);
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes, sizeof eight);
    return eight;
}

/// Eight bytes go to eight tables, the next eight to those `further` behind.
template <std::size_t step, std::size_t further>
void count_bytes(std::uint16_t* tables, Bytes bytes, std::size_t ahead)
{
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8, tables += further)
        count_eight<step>(tables, eight_of(&bytes[i], ahead));
    for (; i < bytes.size(); ++i, tables += step)
        ++tables[bytes[i]];
}

/// Planes side by side, of which the bytes from `first` on go to a table each, a byte of each plane in turn.
void count_bytes_in_turn(std::uint16_t* tables, std::size_t first, std::size_t plane, Bytes bytes)
{
    for (std::size_t i = first; i < plane; ++i) {
        std::uint16_t* table = tables;
        for (std::size_t at = i; at < bytes.size(); at += plane, table += stride)
            ++table[bytes[at]];
    }
}

/// Eight bytes of a plane after eight of another, so that few wait for the one before.
void count_side_by_side(std::uint16_t* tables, std::size_t plane, Bytes bytes, std::size_t ahead)
{
    std::size_t i = 0;
    for (; i + 8 <= plane; i += 8) {
        for (std::size_t column = 0; column < side_by_side; ++column)
            count_eight<0>(tables + column * stride, eight_of(&bytes[column * plane + i], ahead));
    }
    for (; i < plane; ++i) {
        for (std::size_t column = 0; column < side_by_side; ++column)
            ++tables[column * stride + bytes[column * plane + i]];
    }
}

/// Whether planes are counted side by side.
bool has_short_planes(const Grid& grid)
{
    return grid.plane > 1 && grid.plane <= most_side_by_side && grid.columns >= side_by_side;
}

/// Whose tables stay in the first cache.
std::uint64_t most_columns_at_once(const Grid& grid)
{
    constexpr std::uint64_t most = columns_of_runs * tables_a_run;
    if (has_short_planes(grid))
        return std::clamp(bytes_at_once / grid.plane / side_by_side * side_by_side, side_by_side,
                          most);
    return grid.plane == 1 ? most : columns_of_runs;
}

/// Of a tile.
std::uint64_t most_columns(const Grid& grid)
{
    return grid.plane == 1 ? columns_of_rows : most_columns_at_once(grid);
}

} // namespace

Grid::Grid(std::uint64_t count, std::uint64_t of_plane, int of_channels)
    : columns(static_cast<std::uint64_t>(of_channels))
    , plane(of_plane)
    , channels(static_cast<std::uint64_t>(of_channels))
{
    if (plane <= short_plane) {
        columns_a_channel = plane;
        columns *= plane * std::max<std::uint64_t>(least_columns / (columns * plane), 1);
        plane = 1;
    }
    rows = count / (columns * plane);
    rest = count % (columns * plane) / plane;
}

std::vector<Tile> tiles_of(const Grid& grid)
{
    const bool is_rows = grid.plane == 1;
    const std::uint64_t wide = std::min(grid.columns, most_columns(grid));
    const std::uint64_t part = std::min(grid.plane, part_of_plane);
    const std::uint64_t tile_bytes
        = std::clamp(grid.rows * grid.columns / tiles_of_rows, least_tile, greatest_tile);
    const std::uint64_t high = std::clamp<std::uint64_t>(
        is_rows ? tile_bytes / wide : most_counts / part, 1, most_counts);
    std::vector<Tile> tiles;
    const auto add = [&](std::uint64_t first_row, std::uint64_t end_row, std::uint64_t columns) {
        for (std::uint64_t column = 0; column < columns; column += wide) {
            for (std::uint64_t byte = 0; byte < grid.plane; byte += part)
                tiles.push_back({.first_row = first_row,
                                 .end_row = end_row,
                                 .first_column = column,
                                 .end_column = std::min(column + wide, columns),
                                 .first_byte = byte,
                                 .end_byte = std::min(byte + part, grid.plane)});
        }
    };
    for (std::uint64_t row = 0; row < grid.rows; row += high)
        add(row, std::min(row + high, grid.rows), grid.columns);
    add(grid.rows, grid.rows + 1, grid.rest);
    return tiles;
}

ByteCounter::ByteCounter(const Grid& grid)
    : grid_(grid)
    , tables_a_column_(grid.plane > 1 && !has_short_planes(grid)
                               && grid.rows * grid.plane >= many_bytes
                           ? tables_a_run
                           : 1)
    , columns_at_once_(most_columns_at_once(grid))
    , tables_(std::min(grid.columns, most_columns(grid)) * tables_a_column_ * stride)
{ }

void ByteCounter::begin(const Tile& tile)
{
    tile_ = tile;
    // What comes soon is the next chunk, what follows, or the same columns of a later row.
    const std::uint64_t row = grid_.columns * grid_.plane;
    const std::uint64_t part
        = (tile.end_column - tile.first_column) * (tile.end_byte - tile.first_byte);
    const bool is_one = tile.end_column - tile.first_column <= columns_at_once_;
    rows_at_once_ = std::max<std::uint64_t>((is_one ? run_bytes : chunk_bytes) / part, 1);
    ahead_ = !is_one          ? row * rows_at_once_
        : part >= bytes_ahead ? bytes_ahead
                              : row * ((bytes_ahead + part - 1) / part);
    std::fill(tables_.begin(), tables_.end(), std::uint16_t{0});
}

void ByteCounter::add_run(std::uint64_t column, Bytes bytes)
{
    std::uint16_t* const tables
        = &tables_[(column - tile_.first_column) * tables_a_column_ * stride];
    if (tables_a_column_ > 1)
        count_bytes<stride, 0>(tables, bytes, ahead_);
    else
        count_bytes<0, 0>(tables, bytes, ahead_);
}

void ByteCounter::add(const Tile& part, Bytes bytes)
{
    std::uint16_t* const tables
        = &tables_[(part.first_column - tile_.first_column) * tables_a_column_ * stride];
    const std::uint64_t size = (part.end_column - part.first_column) * grid_.plane;
    const bool is_short = has_short_planes(grid_);
    for (std::uint64_t row = part.first_row; row < part.end_row; ++row) {
        const Bytes planes = bytes.subspan(grid_.offset(row, part.first_column), size);
        if (grid_.plane == 1)
            count_bytes<stride, 8 * stride>(tables, planes, ahead_);
        else if (is_short)
            add_short_planes(tables, planes);
        else
            for (std::uint64_t at = 0; at < size; at += grid_.plane)
                add_run(part.first_column + at / grid_.plane, planes.subspan(at, grid_.plane));
    }
}

void ByteCounter::add_short_planes(std::uint16_t* table, Bytes bytes) const
{
    const std::size_t plane = grid_.plane;
    const std::size_t together = side_by_side * plane;
    for (; bytes.size() >= together; bytes = bytes.subspan(together)) {
        count_side_by_side(table, plane, bytes.first(together), ahead_);
        table += side_by_side * stride;
    }
    count_bytes_in_turn(table, 0, plane, bytes);
}

void ByteCounter::add_to(std::span<std::uint64_t> counts) const
{
    const std::uint16_t* table = tables_.data();
    for (std::uint64_t column = tile_.first_column; column < tile_.end_column; ++column) {
        std::uint64_t* const sums = &counts[grid_.channel_of(column) * 256];
        for (std::size_t i = 0; i < tables_a_column_; ++i, table += stride) {
            for (std::size_t code = 0; code < 256; ++code)
                sums[code] += table[code];
        }
    }
}

} // namespace qbn::activations
