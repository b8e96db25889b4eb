#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qbn::activations {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint64_t run_bytes = 16'384; ///< stay in the first cache between two looks at them

/// A tensor as rows of columns, for counting: row r has `columns` columns of `plane` bytes each, and column k belongs to channel
/// k / columns_a_channel % channels. Where few bytes of a channel lie side by side each gets a column of its own, and where there are
/// few channels some pixels are one row, so that neighbouring bytes are never counted in the same table.
struct Grid
{
    Grid(std::uint64_t count, std::uint64_t plane, int channels);

    std::uint64_t rows; ///< complete ones
    std::uint64_t rest; ///< columns of one more row
    std::uint64_t columns;
    std::uint64_t plane;
    std::uint64_t columns_a_channel = 1;
    std::uint64_t channels;

    std::uint64_t offset(std::uint64_t row, std::uint64_t column) const
    {
        return (row * columns + column) * plane;
    }
    std::size_t channel_of(std::uint64_t column) const
    {
        return static_cast<std::size_t>(column / columns_a_channel % channels);
    }
};

/// A part of a grid whose tables fit the second cache and whose counts fit 16 bits: some columns of some rows, or a part of one
/// column's plane.
struct Tile
{
    std::uint64_t first_row = 0, end_row = 0;
    std::uint64_t first_column = 0, end_column = 0;
    std::uint64_t first_byte = 0, end_byte = 0; ///< of a plane

    std::uint64_t size() const
    {
        return (end_row - first_row) * (end_column - first_column) * (end_byte - first_byte);
    }
};

/// All of a grid, so that of each channel the earlier bytes are in an earlier tile.
std::vector<Tile> tiles_of(const Grid& grid);

/// Counts bytes. A column has eight tables, one after the other in turn, so that equal bytes side by side do not wait for each other;
/// eight columns of short planes are counted together, eight bytes of each in turn, in a table each. Pixels of many
/// channels are counted by blocks of columns and rows: the tables of all of them would be fetched anew for each pixel.
class ByteCounter
{
public:
    explicit ByteCounter(const Grid& grid);

    /// Begins a tile; what was counted before is forgotten.
    void begin(const Tile& tile);
    /// Bytes of one column, whose plane is longer than 1.
    void add_run(std::uint64_t column, Bytes bytes);
    /// A part of the tile, of whole planes. Requires: no more than rows_at_once() and columns_at_once(). `bytes`: the tensor.
    void add(const Tile& part, Bytes bytes);
    /// How the tile is walked: so many rows and columns together stay in the first caches with what is counted.
    std::uint64_t rows_at_once() const { return rows_at_once_; }
    std::uint64_t columns_at_once() const { return columns_at_once_; }
    /// How far from a byte those lie that will be counted soon.
    std::size_t ahead() const { return ahead_; }
    /// Adds what was counted to 256 counts a channel.
    void add_to(std::span<std::uint64_t> counts) const;

private:
    void add_short_planes(std::uint16_t* table, Bytes bytes) const;

    const Grid& grid_;
    std::size_t tables_a_column_;
    Tile tile_;
    std::uint64_t columns_at_once_;
    std::uint64_t rows_at_once_ = 1;
    std::size_t ahead_ = 0;
    std::vector<std::uint16_t> tables_;
};

} // namespace qbn::activations
