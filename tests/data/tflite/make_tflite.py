#!/usr/bin/env python3
"""Writes TensorFlow Lite models of layers of ../golden as tests/conformance/litert_model.py does, NAME.I.tflite, and the codes that
LiteRT gives for them by its builtin reference kernels, NAME.I.npy: int8 of shape (C, 256), column k is input code k - 128. Further
product.tflite, a MUL and an ADD, with its codes, convolution.tflite, which holds no batch norm, and weights.tflite with a weight that no converter writes. By
ai-edge-litert 2.3.0; into the folder of this file."""

import json
import pathlib
import sys
import types

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "conformance"))
import litert_model  # noqa: E402


def end_of(end):
    return types.SimpleNamespace(scale=end["scale"], zero_point=end["zero_point"],
                                 dtype=numpy.uint8 if end["type"] == "quint8" else numpy.int8)


def layer_of(session, index):
    layer = json.loads((HERE.parent / "golden" / f"{session}.json").read_text())["layers"][index]
    parameters = {name: numpy.array([float(v) for v in layer[name]], numpy.float32) for name in ("mean", "var", "gamma", "beta")}
    return types.SimpleNamespace(input=end_of(layer["input"]), output=end_of(layer["output"]), eps=layer["eps"], relu=layer["relu"],
                                 intermediate={}, parameters=parameters, channels=len(parameters["mean"]))


def codes(model, channels):
    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, num_threads=1)
    interpreter.allocate_tensors()
    every = numpy.arange(-128, 128).astype(numpy.int8)
    x = numpy.repeat(every[:, None], channels, axis=1).reshape(1, 16, 16, channels)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).reshape(256, channels).T


def packed(tensors, operators, operator_codes, buffers):
    graph = schema.SubGraphT()
    graph.tensors, graph.operators = tensors, operators
    graph.inputs, graph.outputs = [0], [len(tensors) - 1]
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs, model.buffers = 3, operator_codes, [graph], buffers
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def code_of(builtin, version):
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = builtin
    code.version = version
    return code


def product():
    """y = ADD(MUL(x, gain), offset) of int8, each constant with one scale."""
    kind, one = schema.TensorType.INT8, litert_model.quantization
    def operator(index, inputs, output, options, options_type):
        made = schema.OperatorT()
        made.opcodeIndex, made.inputs, made.outputs = index, inputs, [output]
        made.builtinOptions, made.builtinOptionsType = options, options_type
        return made
    shape = [1, 16, 16, 3]
    tensors = [litert_model.tensor("x", shape, kind, 0, one(0.05, 3)), litert_model.tensor("gain", [3], kind, 1, one(0.01, 0)),
               litert_model.tensor("product", shape, kind, 0, one(0.04, -5)), litert_model.tensor("offset", [3], kind, 2, one(0.02, 1)),
               litert_model.tensor("bn", shape, kind, 0, one(0.06, 7))]
    operators = [operator(0, [0, 1], 2, schema.MulOptionsT(), schema.BuiltinOptions.MulOptions),
                 operator(1, [2, 3], 4, schema.AddOptionsT(), schema.BuiltinOptions.AddOptions)]
    arrays = [numpy.array([100, -50, 127], numpy.int8), numpy.array([11, -19, 1], numpy.int8)]
    model = packed(tensors, operators, [code_of(schema.BuiltinOperator.MUL, 2), code_of(schema.BuiltinOperator.ADD, 2)],
                   litert_model.buffers(*arrays))
    codes(model, 3)  # LiteRT runs it
    return model


def convolution():
    layer = layer_of("forum", 0)
    model = schema.ModelT.InitFromPackedBuf(bytearray(litert_model.convolution_model(layer)), 0)
    weights = model.subgraphs[0].tensors[1]
    weights.shape = [3, 1, 1, 1]
    weights.quantization.quantizedDimension = 0
    model.operatorCodes[0] = code_of(schema.BuiltinOperator.CONV_2D, 3)
    operator = model.subgraphs[0].operators[0]
    operator.builtinOptionsType, operator.builtinOptions = schema.BuiltinOptions.Conv2DOptions, schema.Conv2DOptionsT()
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def weights():
    """Of the forum's layer, the first weight 100, which the converter does not write beside this scale."""
    model = schema.ModelT.InitFromPackedBuf(bytearray(litert_model.convolution_model(layer_of("forum", 0))), 0)
    model.buffers[1].data = numpy.array([100, *model.buffers[1].data[1:]], numpy.uint8)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


if __name__ == "__main__":
    for session, index in [("forum", 0), *(("ocr_cls", i) for i in range(18))]:
        layer = layer_of(session, index)
        model = litert_model.convolution_model(layer)
        (HERE / f"{session}.{index}.tflite").write_bytes(model)
        numpy.save(HERE / f"{session}.{index}.npy", codes(model, layer.channels))
    (HERE / "product.tflite").write_bytes(product())
    numpy.save(HERE / "product.npy", codes(product(), 3))
    (HERE / "convolution.tflite").write_bytes(convolution())
    (HERE / "weights.tflite").write_bytes(weights())
