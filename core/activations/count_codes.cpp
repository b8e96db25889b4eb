#include "core/activations/count_codes.h"

#include "core/activations/byte_counter.h"
#include "core/activations/pair_counter.h"
#include "core/parallel/shared_work.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace qbn {

namespace {

using activations::ByteCounter;
using activations::BytePair;
using activations::Bytes;
using activations::Grid;
using activations::PairCounter;
using activations::run_bytes;
using activations::Tile;

constexpr int channels_of_threads = 16'384; // of which a thread keeps a copy of all counts, 70 MB

/// What one thread counts.
class Counter
{
public:
    Counter(const Grid& grid, Bytes input, std::optional<Bytes> output)
        : grid_(grid)
        , input_(input)
        , output_(output)
        , bytes_(grid)
        , counts_(grid.channels * 256)
    {
        if (!output)
            return;
        pairs_.emplace(grid);
    }

    void count(const Tile& tile)
    {
        bytes_.begin(tile);
        const std::uint64_t size = (tile.end_column - tile.first_column) * grid_.plane;
        for (std::uint64_t row = tile.first_row; row < tile.end_row; row += bytes_.rows_at_once()) {
            Tile part(tile);
            part.first_row = row;
            part.end_row = std::min(row + bytes_.rows_at_once(), tile.end_row);
            if (grid_.plane > 1 && size > run_bytes)
                count_runs(part);
            else
                count_columns(part);
        }
        bytes_.add_to(counts_);
    }

    bool is_full() const { return pairs_ && pairs_->is_full(); }
    const std::vector<std::uint64_t>& counts() const { return counts_; }
    std::vector<BytePair> pairs() const { return pairs_->take(counts_); }

private:
    void count_columns(const Tile& tile)
    {
        Tile part(tile);
        for (; part.first_column < tile.end_column; part.first_column = part.end_column) {
            part.end_column
                = std::min(part.first_column + bytes_.columns_at_once(), tile.end_column);
            bytes_.add(part, input_);
            for (std::uint64_t row = tile.first_row; pairs_ && row < tile.end_row; ++row)
                note_pairs(part, row);
        }
    }

    void note_pairs(const Tile& tile, std::uint64_t row)
    {
        const std::uint64_t first = grid_.offset(row, tile.first_column);
        if (grid_.plane == 1) {
            const std::uint64_t size = tile.end_column - tile.first_column;
            pairs_->add_row(tile.first_column, first, input_.subspan(first, size),
                            output_->subspan(first, size), bytes_.ahead());
            return;
        }
        const std::uint64_t size = (tile.end_column - tile.first_column) * grid_.plane;
        pairs_->add_planes(first, input_.subspan(first, size), output_->subspan(first, size),
                           bytes_.ahead());
    }

    void count_runs(const Tile& tile)
    {
        for (std::uint64_t row = tile.first_row; row < tile.end_row; ++row) {
            for (std::uint64_t column = tile.first_column; column < tile.end_column; ++column) {
                const std::uint64_t start = grid_.offset(row, column);
                for (std::uint64_t byte = tile.first_byte; byte < tile.end_byte;
                     byte += run_bytes) {
                    const std::uint64_t first = start + byte;
                    const std::uint64_t size = std::min(run_bytes, tile.end_byte - byte);
                    bytes_.add_run(column, input_.subspan(first, size));
                    if (pairs_)
                        pairs_->add_planes(first, input_.subspan(first, size),
                                           output_->subspan(first, size), bytes_.ahead());
                }
            }
        }
    }

    const Grid& grid_;
    Bytes input_;
    std::optional<Bytes> output_;
    ByteCounter bytes_;
    std::vector<std::uint64_t> counts_; ///< 256 a channel, by byte
    std::optional<PairCounter> pairs_;
};

/// What all threads counted.
struct Sums
{
    std::vector<std::uint64_t> counts;
    std::vector<BytePair> pairs;
    bool is_full = false;
};

/// Each thread takes the next tile until none is left.
class Run
{
public:
    Run(const TensorLayout& layout, Bytes input, std::optional<Bytes> output, const CountRun& how)
        : grid_(layout.count, layout.plane, layout.channels)
        , tiles_(tiles_of(grid_))
        , input_(input)
        , output_(output)
        , how_(how)
    {
        sums_.counts.resize(grid_.channels * 256);
    }

    Sums run()
    {
        const int wanted = grid_.channels > channels_of_threads ? 1 : how_.threads;
        const auto threads
            = std::clamp<std::size_t>(static_cast<std::size_t>(parallel::threads_for(wanted)), 1,
                                      std::max<std::size_t>(tiles_.size(), 1));
        parallel::each(threads, static_cast<int>(threads), [this](std::size_t) { work(); });
        return std::move(sums_);
    }

private:
    void work()
    {
        Counter counter(grid_, input_, output_);
        while (!how_.stop.stop_requested() && !counter.is_full()) {
            const std::size_t next = next_++;
            if (next >= tiles_.size())
                break;
            counter.count(tiles_[next]);
            const std::lock_guard lock(mutex_);
            done_ += tiles_[next].size();
            if (how_.progress)
                how_.progress(done_, input_.size());
        }
        std::vector<BytePair> pairs = output_ ? counter.pairs() : std::vector<BytePair>();
        const std::lock_guard lock(mutex_);
        std::transform(sums_.counts.begin(), sums_.counts.end(), counter.counts().begin(),
                       sums_.counts.begin(), std::plus<>());
        sums_.pairs
            = sums_.pairs.empty() ? std::move(pairs) : activations::merged(sums_.pairs, pairs);
        sums_.is_full = sums_.is_full || counter.is_full();
    }

    Grid grid_;
    std::vector<Tile> tiles_;
    Bytes input_;
    std::optional<Bytes> output_;
    const CountRun& how_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::uint64_t done_ = 0; ///< guarded, as are the sums
    Sums sums_;
};

/// However the threads shared the work.
bool has_too_many(const Sums& sums)
{
    std::size_t several = 0;
    for (std::size_t i = 1; i < sums.pairs.size(); ++i) {
        const bool is_second = sums.pairs[i].cell == sums.pairs[i - 1].cell
            && (i == 1 || sums.pairs[i].cell != sums.pairs[i - 2].cell);
        several += is_second ? 1 : 0;
    }
    return sums.is_full || several > several_outputs_limit;
}

/// Counts by code, from counts by byte. The error: a byte that is no code of the type.
std::variant<std::vector<std::uint64_t>, CountError> by_code(
    const std::vector<std::uint64_t>& counts, CodeType type, Bytes bytes)
{
    const auto codes = static_cast<std::size_t>(type.count());
    std::vector<std::uint64_t> result(counts.size() / 256 * codes);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::int32_t code = type.code_of(static_cast<std::uint8_t>(i % 256));
        if (type.contains(code)) {
            result[i / 256 * codes + static_cast<std::size_t>(code - type.qmin())] = counts[i];
        } else if (counts[i] > 0) {
            const auto foreign
                = std::find_if(bytes.begin(), bytes.end(), [type](std::uint8_t byte) {
                      return !type.contains(type.code_of(byte));
                  });
            return CountError{.message = "element " + std::to_string(foreign - bytes.begin())
                                  + " is no code of " + name_of(type)};
        }
    }
    return result;
}

/// The pairs by code, and how often each output occurs, by byte.
std::vector<std::uint64_t> add_pairs(CodeCounts& counts, const std::vector<BytePair>& pairs)
{
    std::vector<std::uint64_t> outputs(static_cast<std::size_t>(counts.layout.channels) * 256);
    counts.pairs.reserve(pairs.size());
    auto next = pairs.begin();
    for (int channel = 0; channel < counts.layout.channels; ++channel) {
        const std::size_t begin = counts.pairs.size();
        counts.pair_begins.push_back(begin);
        for (; next != pairs.end() && next->cell / 256 == static_cast<std::uint32_t>(channel);
             ++next) {
            outputs[next->cell / 256 * 256 + next->output] += next->count;
            counts.pairs.push_back(
                {.input = counts.input_type.code_of(static_cast<std::uint8_t>(next->cell % 256)),
                 .output = counts.output_type.code_of(next->output),
                 .count = next->count,
                 .first = next->first});
        }
        std::sort(counts.pairs.begin() + static_cast<std::ptrdiff_t>(begin), counts.pairs.end(),
                  [](const CodePair& a, const CodePair& b) {
                      return std::tie(a.input, a.output) < std::tie(b.input, b.output);
                  });
    }
    counts.pair_begins.push_back(counts.pairs.size());
    return outputs;
}

} // namespace

std::variant<CodeCounts, CountError> count_codes(const CodeTensors& tensors, const CountRun& run)
{
    const bool has_input = tensors.input.has_value();
    const bool has_both = has_input && tensors.output;
    const Sums sums = Run(tensors.layout, has_input ? *tensors.input : *tensors.output,
                          has_both ? tensors.output : std::nullopt, run)
                          .run();
    if (run.stop.stop_requested())
        return CountError{.message = "it was not read to its end, as that was cancelled"};
    CodeCounts counts{.layout = tensors.layout,
                      .input_type = tensors.input_type,
                      .output_type = tensors.output_type,
                      .inputs = {},
                      .outputs = {},
                      .pairs = {},
                      .pair_begins = {}};
    if (has_too_many(sums))
        return CountError{
            .message = "more than " + std::to_string(several_outputs_limit)
                + " input codes have several output codes each, where a layer gives one: "
                  "it is not the output for this input in this layout",
            .about_output = true};
    if (has_input) {
        auto inputs = by_code(sums.counts, tensors.input_type, *tensors.input);
        if (const auto* error = std::get_if<CountError>(&inputs))
            return *error;
        counts.inputs = std::get<0>(std::move(inputs));
    }
    if (tensors.output) {
        auto outputs = by_code(has_both ? add_pairs(counts, sums.pairs) : sums.counts,
                               tensors.output_type, *tensors.output);
        if (auto* error = std::get_if<CountError>(&outputs)) {
            error->about_output = true;
            return *error;
        }
        counts.outputs = std::get<0>(std::move(outputs));
    }
    return counts;
}

} // namespace qbn
