#!/usr/bin/python3
"""Folds the layer of golden/forum.json into a made-up convolution with PyTorch, in binary64:

    tests/data/fold/make_fold.py > tests/data/fold/forum.csv

The weight of the convolution is its scale times the code 1, so that the folded weight is the signed folded scale.
"""
import json
import pathlib

import torch
from torch.nn.utils.fusion import fuse_conv_bn_weights

session = pathlib.Path(__file__).parent.parent / "golden" / "forum.json"
layer = json.loads(session.read_text())["layers"][0]
mean, var, gamma, beta = (torch.tensor(layer[key], dtype=torch.float64) for key in ("mean", "var", "gamma", "beta"))
scale = torch.tensor([0.0123, 0.5, 0.00787], dtype=torch.float64)
bias = torch.tensor([0.25, -1.5, 0.0], dtype=torch.float64)
weight, folded = fuse_conv_bn_weights(scale.reshape(3, 1, 1, 1), bias, mean, var, layer["eps"], gamma, beta)
print("conv_weight_scale,conv_bias,folded_weight,folded_bias")
for row in zip(scale.tolist(), bias.tolist(), weight.flatten().tolist(), folded.tolist()):
    print(",".join(repr(value) for value in row))
