"""Reads the case files that conformance_cases writes (case_file.h) and counts where an operator gives other codes."""

import collections
import dataclasses
import pathlib
import sys

import numpy

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


@dataclasses.dataclass
class Quantization:
    scale: float
    zero_point: int
    dtype: type  # numpy.int8 or numpy.uint8

    @property
    def least_code(self):
        return -128 if self.dtype == numpy.int8 else 0

    @property
    def all_codes(self):
        return numpy.arange(self.least_code, self.least_code + 256).astype(self.dtype)


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
        values |= {name: float(array[channel]) for name, array in self.parameters.items()}
        listed = ", ".join(f"{name} {value}" for name, value in values.items())
        return f"layer {self.index} channel {channel} of {self.channels} ({listed})"


def read_layers(path):
    content = pathlib.Path(path).read_bytes()
    if not content.startswith(MAGIC):
        sys.exit(f"{path} is not a case file")
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
        Quantization(float(scale), int(zero_point), numpy.int8 if signed else numpy.uint8)
        for scale, zero_point, signed in zip(head["scales"], head["zero_points"], head["signed"])
    ]
    channels = int(head["channels"])
    parameters = {name: take("<f4", channels).copy() for name in PARAMETERS}
    codes = take(ends[1].dtype, channels * 256).reshape(channels, 256)
    return Layer(index, *ends, float(head["eps"]), bool(head["relu"]), parameters, codes), offset


def differences(layer, real):
    """A sentence for each code that differs."""
    for channel, column in numpy.argwhere(layer.codes != real):
        ours, operators = layer.codes[channel, column], real[channel, column]
        code = layer.input.least_code + column
        yield f"{layer.describe(channel)} input code {code}: ours {ours}, the operator's {operators}"


def reason(error):
    """What the operator says when it refuses a layer, without numbers, which differ from layer to layer."""
    return " ".join(word for word in str(error).splitlines()[0].split() if not word.lstrip("-").isdigit())


def compare(path, run, refusal):
    """How many codes were compared, how many differ (the first are printed), how many layers were refused and why.

    `run` gives the codes of a layer, of any shape, or raises `refusal`."""
    compared = different = 0
    refused = collections.Counter()
    for layer in read_layers(path):
        try:
            real = run(layer).reshape(layer.codes.shape)
        except refusal as error:
            refused[reason(error)] += 1
            continue
        compared += layer.codes.size
        for difference in differences(layer, real):
            different += 1
            if different <= SHOWN_DIFFERENCES:
                print(difference)
    return compared, different, refused


def verdict(subject, version, path, run, refusal):
    """Prints one line and gives the exit code: 0 if no code differs, 1 if one does or too few were compared."""
    compared, different, refused = compare(path, run, refusal)
    line = f"{subject}: {compared:,} codes compared, {different:,} differ ({version})"
    print(line + "".join(f"; {count} layers refused: {why}" for why, count in refused.items()))
    return 0 if different == 0 and compared >= LEAST_CODES else 1
