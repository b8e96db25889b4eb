#!/usr/bin/python3
"""Writes the golden codes of two backends beside the sessions, each from the real thing:

    ATEN_CPU_CAPABILITY=default python3 make_codes.py pytorch-nofma     quantized::batch_norm2d of PyTorch
    python3 make_codes.py textbook                                      NumPy in binary64

for every layer of forum.json and hard.json that the operator takes. Written with PyTorch 1.13.1 and NumPy 1.24.2.
"""

import json
import os
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
SESSIONS = ["forum", "hard"]


def number(value):
    """Sessions write what JSON has no number for as "inf", "-inf" and "nan"."""
    return float(value)


def numbers(values):
    return np.array([number(value) for value in values])


def input_codes(layer):
    signed = layer["input"]["type"] == "qint8"
    codes = np.arange(-128, 128) if signed else np.arange(256)
    return np.tile(codes, (len(layer["mean"]), 1))


def textbook(layer):
    """What a person writes. A row is a channel."""
    mean, var, gamma, beta = (numbers(layer[key])[:, None] for key in ("mean", "var", "gamma", "beta"))
    x, y = layer["input"], layer["output"]
    dequantized = number(x["scale"]) * (input_codes(layer).astype(np.float64) - x["zero_point"])
    affine = gamma * ((dequantized - mean) / np.sqrt(var + number(layer["eps"]))) + beta
    if layer.get("relu"):
        affine = np.maximum(affine, 0)
    low, high, dtype = (-128, 127, np.int8) if y["type"] == "qint8" else (0, 255, np.uint8)
    return np.clip(np.round(affine / number(y["scale"])) + y["zero_point"], low, high).astype(dtype)


def pytorch(layer):
    import torch

    x, y = layer["input"], layer["output"]
    dtype = {"quint8": torch.quint8, "qint8": torch.qint8}[x["type"]]
    plain = torch.int8 if x["type"] == "qint8" else torch.uint8
    codes = torch.from_numpy(input_codes(layer)).to(plain)[None, :, :, None]
    quantized = torch._make_per_tensor_quantized_tensor(codes, number(x["scale"]), x["zero_point"])
    assert quantized.dtype == dtype
    mean, var, gamma, beta = (torch.tensor(numbers(layer[key]), dtype=torch.float32)
                              for key in ("mean", "var", "gamma", "beta"))
    operators = torch.ops.quantized
    operator = operators.batch_norm2d_relu if layer.get("relu") else operators.batch_norm2d
    result = operator(quantized, gamma, beta, mean, var, number(layer["eps"]), number(y["scale"]), y["zero_point"])
    return result.int_repr()[0, :, :, 0].numpy()


def main():
    backend = sys.argv[1] if len(sys.argv) == 2 else ""
    compute = {"pytorch-nofma": pytorch, "textbook": textbook}.get(backend)
    if not compute:
        sys.exit(__doc__)
    if backend == "pytorch-nofma" and os.environ.get("ATEN_CPU_CAPABILITY") != "default":
        sys.exit("set ATEN_CPU_CAPABILITY=default")
    np.seterr(all="ignore")
    for session in SESSIONS:
        layers = json.loads((HERE / f"{session}.json").read_text())["layers"]
        for index, layer in enumerate(layers):
            try:
                codes = compute(layer)
            except RuntimeError as error:
                print(f"{session} layer {index}: the operator refuses it: {str(error).splitlines()[0]}")
                continue
            np.save(HERE / f"{session}.{index}.{backend}.npy", np.ascontiguousarray(codes))


if __name__ == "__main__":
    main()
