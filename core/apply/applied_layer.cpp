#include "core/apply/applied_layer.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace qbn {

namespace {

constexpr std::size_t vector_bytes = 64;
constexpr std::size_t least_part = 512 * 1024; // takes as long as starting a thread
constexpr std::size_t most_cached = 16 * 1024 * 1024; // of an output that caches keep
constexpr std::uint64_t least_uncached_plane = 4096;
constexpr std::size_t least_run
    = 32; // fewer bytes are looked up before vectors have what they need

// The least that a byte of the type can hold.
std::int32_t lowest_byte(CodeType type)
{
    return type.is_signed ? -128 : 0;
}

// How many bytes lie before the next multiple of a vector's size.
std::size_t to_boundary(const std::uint8_t* place)
{
    return (vector_bytes - reinterpret_cast<std::uintptr_t>(place) % vector_bytes) % vector_bytes;
}

// The zero point, or, beyond what binary32 adds exactly, a number that rounds ties as it does.
std::int32_t whole_offset(std::int32_t zero_point)
{
    return std::abs(static_cast<std::int64_t>(zero_point)) <= 4096 ? zero_point : zero_point & 1;
}

std::uint8_t flip(CodeType type)
{
    return type.is_signed ? 0x80 : 0;
}

} // namespace

AppliedLayer::AppliedLayer(const Backend& backend, const BatchNormLayer& layer)
    : input_(layer.input.type)
    , output_(layer.output.type)
    , channels_(layer.channels())
    , z_(whole_offset(layer.output.zero_point))
{
    BoundBackend bound(backend, layer);
    for (int channel = 0; channel < channels_; ++channel) {
        codes_.push_back(bound.codes(channel));
        add_table(codes_.back());
        const double gain = layer.gamma[channel] / std::sqrt(layer.var[channel] + layer.eps);
        const double slope = gain * layer.input.scale / layer.output.scale;
        lines_.push_back(
            {.slope = slope,
             .offset = (layer.beta[channel] - layer.mean[channel] * gain) / layer.output.scale
                 + slope * (input_.qmin() - static_cast<double>(layer.input.zero_point))});
    }
    fit();
}

void AppliedLayer::use_kernel(apply::Kernel kernel)
{
    kernel_ = kernel;
    fit();
}

void AppliedLayer::add_table(std::span<const std::int32_t> codes)
{
    Table& table = tables_.emplace_back();
    for (int byte = 0; byte < 256; ++byte) {
        const std::int32_t code = input_.is_signed ? static_cast<std::int8_t>(byte) : byte;
        const std::int32_t nearest = std::clamp(code, input_.qmin(), input_.qmax());
        table[static_cast<std::size_t>(byte)]
            = static_cast<std::uint8_t>(codes[static_cast<std::size_t>(nearest - input_.qmin())]);
    }
}

/// The numbers of all channels for the kernel's arithmetic.
void AppliedLayer::fit()
{
    const auto count = static_cast<std::size_t>(channels_);
    a_.clear();
    b_.clear();
    low_.clear();
    high_.clear();
    is_arithmetic_.clear();
    table_channels_.clear();
    is_clamped_ = false;
    period_ = 0;
    for (std::size_t channel = 0; channel < count; ++channel) {
        const std::vector<std::int32_t>& codes = codes_[channel];
        const auto [slope, offset] = lines_[channel];
        // Of narrower types bytes may be no codes: the table has an answer for them.
        const auto found
            = input_.bits == 8 ? fit_affine(codes, kernel_.form, z_, slope, offset) : std::nullopt;
        const AffineChannel affine = found.value_or(AffineChannel());
        is_arithmetic_.push_back(found.has_value());
        if (!found)
            table_channels_.push_back(channel);
        a_.push_back(affine.a);
        b_.push_back(affine.b);
        const auto [least, greatest] = std::minmax_element(codes.begin(), codes.end());
        low_.push_back(static_cast<std::uint8_t>(*least - lowest_byte(output_)));
        high_.push_back(static_cast<std::uint8_t>(*greatest - lowest_byte(output_)));
        is_clamped_ = is_clamped_ || (found && needs_clamp(codes, *found));
    }
    // Where many channels are tables the arithmetic of the others does not pay.
    if (table_channels_.size() * 4 > count)
        return;
    period_ = count * ((vector_bytes + count - 1) / count);
    const auto go_round = [&](auto& values) {
        for (std::size_t k = count; k < period_ + vector_bytes; ++k)
            values.push_back(values[k - count]);
    };
    go_round(a_);
    go_round(b_);
    go_round(low_);
    go_round(high_);
}

/// Whether a channel has other codes where only the bytes' ends clamp.
bool AppliedLayer::needs_clamp(std::span<const std::int32_t> codes, AffineChannel affine) const
{
    affine.low = static_cast<float>(lowest_byte(output_) - z_);
    affine.high = affine.low + 255;
    for (std::size_t lane = 0; lane < codes.size(); ++lane) {
        if (affine_code(affine, kernel_.form, z_, static_cast<std::int32_t>(lane)) != codes[lane])
            return true;
    }
    return false;
}

int AppliedLayer::arithmetic_channels() const
{
    return static_cast<int>(std::count(is_arithmetic_.begin(), is_arithmetic_.end(), true));
}

std::optional<std::size_t> AppliedLayer::first_foreign(std::span<const std::uint8_t> in) const
{
    if (input_.bits == 8)
        return std::nullopt;
    const auto found = std::find_if(in.begin(), in.end(), [this](std::uint8_t byte) {
        return !input_.contains(input_.is_signed ? static_cast<std::int8_t>(byte) : byte);
    });
    return found != in.end() ? std::optional(static_cast<std::size_t>(found - in.begin()))
                             : std::nullopt;
}

void AppliedLayer::run(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                       std::uint64_t first, std::uint64_t plane, int threads) const
{
    const std::size_t parts = std::clamp<std::size_t>(
        in.size() / least_part, 1, static_cast<std::size_t>(std::max(threads, 1)));
    const bool past_caches = in.size() > most_cached;
    // Each begins with a vector of the output, so that no two write to one line of the caches.
    const auto begin_of = [&](std::size_t part) {
        const std::size_t begin = in.size() / parts * part;
        return part == 0 ? 0 : part == parts ? in.size() : begin + to_boundary(out.data() + begin);
    };
    const auto run_one = [&](std::size_t part) {
        const std::size_t begin = begin_of(part);
        const std::size_t size = begin_of(part + 1) - begin;
        run_part(in.subspan(begin, size), out.subspan(begin, size), first + begin, plane,
                 past_caches);
    };
    std::vector<std::jthread> others;
    for (std::size_t part = 1; part < parts; ++part)
        others.emplace_back(run_one, part);
    run_one(0);
}

void AppliedLayer::run_part(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                            std::uint64_t first, std::uint64_t plane, bool past_caches) const
{
    if (plane == 1 && channels_ > 1)
        run_pixels(in, out, first, past_caches && table_channels_.empty());
    else
        run_planes(in, out, first, plane, past_caches && plane >= least_uncached_plane);
}

apply::Numbers AppliedLayer::numbers(std::size_t first, std::size_t period, bool past_caches) const
{
    const std::size_t start = period == 0 ? first : 0;
    return {.a = a_.data() + start,
            .b = b_.data() + start,
            .low = low_.data() + start,
            .high = high_.data() + start,
            .is_clamped = is_clamped_,
            .table = period == 0 ? tables_[first].data() : nullptr,
            .first = period == 0 ? 0 : first,
            .period = period,
            .z = z_ - lowest_byte(output_),
            .input_flip = flip(input_),
            .output_flip = flip(output_),
            .past_caches = past_caches};
}

void AppliedLayer::run_planes(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                              std::uint64_t first, std::uint64_t plane, bool past_caches) const
{
    const auto count = static_cast<std::uint64_t>(channels_);
    std::uint64_t channel = first / plane % count;
    std::uint64_t rest = plane - first % plane;
    for (std::size_t start = 0; start < in.size();) {
        const auto size
            = static_cast<std::size_t>(std::min<std::uint64_t>(rest, in.size() - start));
        const Table& table = tables_[channel];
        const auto look_up = [&](std::size_t from, std::size_t to) {
            for (std::size_t k = start + from; k < start + to; ++k)
                out[k] = table[in[k]];
        };
        std::size_t done = 0;
        if (kernel_.run != nullptr && size >= least_run
            && (kernel_.by_table || is_arithmetic_[channel])) {
            done = past_caches ? std::min(to_boundary(out.data() + start), size) : 0;
            look_up(0, done);
            done += kernel_.run(numbers(channel, 0, past_caches), in.data() + start + done,
                                out.data() + start + done, size - done);
        }
        look_up(done, size);
        start += size;
        rest = plane;
        channel = channel + 1 == count ? 0 : channel + 1;
    }
}

// All channels as arithmetic, then over it those that are tables, while the bytes are in the cache.
void AppliedLayer::run_pixels(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                              std::uint64_t first, bool past_caches) const
{
    const std::size_t block = past_caches ? in.size() : 16 * 1024;
    const auto count = static_cast<std::size_t>(channels_);
    // The first block ends where the others can begin with a vector of the output.
    const std::size_t uneven = past_caches ? to_boundary(out.data()) : 0;
    for (std::size_t start = 0, end = 0; start < in.size(); start = end) {
        end = std::min(start == 0 && uneven > 0 ? uneven : start + block, in.size());
        const std::size_t size = end - start;
        const auto channel = static_cast<std::size_t>((first + start) % count);
        std::size_t done = 0;
        if (kernel_.run != nullptr && period_ > 0 && (start > 0 || uneven == 0)) {
            done = kernel_.run(numbers(channel, period_, past_caches), in.data() + start,
                               out.data() + start, size);
            for (const std::size_t other : table_channels_) {
                for (std::size_t k = (other + count - channel) % count; k < done; k += count)
                    out[start + k] = tables_[other][in[start + k]];
            }
        }
        for (std::size_t at = (channel + done) % count; done < size; ++done) {
            out[start + done] = tables_[at][in[start + done]];
            at = at + 1 == count ? 0 : at + 1;
        }
    }
}

} // namespace qbn
