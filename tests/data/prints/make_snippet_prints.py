#!/usr/bin/python3
"""Runs the snippet for notebooks in PyTorch and writes what it prints. Made with PyTorch 2.13.0 of pip, Python 3.11.

    qbn snippet >snippet.txt; python3 make_snippet_prints.py

snippet_*.pairs.tsv has channel, input code and output code in the order of the print, snippet_*.values.tsv the parameters.
"""

import contextlib
import pathlib
import warnings

import torch
import torch.ao.nn.intrinsic.quantized as nniq
import torch.ao.nn.quantized as nnq

warnings.simplefilter("ignore")  # quantized tensors are deprecated
SNIPPET = pathlib.Path("snippet.txt").read_text(encoding="utf-8")
CHANNELS = 3


@contextlib.contextmanager
def writing(name):
    with open(name, "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
        yield


def batch_norm(kind, scale, zero_point):
    bn = kind(CHANNELS).eval()
    with torch.no_grad():
        for values in (bn.weight, bn.bias, bn.running_mean):
            values.copy_(torch.randn(CHANNELS))
        bn.running_var.copy_(torch.rand(CHANNELS) + 0.1)
    bn.scale, bn.zero_point = torch.tensor(scale), torch.tensor(zero_point)
    return bn


def write(name, bn, x):
    names = {"bn": bn, "x": x}
    with writing(f"{name}.txt"):
        exec(SNIPPET, names)
    y = names["y"]
    with writing(f"{name}.pairs.tsv"):
        for channel in range(CHANNELS):
            codes = zip(*(t[0, channel].int_repr().flatten().tolist()[:256] for t in (x, y)))
            for pair in codes:
                print(channel, *pair, sep="\t")
    with writing(f"{name}.values.tsv"):
        print("scales", x.q_scale(), y.q_scale(), sep="\t")
        print("zero_points", x.q_zero_point(), y.q_zero_point(), sep="\t")
        print("eps", bn.eps, sep="\t")
        for values in ("running_mean", "running_var", "weight", "bias"):
            print(values, *getattr(bn, values).tolist(), sep="\t")


torch.manual_seed(20)
image = torch.randn(2, CHANNELS, 20, 24)
write(
    "snippet_bn",
    batch_norm(nnq.BatchNorm2d, 0.0371, 77),
    torch.quantize_per_tensor(image, 0.0237, 120, torch.quint8),
)
write(
    "snippet_bn_relu",
    batch_norm(nniq.BNReLU2d, 0.0193, -20),
    torch.quantize_per_tensor(image[:, :, :4, :5], 0.0237, 17, torch.qint8),
)
video = torch.randn(1, CHANNELS, 2, 3, 4)
write(
    "snippet_bn_3d",
    batch_norm(nnq.BatchNorm3d, 0.0371, 128),
    torch.quantize_per_tensor(video, 0.05, 100, torch.quint8),
)
