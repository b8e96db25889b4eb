#include "core/apply/affine_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace qbn {

namespace {

constexpr int finest = 7; // shifts
constexpr int coarsest = 2;
constexpr int largest = std::numeric_limits<std::int16_t>::max(); // of a and b
// Values of a around a slope that are tried: before a better slope is sought, and around that.
constexpr int nearby = 8;
constexpr int farthest = 256;

/// Values x with low <= x < high.
template <typename T> struct Range
{
    T low, high;

    T width() const { return high - low; }
};

// Finds a, b and c for codes of which the low and the high one are all that was clamped.
class Fit
{
public:
    Fit(std::span<const std::int32_t> codes, std::int32_t low, std::int32_t high)
        : codes_(codes)
        , low_(low)
        , high_(high)
    { }

    // One code for all lanes, which leaves the line free.
    std::optional<AffineChannel> constant() const
    {
        return proved({.b = static_cast<std::int16_t>(codes_.front() << finest), .shift = finest});
    }

    // A line whose slope is at most `distance` steps of a away.
    std::optional<AffineChannel> near(double slope, int distance) const
    {
        for (int shift = finest; shift >= coarsest; --shift) {
            const double exact = std::ldexp(slope, 8 + shift);
            if (!(std::abs(exact) < largest))
                continue;
            const auto middle = static_cast<int>(std::lround(exact));
            for (int step = 0; step <= distance; ++step) {
                for (const int a : {middle + step, middle - step}) {
                    if (const auto found = with(a, shift))
                        return found;
                }
            }
        }
        return std::nullopt;
    }

    // The slope that leaves the offsets the most room; nothing where none leaves any. Their width is concave in the slope.
    std::optional<double> widest() const
    {
        constexpr double steepest = 128; // from one lane to the third all codes are passed
        const bool falls = codes_.front() > codes_.back();
        double from = falls ? -steepest : 0;
        double to = falls ? 0 : steepest;
        for (int step = 0; step < 60 && to - from > 1e-9; ++step) {
            const double first = from + (to - from) / 3;
            const double second = to - (to - from) / 3;
            const bool rises = offsets_for(first, 1.0).width() < offsets_for(second, 1.0).width();
            (rises ? from : to) = rises ? first : second;
        }
        const double best = (from + to) / 2;
        return offsets_for(best, 1.0).width() > 0 ? std::optional(best) : std::nullopt;
    }

private:
    // The offsets with which slope * (lane - 128) + offset lies in each code, that is from code * unit up to the next one's.
    template <typename T> Range<T> offsets_for(T slope, T unit) const
    {
        Range<T> offsets{-(1 << 20) * unit, (1 << 20) * unit};
        for (std::size_t lane = 0; lane < codes_.size(); ++lane) {
            const T rest = codes_[lane] * unit - slope * (static_cast<T>(lane) - 128);
            if (codes_[lane] != low_)
                offsets.low = std::max(offsets.low, rest);
            if (codes_[lane] != high_)
                offsets.high = std::min(offsets.high, rest + unit);
        }
        return offsets;
    }

    std::optional<AffineChannel> with(int a, int shift) const
    {
        if (std::abs(a) > largest)
            return std::nullopt;
        const Range<std::int64_t> offsets
            = offsets_for(std::int64_t{a} * 256, std::int64_t{1} << (16 + shift));
        for (int c = 0; c < 256 && offsets.low < offsets.high; ++c) {
            // The least b that gives an offset of the range with this c, 2^16 b + a c.
            const std::int64_t b = (offsets.low - std::int64_t{a} * c + 0xffff) >> 16;
            if (std::abs(b) <= largest && (b << 16) + std::int64_t{a} * c < offsets.high)
                return proved({.a = static_cast<std::int16_t>(a),
                               .b = static_cast<std::int16_t>(b),
                               .c = static_cast<std::uint8_t>(c),
                               .shift = static_cast<std::uint8_t>(shift)});
        }
        return std::nullopt;
    }

    std::optional<AffineChannel> proved(const AffineChannel& channel) const
    {
        for (std::size_t lane = 0; lane < codes_.size(); ++lane) {
            if (std::clamp(affine_code(channel, static_cast<std::int32_t>(lane)), low_, high_)
                != codes_[lane])
                return std::nullopt;
        }
        return channel;
    }

    std::span<const std::int32_t> codes_;
    std::int32_t low_, high_;
};

} // namespace

std::int32_t affine_code(const AffineChannel& channel, std::int32_t lane)
{
    const std::int32_t product = channel.a * (256 * (lane - 128) + channel.c);
    const std::int32_t t = std::clamp((product >> 16) + channel.b, -0x8000, 0x7fff);
    return std::clamp(t >> channel.shift, 0, 255);
}

std::optional<AffineChannel> fit_affine(std::span<const std::int32_t> codes, double slope)
{
    const auto [least, greatest] = std::minmax_element(codes.begin(), codes.end());
    const Fit unclamped(codes, 0, 255);
    const Fit clamped(codes, *least, *greatest);
    for (const Fit& fit : {unclamped, clamped}) {
        if (const auto given = fit.near(slope, nearby))
            return given;
    }
    if (const auto constant = clamped.constant())
        return constant;
    const auto widest = clamped.widest();
    return widest ? clamped.near(*widest, farthest) : std::nullopt;
}

} // namespace qbn
