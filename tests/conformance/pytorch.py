#!/usr/bin/python3
"""Holds the codes of a case file against PyTorch's operators.

    ATEN_CPU_CAPABILITY=avx2 pytorch.py pytorch|pytorch-reference FILE
    ATEN_CPU_CAPABILITY=default pytorch.py pytorch-nofma|pytorch-reference-nofma FILE

The reference is dequantize, F.batch_norm, [relu,] quantize_per_tensor; the others are quantized::batch_norm1d, 2d and 3d
and their _relu forms. case_file.h describes FILE. Exits with 0 if no code differs, 1 if one does or too few were compared.
"""

import os
import sys

import numpy
import torch

import case_file

# The 256 codes of a channel for batch norms of one, two and three dimensions, and the order of the second in memory.
SHAPES = [(256,), (16, 16), (4, 8, 8)]
LAYOUTS = [torch.contiguous_format, torch.channels_last]


def quantized_type(quantization):
    return torch.qint8 if quantization.dtype == numpy.int8 else torch.quint8


def parameters_of(layer):
    return [torch.from_numpy(layer.parameters[name]) for name in case_file.PARAMETERS]


def quantized_input(layer):
    """Every input code in every channel; shape and order in memory change from layer to layer."""
    codes = torch.from_numpy(layer.input.all_codes)
    shape = SHAPES[layer.index % len(SHAPES)]
    plain = codes.reshape(1, 1, *shape).repeat(1, layer.channels, *[1] * len(shape))
    if len(shape) == 2:
        plain = plain.contiguous(memory_format=LAYOUTS[layer.index // len(SHAPES) % len(LAYOUTS)])
    return torch._make_per_tensor_quantized_tensor(plain, layer.input.scale, layer.input.zero_point)


def run_operator(layer):
    x = quantized_input(layer)
    operator = getattr(torch.ops.quantized, f"batch_norm{x.dim() - 2}d" + ("_relu" if layer.relu else ""))
    mean, var, gamma, beta = parameters_of(layer)
    y = operator(x, gamma, beta, mean, var, layer.eps, layer.output.scale, layer.output.zero_point)
    return y.int_repr().numpy()


def run_reference(layer):
    real = quantized_input(layer).dequantize()
    normalized = torch.nn.functional.batch_norm(real, *parameters_of(layer), training=False, eps=layer.eps)
    rectified = torch.relu(normalized) if layer.relu else normalized
    output = layer.output
    y = torch.quantize_per_tensor(rectified, output.scale, output.zero_point, quantized_type(output))
    return y.int_repr().numpy()


def kernels():
    """The instructions that PyTorch says it uses: AVX2, or NO AVX."""
    return torch.__config__.show().partition("CPU capability usage: ")[2].partition("\n")[0]


def main(subject, path):
    capability = "default" if subject.endswith("-nofma") else "avx2"
    if os.environ.get("ATEN_CPU_CAPABILITY") != capability:
        sys.exit(f"pytorch.py: {subject} needs ATEN_CPU_CAPABILITY={capability}")
    torch.set_num_threads(1)
    run = run_reference if subject.startswith("pytorch-reference") else run_operator
    return case_file.verdict(subject, f"PyTorch {torch.__version__}, {kernels()}", path, run, RuntimeError)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
