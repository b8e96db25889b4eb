// A quantized batch norm as an ONNX model, written as protobuf by hand: onnxruntime-node brings no writer.
//     x -> DequantizeLinear -> BatchNormalization -> [Relu ->] QuantizeLinear -> y
// Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).

const OPSET = 15;
const IR_VERSION = 8;
const ELEMENT = { float32: 1, uint8: 2, int8: 3 };
const ATTRIBUTE_FLOAT = 1;
const WIRE = { varint: 0, bytes: 2, fixed32: 5 };

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  bytes.push(value);
  return Buffer.from(bytes);
}

const tag = (field, wire) => varint(field * 8 + wire);
const integer = (field, value) => Buffer.concat([tag(field, WIRE.varint), varint(value)]);

function bytes(field, content) {
  const buffer = Buffer.from(content);
  return Buffer.concat([tag(field, WIRE.bytes), varint(buffer.length), buffer]);
}

const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

function float(field, value) {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return Buffer.concat([tag(field, WIRE.fixed32), buffer]);
}

// TensorProto of GraphProto.initializer. `values` is a typed array; no dimensions make a scalar.
function initializer(name, element, values, dimensions = []) {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...dimensions.map((size) => integer(1, size)), integer(2, element), bytes(8, name), bytes(9, raw));
}

// NodeProto of GraphProto.node.
function node(operator, inputs, output, ...attributes) {
  return message(1, ...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, operator), ...attributes);
}

const floatAttribute = (name, value) =>
  message(5, bytes(1, name), float(2, value), integer(20, ATTRIBUTE_FLOAT));

// ValueInfoProto of GraphProto.input (11) and output (12).
function graphValue(field, name, element, dimensions) {
  const shape = message(2, ...dimensions.map((size) => message(1, integer(1, size))));
  return message(field, bytes(1, name), message(2, message(1, integer(1, element), shape)));
}

function nodes(layer) {
  const rescaled = layer.relu ? "rectified" : "normalized";
  return [
    node("DequantizeLinear", ["x", "x_scale", "x_zero_point"], "real"),
    node("BatchNormalization", ["real", "gamma", "beta", "mean", "var"], "normalized", floatAttribute("epsilon", layer.eps)),
    ...(layer.relu ? [node("Relu", ["normalized"], "rectified")] : []),
    node("QuantizeLinear", [rescaled, "y_scale", "y_zero_point"], "y"),
  ];
}

function quantization(prefix, { type, scale, zeroPoint }) {
  const codes = type === "int8" ? Int8Array : Uint8Array;
  return [
    initializer(`${prefix}_scale`, ELEMENT.float32, Float32Array.of(scale)),
    initializer(`${prefix}_zero_point`, ELEMENT[type], codes.of(zeroPoint)),
  ];
}

// ModelProto. x and y have the shape [1, C, 256].
export function modelOf(layer) {
  const shape = [1, layer.channels, 256];
  const parameters = ["mean", "var", "gamma", "beta"].map((name) =>
    initializer(name, ELEMENT.float32, layer[name], [layer.channels]),
  );
  const graph = message(
    7,
    ...nodes(layer),
    bytes(2, "quantized_batch_norm"),
    ...quantization("x", layer.input),
    ...quantization("y", layer.output),
    ...parameters,
    graphValue(11, "x", ELEMENT[layer.input.type], shape),
    graphValue(12, "y", ELEMENT[layer.output.type], shape),
  );
  return Buffer.concat([integer(1, IR_VERSION), graph, message(8, integer(2, OPSET))]);
}
