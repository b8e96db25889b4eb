#!/usr/bin/python3
"""Writes the golden codes of six backends beside the sessions, each from the real thing:

    ATEN_CPU_CAPABILITY=avx2 python3 make_codes.py pytorch              quantized::batch_norm2d of PyTorch
    ATEN_CPU_CAPABILITY=default python3 make_codes.py pytorch-nofma     the same without FMA
    ATEN_CPU_CAPABILITY=avx2 python3 make_codes.py pytorch-reference    dequantize, batch_norm, quantize_per_tensor
    ATEN_CPU_CAPABILITY=avx2 python3 make_codes.py pytorch-onednn       onednn::qbatch_norm2d
    ATEN_CPU_CAPABILITY=avx512 python3 make_codes.py pytorch-onednn-avx512
    python3 make_codes.py textbook                                      NumPy in binary64

for every layer of forum.json, hard.json and lanes.json, or of the SESSIONs that follow, that the operator takes. Written with
PyTorch 1.13.1 and NumPy 1.24.2; with PyTorch 2.13.0 of pip pytorch-onednn, pytorch-onednn-avx512, and pytorch of lanes16 and pairs.
"""

import json
import os
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
SESSIONS = ["forum", "hard", "lanes"]
CAPABILITIES = {
    "pytorch": "avx2",
    "pytorch-reference": "avx2",
    "pytorch-nofma": "default",
    "pytorch-onednn": "avx2",
    "pytorch-onednn-avx512": "avx512",
}


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


def quantized_input(layer):
    import torch

    x = layer["input"]
    plain = torch.int8 if x["type"] == "qint8" else torch.uint8
    codes = torch.from_numpy(input_codes(layer)).to(plain)[None, :, :, None]
    return torch._make_per_tensor_quantized_tensor(codes, number(x["scale"]), x["zero_point"])


def parameters(layer):
    import torch

    return (torch.tensor(numbers(layer[key]), dtype=torch.float32) for key in ("mean", "var", "gamma", "beta"))


def run_operator(layer):
    import torch

    y = layer["output"]
    mean, var, gamma, beta = parameters(layer)
    operators = torch.ops.quantized
    operator = operators.batch_norm2d_relu if layer.get("relu") else operators.batch_norm2d
    result = operator(
        quantized_input(layer), gamma, beta, mean, var, number(layer["eps"]), number(y["scale"]), y["zero_point"]
    )
    return result.int_repr()[0, :, :, 0].numpy()


def run_onednn(layer):
    import torch

    x, y = layer["input"], layer["output"]
    if "qint8" in (x["type"], y["type"]) or layer.get("relu"):
        raise RuntimeError("quint8 alone, and no ReLU")
    codes = torch.from_numpy(input_codes(layer)).to(torch.uint8)[None, :, :, None]
    mean, var, gamma, beta = parameters(layer)
    ends = (number(x["scale"]), x["zero_point"]), (number(y["scale"]), y["zero_point"])
    operator = torch.ops.onednn.qbatch_norm2d
    result = operator(codes, *ends[0], gamma, beta, mean, var, number(layer["eps"]), *ends[1], torch.uint8)
    return result[0, :, :, 0].numpy()


def run_reference(layer):
    import torch

    y = layer["output"]
    real = quantized_input(layer).dequantize()
    real = torch.nn.functional.batch_norm(real, *parameters(layer), training=False, eps=number(layer["eps"]))
    if layer.get("relu"):
        real = torch.relu(real)
    dtype = torch.qint8 if y["type"] == "qint8" else torch.quint8
    result = torch.quantize_per_tensor(real, number(y["scale"]), y["zero_point"], dtype)
    return result.int_repr()[0, :, :, 0].numpy()


def main():
    backend = sys.argv[1] if len(sys.argv) > 1 else ""
    compute = {
        "pytorch": run_operator,
        "pytorch-nofma": run_operator,
        "pytorch-onednn": run_onednn,
        "pytorch-onednn-avx512": run_onednn,
        "pytorch-reference": run_reference,
        "textbook": textbook,
    }.get(backend)
    if not compute:
        sys.exit(__doc__)
    capability = CAPABILITIES.get(backend)
    if capability and os.environ.get("ATEN_CPU_CAPABILITY") != capability:
        sys.exit(f"set ATEN_CPU_CAPABILITY={capability}")
    np.seterr(all="ignore")
    for session in sys.argv[2:] or SESSIONS:
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
