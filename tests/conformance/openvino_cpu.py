"""Holds the codes of a case file against OpenVINO's CPU plugin, which runs the same ONNX model as ONNX Runtime.

    openvino_cpu.py FILE

case_file.h describes FILE. Exits with 0 if no code differs and the run proves the formula, else with 1.
"""

import io
import sys

import openvino

import case_file
import onnx_model

CORE = openvino.Core()
OPTIONS = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}


def run(layer):
    model = CORE.read_model(io.BytesIO(onnx_model.model_of(layer)))
    compiled = CORE.compile_model(model, "CPU", OPTIONS)
    return compiled([onnx_model.input_of(layer)])[0]


def main(path):
    version = f"OpenVINO {openvino.__version__.partition('-')[0]}"
    return case_file.verdict("openvino", version, path, run, RuntimeError)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
