"""QLinearMul by the gain and QLinearAdd of the offset (com.microsoft), with constants as onnxruntime's quantize_static makes them:
scales and zero points are its own functions', where the layer does not have them.
"""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quant_utils

from litert_model import folded


def element_type(end):
    return TensorProto.INT8 if end.dtype == numpy.int8 else TensorProto.UINT8


def quantization(layer, name, values):
    """(scale, zero point); of constants of int8 quantize_static makes symmetric ones."""
    given = layer.intermediate.get(name)
    dtype = layer.input.dtype
    if given:
        return numpy.float32(given.scale), dtype(given.zero_point)
    symmetric = name != "product" and dtype == numpy.int8
    zero_point, scale = quant_utils.compute_data_quant_params(values.ravel(), element_type(layer.input), symmetric)
    return numpy.float32(scale), dtype(zero_point)


def model(layer):
    """Of an even layer the channels stand before the codes, of an odd one behind them. Raises ValueError where a converter would fail."""
    gain, offset = folded(layer)
    if not (numpy.isfinite(gain).all() and numpy.isfinite(offset).all()):
        raise ValueError("gain or offset is not finite")
    least = layer.input.least_code
    ends = numpy.array([least, least + 255], numpy.float64) - layer.input.zero_point
    products = gain * (numpy.float32(layer.input.scale) * ends.astype(numpy.float32)[:, None])
    if not numpy.isfinite(products).all():
        raise ValueError("a product is not finite")
    dtype, kind = layer.input.dtype, element_type(layer.input)
    shape = [layer.channels, 1, 1] if layer.index % 2 == 0 else [layer.channels]
    constants = []

    def parameters(name, scale, zero_point):
        constants.extend([numpy_helper.from_array(numpy.array(scale, numpy.float32), f"{name}_scale"),
                          numpy_helper.from_array(numpy.array(zero_point, dtype), f"{name}_zero")])
        return [f"{name}_scale", f"{name}_zero"]

    def codes(name, values):
        scale, zero_point = quantization(layer, name, values)
        made = quant_utils.quantize_nparray(kind, values, scale, zero_point).reshape(shape)
        constants.append(numpy_helper.from_array(made, name))
        return [name, *parameters(name, scale, zero_point)]

    x = ["x", *parameters("x", layer.input.scale, layer.input.zero_point)]
    product = parameters("product", *quantization(layer, "product", products))
    y = parameters("y", layer.output.scale, layer.output.zero_point)
    domain = "com.microsoft"
    nodes = [helper.make_node("QLinearMul", [*x, *codes("gain", gain), *product], ["product"], domain=domain),
             helper.make_node("QLinearAdd", ["product", *product, *codes("offset", offset), *y], ["y"], domain=domain)]
    of_input = [1, layer.channels, 16, 16] if layer.index % 2 == 0 else [256, layer.channels]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", kind, of_input)],
                              [helper.make_tensor_value_info("y", kind, of_input)], constants)
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid(domain, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def input_of(layer):
    """Every input code in every channel."""
    if layer.index % 2:
        return numpy.repeat(layer.input.all_codes[:, None], layer.channels, axis=1)
    return numpy.repeat(layer.input.all_codes.reshape(1, 1, 16, 16), layer.channels, axis=1)


def codes_of(layer, y):
    return y.T if layer.index % 2 else y.reshape(layer.channels, 256)
