#include "core/activations/tensor_layout.h"

#include <algorithm>

namespace qbn {

namespace {

std::uint64_t product(std::vector<std::int64_t>::const_iterator begin,
                      std::vector<std::int64_t>::const_iterator end)
{
    std::uint64_t result = 1;
    for (; begin != end; ++begin)
        result *= static_cast<std::uint64_t>(*begin);
    return result;
}

} // namespace

Result<TensorLayout> find_layout(const std::vector<std::int64_t>& shape, int channels,
                                 ChannelOrder order)
{
    const bool is_last = order == ChannelOrder::nhwc;
    const Error misfit{"its shape " + shape_text(shape) + " has not the layer's "
                       + std::to_string(channels) + " channels in its "
                       + (is_last ? "last" : "second") + " dimension"};
    if (shape.empty() || channels < 1)
        return misfit;
    TensorLayout layout{.shape = shape,
                        .count = product(shape.begin(), shape.end()),
                        .plane = 1,
                        .channels = channels};
    if (shape.size() == 1) {
        if (layout.count % static_cast<std::uint64_t>(channels) != 0)
            return misfit;
        if (!is_last)
            layout.plane
                = std::max<std::uint64_t>(layout.count / static_cast<std::uint64_t>(channels), 1);
        return layout;
    }
    // Without a batch dimension, as qbn codes writes its array.
    const bool is_single = !is_last && shape[1] != channels && shape[0] == channels;
    if (!is_single && (is_last ? shape.back() : shape[1]) != channels)
        return misfit;
    if (!is_last)
        layout.plane
            = std::max<std::uint64_t>(product(shape.begin() + (is_single ? 1 : 2), shape.end()), 1);
    return layout;
}

std::string shape_text(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "(" : ", ") + std::to_string(size);
    return (text.empty() ? "(" : text) + (shape.size() == 1 ? ",)" : ")");
}

std::vector<std::int64_t> index_of(const TensorLayout& layout, std::uint64_t element)
{
    std::vector<std::int64_t> index(layout.shape.size());
    for (std::size_t axis = index.size(); axis-- > 0;) {
        const auto size = static_cast<std::uint64_t>(layout.shape[axis]);
        index[axis] = static_cast<std::int64_t>(element % size);
        element /= size;
    }
    return index;
}

std::string index_text(const TensorLayout& layout, std::uint64_t element)
{
    return shape_text(index_of(layout, element));
}

} // namespace qbn
