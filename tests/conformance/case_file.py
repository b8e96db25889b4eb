"""Reads the case files that conformance_cases writes (case_file.h) and counts where an operator gives other codes."""

import collections
import dataclasses
import pathlib
import sys

import numpy

LEAST_CODES = 10_000_000
LEAST_DECIDED = 100
SHOWN_DIFFERENCES = 5
REASON_LENGTH = 60
MAGIC = b"qbncases"
HEAD = numpy.dtype(
    [
        ("signed", "u1", 2),
        ("relu", "u1"),
        ("has_intermediate", "u1"),
        ("channels", "<u4"),
        ("zero_points", "<i4", 2),
        ("scales", "<f8", 2),
        ("eps", "<f8"),
    ]
)
INTERMEDIATE = ["gain", "offset", "product"]
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
    intermediate: dict  # Quantization of "gain", "offset" and "product", or nothing
    eps: float
    relu: bool
    parameters: dict  # C values for each of PARAMETERS
    decided: numpy.ndarray  # for each variant, how many of the codes it gives otherwise
    codes: numpy.ndarray  # (C, 256), what we say; column k is input code least_code + k

    @property
    def channels(self):
        return len(self.codes)

    def describe(self, channel):
        values = {"input": self.input, "output": self.output, "eps": self.eps, "relu": self.relu}
        values |= self.intermediate
        values |= {name: float(array[channel]) for name, array in self.parameters.items()}
        listed = ", ".join(f"{name} {value}" for name, value in values.items())
        return f"layer {self.index} channel {channel} of {self.channels} ({listed})"


class CaseFile:
    """Iterates over the layers; `variants` are the names of the changes that were planted in the formula."""

    def __init__(self, path):
        self.content = pathlib.Path(path).read_bytes()
        self.offset = 0
        if self.take("S8", 1)[0] != MAGIC:
            sys.exit(f"{path} is not a case file")
        self.variants = [self.take_text() for _ in range(self.take("<u4", 1)[0])]

    def __iter__(self):
        index = 0
        while self.offset < len(self.content):
            yield self.take_layer(index)
            index += 1

    def take(self, dtype, count):
        values = numpy.frombuffer(self.content, dtype, count, self.offset)
        self.offset += values.nbytes
        return values

    def take_text(self):
        return self.take("u1", self.take("<u4", 1)[0]).tobytes().decode()

    def take_intermediate(self, dtype):
        scales, zero_points = self.take("<f8", len(INTERMEDIATE)), self.take("<i4", len(INTERMEDIATE))
        return {name: Quantization(float(scale), int(zero_point), dtype)
                for name, scale, zero_point in zip(INTERMEDIATE, scales, zero_points)}

    def take_layer(self, index):
        head = self.take(HEAD, 1)[0]
        ends = [
            Quantization(float(scale), int(zero_point), numpy.int8 if signed else numpy.uint8)
            for scale, zero_point, signed in zip(head["scales"], head["zero_points"], head["signed"])
        ]
        intermediate = self.take_intermediate(ends[0].dtype) if head["has_intermediate"] else {}
        channels = int(head["channels"])
        parameters = {name: self.take("<f4", channels).copy() for name in PARAMETERS}
        decided = self.take("<u4", len(self.variants))
        codes = self.take(ends[1].dtype, channels * 256).reshape(channels, 256)
        return Layer(index, *ends, intermediate, float(head["eps"]), bool(head["relu"]), parameters, decided, codes)


def differences(layer, real):
    """A sentence for each code that differs."""
    for channel, column in numpy.argwhere(layer.codes != real):
        ours, operators = layer.codes[channel, column], real[channel, column]
        code = layer.input.least_code + column
        yield f"{layer.describe(channel)} input code {code}: ours {ours}, the operator's {operators}"


def is_number(word):
    try:
        float(word)
    except ValueError:
        return False
    return True


def reason(error):
    """How the operator begins when it refuses a layer, without numbers, which differ from layer to layer."""
    lines = str(error).splitlines()
    said = next((line for line in lines if not line.startswith("Exception from")), "")
    return " ".join(word for word in said.split() if not is_number(word))[:REASON_LENGTH]


@dataclasses.dataclass
class Tally:
    compared: int = 0
    different: int = 0
    refused: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    decided: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    def proves(self):
        """That no code differs, that many were compared, and that each planted change would have been seen."""
        caught = all(count >= LEAST_DECIDED for count in self.decided.values())
        return self.different == 0 and self.compared >= LEAST_CODES and caught


def compare(path, run, refusal):
    """Counts, and prints the first differences.

    `run` gives the codes of a layer, of any shape, or raises `refusal`; of a refused layer nothing counts."""
    cases = CaseFile(path)
    tally = Tally(decided=collections.Counter({name: 0 for name in cases.variants}))
    for layer in cases:
        try:
            real = run(layer).reshape(layer.codes.shape)
        except refusal as error:
            tally.refused[reason(error)] += 1
            continue
        tally.compared += layer.codes.size
        tally.decided.update(dict(zip(cases.variants, map(int, layer.decided))))
        for difference in differences(layer, real):
            tally.different += 1
            if tally.different <= SHOWN_DIFFERENCES:
                print(difference)
    return tally


def verdict(subject, version, path, run, refusal):
    """Prints what was counted, last a row of the table, and gives the exit code: 0 if all of it proves the formula."""
    tally = compare(path, run, refusal)
    print(f"{subject}, {version}: codes that a change of the formula gives otherwise")
    for name, count in tally.decided.items():
        print(f"  {name:<34} {count:>12,}" + ("" if count >= LEAST_DECIDED else "   TOO FEW"))
    for why, count in tally.refused.items():
        print(f"  {count} layers refused: {why}")
    planted = [count for count in tally.decided.values() if count >= LEAST_DECIDED]
    print(
        f"| `{subject}` | {version} | {tally.compared:,} | {tally.different:,} |"
        f" {len(planted)} of {len(tally.decided)}, the least by {min(planted, default=0):,} codes |"
    )
    return 0 if tally.proves() else 1
