#!/usr/bin/python3
"""Holds the codes of a case file against PyTorch's operators, whichever PyTorch the interpreter has.

    ATEN_CPU_CAPABILITY=avx2 pytorch.py SUBJECT FILE
    ATEN_CPU_CAPABILITY=default pytorch.py pytorch-nofma|pytorch-reference-nofma FILE
    ATEN_CPU_CAPABILITY=avx512 pytorch.py pytorch-onednn-avx512 FILE

A reference is dequantize, F.batch_norm, [relu,] quantize_per_tensor; decomposed and fake-quantize have other operators at its
ends; pytorch-onednn is onednn::qbatch_norm2d; the rest are quantized::batch_norm1d, 2d and 3d and their _relu forms. case_file.h describes FILE. Exits with 0 if no code
differs and the run proves the formula, else with 1.
"""

import importlib
import os
import sys
import warnings

import numpy
import torch

import case_file

# The 256 codes of a channel for batch norms of one, two and three dimensions, and the order of the second in memory.
SHAPES = [(256,), (16, 16), (4, 8, 8)]
LAYOUTS = [torch.contiguous_format, torch.channels_last]


def quantized_type(quantization):
    return torch.qint8 if quantization.dtype == numpy.int8 else torch.quint8


def storage_type(quantization):
    return torch.int8 if quantization.dtype == numpy.int8 else torch.uint8


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


def run_onednn(layer):
    """It takes plain integers, four dimensions alone."""
    codes = torch.from_numpy(layer.input.all_codes).reshape(1, 1, 16, 16).repeat(1, layer.channels, 1, 1)
    x = codes.contiguous(memory_format=LAYOUTS[layer.index % len(LAYOUTS)])
    mean, var, gamma, beta = parameters_of(layer)
    ends = (layer.input.scale, layer.input.zero_point), (layer.output.scale, layer.output.zero_point)
    return torch.ops.onednn.qbatch_norm2d(x, *ends[0], gamma, beta, mean, var, layer.eps, *ends[1], torch.uint8).numpy()


def normalized(layer, real):
    y = torch.nn.functional.batch_norm(real, *parameters_of(layer), training=False, eps=layer.eps)
    return torch.relu(y) if layer.relu else y


def run_reference(layer):
    output = layer.output
    y = normalized(layer, quantized_input(layer).dequantize())
    return torch.quantize_per_tensor(y, output.scale, output.zero_point, quantized_type(output)).int_repr().numpy()


def run_decomposed(layer):
    """The operators that torch.export writes. Their codes are plain integers; a strided tensor runs another batch norm."""

    def quantization(end):
        return end.scale, end.zero_point, end.least_code, end.least_code + 255, storage_type(end)

    operators = torch.ops.quantized_decomposed
    x = quantized_input(layer).int_repr().contiguous()
    real = operators.dequantize_per_tensor(x, *quantization(layer.input))
    return operators.quantize_per_tensor(normalized(layer, real), *quantization(layer.output)).numpy()


def run_fake_quantize(layer):
    """It gives real values; what gives which is asked of the values of all codes."""
    end = layer.output
    lowest, highest = end.least_code, end.least_code + 255
    with numpy.errstate(all="ignore"):
        codes = numpy.arange(lowest, highest + 1)
        values = (codes - end.zero_point).astype(numpy.float32) * numpy.float32(end.scale)
    order = numpy.argsort(values, kind="stable")
    if not (numpy.diff(values[order]) > 0).all():
        raise ValuesAreAlike("the values of different codes are alike")
    y = normalized(layer, quantized_input(layer).dequantize())
    y = torch.fake_quantize_per_tensor_affine(y, end.scale, end.zero_point, lowest, highest).numpy()
    places = numpy.searchsorted(values[order], y).clip(0, 255)
    if not (values[order][places] == y).all():
        raise AssertionError(f"{layer.describe(0)}: a value of no code")
    return codes[order][places].astype(end.dtype)


class ValuesAreAlike(RuntimeError):
    pass


RUN = {
    "pytorch": run_operator,
    "pytorch-nofma": run_operator,
    "pytorch-onednn": run_onednn,
    "pytorch-onednn-avx512": run_onednn,
    "pytorch-decomposed": run_decomposed,
    "pytorch-fake-quantize": run_fake_quantize,
}


def kernels():
    """The instructions that PyTorch says it uses: AVX2, or NO AVX."""
    return torch.__config__.show().partition("CPU capability usage: ")[2].partition("\n")[0]


def main(subject, path):
    capability = {"nofma": "default", "avx512": "avx512"}.get(subject.rpartition("-")[2], "avx2")
    if os.environ.get("ATEN_CPU_CAPABILITY") != capability:
        sys.exit(f"pytorch.py: {subject} needs ATEN_CPU_CAPABILITY={capability}")
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # quantized tensors are deprecated
    if subject == "pytorch-decomposed":
        importlib.import_module("torch.ao.quantization.fx._decomposed")  # registers the operators
    run = RUN.get(subject, run_reference)
    version = f"PyTorch {torch.__version__}, {kernels()}"
    return case_file.verdict(subject, version, path, run, (RuntimeError, ValueError, ZeroDivisionError))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
