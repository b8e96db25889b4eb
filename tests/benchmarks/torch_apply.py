#!/usr/bin/env python3
"""Codes a second of PyTorch's quantized::batch_norm2d on the tensors of apply_speed.cpp; needs torch.

The operator as users call it: it allocates its output, and for NCHW it brings the input into channels last first. Each figure is that
of the fastest of several runs.
"""

import time

import torch


def codes_a_second(size, channels, channels_last):
    pixels = size // channels
    batch = 8 if pixels >= 8 else 1
    height = pixels // batch
    shape = (batch, channels, height, 1)
    codes = torch.randint(0, 256, shape, dtype=torch.uint8)
    x = torch._make_per_tensor_quantized_tensor(codes, 0.03, 118)
    if channels_last:
        x = x.contiguous(memory_format=torch.channels_last)
    mean, var = torch.randn(channels) * 0.4, torch.rand(channels) + 0.5
    gamma, beta = torch.rand(channels) + 0.5, torch.randn(channels) * 0.3
    least = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.5:
        start = time.perf_counter()
        torch.ops.quantized.batch_norm2d(x, gamma, beta, mean, var, 1e-5, 0.025, 121)
        least = min(least, time.perf_counter() - start)
    return batch * channels * height / least


print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
print(f"{'bytes':>10} {'C':>5} {'layout':>6} {'threads':>7} {'G codes/s':>10}")
for threads in (1, 2):
    torch.set_num_threads(threads)
    for size in (128 << 10, 8 << 20, 256 << 20):
        for channels in (3, 64, 1024):
            for channels_last in (False, True):
                rate = codes_a_second(size, channels, channels_last)
                print(f"{size:10} {channels:5} {'nhwc' if channels_last else 'nchw':>6} {threads:7} {rate / 1e9:10.3f}")
