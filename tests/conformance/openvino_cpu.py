"""Holds the codes of a case file against OpenVINO's CPU plugin, which runs the same ONNX model as ONNX Runtime.

    openvino_cpu.py openvino|openvino-static FILE

Where the shape of the input is known when the model is compiled, other code runs: that is openvino-static. case_file.h
describes FILE. Exits with 0 if no code differs and the run proves the formula, else with 1.
"""

import io
import sys

import openvino

import case_file
import onnx_norm_model

CORE = openvino.Core()
OPTIONS = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}


def runner(shape_is_known):
    def run(layer):
        model = CORE.read_model(io.BytesIO(onnx_norm_model.model_of(layer, shape_is_known)))
        compiled = CORE.compile_model(model, "CPU", OPTIONS)
        return compiled([onnx_norm_model.input_of(layer)])[0]

    return run


def main(subject, path):
    version = f"OpenVINO {openvino.__version__.partition('-')[0]}"
    return case_file.verdict(subject, version, path, runner(subject == "openvino-static"), RuntimeError)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
