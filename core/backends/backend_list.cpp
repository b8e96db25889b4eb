#include "core/backends/backend.h"

#include "core/backends/exact.h"
#include "core/backends/onnxruntime.h"
#include "core/backends/pytorch.h"
#include "core/backends/pytorch_reference.h"
#include "core/exact.h"

#include <algorithm>
#include <array>

namespace qbn {

std::span<const Backend> all_backends()
{
    static const std::array list{exact, pytorch, pytorch_reference, onnxruntime};
    return list;
}

const Backend* find_backend(std::string_view id)
{
    const auto backends = all_backends();
    const auto found = std::find_if(backends.begin(), backends.end(),
                                    [id](const Backend& b) { return b.id == id; });
    return found == backends.end() ? nullptr : &*found;
}

std::vector<Requantized> requantize_all(const Backend& backend, const BatchNormLayer& layer,
                                        int channel)
{
    return backend.arithmetic ? evaluate_requantized(*backend.arithmetic, layer, channel)
                              : exact_requantized(layer, channel);
}

std::vector<std::int32_t> codes(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    const std::vector<Requantized> requantized = requantize_all(backend, layer, channel);
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
