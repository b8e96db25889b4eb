"""The LiteRT model of a layer: DEPTHWISE_CONV_2D 1x1 of int8, with a weight for each channel.

The constants are those that TensorFlow's converter writes (2.21.0): its arithmetic is repeated here, the kernels' is not.
LiteRT has no unsigned codes here: 128 is taken from quint8 codes and their zero point.
"""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

f32, f64 = numpy.float32, numpy.float64
SCHEMA_VERSION = 3
FILE_IDENTIFIER = b"TFL3"


def half_away(values):
    """Halves away from zero; exact, for a binary64 number has no fraction where adding a half would round."""
    whole = numpy.trunc(values)
    return whole + numpy.copysign(numpy.abs(values - whole) >= 0.5, values)


def folded(layer):
    """The batch norm as a multiplication and an addition, in binary32."""
    mean, var, gamma, beta = (layer.parameters[name] for name in ["mean", "var", "gamma", "beta"])
    gain = gamma * (f32(1) / numpy.sqrt(var + f32(layer.eps)))
    return gain, beta - mean * gain


def quantized(layer):
    """Weights, their scales, biases and theirs, C of each."""
    gain, offset = folded(layer)
    input_scale = f64(f32(layer.input.scale))
    size = numpy.abs(gain).astype(f64)
    size = numpy.where(2 * size > 1e-6, size, f64(f32(0.5e-6)))
    weight_scale = (size / 127).astype(f32).astype(f64)
    bias_scale = (input_scale * weight_scale).astype(f32).astype(f64)
    largest = 1073741823
    too_large = numpy.abs(offset).astype(f64) / bias_scale > largest
    bias_scale = numpy.where(too_large, numpy.abs(offset).astype(f64) / largest, bias_scale)
    weight_scale = numpy.where(too_large, bias_scale / input_scale, weight_scale)
    weight = half_away(gain / weight_scale).clip(-127, 127).astype(numpy.int8)
    bias_scale = bias_scale.astype(f32)
    bias = half_away((offset * (f32(1) / bias_scale)).astype(f64)).astype(numpy.int32)
    return weight, weight_scale.astype(f32), bias, bias_scale


def moved(end):
    """The zero point of the int8 codes."""
    return end.zero_point - (128 if end.dtype == numpy.uint8 else 0)


def quantization(scales, zero_points):
    parameters = schema.QuantizationParametersT()
    parameters.scale = numpy.asarray(scales, f32).ravel()
    parameters.zeroPoint = numpy.asarray(zero_points, numpy.int64).ravel()
    parameters.quantizedDimension = 3 if len(parameters.scale) > 1 else 0
    return parameters


def tensor(name, shape, element, buffer, parameters):
    made = schema.TensorT()
    made.name, made.shape, made.type, made.buffer = name, shape, element, buffer
    made.quantization = parameters
    return made


def buffers(*arrays):
    """The first is empty by the format's rule, and stands for what is computed."""
    made = [schema.BufferT() for _ in range(len(arrays) + 1)]
    for buffer, array in zip(made[1:], arrays):
        buffer.data = numpy.frombuffer(array.tobytes(), numpy.uint8)
    return made


def convolution(relu):
    options = schema.DepthwiseConv2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideW = options.strideH = options.depthMultiplier = 1
    options.dilationWFactor = options.dilationHFactor = 1
    kind = schema.ActivationFunctionType
    options.fusedActivationFunction = kind.RELU if relu else kind.NONE
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = [0, 1, 2], [3]
    operator.builtinOptionsType = schema.BuiltinOptions.DepthwiseConv2DOptions
    operator.builtinOptions = options
    return operator


def model_of(layer):
    """x and y have the shape [1, 16, 16, C]."""
    weight, weight_scale, bias, bias_scale = quantized(layer)
    channels = layer.channels
    zeros = numpy.zeros(channels)
    kind = schema.TensorType
    graph = schema.SubGraphT()
    graph.tensors = [
        tensor("x", [1, 16, 16, channels], kind.INT8, 0, quantization(layer.input.scale, moved(layer.input))),
        tensor("weight", [1, 1, 1, channels], kind.INT8, 1, quantization(weight_scale, zeros)),
        tensor("bias", [channels], kind.INT32, 2, quantization(bias_scale, zeros)),
        tensor("y", [1, 16, 16, channels], kind.INT8, 0, quantization(layer.output.scale, moved(layer.output))),
    ]
    graph.tensors[2].quantization.quantizedDimension = 0
    graph.inputs, graph.outputs, graph.operators = [0], [3], [convolution(layer.relu)]
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.DEPTHWISE_CONV_2D
    code.version = 3
    model = schema.ModelT()
    model.version = SCHEMA_VERSION
    model.operatorCodes, model.subgraphs, model.buffers = [code], [graph], buffers(weight, bias)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())
