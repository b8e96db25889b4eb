#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace qbn {

/// What an unknown device gave for a layer: for each channel and input code the output code, or that nobody knows it.
class DeviceCodes
{
public:
    static constexpr std::int32_t unknown = std::numeric_limits<std::int32_t>::min();

    /// Nothing is known of a layer's codes.
    explicit DeviceCodes(const BatchNormLayer& layer);

    std::int32_t code(int channel, std::int32_t input_code) const
    {
        return codes_[index(channel, input_code)];
    }
    /// Requires: the layer has the channel and the input code.
    void set(int channel, std::int32_t input_code, std::int32_t output_code)
    {
        codes_[index(channel, input_code)] = output_code;
    }

    /// Of all input codes, from the lowest.
    std::span<const std::int32_t> channel(int channel) const
    {
        return {codes_.data() + index(channel, qmin_), per_channel_};
    }
    std::vector<int> observed_channels() const;
    std::int64_t known() const;

private:
    std::size_t index(int channel, std::int32_t input_code) const
    {
        return static_cast<std::size_t>(channel) * per_channel_
            + static_cast<std::size_t>(input_code - qmin_);
    }

    std::int32_t qmin_;
    std::size_t per_channel_;
    std::vector<std::int32_t> codes_; ///< channel after channel
};

/// Of observations. Those of a channel or code that the layer does not have are passed over. Refused: one input code that gave two
/// different codes in one channel, which no formula does, and none at all.
Result<DeviceCodes> device_codes(const BatchNormLayer& layer,
                                 std::span<const Observation> observations);

} // namespace qbn
