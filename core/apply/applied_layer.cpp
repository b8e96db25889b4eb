#include "core/apply/applied_layer.h"

#include "core/backends/bound_backend.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qbn {

namespace {

constexpr std::size_t vector_bytes = 64;
constexpr std::size_t least_share = 512 * 1024; // of a thread: takes as long as waking it
constexpr std::size_t least_part = 128 * 1024;
constexpr std::size_t parts_a_worker = 16;
constexpr std::size_t most_cached = 16 * 1024 * 1024; // of an output that caches keep
constexpr std::uint64_t least_uncached_plane = 4096;
constexpr std::size_t longest_of_whole_vectors = 4096; // channels, whose numbers are 40 kB
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

std::uint8_t flip(CodeType type)
{
    return type.is_signed ? 0x80 : 0;
}

} // namespace

AppliedLayer::AppliedLayer(const Backend& backend, const BatchNormLayer& layer)
    : input_(layer.input.type)
    , output_(layer.output.type)
    , channels_(layer.channels())
{
    BoundBackend bound(backend, layer);
    for (int channel = 0; channel < channels_; ++channel) {
        const double gain = layer.gamma[channel] / std::sqrt(layer.var[channel] + layer.eps);
        add_channel(bound.codes(channel), gain * layer.input.scale / layer.output.scale);
    }
    close_circle();
}

void AppliedLayer::add_channel(std::vector<std::int32_t> codes, double slope)
{
    apply::Table& table = tables_.emplace_back();
    for (int byte = 0; byte < 256; ++byte) {
        const std::int32_t code = input_.code_of(static_cast<std::uint8_t>(byte));
        const std::int32_t nearest = std::clamp(code, input_.qmin(), input_.qmax());
        table[static_cast<std::size_t>(byte)]
            = static_cast<std::uint8_t>(codes[static_cast<std::size_t>(nearest - input_.qmin())]);
    }
    for (std::int32_t& code : codes)
        code -= lowest_byte(output_);
    // Of narrower types bytes may be no codes: the table has an answer for them.
    const auto found = input_.bits == 8 ? fit_affine(codes, slope) : std::nullopt;
    if (!found)
        table_channels_.push_back(tables_.size() - 1);
    is_arithmetic_.push_back(found.has_value());
    all_.add(found.value_or(AffineChannel()), flip(input_));
    const auto [least, greatest] = std::minmax_element(codes.begin(), codes.end());
    low_.push_back(static_cast<std::uint8_t>(*least));
    high_.push_back(static_cast<std::uint8_t>(*greatest));
    for (std::size_t lane = 0; found && lane < codes.size(); ++lane)
        is_clamped_
            = is_clamped_ || affine_code(*found, static_cast<std::int32_t>(lane)) != codes[lane];
}

void AppliedLayer::close_circle()
{
    const auto count = static_cast<std::size_t>(channels_);
    period_ = std::lcm(count, vector_bytes);
    if (period_ > longest_of_whole_vectors)
        period_ = std::lcm(count, std::size_t{2}) * ((vector_bytes + count - 1) / count);
    for (std::size_t k = count; k < period_ + vector_bytes; ++k) {
        all_.add(all_, k - count);
        low_.push_back(low_[k - count]);
        high_.push_back(high_[k - count]);
    }
    for (std::size_t k = 0; k < period_ + vector_bytes; ++k)
        (k % 2 == 0 ? even_ : odd_).add(all_, k);
}

void AppliedLayer::Circle::add(const AffineChannel& channel, std::uint8_t flip)
{
    a.push_back(channel.a);
    b.push_back(channel.b);
    scale.push_back(static_cast<std::int16_t>(1 << (16 - channel.shift)));
    // With it a byte becomes i - 128, which is signed.
    c.push_back(static_cast<std::int16_t>((flip ^ 0x80) << 8 | channel.c));
}

void AppliedLayer::Circle::add(const Circle& other, std::size_t k)
{
    a.push_back(other.a[k]);
    b.push_back(other.b[k]);
    scale.push_back(other.scale[k]);
    c.push_back(other.c[k]);
}

apply::Lines AppliedLayer::Circle::from(std::size_t k) const
{
    return {.a = a.data() + k, .b = b.data() + k, .scale = scale.data() + k, .c = c.data() + k};
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
        return !input_.contains(input_.code_of(byte));
    });
    return found != in.end() ? std::optional(static_cast<std::size_t>(found - in.begin()))
                             : std::nullopt;
}

void AppliedLayer::run(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                       std::uint64_t first, std::uint64_t plane, int threads) const
{
    const std::size_t workers = std::clamp<std::size_t>(
        in.size() / least_share, 1, static_cast<std::size_t>(std::max(threads, 1)));
    const std::size_t parts
        = workers == 1 ? 1 : std::min(in.size() / least_part, workers * parts_a_worker);
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
    helpers_->run(parts, workers - 1, run_one);
}

void AppliedLayer::run_part(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                            std::uint64_t first, std::uint64_t plane, bool past_caches) const
{
    if (plane == 1 && channels_ > 1)
        run_pixels(in, out, first, past_caches && table_channels_.empty());
    else
        run_planes(in, out, first, plane, past_caches && plane >= least_uncached_plane);
}

apply::Common AppliedLayer::common(bool past_caches) const
{
    return {.is_clamped = is_clamped_, .output_flip = flip(output_), .past_caches = past_caches};
}

// Bytes from a channel on by turns, or of that channel alone.
apply::Numbers AppliedLayer::numbers(std::size_t channel, bool by_turns, bool past_caches) const
{
    const std::size_t start = by_turns ? channel % 2 : channel;
    const bool is_odd = start % 2 == 1;
    return {.even = (is_odd ? odd_ : even_).from(start / 2),
            .odd = is_odd ? even_.from(start / 2 + 1) : odd_.from(start / 2),
            .low = low_.data() + start,
            .high = high_.data() + start,
            .first = by_turns ? channel / 2 : 0,
            .period = by_turns ? period_ / 2 : 0,
            .common = common(past_caches)};
}

std::size_t AppliedLayer::run_by_kernel(std::span<const std::uint8_t> in,
                                        std::span<std::uint8_t> out, std::uint64_t first,
                                        std::uint64_t plane, bool past_caches) const
{
    if (kernel_.run_planes == nullptr)
        return 0;
    const apply::Planes planes{.tables = tables_.data(),
                               .channels = tables_.size(),
                               .channel = first / plane % tables_.size(),
                               .plane = plane,
                               .rest = plane - first % plane,
                               .lines = table_channels_.empty() ? all_.from(0) : apply::Lines(),
                               .low = low_.data(),
                               .high = high_.data(),
                               .period = period_,
                               .common = common(past_caches)};
    return kernel_.run_planes(planes, in.data(), out.data(), in.size());
}

void AppliedLayer::run_planes(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                              std::uint64_t first, std::uint64_t plane, bool past_caches) const
{
    const auto count = static_cast<std::uint64_t>(channels_);
    std::size_t start = run_by_kernel(in, out, first, plane, past_caches);
    std::uint64_t channel = (first + start) / plane % count;
    std::uint64_t rest = plane - (first + start) % plane;
    while (start < in.size()) {
        const auto size
            = static_cast<std::size_t>(std::min<std::uint64_t>(rest, in.size() - start));
        const apply::Table& table = tables_[channel];
        const auto look_up = [&](std::size_t from, std::size_t to) {
            for (std::size_t k = start + from; k < start + to; ++k)
                out[k] = table[in[k]];
        };
        std::size_t done = 0;
        if (kernel_.run != nullptr && size >= least_run && is_arithmetic_[channel]) {
            done = past_caches ? std::min(to_boundary(out.data() + start), size) : 0;
            look_up(0, done);
            done += kernel_.run(numbers(channel, false, past_caches), in.data() + start + done,
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
    const bool has_tables = !table_channels_.empty();
    const std::size_t block = has_tables ? 16 * 1024 : in.size();
    const auto count = static_cast<std::size_t>(channels_);
    // Where many channels are tables the arithmetic of the others does not pay.
    const bool is_arithmetic = kernel_.run != nullptr && table_channels_.size() * 4 <= count;
    // The first block ends where the others can begin with a vector of the output.
    const std::size_t uneven = past_caches ? to_boundary(out.data()) : 0;
    for (std::size_t start = 0, end = 0; start < in.size(); start = end) {
        end = std::min(start == 0 && uneven > 0 ? uneven : start + block, in.size());
        const std::size_t size = end - start;
        const auto channel = static_cast<std::size_t>((first + start) % count);
        std::size_t done = 0;
        if (is_arithmetic && (start > 0 || uneven == 0)) {
            done = kernel_.run(numbers(channel, true, past_caches), in.data() + start,
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
