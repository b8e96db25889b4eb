#pragma once

#include "core/apply/affine_fit.h"
#include "core/apply/kernels.h"
#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qbn {

/// A layer as one backend computes it, made ready for tensors of codes. What it gives is the backend's table of 256 codes a channel,
/// byte for byte. Where arithmetic in binary32 (affine_fit.h) gives all codes of a channel it runs instead of the table, since
/// that is faster; nothing is computed otherwise.
class AppliedLayer
{
public:
    AppliedLayer(const Backend& backend, const BatchNormLayer& layer);

    int channels() const { return channels_; }

    /// Channels that run as arithmetic.
    int arithmetic_channels() const;

    /// Codes as bytes, int8 in two's complement. They are the elements from `first` on of a tensor in which element i belongs to
    /// channel (i / plane) % C: plane is H * W for NCHW and 1 for NHWC. `threads` share the work, 1 or more.
    /// A byte that is no code of a narrower input type gives the code of the type's nearest one; see first_foreign().
    /// Requires: in.size() == out.size(), plane > 0.
    void run(std::span<const std::uint8_t> in, std::span<std::uint8_t> out, std::uint64_t first,
             std::uint64_t plane, int threads) const;

    /// Where the first byte stands that is no code of the input type, which only types of fewer than 8 bits have.
    std::optional<std::size_t> first_foreign(std::span<const std::uint8_t> in) const;

    /// Tables alone, or the kernel that the compiler made: for tests, which hold all against each other.
    void use_kernel(apply::Kernel kernel);

private:
    using Table = std::array<std::uint8_t, 256>; ///< by the input's byte

    void run_part(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                  std::uint64_t first, std::uint64_t plane, bool past_caches) const;
    void run_planes(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                    std::uint64_t first, std::uint64_t plane, bool past_caches) const;
    void run_pixels(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                    std::uint64_t first, bool past_caches) const;
    apply::Numbers numbers(std::size_t first, std::size_t period, bool past_caches) const;
    void add_table(std::span<const std::int32_t> codes);
    void fit();
    bool needs_clamp(std::span<const std::int32_t> codes, AffineChannel affine) const;

    CodeType input_, output_;
    int channels_;
    std::int32_t z_; ///< as of AffineChannel
    /// What is exact of a channel, in output steps a lane: the way in for a fit.
    struct Line
    {
        double slope = 0, offset = 0;
    };

    std::vector<std::vector<std::int32_t>> codes_; ///< of each channel
    std::vector<Line> lines_;
    std::vector<Table> tables_;
    std::vector<bool> is_arithmetic_;
    std::vector<std::size_t> table_channels_; ///< the others
    std::size_t period_ = 0; ///< a multiple of C, 64 at least; 0 where many channels are tables
    std::vector<float> a_, b_; ///< period_ + 64, or C
    std::vector<std::uint8_t> low_, high_;
    bool is_clamped_ = false; ///< see apply::Numbers
    apply::Kernel kernel_ = apply::best_kernel();
};

} // namespace qbn
