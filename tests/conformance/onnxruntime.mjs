// Holds the codes of a case file against ONNX Runtime's CPU provider.
//     node onnxruntime.mjs PACKAGES FILE
// PACKAGES is the node_modules folder that holds onnxruntime-node; case_file.h describes FILE. The optimisation levels take
// turns. Exits with 0 if no code differs, 1 if one does or too few were compared.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { modelOf } from "./onnx_model.mjs";

const LEAST_CODES = 20_000_000;
const SHOWN_DIFFERENCES = 5;
const LEVELS = ["disabled", "basic", "extended", "all"];
const LEVELS_THAT_KEEP_RELU = ["disabled", "basic"];
const ERRORS_ONLY = 3;
const HEAD_BYTES = 40;

const typeName = (signed) => (signed ? "int8" : "uint8");
const arrayOf = (type) => (type === "int8" ? Int8Array : Uint8Array);

function* readLayers(file) {
  const content = readFileSync(file);
  if (content.subarray(0, 8).toString("latin1") !== "qbncases") throw new Error(`${file} is not a case file`);
  let offset = 8;
  for (let index = 0; offset < content.length; ++index) {
    const layer = { index, ...readHead(content, offset) };
    offset += HEAD_BYTES;
    for (const name of ["mean", "var", "gamma", "beta"]) {
      layer[name] = Float32Array.from({ length: layer.channels }, (_, i) => content.readFloatLE(offset + 4 * i));
      offset += 4 * layer.channels;
    }
    const count = 256 * layer.channels;
    layer.codes = arrayOf(layer.output.type).from(content.subarray(offset, offset + count));
    offset += count;
    yield layer;
  }
}

function readHead(content, offset) {
  const end = (index) => ({
    type: typeName(content[offset + index]),
    zeroPoint: content.readInt32LE(offset + 8 + 4 * index),
    scale: content.readDoubleLE(offset + 16 + 8 * index),
  });
  return {
    input: end(0),
    output: end(1),
    relu: content[offset + 2] !== 0,
    channels: content.readUInt32LE(offset + 4),
    eps: content.readDoubleLE(offset + 32),
  };
}

// Every input code in every channel, ascending.
function inputCodes({ channels, input }) {
  const least = input.type === "int8" ? -128 : 0;
  return arrayOf(input.type).from({ length: 256 * channels }, (_, i) => (i % 256) + least);
}

// From `extended` on, a Relu before the lowest zero point is dropped as redundant; below a negative scale it is not.
function levelOf(layer) {
  const { scale } = layer.output;
  const isNegative = scale < 0 || Object.is(scale, -0);
  const levels = layer.relu && isNegative ? LEVELS_THAT_KEEP_RELU : LEVELS;
  return levels[layer.index % levels.length];
}

async function run(onnxruntime, layer) {
  const session = await onnxruntime.InferenceSession.create(modelOf(layer), {
    graphOptimizationLevel: levelOf(layer),
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: ERRORS_ONLY,
  });
  const x = new onnxruntime.Tensor(layer.input.type, inputCodes(layer), [1, layer.channels, 256]);
  const { y } = await session.run({ x });
  await session.release();
  return y.data;
}

function describe(layer, channel) {
  const end = ({ type, scale, zeroPoint }) => `${type} ${scale} ${zeroPoint}`;
  const { mean, var: variance, gamma, beta } = layer;
  return (
    `layer ${layer.index} channel ${channel} of ${layer.channels} (input ${end(layer.input)}, output ${end(layer.output)}, ` +
    `eps ${layer.eps}, relu ${layer.relu}, mean ${mean[channel]}, var ${variance[channel]}, gamma ${gamma[channel]}, ` +
    `beta ${beta[channel]})`
  );
}

function showDifference(layer, position, real) {
  const code = inputCodes(layer)[position];
  const where = describe(layer, Math.floor(position / 256));
  console.log(`${where} input code ${code}: ours ${layer.codes[position]}, the operator's ${real}`);
}

// Counts codes and differences and shows the first of these; a layer that is refused is counted with the reason.
async function compare(onnxruntime, file) {
  const result = { compared: 0, different: 0, refused: new Map() };
  for (const layer of readLayers(file)) {
    let real;
    try {
      real = await run(onnxruntime, layer);
    } catch (error) {
      result.refused.set(error.message, (result.refused.get(error.message) ?? 0) + 1);
      continue;
    }
    if (real.length !== layer.codes.length) throw new Error(`layer ${layer.index} gave ${real.length} codes`);
    result.compared += real.length;
    for (let i = 0; i < real.length; ++i) {
      if (real[i] === layer.codes[i]) continue;
      if (++result.different <= SHOWN_DIFFERENCES) showDifference(layer, i, real[i]);
    }
  }
  return result;
}

async function main(packages, file) {
  const onnxruntime = createRequire(path.resolve(packages) + path.sep)("onnxruntime-node");
  const { compared, different, refused } = await compare(onnxruntime, file);
  const grouped = (count) => count.toLocaleString("en");
  const layers = [...refused].map(([why, count]) => `; ${count} layers refused: ${why}`).join("");
  const version = onnxruntime.env.versions.node;
  console.log(`onnxruntime: ${grouped(compared)} codes compared, ${grouped(different)} differ (ONNX Runtime ${version})${layers}`);
  process.exitCode = different === 0 && compared >= LEAST_CODES ? 0 : 1;
}

await main(...process.argv.slice(2));
