#include "core/backends/backend.h"

#include "core/arithmetic/exact.h"
#include "core/arithmetic/fixed_point.h"
#include "core/backends/exact.h"
#include "core/backends/fixed_point.h"
#include "core/backends/onnxruntime.h"
#include "core/backends/pytorch.h"
#include "core/backends/pytorch_reference.h"
#include "core/backends/textbook.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace qbn {

std::span<const Backend> all_backends()
{
    static const std::array list{exact(),
                                 textbook(),
                                 pytorch(),
                                 pytorch_nofma(),
                                 pytorch_reference(),
                                 onnxruntime(),
                                 fixed_point(),
                                 fixed_point_gemmlowp()};
    return list;
}

namespace {

/// "fixed-point:16" and "fixed-point:16:int64".
const Backend* find_fixed_point(std::string_view id)
{
    constexpr std::string_view prefix = "fixed-point:";
    constexpr std::string_view wide = ":int64";
    if (!id.starts_with(prefix))
        return nullptr;
    id.remove_prefix(prefix.size());
    const bool is_wide = id.ends_with(wide);
    if (is_wide)
        id.remove_suffix(wide.size());
    int bits = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), bits);
    if (error != std::errc() || end != id.data() + id.size() || bits < min_fraction_bits
        || bits > max_fraction_bits)
        return nullptr;
    using Accumulator = Arithmetic::Integer::Accumulator;
    return &fixed_point_with(bits, is_wide ? Accumulator::int64 : Accumulator::int32);
}

} // namespace

const Backend* find_backend(std::string_view id)
{
    const auto backends = all_backends();
    const auto found = std::find_if(backends.begin(), backends.end(),
                                    [id](const Backend& b) { return b.id == id; });
    return found == backends.end() ? find_fixed_point(id) : &*found;
}

std::vector<Requantized> requantize_all(const Backend& backend, const BatchNormLayer& layer,
                                        int channel)
{
    return backend.arithmetic ? evaluate_requantized(*backend.arithmetic, layer, channel)
                              : exact_requantized(layer, channel);
}

std::vector<std::int32_t> codes(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    return codes(requantize_all(backend, layer, channel));
}

std::vector<std::int32_t> codes(std::span<const Requantized> requantized)
{
    std::vector<std::int32_t> codes(requantized.size());
    std::transform(requantized.begin(), requantized.end(), codes.begin(),
                   [](const Requantized& result) { return result.output_code; });
    return codes;
}

Trace trace(const Backend& backend, const BatchNormLayer& layer, int channel,
            std::int32_t input_code)
{
    return backend.arithmetic ? evaluate_trace(*backend.arithmetic, layer, channel, input_code)
                              : exact_trace(layer, channel, input_code);
}

} // namespace qbn
