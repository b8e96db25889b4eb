#include "core/apply/affine_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbn {

namespace {

struct Interval
{
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    double width() const { return high - low; }
};

// Finds a and b for codes of which the least and the greatest are all that was clamped.
class Fit
{
public:
    Fit(std::span<const std::int32_t> codes, Form form, std::int32_t z)
        : codes_(codes)
        , form_(form)
        , z_(z)
    {
        const auto [least, greatest] = std::minmax_element(codes.begin(), codes.end());
        low_ = *least;
        high_ = *greatest;
    }

    std::optional<AffineChannel> with(double a, double b) const
    {
        AffineChannel channel{.a = static_cast<float>(a),
                              .b = static_cast<float>(b),
                              .low = static_cast<float>(low_ - z_),
                              .high = static_cast<float>(high_ - z_)};
        if (form_ == Form::fused) {
            constexpr float flat = 0x1p-10F; // over all lanes less than half a step
            channel.a = std::abs(channel.a) < flat / 256 ? flat : channel.a;
            channel.b = static_cast<float>(b / static_cast<double>(channel.a));
        }
        // What becomes a whole number has 32 bits, or 16.
        const double largest = form_ == Form::fused ? 0x1p14 : 0x1p30;
        if (!(256 * std::abs(a) + std::abs(b) < largest))
            return std::nullopt;
        for (std::size_t lane = 0; lane < codes_.size(); ++lane) {
            if (affine_code(channel, form_, z_, static_cast<std::int32_t>(lane)) != codes_[lane])
                return std::nullopt;
        }
        return channel;
    }

    // The width of offsets_for() is concave in a.
    std::optional<AffineChannel> sought() const
    {
        constexpr double steepest = 512; // from one lane to the next all codes are passed
        const bool falls = codes_.front() > codes_.back();
        double from = falls ? -steepest : 0;
        double to = falls ? 0 : steepest;
        for (int step = 0; step < 100 && to - from > 1e-12; ++step) {
            const double first = from + (to - from) / 3;
            const double second = to - (to - from) / 3;
            const bool rises = offsets_for(first).width() < offsets_for(second).width();
            (rises ? from : to) = rises ? first : second;
        }
        const auto a = static_cast<float>((from + to) / 2);
        const Interval offsets = offsets_for(static_cast<double>(a));
        if (!(offsets.width() >= 0))
            return std::nullopt;
        return with(static_cast<double>(a), (offsets.low + offsets.high) / 2);
    }

private:
    // The b for which a * lane + b rounds to each code.
    Interval offsets_for(double a) const
    {
        Interval offsets;
        for (std::size_t lane = 0; lane < codes_.size(); ++lane) {
            const double rest
                = static_cast<double>(codes_[lane] - z_) - a * static_cast<double>(lane);
            if (codes_[lane] != low_)
                offsets.low = std::max(offsets.low, rest - 0.5);
            if (codes_[lane] != high_)
                offsets.high = std::min(offsets.high, rest + 0.5);
        }
        return offsets;
    }

    std::span<const std::int32_t> codes_;
    Form form_;
    std::int32_t z_;
    std::int32_t low_ = 0;
    std::int32_t high_ = 0;
};

} // namespace

std::int32_t affine_code(const AffineChannel& channel, Form form, std::int32_t z, std::int32_t lane)
{
    if (form == Form::fused) {
        constexpr std::int32_t rounder = 3 << 22; // in a sum with it a binary32 is whole
        const float moved = std::fma(static_cast<float>(lane) + channel.b, channel.a,
                                     static_cast<float>(rounder + z));
        return std::clamp(static_cast<std::int32_t>(moved) - rounder,
                          z + static_cast<std::int32_t>(channel.low),
                          z + static_cast<std::int32_t>(channel.high));
    }
    const float product = channel.a * static_cast<float>(lane);
    const float t = product + channel.b;
    return z
        + static_cast<std::int32_t>(
               std::nearbyint(std::min(std::max(t, channel.low), channel.high)));
}

std::optional<AffineChannel> fit_affine(std::span<const std::int32_t> codes, Form form,
                                        std::int32_t z, double slope, double offset)
{
    const Fit fit(codes, form, z);
    if (const auto given = fit.with(slope, offset))
        return given;
    if (const auto constant = fit.with(0, static_cast<double>(codes.front() - z)))
        return constant;
    return fit.sought();
}

} // namespace qbn
