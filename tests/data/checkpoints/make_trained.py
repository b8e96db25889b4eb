#!/usr/bin/env python3
"""Writes the state_dict of a model in quantization-aware training and the codes that it gives in eval(). By torch 2.13.0 of pip.

qat.pt has "bn", behind "quant", and "pair.0" with a ReLU, behind "bn"; qat.LAYER.npy has the output codes, (C, codes), column k of
input code k. The activations have 7 bits (reduce_range), as PyTorch has them for x86. qat_fx.pt is of the same net as a graph of FX, with
the types of mobile processors: 8 bits.
"""

import warnings

import numpy
import torch
from torch import nn
from torch.ao import quantization
from torch.ao.quantization import quantize_fx

warnings.filterwarnings("ignore")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = quantization.QuantStub()
        self.bn = nn.BatchNorm2d(3)
        self.pair = nn.BatchNorm2d(3)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.pair(self.bn(self.quant(x))))


def codes(module, quantizer_in, quantizer_out):
    scale, zero_point = float(quantizer_in.scale), int(quantizer_in.zero_point)
    every = torch.arange(quantizer_in.quant_min, quantizer_in.quant_max + 1)
    x = ((every - zero_point).float() * quantizer_in.scale).reshape(1, 1, 1, -1).expand(1, 3, 1, -1)
    y = module(x)[0, :, 0, :]
    result = torch.round(y / quantizer_out.scale) + quantizer_out.zero_point
    assert torch.equal((result - quantizer_out.zero_point) * quantizer_out.scale, y), scale
    return result.detach().numpy().astype(numpy.uint8)


def graph():
    """Its fake quantizers are named by their number, not by what they stand behind."""
    torch.manual_seed(6)
    trained = quantize_fx.prepare_qat_fx(Net().train(), quantization.get_default_qat_qconfig_mapping("qnnpack"), (torch.zeros(1),))
    for norm in (trained.bn, trained.pair[0]):
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
    for _ in range(3):
        trained(torch.randn(8, 3, 6, 6) * 2 + 0.5)
    trained.eval()
    trained.apply(quantization.disable_observer)
    torch.save(trained.state_dict(), "qat_fx.pt")
    quantizers = [getattr(trained, f"activation_post_process_{i}") for i in range(3)]
    numpy.save("qat_fx.bn.npy", codes(nn.Sequential(trained.bn, quantizers[1]), *quantizers[:2]))
    numpy.save("qat_fx.pair.0.npy", codes(nn.Sequential(trained.pair, quantizers[2]), *quantizers[1:]))


def main():
    torch.manual_seed(5)
    net = Net().train()
    for norm in (net.bn, net.pair):
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
    net = quantization.fuse_modules_qat(net, [["pair", "relu"]])
    net.qconfig = quantization.get_default_qat_qconfig("x86")
    trained = quantization.prepare_qat(net)
    for _ in range(3):
        trained(torch.randn(8, 3, 6, 6) * 2 + 0.5)
    trained.eval()
    trained.apply(quantization.disable_observer)
    torch.save(trained.state_dict(), "qat.pt")
    quant, bn, pair = (module.activation_post_process for module in (trained.quant, trained.bn, trained.pair))
    numpy.save("qat.bn.npy", codes(trained.bn, quant, bn))
    numpy.save("qat.pair.0.npy", codes(trained.pair, bn, pair))
    graph()


if __name__ == "__main__":
    main()
