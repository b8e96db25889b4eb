#!/usr/bin/python3
"""Writes checkpoints of unusual but valid forms. Made with Python 3.11 and PyTorch 1.13.1 (Debian 12).

Run in this folder: /usr/bin/python3 make_checkpoints.py.
"""
import collections
import io
import zipfile

import torch

MEAN, VAR = [0.5, -1.25, 3.0], [0.25, 1.0, 4.0]
WEIGHT, BIAS = [2.0, -0.5, 1.5], [0.0, 1.0, -8.0]


def statistics(dtype=torch.float32, affine=True, prefix="bn."):
    state = collections.OrderedDict()
    if affine:
        state[prefix + "weight"] = torch.tensor(WEIGHT, dtype=dtype)
        state[prefix + "bias"] = torch.tensor(BIAS, dtype=dtype)
    state[prefix + "running_mean"] = torch.tensor(MEAN, dtype=dtype)
    state[prefix + "running_var"] = torch.tensor(VAR, dtype=dtype)
    state[prefix + "num_batches_tracked"] = torch.tensor(7)
    return state


def quantized(prefix="bn.", zero_point=64):
    return {
        **statistics(prefix=prefix),
        prefix + "scale": torch.tensor([0.5]),
        prefix + "zero_point": torch.tensor([zero_point], dtype=torch.int32),
    }


def stub(scale, zero_point):
    return {"quant.scale": torch.tensor([scale]), "quant.zero_point": torch.tensor([zero_point])}


for name, dtype in [("float64", torch.float64), ("float16", torch.float16), ("bfloat16", torch.bfloat16)]:
    torch.save(statistics(dtype), f"{name}.pt")
torch.save(statistics(affine=False), "not_affine.pt")
torch.save(statistics(prefix=""), "bare.pt")
torch.save({"epoch": 3, "state_dict": quantized(), "optimizer": {"state": {0: {"m": torch.ones(2)}}}}, "training.pt")
torch.save({**stub(0.125, 3), **quantized(zero_point=-5)}, "signed.pt")
torch.save(quantized(), "no_predecessor.pt")
fx = {"bn_input_scale_0": torch.tensor(0.25), "bn_input_zero_point_0": torch.tensor(9)}
torch.save({**stub(0.125, 3), **fx, **quantized()}, "fx_input.pt")
shared = torch.tensor([9.0, *MEAN, *VAR, 9.0, *WEIGHT])
strided = torch.tensor([BIAS, [9.0, 9.0, 9.0]]).t()
torch.save(
    {
        "bn.running_mean": shared[1:4],
        "bn.running_var": shared[4:7],
        "bn.weight": torch.nn.Parameter(shared[8:]),
        "bn.bias": strided[:, 0],
    },
    "shared_storage.pt",
)
weight = torch.quantize_per_channel(torch.ones(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.qint8)
table = torch.quantize_per_tensor(torch.ones(2), 0.5, 10, torch.quint8)
conv = {"conv.weight": weight, "conv.table": table, "conv.scale": torch.tensor(0.75), "conv.zero_point": torch.tensor(33)}
torch.save({**stub(0.125, 3), **conv, **quantized()}, "after_conv.pt")
quantized_mean = torch.quantize_per_tensor(torch.tensor(MEAN), 0.25, 100, torch.quint8)
torch.save({**quantized(), "bn.running_mean": quantized_mean}, "quantized_mean.pt")
nonfinite = statistics()
nonfinite["bn.running_var"] = torch.tensor([-1.0, float("nan"), float("inf")])
nonfinite["bn.weight"] = torch.tensor([float("nan"), 1.0, float("inf")])
torch.save(nonfinite, "nonfinite.pt")

buffer = io.BytesIO()
torch.save({**stub(0.125, 3), **quantized()}, buffer)
with zipfile.ZipFile(buffer) as source, zipfile.ZipFile("deflated.pt", "w", zipfile.ZIP_DEFLATED) as target:
    for name in source.namelist():
        target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    target.writestr(zipfile.ZipInfo("archive/byteorder"), b"little")
