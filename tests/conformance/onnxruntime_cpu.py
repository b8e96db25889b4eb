"""Holds the codes of a case file against ONNX Runtime's CPU provider.

    onnxruntime_cpu.py onnxruntime|onnxruntime-qlinear FILE

The second is QLinearMul and QLinearAdd. The optimisation levels take turns. case_file.h describes FILE. Exits with 0 if no code differs and the run proves the formula,
else with 1.
"""

import sys

import numpy
import onnxruntime

import case_file
import onnx_norm_model
import onnx_qlinear_model

ERRORS_ONLY = 3
Level = onnxruntime.GraphOptimizationLevel
LEVELS = [Level.ORT_DISABLE_ALL, Level.ORT_ENABLE_BASIC, Level.ORT_ENABLE_EXTENDED, Level.ORT_ENABLE_ALL]
LEVELS_THAT_KEEP_RELU = LEVELS[:2]
REFUSALS = (
    onnxruntime.capi.onnxruntime_pybind11_state.Fail,
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument,
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidGraph,
    onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented,
    onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException,
    ValueError,
)


def level_of(layer):
    """From `extended` on, a Relu before the lowest zero point is dropped as redundant; below a negative scale it is not."""
    levels = LEVELS_THAT_KEEP_RELU if layer.relu and numpy.signbit(layer.output.scale) else LEVELS
    return levels[layer.index % len(levels)]


def session_of(model, layer):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level_of(layer)
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(layer):
    session = session_of(onnx_norm_model.model_of(layer), layer)
    return session.run(["y"], {"x": onnx_norm_model.input_of(layer)})[0]


def run_qlinear(layer):
    session = session_of(onnx_qlinear_model.model(layer), layer)
    return onnx_qlinear_model.codes_of(layer, session.run(["y"], {"x": onnx_qlinear_model.input_of(layer)})[0])


def main(subject, path):
    version = f"ONNX Runtime {onnxruntime.__version__}"
    numpy.seterr(all="ignore")
    return case_file.verdict(subject, version, path, run_qlinear if subject == "onnxruntime-qlinear" else run, REFUSALS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
