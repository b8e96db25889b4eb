#pragma once

#include "core/apply/affine_fit.h"
#include "core/apply/kernels.h"
#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"
#include "core/parallel/shared_work.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace qbn {

/// A layer as one backend computes it, made ready for tensors of codes. What it gives is the backend's table of 256 codes a channel,
/// byte for byte. Where arithmetic in integers of 16 bits (affine_fit.h) gives all codes of a channel it runs instead of the table where
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
    void use_kernel(apply::Kernel kernel) { kernel_ = kernel; }

private:
    /// Numbers of channels one after the other.
    struct Circle
    {
        apply::Aligned<std::int16_t> a, b, scale, c;

        void add(const AffineChannel& channel, std::uint8_t flip);
        void add(const Circle& other, std::size_t k);
        apply::Lines from(std::size_t k) const;
    };

    void run_part(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                  std::uint64_t first, std::uint64_t plane, bool past_caches) const;
    void run_planes(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                    std::uint64_t first, std::uint64_t plane, bool past_caches) const;
    void run_pixels(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                    std::uint64_t first, bool past_caches) const;
    apply::Common common(bool past_caches) const;
    apply::Numbers numbers(std::size_t channel, bool by_turns, bool past_caches) const;
    std::size_t run_by_kernel(std::span<const std::uint8_t> in, std::span<std::uint8_t> out,
                              std::uint64_t first, std::uint64_t plane, bool past_caches) const;
    void add_channel(std::vector<std::int32_t> codes, double slope);
    void close_circle();

    CodeType input_, output_;
    int channels_;
    apply::Aligned<apply::Table> tables_;
    std::vector<bool> is_arithmetic_;
    std::vector<std::size_t> table_channels_; ///< the others
    /// A multiple of C and of 2, 64 at least, and of 64 where it is not long.
    std::size_t period_ = 0;
    Circle all_; ///< period_ + 64
    Circle even_, odd_; ///< every second of them
    apply::Aligned<std::uint8_t> low_, high_; ///< period_ + 64
    bool is_clamped_ = false; ///< see apply::Common
    apply::Kernel kernel_ = apply::best_kernel();
    std::shared_ptr<parallel::Helpers> helpers_ = std::make_shared<parallel::Helpers>();
};

} // namespace qbn
