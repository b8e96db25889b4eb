"""Holds the codes of a case file against ONNX Runtime's CPU provider.

    onnxruntime_cpu.py FILE

The model is DequantizeLinear, BatchNormalization, [Relu,] QuantizeLinear; the optimisation levels take turns. case_file.h
describes FILE. Exits with 0 if no code differs, 1 if one does or too few were compared.
"""

import sys

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import case_file

OPSET = 15
IR_VERSION = 8
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


def nodes(layer):
    rescaled = "rectified" if layer.relu else "normalized"
    yield helper.make_node("DequantizeLinear", ["x", "x_scale", "x_zero_point"], ["real"])
    inputs = ["real", "gamma", "beta", "mean", "var"]
    yield helper.make_node("BatchNormalization", inputs, ["normalized"], epsilon=layer.eps)
    if layer.relu:
        yield helper.make_node("Relu", ["normalized"], ["rectified"])
    yield helper.make_node("QuantizeLinear", [rescaled, "y_scale", "y_zero_point"], ["y"])


def initializers(layer):
    for name, end in [("x", layer.input), ("y", layer.output)]:
        yield numpy_helper.from_array(numpy.array(end.scale, numpy.float32), f"{name}_scale")
        yield numpy_helper.from_array(numpy.array(end.zero_point).astype(end.dtype), f"{name}_zero_point")
    for name, values in layer.parameters.items():
        yield numpy_helper.from_array(values, name)


def model_of(layer):
    """x and y have the shape [1, C, 256]."""

    def value(name, end):
        element = TensorProto.INT8 if end.dtype == numpy.int8 else TensorProto.UINT8
        return helper.make_tensor_value_info(name, element, [1, layer.channels, 256])

    graph = helper.make_graph(
        list(nodes(layer)),
        "quantized_batch_norm",
        [value("x", layer.input)],
        [value("y", layer.output)],
        list(initializers(layer)),
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION).SerializeToString()


def level_of(layer):
    """From `extended` on, a Relu before the lowest zero point is dropped as redundant; below a negative scale it is not."""
    levels = LEVELS_THAT_KEEP_RELU if layer.relu and numpy.signbit(layer.output.scale) else LEVELS
    return levels[layer.index % len(levels)]


def run(layer):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level_of(layer)
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    session = onnxruntime.InferenceSession(model_of(layer), options, providers=["CPUExecutionProvider"])
    x = numpy.broadcast_to(layer.input.all_codes, (1, layer.channels, 256))
    return session.run(["y"], {"x": numpy.ascontiguousarray(x)})[0]


def main(path):
    version = f"ONNX Runtime {onnxruntime.__version__}"
    return case_file.verdict("onnxruntime", version, path, run, REFUSALS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
