#pragma once

#include "core/layer/batch_norm.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

/// PyTorch's quantized::batch_norm2d on one tensor, in this process. Of the build with QBN_TORCH alone.
class TorchBatchNorm
{
public:
    /// Codes as they lie in memory, of a batch of images that are one pixel wide. Requires: quint8.
    TorchBatchNorm(const qbn::BatchNormLayer& layer, std::span<const std::uint8_t> codes,
                   std::size_t batch, bool channels_last, int threads);
    ~TorchBatchNorm();

    /// The operator as users call it: it makes its output.
    void run_operator();
    /// The kernel behind it alone, into an output that is there. Requires: channels last.
    void run_kernel();
    /// What was written last, in the layout of the input.
    std::span<const std::uint8_t> codes();

    static std::string version();

private:
    struct Tensors;
    std::unique_ptr<Tensors> tensors_;
};
