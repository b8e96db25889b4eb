#!/usr/bin/env python3
"""Writes state_dicts as .safetensors (safetensors 0.8.0) and .npz (NumPy 2.4.6) beside the same from torch.save (torch 2.13.0); into
the folder of this file."""

import pathlib

import numpy
import safetensors.torch
import torch

HERE = pathlib.Path(__file__).parent

torch.manual_seed(2)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 3), torch.nn.BatchNorm2d(5), torch.nn.ReLU(), torch.nn.Conv2d(5, 4, 1), torch.nn.BatchNorm2d(4))
for norm in (net[1], net[4]):
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    torch.nn.init.normal_(norm.weight)
    torch.nn.init.normal_(norm.bias)

state = net.state_dict()
torch.save(state, HERE / "float.pt")
safetensors.torch.save_file(state, HERE / "float.safetensors", {"format": "pt"})
arrays = {name: tensor.numpy() for name, tensor in state.items()}
numpy.savez(HERE / "float.npz", **arrays)
numpy.savez_compressed(HERE / "compressed.npz", **arrays)

for name, kind in (("float16", torch.float16), ("bfloat16", torch.bfloat16), ("float64", torch.float64)):
    cast = {key: tensor.to(kind) if tensor.is_floating_point() else tensor for key, tensor in state.items()}
    torch.save(cast, HERE / f"{name}.pt")
    safetensors.torch.save_file(cast, HERE / f"{name}.safetensors")
    if kind != torch.bfloat16:  # which NumPy does not have
        numpy.savez(HERE / f"{name}.npz", **{key: tensor.numpy() for key, tensor in cast.items()})

quantized = {**{f"bn.{key}": value for key, value in net[1].state_dict().items()}, "bn.scale": torch.tensor(0.05),
             "bn.zero_point": torch.tensor(117), "quant.scale": torch.tensor([0.02]), "quant.zero_point": torch.tensor([3])}
safetensors.torch.save_file(quantized, HERE / "quantized.safetensors")
