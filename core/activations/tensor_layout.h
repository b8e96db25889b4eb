#pragma once

#include "core/text/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qbn {

/// Where a tensor's channels are.
enum class ChannelOrder : std::uint8_t
{
    nchw, ///< in the second dimension, or in the first where the second has another size
    nhwc, ///< in the last
};

/// A tensor in C order whose element i belongs to channel i / plane % channels.
struct TensorLayout
{
    std::vector<std::int64_t> shape;
    std::uint64_t count = 0; ///< elements, the product of the shape
    std::uint64_t plane = 1; ///< elements of one channel side by side: H * W in NCHW, 1 in NHWC
    int channels = 1;

    int channel_of(std::uint64_t element) const
    {
        return static_cast<int>(element / plane % static_cast<std::uint64_t>(channels));
    }
};

/// The layout of a shape, whose product does not overflow, of a layer with so many channels: (N, C, ..), (C, ..), (N, .., C), or flat,
/// which is one picture in NCHW and one pixel after the other in NHWC. The error names the shape and the channels.
Result<TensorLayout> find_layout(const std::vector<std::int64_t>& shape, int channels,
                                 ChannelOrder order);

/// "(1, 64, 112, 112)", "(5,)": as NumPy writes a shape.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// An element's index as NumPy takes it, and as text, "(0, 3, 17, 4)". Requires: it is in the tensor.
std::vector<std::int64_t> index_of(const TensorLayout& layout, std::uint64_t element);
std::string index_text(const TensorLayout& layout, std::uint64_t element);

} // namespace qbn
