"""The LiteRT models of a layer, of int8: DEPTHWISE_CONV_2D 1x1 with a weight for each channel, or MUL and ADD.

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


def activation(relu):
    kind = schema.ActivationFunctionType
    return kind.RELU if relu else kind.NONE


def operator(index, inputs, output, kind, options):
    made = schema.OperatorT()
    made.opcodeIndex, made.inputs, made.outputs = index, inputs, [output]
    made.builtinOptionsType, made.builtinOptions = kind, options
    return made


def convolution(relu):
    options = schema.DepthwiseConv2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideW = options.strideH = options.depthMultiplier = 1
    options.dilationWFactor = options.dilationHFactor = 1
    options.fusedActivationFunction = activation(relu)
    return operator(0, [0, 1, 2], 3, schema.BuiltinOptions.DepthwiseConv2DOptions, options)


def packed(tensors, output, operators, codes, constants):
    """A model with the input 0; codes are operators with their versions."""
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = tensors, [0], [output], operators
    model = schema.ModelT()
    model.version, model.subgraphs, model.buffers = SCHEMA_VERSION, [graph], buffers(*constants)
    model.operatorCodes = []
    for builtin, version in codes:
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = builtin
        code.version = version
        model.operatorCodes.append(code)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())


def ends(layer, channels):
    """The tensors of input and output."""
    shape, kind = [1, 16, 16, channels], schema.TensorType.INT8
    return [
        tensor("x", shape, kind, 0, quantization(layer.input.scale, moved(layer.input))),
        tensor("y", shape, kind, 0, quantization(layer.output.scale, moved(layer.output))),
    ]


def convolution_model(layer):
    """x and y have the shape [1, 16, 16, C]."""
    weight, weight_scale, bias, bias_scale = quantized(layer)
    channels = layer.channels
    zeros = numpy.zeros(channels)
    x, y = ends(layer, channels)
    bias_tensor = tensor("bias", [channels], schema.TensorType.INT32, 2, quantization(bias_scale, zeros))
    bias_tensor.quantization.quantizedDimension = 0
    weight_tensor = tensor(
        "weight", [1, 1, 1, channels], schema.TensorType.INT8, 1, quantization(weight_scale, zeros)
    )
    codes = [(schema.BuiltinOperator.DEPTHWISE_CONV_2D, 3)]
    return packed([x, weight_tensor, bias_tensor, y], 3, [convolution(layer.relu)], codes, [weight, bias])


def asymmetric(low, high):
    """Scale and zero point of a range, which is widened to hold 0 and if it is nothing else."""
    low, high = min(f64(low), f64(0)), max(f64(high), f64(0))
    if high - low <= 1e-6:
        low, high = min(low, f64(-0.5e-6)), max(high, f64(0.5e-6))
    scale = (f32(high) - f32(low)) / f32(255)
    return scale, half_away(f64(f32(-128 - low / f64(scale))).clip(-128, 127))


def given(layer, name, low, high):
    """Scale and zero point of gain, offset or product: the layer's where it has them."""
    end = layer.intermediate.get(name)
    return (f32(end.scale), f64(moved(end))) if end else asymmetric(low, high)


def constant(layer, name, values):
    """Codes of int8, one scale for all, and their tensor without a buffer."""
    scale, zero_point = given(layer, name, values.min(), values.max())
    codes = half_away(values.astype(f64) / f64(scale) + zero_point).clip(-128, 127).astype(numpy.int8)
    made = tensor(name, [len(values)], schema.TensorType.INT8, 0, quantization(scale, zero_point))
    return codes, scale, made


def fits_xnnpack(layer, product, gain, offset):
    """Whether the delegate takes MUL and ADD of these scales; of others the builtin kernels run."""
    to_product = f32(layer.input.scale) * gain / product
    ratios = f32([product, offset]) / f32(layer.output.scale)
    return 2**-16 <= to_product < 256 and ((2**-10 <= ratios) & (ratios < 256)).all()


def mul_add_model_of_xnnpack(layer):
    return mul_add_model(layer, for_xnnpack=True)


def mul_add_model(layer, for_xnnpack=False):
    """x * gain + offset, each with one scale for all channels. Raises ValueError where LiteRT would end the process or, if it is
    for XNNPACK, that would leave the layer to other kernels."""
    gain, offset = folded(layer)
    if not (numpy.isfinite(gain).all() and numpy.isfinite(offset).all()):
        raise ValueError("gain or offset is not finite")
    least = layer.input.least_code
    codes = numpy.array([least, least + 255], f64) - layer.input.zero_point
    products = gain * (f32(layer.input.scale) * codes.astype(f32)[:, None])
    if not numpy.isfinite(products).all():
        raise ValueError("a product is not finite")
    scale, zero_point = given(layer, "product", products.min(), products.max())
    gain_codes, gain_scale, gain_tensor = constant(layer, "gain", gain)
    offset_codes, offset_scale, offset_tensor = constant(layer, "offset", offset)
    step = f32(2**20) * f32(layer.output.scale)
    if not 2 * max(scale, offset_scale) < step < numpy.inf:
        raise ValueError("ADD would end the process")
    if for_xnnpack and not fits_xnnpack(layer, scale, gain_scale, offset_scale):
        raise ValueError("XNNPACK leaves it to the builtin kernels")
    gain_tensor.buffer, offset_tensor.buffer = 1, 2
    x, y = ends(layer, layer.channels)
    product = tensor("product", x.shape, schema.TensorType.INT8, 0, quantization(scale, zero_point))
    mul, add = schema.MulOptionsT(), schema.AddOptionsT()
    mul.fusedActivationFunction, add.fusedActivationFunction = activation(False), activation(layer.relu)
    operators = [
        operator(0, [0, 1], 2, schema.BuiltinOptions.MulOptions, mul),
        operator(1, [2, 3], 4, schema.BuiltinOptions.AddOptions, add),
    ]
    codes = [(schema.BuiltinOperator.MUL, 2), (schema.BuiltinOperator.ADD, 2)]
    tensors = [x, gain_tensor, product, offset_tensor, y]
    return packed(tensors, 4, operators, codes, [gain_codes, offset_codes])
