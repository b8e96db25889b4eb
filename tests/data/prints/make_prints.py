#!/usr/bin/python3
"""Writes what Python prints for quantized batch norms. Made with Python 3.11, PyTorch 1.13.1 and NumPy 1.24.2 (Debian 12).

Run in this folder: /usr/bin/python3 make_prints.py. NAME.pairs.tsv has the codes behind the prints in NAME.txt: channel, input
code, output code, for each printed element in the order of the print.
"""
import code
import contextlib
import itertools
import warnings

import numpy
import torch
import torch.nn.intrinsic.quantized as nniq
import torch.nn.quantized as nnq
from torch import nn

warnings.simplefilter("ignore")
torch.manual_seed(170173)
generator = torch.Generator().manual_seed(170173)
FORUM = torch.load("../checkpoints/BatchNorm_layer.pt")
FORUM = {key.removeprefix("conv1.0."): value for key, value in FORUM.items()}
INPUT_SCALE, INPUT_ZERO_POINT = 0.007870171219110489, 0


@contextlib.contextmanager
def writing(name):
    with open(name, "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
        yield


def batch_norm(layer=None, kind=nnq.BatchNorm2d):
    layer = layer or FORUM
    bn = kind(len(layer["running_mean"]))
    bn.load_state_dict({"num_batches_tracked": torch.tensor(0), **layer}, strict=False)
    bn.scale, bn.zero_point = layer["scale"], layer["zero_point"]
    return bn.eval()


def measured(bn, *shape):
    """A random input that stays where the output does not saturate too often, and the output."""
    channels = shape[1]
    spread = (0.3 * torch.randn(shape, generator=generator)).view(shape[0], channels, -1)
    real = (bn.running_mean.view(1, -1, 1) + spread * bn.running_var.view(1, -1, 1).sqrt()).view(shape)
    x = torch.quantize_per_tensor(real, INPUT_SCALE, INPUT_ZERO_POINT, torch.quint8)
    return x, bn(x)


def printed(shape):
    """The indices that PyTorch prints: of more than 1000 elements, the first and last three of each dimension."""
    whole = torch.Size(shape).numel() <= 1000
    return itertools.product(*(range(n) if whole or n <= 6 else [0, 1, 2, n - 3, n - 2, n - 1] for n in shape))


def write_pairs(name, x, y):
    with writing(f"{name}.pairs.tsv"):
        for index in printed(x.shape):
            print(index[1], x.int_repr()[index].item(), y.int_repr()[index].item(), sep="\t")


def show(bn, label="{}", with_affine=True):
    print(label.format("Running Mean"), bn.running_mean)
    print(label.format("Running Variance"), bn.running_var)
    if with_affine:
        print(label.format("weight"), bn.weight)
        print(label.format("bias"), bn.bias)


bn = batch_norm()
x, y = pixels = measured(bn, 1, 3, 2, 4)
with writing("nchw.txt"):
    print("input:")
    print(x)
    print("output:")
    print(y)
    show(bn, "{}:")
    print("eps =", bn.eps)
write_pairs("nchw", x, y)
with writing("int_repr.txt"):
    print("x.int_repr()", x.int_repr())
    print("y.int_repr()", y.int_repr())
    print("input scale:", x.q_scale(), "zero_point:", x.q_zero_point())
    print("output scale:", y.q_scale(), "zero_point:", y.q_zero_point())
write_pairs("int_repr", x, y)
with writing("no_labels.txt"):
    print(x[0, 0, 1, 2])
    print(y[0, 0, 1, 2])
with writing("no_labels.pairs.tsv"):
    print(0, x.int_repr()[0, 0, 1, 2].item(), y.int_repr()[0, 0, 1, 2].item(), sep="\t")
with writing("one_pixel.txt"):
    show(bn)
    print("before bn", x[0, :, 1, 2])
    print("after bn", y[0, :, 1, 2])
    print("x[0, 2, 0, 3]", x[0, 2, 0, 3])
    print("y[0, 2, 0, 3]", y[0, 2, 0, 3])
with writing("one_pixel.pairs.tsv"):
    for channel, row, column in [(0, 1, 2), (1, 1, 2), (2, 1, 2), (2, 0, 3)]:
        index = 0, channel, row, column
        print(channel, x.int_repr()[index].item(), y.int_repr()[index].item(), sep="\t")

x, y = measured(bn, 2, 3, 20, 20)
with writing("nchw_summarized.txt"):
    print("bn input", x)
    print("bn output", y)
write_pairs("nchw_summarized", x, y)

wide = {
    "running_mean": torch.rand(40, generator=generator),
    "running_var": 0.05 + 0.1 * torch.rand(40, generator=generator),
    "weight": 1 + torch.rand(40, generator=generator),
    "bias": torch.randn(40, generator=generator),
    "scale": torch.tensor([0.03125]),
    "zero_point": torch.tensor([120], dtype=torch.int32),
}
wide_bn = batch_norm(wide)
x, y = measured(wide_bn, 1, 40, 6, 6)
with writing("channels_summarized.txt"):
    print(wide_bn)
    print("bn.running_mean", wide_bn.running_mean)
    print("bn.running_var", wide_bn.running_var)
    print("in ", x)
    print("out", y)
write_pairs("channels_summarized", x, y)
with writing("long_mean.txt"):
    print("running_mean", torch.rand(2000, generator=generator))
    print("running_var", torch.rand(2000, generator=generator))

quantized = torch.load("../checkpoints/ocr_quantized.pt")
with writing("state_dict.txt"):
    print(quantized)
torch.set_printoptions(precision=12, threshold=10**6)
with writing("state_dict_precise.txt"):
    print({key: value for key, value in quantized.items() if value.dim() <= 1})
torch.set_printoptions(profile="default")
with writing("state_dict_alone.txt"):
    print(bn.state_dict())
with writing("state_dict_float.txt"):
    print(nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)).state_dict())


class Model(nn.Module):
    def __init__(self, bn):
        super().__init__()
        self.quant = nnq.Quantize(INPUT_SCALE, INPUT_ZERO_POINT, torch.quint8)
        self.conv1 = nn.Sequential(bn, nn.ReLU())
        self.dequant = nnq.DeQuantize()


with writing("module.txt"):
    print(Model(bn))
with writing("module_relu.txt"):
    print(nn.Sequential(nnq.Conv2d(3, 3, 1), batch_norm(kind=nniq.BNReLU2d)))
with writing("parameters.txt"):
    for name, parameter in nn.BatchNorm2d(2, eps=1e-3).named_parameters():
        print(name, parameter)
    print(nn.Parameter(torch.tensor([2.5, -1.0])), "is no parameter of it")
with writing("numpy.txt"):
    print("Running Mean", bn.running_mean.numpy())
    print("Running Variance", repr(bn.running_var.numpy()))
    print("gamma", bn.weight.detach().numpy())
    print("beta:", repr(bn.bias.detach().numpy()))
    print("eps", numpy.float64(bn.eps))
with writing("lists.txt"):
    print("running_mean =", bn.running_mean.tolist())
    print("running_var =", bn.running_var.tolist())
    print("weight =", bn.weight.tolist())
    print("bias =", bn.bias.tolist())
    print("scale =", bn.scale.item())
    print("zero_point =", bn.zero_point.item())
torch.set_printoptions(precision=10)
with writing("precise.txt"):
    show(bn)
    print("scale", bn.scale)
torch.set_printoptions(profile="default", sci_mode=True)
with writing("scientific.txt"):
    show(bn)
    print("eps", bn.eps)
torch.set_printoptions(profile="default")
torch._tensor_str.PRINT_OPTS.sci_mode = None
with writing("nonfinite.txt"):
    print("running_mean", torch.tensor([float("nan"), 1, float("-inf")]))
    print("running_var", torch.tensor([-1.5, float("nan"), float("inf")]))
with writing("per_channel.txt"):
    weight = torch.quantize_per_channel(torch.ones(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.qint8)
    print("conv.weight", weight)
    print("bn.running_mean", bn.running_mean)

session = ["bn.running_mean", "bn.running_var", "bn.weight", "bn.bias", "bn.eps", "x[0, 1, 0, 0]", "y[0, 1, 0, 0]"]
console = code.InteractiveConsole({"bn": bn, "x": pixels[0], "y": pixels[1]})
with writing("interactive.txt"):
    for line in session:
        print(">>>", line)
        console.push(line)
