"""Runs layers through the quantized batch norms that this Python has, for `qbn check`.

    python check_runtimes.py LAYERS.json

Writes a JSON object a line: what was found, then each operator's codes of each layer, channel by channel, as hexadecimal bytes, or
why it refused the layer, and at last that it is done.
"""

import base64
import importlib
import json
import platform
import sys
import warnings


def say(**words):
    print(json.dumps(words), flush=True)


def found(name):
    """A package, or nothing; what it says while it is imported is not for us."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class Layer:
    """As the program wrote it; numbers that JSON does not have are words."""

    def __init__(self, index, words):
        self.index = index
        self.words = words
        self.relu = words["relu"]
        self.eps = float(words["eps"])

    def end(self, name):
        end = self.words[name]
        return float(end["scale"]), end["zero_point"], -128 if end["signed"] else 0

    def values(self, name):
        return [float(value) for value in self.words[name]]

    @property
    def channels(self):
        return len(self.words["mean"])


def torch_operators(torch, capability):
    functional = torch.nn.functional

    def storage(least):
        return torch.int8 if least else torch.uint8

    def parameters(layer):
        return [torch.tensor(layer.values(name), dtype=torch.float32) for name in ("mean", "var", "gamma", "beta")]

    def codes(layer):
        scale, zero_point, least = layer.end("input")
        plain = torch.arange(least, least + 256).to(storage(least)).reshape(1, 1, 16, 16)
        return plain.repeat(1, layer.channels, 1, 1), scale, zero_point, least

    def quantized(layer):
        plain, scale, zero_point, _ = codes(layer)
        return torch._make_per_tensor_quantized_tensor(plain, scale, zero_point)

    def normalized(layer, real):
        y = functional.batch_norm(real, *parameters(layer), training=False, eps=layer.eps)
        return torch.relu(y) if layer.relu else y

    def fused(layer):
        scale, zero_point, _ = layer.end("output")
        mean, var, gamma, beta = parameters(layer)
        operator = getattr(torch.ops.quantized, "batch_norm2d" + ("_relu" if layer.relu else ""))
        return operator(quantized(layer), gamma, beta, mean, var, layer.eps, scale, zero_point).int_repr()

    def onednn(layer):
        scale, zero_point, least = layer.end("output")
        plain, *end, input_least = codes(layer)
        if least or input_least or layer.relu:
            raise RuntimeError("it takes quint8 alone and has no ReLU")
        mean, var, gamma, beta = parameters(layer)
        return torch.ops.onednn.qbatch_norm2d(plain, *end, gamma, beta, mean, var, layer.eps, scale, zero_point, torch.uint8)

    def reference(layer):
        scale, zero_point, least = layer.end("output")
        y = normalized(layer, quantized(layer).dequantize())
        return torch.quantize_per_tensor(y, scale, zero_point, torch.qint8 if least else torch.quint8).int_repr()

    def decomposed(layer):
        plain, scale, zero_point, least = codes(layer)
        operators = torch.ops.quantized_decomposed
        real = operators.dequantize_per_tensor(plain, scale, zero_point, least, least + 255, storage(least))
        scale, zero_point, least = layer.end("output")
        y = normalized(layer, real)
        return operators.quantize_per_tensor(y, scale, zero_point, least, least + 255, storage(least))

    def fake_quantize(layer):
        scale, zero_point, least = layer.end("output")
        y = normalized(layer, quantized(layer).dequantize())
        values = torch.fake_quantize_per_tensor_affine(y, scale, zero_point, least, least + 255)
        known = torch.arange(least, least + 256, dtype=torch.float32).sub(zero_point) * torch.tensor(scale, dtype=torch.float32)
        if not bool((known.diff() > 0).all()):
            raise RuntimeError("its values do not tell the codes apart")
        places = torch.searchsorted(known, values.contiguous()).clamp(0, 255)
        if not bool((known[places] == values).all()):
            raise RuntimeError("it gave a value of no code")
        return places + least

    yield "fused", fused
    # What it gives without AVX2 is not known.
    if hasattr(torch.ops.onednn, "qbatch_norm2d") and capability in ("AVX2", "AVX512"):
        yield "onednn", onednn
    yield "reference", reference
    if found("torch.ao.quantization.fx._decomposed"):
        yield "decomposed", decomposed
    yield "fake-quantize", fake_quantize


def onnx_operators(onnxruntime):
    import numpy

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4

    def run(layer):
        if "onnx" not in layer.words:
            raise RuntimeError(layer.words["no_onnx"])
        model = base64.b64decode(layer.words["onnx"])
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        _, _, least = layer.end("input")
        plain = numpy.arange(least, least + 256).astype(numpy.int8 if least else numpy.uint8).reshape(1, 1, 16, 16)
        return session.run(["y"], {"x": numpy.repeat(plain, layer.channels, 1)})[0]

    yield "onnxruntime", run


def main(path):
    warnings.simplefilter("ignore")  # quantized tensors are deprecated
    with open(path, encoding="utf-8") as file:
        layers = [Layer(i, words) for i, words in enumerate(json.load(file))]
    torch, onnxruntime = found("torch"), found("onnxruntime")
    versions = {"python": platform.python_version()}
    operators = []
    if torch:
        torch.set_num_threads(1)
        capability = getattr(torch.backends.cpu, "get_cpu_capability", lambda: "")() if hasattr(torch.backends, "cpu") else ""
        engines = torch.backends.quantized.supported_engines
        versions.update(torch=torch.__version__, capability=capability, fbgemm="fbgemm" in engines or "x86" in engines)
        operators += torch_operators(torch, capability)
    if onnxruntime:
        versions["onnxruntime"] = onnxruntime.__version__
        operators += onnx_operators(onnxruntime)
    say(found=versions)
    for name, run in operators:
        for layer in layers:
            try:
                codes = run(layer)
            except Exception as error:  # whatever an operator raises, it refuses the layer
                lines = str(error).strip().splitlines() or [type(error).__name__]
                say(operator=name, layer=layer.index, refused=lines[0][:200])
                continue
            given = [int(code) & 255 for code in codes.reshape(-1).tolist()]
            say(operator=name, layer=layer.index, codes=bytes(given).hex())
    say(done=True)


if __name__ == "__main__":
    main(sys.argv[1])
