"""Holds the codes of a case file against ONNX Runtime's CPU provider.

    onnxruntime_cpu.py FILE

The optimisation levels take turns. case_file.h describes FILE. Exits with 0 if no code differs and the run proves the formula,
else with 1.
"""

import sys

import numpy
import onnxruntime

import case_file
import onnx_model

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
)


def level_of(layer):
    """From `extended` on, a Relu before the lowest zero point is dropped as redundant; below a negative scale it is not."""
    levels = LEVELS_THAT_KEEP_RELU if layer.relu and numpy.signbit(layer.output.scale) else LEVELS
    return levels[layer.index % len(levels)]


def run(layer):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level_of(layer)
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    session = onnxruntime.InferenceSession(onnx_model.model_of(layer), options, providers=["CPUExecutionProvider"])
    return session.run(["y"], {"x": onnx_model.input_of(layer)})[0]


def main(path):
    version = f"ONNX Runtime {onnxruntime.__version__}"
    return case_file.verdict("onnxruntime", version, path, run, REFUSALS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
