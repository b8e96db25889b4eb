#include "core/identify/device_codes.h"

#include <algorithm>
#include <string>

namespace qbn {

DeviceCodes::DeviceCodes(const BatchNormLayer& layer)
    : qmin_(layer.input.type.qmin())
    , per_channel_(static_cast<std::size_t>(layer.input.type.count()))
    , codes_(static_cast<std::size_t>(layer.channels()) * per_channel_, unknown)
{ }

std::vector<int> DeviceCodes::observed_channels() const
{
    std::vector<int> channels;
    const int count = static_cast<int>(codes_.size() / per_channel_);
    for (int i = 0; i < count; ++i) {
        const auto codes = channel(i);
        if (std::any_of(codes.begin(), codes.end(),
                        [](std::int32_t code) { return code != unknown; }))
            channels.push_back(i);
    }
    return channels;
}

std::int64_t DeviceCodes::known() const
{
    return std::count_if(codes_.begin(), codes_.end(),
                         [](std::int32_t code) { return code != unknown; });
}

Result<DeviceCodes> device_codes(const BatchNormLayer& layer,
                                 std::span<const Observation> observations)
{
    DeviceCodes codes(layer);
    for (const Observation& seen : observations) {
        if (seen.channel < 0 || seen.channel >= layer.channels()
            || !layer.input.type.contains(seen.input_code))
            continue;
        const std::int32_t before = codes.code(seen.channel, seen.input_code);
        if (before != DeviceCodes::unknown && before != seen.output_code)
            return Error{"channel " + std::to_string(seen.channel) + ", input code "
                         + std::to_string(seen.input_code) + " was observed as "
                         + std::to_string(before) + " and as " + std::to_string(seen.output_code)
                         + "; one formula gives one code"};
        codes.set(seen.channel, seen.input_code, seen.output_code);
    }
    if (codes.known() == 0)
        return Error{"no code of this layer was observed"};
    return codes;
}

} // namespace qbn
