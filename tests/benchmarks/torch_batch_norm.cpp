#include "tests/benchmarks/torch_batch_norm.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/native/quantized/cpu/QuantizedOps.h>
#include <ATen/ops/_empty_affine_quantized.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

struct TorchBatchNorm::Tensors
{
    double eps = 0, scale = 0;
    std::int64_t zero_point = 0;
    std::int64_t batch = 0, channels = 0, pixels = 0; ///< of an image
    at::Tensor x, y, gamma, beta, mean, var;
    at::Tensor alpha, fused_beta; ///< as the operator hands them to its kernel
};

namespace {

at::Tensor tensor_of(const std::vector<double>& values)
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
    std::transform(values.begin(), values.end(), tensor.mutable_data_ptr<float>(),
                   [](double value) { return static_cast<float>(value); });
    return tensor;
}

} // namespace

TorchBatchNorm::TorchBatchNorm(const qbn::BatchNormLayer& layer,
                               std::span<const std::uint8_t> codes, std::size_t batch,
                               bool channels_last, int threads)
    : tensors_(std::make_unique<Tensors>())
{
    at::set_num_threads(threads);
    Tensors& t = *tensors_;
    t.eps = layer.eps;
    t.scale = layer.output.scale;
    t.zero_point = layer.output.zero_point;
    t.batch = static_cast<std::int64_t>(batch);
    t.channels = layer.channels();
    t.pixels = static_cast<std::int64_t>(codes.size()) / t.channels / t.batch;
    const std::vector<std::int64_t> shape{t.batch, t.channels, t.pixels, 1};
    const auto format
        = channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    t.x = at::_empty_affine_quantized(shape, at::kQUInt8, {}, at::kCPU, {}, layer.input.scale,
                                      layer.input.zero_point, format);
    t.y = at::_empty_affine_quantized(shape, at::kQUInt8, {}, at::kCPU, {}, t.scale, t.zero_point,
                                      format);
    std::memcpy(t.x.mutable_data_ptr(), codes.data(),
                static_cast<std::size_t>(t.batch * t.channels * t.pixels));
    t.mean = tensor_of(layer.mean);
    t.var = tensor_of(layer.var);
    t.gamma = tensor_of(layer.gamma);
    t.beta = tensor_of(layer.beta);
    // As pytorch.formula has them.
    std::vector<double> alpha, fused_beta;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const auto mean = static_cast<float>(layer.mean[channel]);
        const auto gamma = static_cast<float>(layer.gamma[channel]);
        const auto beta = static_cast<float>(layer.beta[channel]);
        const float std_dev
            = std::sqrt(static_cast<float>(layer.var[channel]) + static_cast<float>(layer.eps));
        const auto inv_std = static_cast<float>(1 / static_cast<double>(std_dev));
        const float gain = inv_std * gamma;
        alpha.push_back(static_cast<double>(gain) * (layer.input.scale / layer.output.scale));
        const float offset = beta - mean * inv_std * gamma;
        fused_beta.push_back(static_cast<double>(offset) / layer.output.scale);
    }
    t.alpha = tensor_of(alpha);
    t.fused_beta = tensor_of(fused_beta);
}

TorchBatchNorm::~TorchBatchNorm() = default;

void TorchBatchNorm::run_operator()
{
    using Operator = at::Tensor(at::Tensor, std::optional<at::Tensor>, std::optional<at::Tensor>,
                                at::Tensor, at::Tensor, double, double, std::int64_t);
    static const auto batch_norm = c10::Dispatcher::singleton()
                                       .findSchemaOrThrow("quantized::batch_norm2d", "")
                                       .typed<Operator>();
    Tensors& t = *tensors_;
    t.y = batch_norm.call(t.x, t.gamma, t.beta, t.mean, t.var, t.eps, t.scale, t.zero_point);
}

void TorchBatchNorm::run_kernel()
{
    Tensors& t = *tensors_;
    at::native::qbatch_norm_stub(at::kCPU, t.batch, t.channels, t.pixels, t.x.q_zero_point(),
                                 t.zero_point, t.x, t.alpha, t.fused_beta, t.y);
}

std::span<const std::uint8_t> TorchBatchNorm::codes()
{
    Tensors& t = *tensors_;
    t.y = t.y.contiguous(t.x.suggest_memory_format());
    return {static_cast<const std::uint8_t*>(t.y.const_data_ptr()),
            static_cast<std::size_t>(t.y.numel())};
}

std::string TorchBatchNorm::version()
{
    return "PyTorch " TORCH_VERSION ", " + at::get_cpu_capability();
}
