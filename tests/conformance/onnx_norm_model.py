"""The ONNX model of a layer: DequantizeLinear, BatchNormalization, [Relu,] QuantizeLinear."""

import numpy
from onnx import TensorProto, helper, numpy_helper

OPSET = 15
IR_VERSION = 8


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


def model_of(layer, shape_is_known=False):
    """x and y have the shape [N, C, H, W], of which C alone need be known: a network takes pictures of any size."""
    batch, height, width = (1, 16, 16) if shape_is_known else ("N", "H", "W")

    def value(name, end):
        element = TensorProto.INT8 if end.dtype == numpy.int8 else TensorProto.UINT8
        return helper.make_tensor_value_info(name, element, [batch, layer.channels, height, width])

    graph = helper.make_graph(
        list(nodes(layer)),
        "quantized_batch_norm",
        [value("x", layer.input)],
        [value("y", layer.output)],
        list(initializers(layer)),
    )
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION).SerializeToString()


def input_of(layer):
    """Every input code in every channel."""
    codes = layer.input.all_codes.reshape(16, 16)
    return numpy.ascontiguousarray(numpy.broadcast_to(codes, (1, layer.channels, 16, 16)))
