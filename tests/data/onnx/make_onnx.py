#!/usr/bin/env python3
"""Writes the ONNX models here and, as NAME.npy, the codes that ONNX Runtime gives for them: shape (C, 256), column k is input code
qmin + k. By onnx 1.20.1, onnxruntime 1.30.0, torch 2.13.0 and, for exported.dynamo.onnx, onnxscript; into the folder of this file.

All are small forms of one layer of three channels; what is special about each is its name and stands beside it.
"""

import pathlib

import numpy
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

HERE = pathlib.Path(__file__).parent
TYPES = {TensorProto.UINT8: numpy.uint8, TensorProto.INT8: numpy.int8}
PARAMETERS = {
    "gamma": [1.25, -0.75, 0.5],
    "beta": [0.125, 0.5, -0.25],
    "mean": [0.1, -0.2, 0.3],
    "var": [0.9, 0.4, 1.7],
}


def forget_paths(path):
    """Takes out the stack traces, which name folders of the machine that wrote the file."""
    model = onnx.load(path)
    for node in model.graph.node:
        del node.metadata_props[:]
    onnx.save(model, path)


def array(name, values, kind=numpy.float32):
    return numpy_helper.from_array(numpy.array(values, kind), name)


def typed(name, kind, values):
    """In float_data, int32_data, .., as onnx.helper writes it, not in raw_data."""
    return helper.make_tensor(name, kind, [] if numpy.isscalar(values) else [len(values)],
                              [values] if numpy.isscalar(values) else values)


def parameters(form=array):
    return [form(name, values) for name, values in PARAMETERS.items()]


def ends(code=TensorProto.UINT8, x=(0.02, 100), y=(0.03, 120)):
    kind = TYPES[code]
    return [array("x_scale", x[0]), array("x_zero", x[1], kind), array("y_scale", y[0]), array("y_zero", y[1], kind)]


def nodes(*between, x=("x_scale", "x_zero"), y=("y_scale", "y_zero"), eps=1e-5):
    """`between`: nodes after the batch norm, from "bn" on; the last one gives "r"."""
    attributes = {} if eps is None else {"epsilon": eps}
    last = "r" if between else "bn"
    return [
        helper.make_node("DequantizeLinear", ["x", *x], ["real"]),
        helper.make_node("BatchNormalization", ["real", *PARAMETERS], ["bn"], name="norm", **attributes),
        *between,
        helper.make_node("QuantizeLinear", [last, *y], ["y"]),
    ]


def model(graph_nodes, initializers, code=TensorProto.UINT8, opset=15, x_type=None, y_type=None, ir=8, functions=()):
    graph = helper.make_graph(
        graph_nodes, "g",
        [helper.make_tensor_value_info("x", x_type or code, ["N", 3, "H", "W"])],
        [helper.make_tensor_value_info("y", y_type or code, ["N", 3, "H", "W"])],
        initializers)
    domains = [helper.make_opsetid("", opset), *(helper.make_opsetid(f.domain, 1) for f in functions)]
    result = helper.make_model(graph, opset_imports=domains, ir_version=ir, functions=functions)
    onnx.checker.check_model(result)
    return result


def codes(path, kind):
    every = numpy.arange(numpy.iinfo(kind).min, numpy.iinfo(kind).max + 1).astype(kind).reshape(1, 1, 16, 16)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    x = numpy.ascontiguousarray(numpy.broadcast_to(every, (1, 3, 16, 16)))
    return session.run(None, {session.get_inputs()[0].name: x})[0].reshape(3, 256)


def save(name, what, kind=numpy.uint8):
    path = HERE / f"{name}.onnx"
    onnx.save(what, path)
    if kind:
        numpy.save(HERE / f"{name}.npy", codes(path, kind))


def relu(source="bn", target="r"):
    return helper.make_node("Relu", [source], [target], name="act")


def constant(tensor):
    return helper.make_node("Constant", [], [tensor.name], value=tensor)


def written_by_helper():
    save("opset10", model(nodes(relu()), parameters() + ends(), opset=10, ir=5))
    save("opset13_int8", model(nodes(relu()), parameters() + ends(TensorProto.INT8, (0.02, -28), (0.03, -8)),
                               TensorProto.INT8, opset=13), numpy.int8)
    save("opset23", model(nodes(relu()), parameters() + ends(), opset=23, ir=11))
    save("constants", model([constant(t) for t in parameters() + ends()] + nodes(relu()), []))
    scale = helper.make_node("Constant", [], ["x_scale"], value_float=0.02)
    save("constant_float", model([scale] + nodes(), parameters() + ends()[1:], opset=15))
    save("typed_data", model(nodes(), [typed(n, TensorProto.FLOAT, v) for n, v in PARAMETERS.items()] + ends()))
    save("no_zero_points", model(nodes(relu(), x=("x_scale",), y=("y_scale",)), parameters() + ends()[::2]))
    save("default_eps", model(nodes(eps=None), parameters() + ends()))
    # ReLU6, which the output's codes go no further than: (255 - 0) * 0.02 = 5.1
    save("clip_attributes", model(nodes(helper.make_node("Clip", ["bn"], ["r"], min=0.0, max=6.0)),
                                  parameters() + ends(y=(0.02, 0)), opset=10, ir=5))
    clip = helper.make_node("Clip", ["bn", "zero", "six"], ["r"])
    save("clip_inputs", model(nodes(clip), parameters() + ends(y=(0.02, 3)) + [array("zero", 0.0), array("six", 6.0)]))
    # One that cuts codes off.
    save("clip_cuts", model(nodes(helper.make_node("Clip", ["bn", "zero", "six"], ["r"])),
                            parameters() + ends() + [array("zero", 0.0), array("six", 1.0)]), None)
    quantized_gamma = [helper.make_node("DequantizeLinear", ["gamma_q", "gamma_scale"], ["gamma"])]
    save("quantized_gamma", model(quantized_gamma + nodes(),
                                  parameters()[1:] + ends() + [array("gamma_q", [125, 75, 50], numpy.uint8),
                                                               array("gamma_scale", 0.01)]))
    sixteen = [array("x_scale", 0.0001), array("x_zero", 30000, numpy.uint16), array("y_scale", 0.0002),
               array("y_zero", -5, numpy.int16)]
    save("codes16", model(nodes(), parameters() + sixteen, opset=21, x_type=TensorProto.UINT16, y_type=TensorProto.INT16,
                          ir=10), None)
    per_channel = [array("x_scale", [0.01, 0.02, 0.03]), array("x_zero", [1, 2, 3], numpy.uint8)]
    graph_nodes = nodes()
    graph_nodes[0].attribute.append(helper.make_attribute("axis", 1))
    save("per_channel", model(graph_nodes, parameters() + per_channel + ends()[2:]), None)
    float_nodes = [helper.make_node("BatchNormalization", ["x", *PARAMETERS], ["bn"], name="norm"), relu(target="y")]
    save("float", model(float_nodes, parameters(), TensorProto.FLOAT), None)
    for name, kind in (("float16", TensorProto.FLOAT16), ("bfloat16", TensorProto.BFLOAT16), ("double", TensorProto.DOUBLE)):
        of_kind = [typed(n, kind, v) for n, v in PARAMETERS.items()]
        casts = [helper.make_node("Cast", [f"{n}_{name}"], [n], to=TensorProto.FLOAT) for n in PARAMETERS]
        for tensor in of_kind:
            tensor.name += f"_{name}"
        save(name, model(casts + nodes(), of_kind + ends()))


def between():
    """What stands between a batch norm and its quantization: nodes that keep all values, and one that does not."""
    def node(kind, source, target, *more, **attributes):
        return helper.make_node(kind, [source, *more], [target], **attributes)

    before = [node("Identity", "dequantized", "a"), node("Transpose", "a", "b", perm=[0, 2, 3, 1]),
              node("Transpose", "b", "c", perm=[0, 3, 1, 2]), node("Dropout", "c", "real")]
    after = [node("Unsqueeze", "bn", "d", "axes"), relu("d", "e"), node("Squeeze", "e", "f", "axes"),
             node("Reshape", "f", "g", "same"), node("Reshape", "g", "r", "same")]
    dequantize, *others = nodes(*after)
    dequantize.output[0] = "dequantized"
    shapes = [array("axes", [4], numpy.int64), array("same", [0, 0, 0, 0], numpy.int64)]
    save("kept_values", model([dequantize, *before, *others], parameters() + ends() + shapes))
    save("sigmoid", model(nodes(helper.make_node("Sigmoid", ["bn"], ["r"], name="gate")), parameters() + ends()), None)
    softplus = helper.make_node("Softplus", ["dequantized"], ["real"])
    save("softplus", model([dequantize, softplus, *nodes()[1:]], parameters() + ends()), None)


def elsewhere():
    """Batch norms that are no nodes of the model's graph: in a function, and in both branches of an If within one of another."""
    norm = helper.make_node("BatchNormalization", ["real", *PARAMETERS], ["bn"])
    ours = helper.make_function("ours", "Norm", ["real", *PARAMETERS], ["bn"], [norm], [helper.make_opsetid("", 15)])
    call = helper.make_node("Norm", ["real", *PARAMETERS], ["bn"], domain="ours")
    first, _, last = nodes()
    save("function", model([first, call, last], parameters() + ends(), functions=[ours]), None)

    def branch(*inner):
        return helper.make_graph(inner, "branch", [], [helper.make_tensor_value_info("bn", TensorProto.FLOAT, None)])

    def either(output, *inner):
        return helper.make_node("If", ["is"], [output], then_branch=branch(*inner), else_branch=branch(norm))

    truth = array("is", True, numpy.bool_)
    save("branches", model([first, either("bn", either("bn", norm)), last], parameters() + ends() + [truth]), None)
    beside = helper.make_node("BatchNormalization", ["chosen", *PARAMETERS], ["bn"], name="norm")
    save("beside", model([first, either("chosen", norm), beside, last], parameters() + ends() + [truth]), None)


def external():
    what = model(nodes(relu()), parameters() + ends())
    onnx.save(what, HERE / "external.onnx", save_as_external_data=True, location="external.data", size_threshold=0)
    numpy.save(HERE / "external.npy", codes(HERE / "external.onnx", numpy.uint8))


class Calibration(CalibrationDataReader):
    def __init__(self, random):
        self.data = iter([{"x": random.normal(0, 1, (1, 4, 4, 4)).astype(numpy.float32)} for _ in range(4)])

    def get_next(self):
        return next(self.data, None)


def codes_between(path, kind):
    """The codes of QLinearAdd for those of QLinearMul, (C, 256): the model has a QuantizeLinear before and a DequantizeLinear behind."""
    quantized = onnx.load(path)
    constants = {t.name: numpy_helper.to_array(t) for t in quantized.graph.initializer}
    of = {node.op_type: [constants[name] for name in node.input[1:3]] for node in quantized.graph.node if "izeLinear" in node.op_type}
    every = numpy.arange(numpy.iinfo(kind).min, numpy.iinfo(kind).max + 1).reshape(16, 1, 4, 4)
    scale, zero_point = of["QuantizeLinear"]
    x = numpy.repeat((every - numpy.int32(zero_point)).astype(numpy.float32) * scale, 4, axis=1)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    y = numpy.stack([session.run(None, {"x": some[None]})[0][0] for some in x])
    scale, zero_point = of["DequantizeLinear"]
    return (numpy.rint(y / scale) + zero_point).astype(kind).transpose(1, 0, 2, 3).reshape(4, 256)


def qlinear(name, quant_type, kind):
    """What quantize_static makes of a batch norm that an exporter wrote as Mul and Add, in the form QOperator."""
    random = numpy.random.default_rng(2026)
    vectors = [array("gain", random.normal(1, 0.3, (4, 1, 1))), array("offset", random.normal(0, 0.5, (4, 1, 1)))]
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "gain"], ["product"], name="norm"), helper.make_node("Add", ["product", "offset"], ["y"])],
        "qlinear", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4, 4, 4])], vectors)
    plain = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = HERE / f"{name}.onnx"
    quantize_static(plain, path, Calibration(random), quant_format=QuantFormat.QOperator, activation_type=quant_type,
                    weight_type=quant_type)
    forget_paths(path)
    numpy.save(HERE / f"{name}.npy", codes_between(path, kind))
    for constant in onnx.load(path).graph.initializer:
        print(constant.name, numpy_helper.to_array(constant).ravel().tolist())


def many():
    """400 batch norms, one behind the other."""
    graph_nodes = []
    for i in range(400):
        graph_nodes += nodes()
        for j, node in enumerate(graph_nodes[-3:]):
            node.input[0] = {0: f"y{i}", 1: f"real{i}", 2: f"bn{i}"}[j]
            node.output[0] = {0: f"real{i}", 1: f"bn{i}", 2: f"y{i + 1}"}[j]
            node.name = f"norm{i}" if j == 1 else ""
    graph = helper.make_graph(graph_nodes, "g", [helper.make_tensor_value_info("y0", TensorProto.UINT8, [1, 3, 4, 4])],
                              [helper.make_tensor_value_info("y400", TensorProto.UINT8, [1, 3, 4, 4])], parameters() + ends())
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(result)
    save("many", result, None)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 1)
        self.bn = torch.nn.BatchNorm2d(4, eps=2e-3)
        self.alone = torch.nn.BatchNorm2d(4)

    def forward(self, x):
        return torch.relu(self.alone(torch.relu(self.bn(self.conv(x)))))


def exported():
    torch.manual_seed(1)
    net = Net()
    for norm in (net.bn, net.alone):
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2)
        torch.nn.init.normal_(norm.weight)
        torch.nn.init.normal_(norm.bias)
    net.eval()
    torch.save(net.state_dict(), HERE / "exported.pt")
    x = torch.zeros(1, 3, 4, 4)
    kept = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    torch.onnx.export(net, x, str(HERE / "exported.onnx"), dynamo=False, **kept)
    torch.onnx.export(net, x, str(HERE / "exported.dynamo.onnx"), dynamo=True, external_data=False)
    forget_paths(HERE / "exported.dynamo.onnx")
    folded = torch.nn.Sequential(net.conv, net.bn)
    torch.onnx.export(folded, x, str(HERE / "folded.onnx"), dynamo=False)


if __name__ == "__main__":
    written_by_helper()
    between()
    elsewhere()
    external()
    many()
    qlinear("qlinear", QuantType.QUInt8, numpy.uint8)
    qlinear("qlinear_int8", QuantType.QInt8, numpy.int8)
    exported()
