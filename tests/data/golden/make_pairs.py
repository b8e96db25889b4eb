#!/usr/bin/env python3
"""Writes the golden codes of the layers of forum.json and pairs.json as a multiplication and an addition of codes: NAME.I.BACKEND.npy of
onnxruntime-qlinear, litert-mul-add and litert-mul-add-xnnpack. The models are those of tests/conformance. By onnxruntime 1.30.0 and
ai-edge-litert 2.3.0, on x86-64 with AVX2."""

import json
import pathlib
import sys
import types

import numpy
import onnxruntime
from ai_edge_litert.interpreter import OpResolverType

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "conformance"))
import litert_cpu  # noqa: E402
import litert_model  # noqa: E402
import onnx_qlinear_model  # noqa: E402

SESSIONS = ["forum", "pairs"]


def end_of(end):
    signed = end["type"] == "qint8"
    return types.SimpleNamespace(scale=end["scale"], zero_point=end["zero_point"], dtype=numpy.int8 if signed else numpy.uint8,
                                 least_code=-128 if signed else 0, all_codes=numpy.arange(256).astype(numpy.uint8) if not signed
                                 else numpy.arange(-128, 128).astype(numpy.int8))


def layer_of(source):
    parameters = {name: numpy.array(source[name], numpy.float32) for name in ("mean", "var", "gamma", "beta")}
    between = {name: end_of(end) for name, end in source.get("intermediate", {}).items()}
    return types.SimpleNamespace(index=0, input=end_of(source["input"]), output=end_of(source["output"]), intermediate=between,
                                 eps=source["eps"], relu=source["relu"], parameters=parameters, channels=len(parameters["mean"]))


def onnxruntime_codes(layer):
    session = onnxruntime.InferenceSession(onnx_qlinear_model.model(layer), providers=["CPUExecutionProvider"])
    return onnx_qlinear_model.codes_of(layer, session.run(["y"], {"x": onnx_qlinear_model.input_of(layer)})[0])


RUN = {
    "onnxruntime-qlinear": onnxruntime_codes,
    "litert-mul-add": litert_cpu.runner(litert_model.mul_add_model, OpResolverType.BUILTIN_REF),
    "litert-mul-add-xnnpack": litert_cpu.runner(litert_model.mul_add_model_of_xnnpack, OpResolverType.BUILTIN),
}

if __name__ == "__main__":
    for name in SESSIONS:
        for index, source in enumerate(json.loads((HERE / f"{name}.json").read_text())["layers"]):
            for backend, run in RUN.items():
                codes = run(layer_of(source))
                numpy.save(HERE / f"{name}.{index}.{backend}.npy", numpy.ascontiguousarray(codes))
