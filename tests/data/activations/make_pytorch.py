#!/usr/bin/env python3
"""Writes pytorch_in.npy and pytorch_out.npy: what PyTorch's quantized::batch_norm2d makes of a whole tensor, for layer 21 of
golden/hard.json, on which the backends part."""
import json
import os

import numpy
import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
with open("../golden/hard.json", encoding="utf-8") as file:
    layer = json.load(file)["layers"][21]
random = numpy.random.default_rng(170173)
shape = (2, len(layer["mean"]), 20, 31)
codes = random.integers(-128, 128, shape, dtype=numpy.int8)
codes[random.random(shape) < 0.6] = layer["input"]["zero_point"]
real = (torch.from_numpy(codes).to(torch.float64) - layer["input"]["zero_point"]) * layer["input"]["scale"]
quantized = torch.quantize_per_tensor(real.float(), layer["input"]["scale"], layer["input"]["zero_point"], torch.qint8)
assert (quantized.int_repr().numpy() == codes).all()
values = {name: torch.tensor([float(value) for value in layer[name]], dtype=torch.float32) for name in ("gamma", "beta", "mean", "var")}
result = torch.ops.quantized.batch_norm2d(
    quantized, values["gamma"], values["beta"], values["mean"], values["var"], layer["eps"],
    layer["output"]["scale"], layer["output"]["zero_point"])
numpy.save("pytorch_in.npy", codes)
numpy.save("pytorch_out.npy", result.int_repr().numpy())
print("PyTorch", torch.__version__, "NumPy", numpy.__version__)
