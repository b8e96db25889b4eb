#!/usr/bin/python3
"""Writes whole modules, TorchScript programs and exported programs, and the codes that they give. Made with PyTorch 2.13.0 (CPU).

Run in this folder in a venv with torch==2.13.0 and numpy: python make_programs.py.
"""
import warnings
import zipfile

import numpy
import torch
import torch.ao.quantization.fx._decomposed  # noqa: F401, the operators of exported quantized programs
from torch import nn
from torch.ao import quantization
from torch.ao.quantization import quantize_fx

warnings.filterwarnings("ignore")
torch.manual_seed(2026)
torch.backends.quantized.engine = "fbgemm"


def fill(module):
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
            if part.affine:
                nn.init.normal_(part.weight)
                nn.init.normal_(part.bias)
    return module.eval()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)
        self.bn = nn.BatchNorm2d(4, eps=1e-3)
        self.layer = nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), nn.BatchNorm2d(4, affine=False, eps=2e-5))

    def forward(self, x):
        return self.layer(self.bn(self.conv(x)))


class Quantized(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = quantization.QuantStub()
        self.bn = nn.BatchNorm2d(3, eps=1e-4)
        self.bn2 = nn.BatchNorm2d(3)
        self.relu = nn.ReLU()
        self.dequant = quantization.DeQuantStub()

    def forward(self, x):
        return self.dequant(self.relu(self.bn2(self.bn(self.quant(x)))))


class Decomposed(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm2d(3, eps=1e-3)

    def codes(self, q):
        ops = torch.ops.quantized_decomposed
        y = torch.relu(self.bn(ops.dequantize_per_tensor(q, 0.0125, 38, 0, 255, torch.uint8)))
        return ops.quantize_per_tensor(y, 0.02, -12, -128, 127, torch.int8)

    def forward(self, x):
        ops = torch.ops.quantized_decomposed
        q = self.codes(ops.quantize_per_tensor(x, 0.0125, 38, 0, 255, torch.uint8))
        return ops.dequantize_per_tensor(q, 0.02, -12, -128, 127, torch.int8)


def all_codes(module, scale, zero_point):
    """The output codes of channel c for input code x, at [c, x]."""
    codes = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16).repeat(1, 3, 1, 1)
    x = torch._make_per_tensor_quantized_tensor(codes, scale, zero_point)
    return module(x).int_repr().reshape(3, 256).numpy()


def export(module):
    """Without the stack traces, which name folders of the machine that wrote the file."""
    program = torch.export.export(module, (example,))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    return program


def forget_sources(path):
    """Takes out what is for a debugger alone: PyTorch's source text and folders of the machine that wrote the file."""
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist() if not info.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in members:
            archive.writestr(info, content)


example = torch.zeros(1, 3, 4, 4)
net = fill(Net())
torch.save(net, "module.pt")
torch.save({"epoch": 2, "best": numpy.float64(0.5), "model": net, "optimizer": {"lr": 0.1}}, "module_in_training.pt")
torch.serialization.get_source_lines_and_file = None  # or the file would hold PyTorch's own source text
torch.save(net, "module.legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.script(net).save("script.pt")
torch.jit.trace(net, example).save("trace.pt")
torch.jit.freeze(torch.jit.script(net)).save("frozen.pt")
torch.export.save(export(net), "float.pt2")

quantized = fill(Quantized())
quantized.qconfig = quantization.get_default_qconfig("fbgemm")
quantization.fuse_modules(quantized, [["bn2", "relu"]], inplace=True)
quantization.prepare(quantized, inplace=True)
quantized(torch.randn(8, 3, 5, 5))
quantization.convert(quantized, inplace=True)
torch.save(quantized, "quantized_module.pt")
torch.jit.script(quantized).save("quantized_script.pt")
torch.jit.trace(quantized, example).save("quantized_trace.pt")
first, second = quantized.bn, quantized.bn2
stub = quantized.quant
numpy.save("quantized.bn.npy", all_codes(first, float(stub.scale), int(stub.zero_point)))
numpy.save("quantized.bn2.npy", all_codes(second, float(first.scale), int(first.zero_point)))

graph = quantize_fx.prepare_fx(fill(Quantized()), quantization.get_default_qconfig_mapping("fbgemm"), (example,))
graph(torch.randn(8, 3, 5, 5))
torch.save(quantize_fx.convert_fx(graph), "graph_module.pt")

decomposed = fill(Decomposed())
program = export(decomposed)
torch.export.save(program, "quantized.pt2")
torch.export.save(program.run_decompositions(), "quantized_core.pt2")
x = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16).repeat(1, 3, 1, 1)
numpy.save("quantized_pt2.npy", decomposed.codes(x).detach().reshape(3, 256).numpy())

for name in ("script", "trace", "frozen", "quantized_script", "quantized_trace"):
    forget_sources(f"{name}.pt")
