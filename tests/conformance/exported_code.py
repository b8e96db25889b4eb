#!/usr/bin/python3
"""Runs what `qbn export` writes for PyTorch, ONNX Runtime and OpenVINO in the real ones, and `qbn check` against them.

    ATEN_CPU_CAPABILITY=avx2 exported_code.py QBN SESSION.json...

Every layer of the sessions, by every backend that has a formula, all codes of all channels. Prints what was compared and exits
with 1 if one code differs.
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy
import onnx
import onnxruntime
import openvino
import torch

OPERATORS = ["pytorch", "pytorch-onednn", "pytorch-2.13-reference", "pytorch-decomposed"]  # those of the PyTorch that is installed
ERRORS_ONLY = 3


def run(*words, accepted=(0,)):
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode not in accepted:
        sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")
    return done.stdout


def backends(qbn):
    listed = [line.split()[0] for line in run(qbn, "formula").decode().splitlines() if line.startswith("  ")]
    return [id for id in listed if not subprocess.run([qbn, "formula", id], capture_output=True, check=False).returncode]


def codes(qbn, folder, session, layer, backend):
    path = f"{folder}/codes.npy"
    run(qbn, "codes", session, "--layer", layer, "--backend", backend, "-o", path)
    return numpy.load(path).astype(int)


def torch_codes(text, least):
    """What the module's functions give: the formula, and the operator where it has one."""
    names = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), names)
    codes = torch.arange(least, least + 256)
    functions = {name: value for name, value in names.items() if name.startswith("bn") and callable(value)}
    given = {}
    for name, function in functions.items():
        is_operator = name.endswith("_operator")
        try:
            given[is_operator] = function(codes).numpy()
        except RuntimeError:
            if not is_operator:  # an operator refuses some layers
                raise
    return given


def every_code(least, channels):
    plain = numpy.arange(least, least + 256).astype(numpy.int8 if least else numpy.uint8).reshape(1, 1, 16, 16)
    return numpy.repeat(plain, channels, 1)


def onnx_codes(model, least, channels):
    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(["y"], {"x": every_code(least, channels)})[0].reshape(channels, 256)


def openvino_codes(model, least, channels):
    core = openvino.Core()
    options = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = core.compile_model(core.read_model(io.BytesIO(model)), "CPU", options)
    return compiled([every_code(least, channels)])[0].reshape(channels, 256)


RUNTIMES = {
    "onnxruntime": ("ONNX Runtime", onnx_codes),
    "openvino": ("OpenVINO", openvino_codes),
    "openvino-static": ("OpenVINO, shape known", openvino_codes),
}


class Tally:
    def __init__(self):
        self.compared = {}
        self.different = 0

    def hold(self, what, place, want, got):
        differ = int((want != got).sum())
        self.compared[what] = self.compared.get(what, 0) + want.size
        self.different += differ
        if differ:
            print(f"{what}: {differ} codes differ, {place}")


def main(qbn, *sessions):
    warnings.simplefilter("ignore")  # quantized tensors are deprecated
    torch.set_num_threads(1)
    tally = Tally()
    formulas = backends(qbn)
    with tempfile.TemporaryDirectory() as folder:
        for session in sessions:
            for index, layer in enumerate(json.loads(pathlib.Path(session).read_text(encoding="utf-8"))["layers"]):
                least = -128 if layer["input"]["type"] == "qint8" else 0
                for backend in formulas:
                    place = f"{session} layer {index}, {backend}"
                    options = (session, "--layer", str(index), "--backend", backend)
                    want = codes(qbn, folder, session, str(index), backend)
                    given = torch_codes(run(qbn, "export", *options, "--format", "pytorch").decode(), least)
                    tally.hold("the formula in PyTorch", place, want, given[False])
                    if backend in OPERATORS and True in given:
                        tally.hold("PyTorch's operator", place, want, given[True])
                    # OpenVINO was not run where a zero point lies outside of its type, which ONNX does not hold.
                    measured = pathlib.Path(f"{session.removesuffix('.json')}.{index}.{backend}.npy").exists()
                    if backend not in RUNTIMES or not measured:
                        continue
                    title, codes_of = RUNTIMES[backend]
                    model = run(qbn, "export", *options, "--format", "onnx")
                    tally.hold(f"the model in {title}", place, want, codes_of(model, least, len(want)))
            said = run(qbn, "check", "--python", sys.executable, session, accepted=(0, 1)).decode()
            if "differ" in said or "as predicted" not in said:
                tally.different += 1
                print(said)
    for what, count in tally.compared.items():
        print(f"exported code: {what}, {count:,} codes compared")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
