#!/usr/bin/python3
"""Holds the codes of a case file against PyTorch's operators.

    ATEN_CPU_CAPABILITY=avx2 pytorch.py pytorch|pytorch-reference FILE
    ATEN_CPU_CAPABILITY=default pytorch.py pytorch-nofma|pytorch-reference-nofma FILE

The reference is dequantize, F.batch_norm, [relu,] quantize_per_tensor; the others are quantized::batch_norm1d, 2d and 3d
and their _relu forms. case_file.h describes FILE. Exits with 0 if no code differs, 1 if one does or too few were compared.
"""

import collections
import dataclasses
import os
import pathlib
import sys

import numpy
import torch

LEAST_CODES = 20_000_000
SHOWN_DIFFERENCES = 5
MAGIC = b"qbncases"
HEAD = numpy.dtype(
    [
        ("signed", "u1", 2),
        ("relu", "u1"),
        ("unused", "u1"),
        ("channels", "<u4"),
        ("zero_points", "<i4", 2),
        ("scales", "<f8", 2),
        ("eps", "<f8"),
    ]
)
PARAMETERS = ["mean", "var", "gamma", "beta"]
# The 256 codes of a channel for batch norms of one, two and three dimensions, and the order of the second in memory.
SHAPES = [(256,), (16, 16), (4, 8, 8)]
LAYOUTS = [torch.contiguous_format, torch.channels_last]


@dataclasses.dataclass
class Quantization:
    scale: float
    zero_point: int
    dtype: torch.dtype

    @property
    def least_code(self):
        return -128 if self.dtype == torch.qint8 else 0


@dataclasses.dataclass
class Layer:
    index: int
    input: Quantization
    output: Quantization
    eps: float
    relu: bool
    parameters: dict  # C values for each of PARAMETERS
    codes: numpy.ndarray  # (C, 256), what we say; column k is input code least_code + k

    @property
    def channels(self):
        return len(self.codes)

    def describe(self, channel):
        values = {"input": self.input, "output": self.output, "eps": self.eps, "relu": self.relu}
        values |= {name: float(tensor[channel]) for name, tensor in self.parameters.items()}
        listed = ", ".join(f"{name} {value}" for name, value in values.items())
        return f"layer {self.index} channel {channel} of {self.channels} ({listed})"


def plain_type(dtype):
    return numpy.int8 if dtype == torch.qint8 else numpy.uint8


def read_layers(path):
    content = pathlib.Path(path).read_bytes()
    if not content.startswith(MAGIC):
        sys.exit(f"pytorch.py: {path} is not a case file")
    offset = len(MAGIC)
    index = 0
    while offset < len(content):
        layer, offset = read_layer(content, offset, index)
        yield layer
        index += 1


def read_layer(content, offset, index):
    """The layer at an offset, and the offset of what follows it."""

    def take(dtype, count):
        nonlocal offset
        values = numpy.frombuffer(content, dtype, count, offset)
        offset += values.nbytes
        return values

    head = take(HEAD, 1)[0]
    ends = [
        Quantization(float(scale), int(zero_point), torch.qint8 if signed else torch.quint8)
        for scale, zero_point, signed in zip(head["scales"], head["zero_points"], head["signed"])
    ]
    channels = int(head["channels"])
    parameters = {name: torch.tensor(take("<f4", channels)) for name in PARAMETERS}
    codes = take(plain_type(ends[1].dtype), channels * 256).reshape(channels, 256)
    return Layer(index, *ends, float(head["eps"]), bool(head["relu"]), parameters, codes), offset


def quantized_input(layer):
    """Every input code in every channel; shape and order in memory change from layer to layer."""
    least = layer.input.least_code
    codes = torch.from_numpy(numpy.arange(least, least + 256).astype(plain_type(layer.input.dtype)))
    shape = SHAPES[layer.index % len(SHAPES)]
    plain = codes.reshape(1, 1, *shape).repeat(1, layer.channels, *[1] * len(shape))
    if len(shape) == 2:
        plain = plain.contiguous(memory_format=LAYOUTS[layer.index // len(SHAPES) % len(LAYOUTS)])
    return torch._make_per_tensor_quantized_tensor(plain, layer.input.scale, layer.input.zero_point)


def run_operator(layer):
    x = quantized_input(layer)
    operator = getattr(torch.ops.quantized, f"batch_norm{x.dim() - 2}d" + ("_relu" if layer.relu else ""))
    mean, var, gamma, beta = layer.parameters.values()
    return operator(x, gamma, beta, mean, var, layer.eps, layer.output.scale, layer.output.zero_point)


def run_reference(layer):
    real = quantized_input(layer).dequantize()
    normalized = torch.nn.functional.batch_norm(real, *layer.parameters.values(), training=False, eps=layer.eps)
    rectified = torch.relu(normalized) if layer.relu else normalized
    output = layer.output
    return torch.quantize_per_tensor(rectified, output.scale, output.zero_point, output.dtype)


def differences(layer, real):
    """A sentence for each code that differs."""
    for channel, column in numpy.argwhere(layer.codes != real):
        ours, operators = layer.codes[channel, column], real[channel, column]
        code = layer.input.least_code + column
        yield f"{layer.describe(channel)} input code {code}: ours {ours}, the operator's {operators}"


def reason(error):
    """What the operator says when it refuses a layer, without numbers, which differ from layer to layer."""
    return " ".join(word for word in str(error).splitlines()[0].split() if not word.lstrip("-").isdigit())


def compare(path, run):
    """How many codes were compared, how many differ (the first are printed), how many layers were refused and why."""
    compared = different = 0
    refused = collections.Counter()
    for layer in read_layers(path):
        try:
            real = run(layer).int_repr().numpy().reshape(layer.codes.shape)
        except RuntimeError as error:
            refused[reason(error)] += 1
            continue
        compared += layer.codes.size
        for difference in differences(layer, real):
            different += 1
            if different <= SHOWN_DIFFERENCES:
                print(difference)
    return compared, different, refused


def kernels():
    """The instructions that PyTorch says it uses: AVX2, or NO AVX."""
    return torch.__config__.show().partition("CPU capability usage: ")[2].partition("\n")[0]


def main(subject, path):
    capability = "default" if subject.endswith("-nofma") else "avx2"
    if os.environ.get("ATEN_CPU_CAPABILITY") != capability:
        sys.exit(f"pytorch.py: {subject} needs ATEN_CPU_CAPABILITY={capability}")
    torch.set_num_threads(1)
    run = run_reference if subject.startswith("pytorch-reference") else run_operator
    compared, different, refused = compare(path, run)
    line = f"{subject}: {compared:,} codes compared, {different:,} differ (PyTorch {torch.__version__}, {kernels()})"
    print(line + "".join(f"; {count} layers refused: {why}" for why, count in refused.items()))
    return 0 if different == 0 and compared >= LEAST_CODES else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
