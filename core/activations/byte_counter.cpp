#include "core/activations/byte_counter.h"

#include <algorithm>
#include <cstring>

namespace qbn::activations {

namespace {

constexpr std::uint64_t short_plane = 8; // each of its bytes is a column
constexpr std::uint64_t least_columns = 64; // a row of fewer has more pixels
constexpr std::uint64_t tables_a_run = 8;
constexpr std::uint64_t columns_of_runs = 8; // 35 kB of tables, for the first cache
constexpr std::uint64_t side_by_side = 8; // columns that are counted together, in a table each
constexpr std::uint64_t most_side_by_side = 256; // bytes of a plane
constexpr std::uint64_t columns_of_rows = 1024; // 557 kB of tables, for the second
constexpr std::uint64_t most_counts = 65'535; // of 16 bits
constexpr std::uint64_t part_of_plane = 48 << 10;
constexpr std::uint64_t tile_bytes = 4 << 20;
constexpr std::uint64_t many_bytes = 4096; // of a column, which are worth the work of eight tables

/// Eight bytes go to eight tables, the next eight to those `step` behind.
void count_bytes(std::uint16_t* tables, std::size_t stride, std::size_t step,
                 std::span<const std::uint8_t> bytes)
{
    std::size_t i = 0;
    for (; i + tables_a_run <= bytes.size(); i += tables_a_run, tables += step) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + i, sizeof eight);
        for (std::size_t table = 0; table < tables_a_run; ++table)
            ++tables[table * stride + (eight >> (8 * table) & 0xffU)];
    }
    for (std::size_t table = 0; i < bytes.size(); ++i, ++table)
        ++tables[table * stride + bytes[i]];
}

/// Planes side by side, of which the bytes from `first` on go to a table each, a byte of each plane in turn.
void count_bytes_in_turn(std::uint16_t* tables, std::size_t stride, std::size_t first,
                         std::size_t plane, std::span<const std::uint8_t> bytes)
{
    for (std::size_t i = first; i < plane; ++i) {
        std::uint16_t* table = tables;
        for (std::size_t at = i; at < bytes.size(); at += plane, table += stride)
            ++table[bytes[at]];
    }
}

void count_side_by_side(std::uint16_t* tables, std::size_t stride, std::size_t plane,
                        std::span<const std::uint8_t> bytes)
{
    std::size_t i = 0;
    for (; i + 8 <= plane; i += 8) {
        std::uint64_t eights[side_by_side];
        for (std::size_t column = 0; column < side_by_side; ++column)
            std::memcpy(&eights[column], bytes.data() + column * plane + i, 8);
        for (std::size_t byte = 0; byte < 8; ++byte) {
            for (std::size_t column = 0; column < side_by_side; ++column)
                ++tables[column * stride + (eights[column] >> (8 * byte) & 0xffU)];
        }
    }
    count_bytes_in_turn(tables, stride, i, plane, bytes);
}

/// Whether planes are counted side by side.
bool has_short_planes(const Grid& grid)
{
    return grid.plane > 1 && grid.plane <= most_side_by_side && grid.columns >= side_by_side;
}

/// Of a tile.
std::uint64_t most_columns(const Grid& grid)
{
    return grid.plane == 1       ? columns_of_rows
        : has_short_planes(grid) ? columns_of_runs * tables_a_run
                                 : columns_of_runs;
}

} // namespace

Grid::Grid(std::uint64_t count, std::uint64_t of_plane, int of_channels)
    : columns(static_cast<std::uint64_t>(of_channels))
    , plane(of_plane)
    , columns_a_channel(1)
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
    , tables_(std::min(grid.columns, most_columns(grid)) * tables_a_column_ * stride)
{ }

void ByteCounter::begin(const Tile& tile)
{
    tile_ = tile;
    std::fill(tables_.begin(), tables_.end(), std::uint16_t{0});
}

void ByteCounter::add_run(std::uint64_t column, std::span<const std::uint8_t> bytes)
{
    count_bytes(&tables_[(column - tile_.first_column) * tables_a_column_ * stride],
                tables_a_column_ > 1 ? stride : 0, 0, bytes);
}

void ByteCounter::add_row(std::span<const std::uint8_t> bytes)
{
    if (grid_.plane == 1) {
        count_bytes(tables_.data(), stride, tables_a_run * stride, bytes);
        return;
    }
    const std::size_t plane = grid_.plane;
    if (has_short_planes(grid_)) {
        std::uint16_t* table = tables_.data();
        const std::size_t together = side_by_side * plane;
        for (; bytes.size() >= together; bytes = bytes.subspan(together)) {
            count_side_by_side(table, stride, plane, bytes.first(together));
            table += side_by_side * stride;
        }
        count_bytes_in_turn(table, stride, 0, plane, bytes);
        return;
    }
    for (std::size_t first = 0, column = 0; first < bytes.size(); first += plane, ++column)
        count_bytes(&tables_[column * tables_a_column_ * stride], tables_a_column_ > 1 ? stride : 0,
                    0, bytes.subspan(first, plane));
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
