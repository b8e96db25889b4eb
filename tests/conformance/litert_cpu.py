"""Holds the codes of a case file against LiteRT's kernels.

    litert_cpu.py litert|litert-optimized|litert-xnnpack|litert-mul-add|litert-mul-add-xnnpack FILE

They are the builtin reference kernels, the builtin optimized ones without a delegate, and what runs by default: the XNNPACK
delegate; the last two are MUL and ADD by the reference kernels and by XNNPACK. LiteRT refuses a layer whose folded gain or offset is not finite, and FILE has none. case_file.h describes FILE. Exits
with 0 if no code differs and the run proves the formula, else with 1.
"""

import importlib.metadata
import sys

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import case_file
import litert_model

RESOLVER = {
    "litert": OpResolverType.BUILTIN_REF,
    "litert-optimized": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    "litert-xnnpack": OpResolverType.BUILTIN,
    "litert-mul-add": OpResolverType.BUILTIN_REF,
    "litert-mul-add-xnnpack": OpResolverType.BUILTIN,
}


def input_of(layer):
    """Every input code in every channel, as int8."""
    codes = numpy.arange(-128, 128).astype(numpy.int8)
    return numpy.repeat(codes[:, None], layer.channels, axis=1).reshape(1, 16, 16, layer.channels)


def runner(model_of, resolver):
    def run(layer):
        interpreter = Interpreter(
            model_content=model_of(layer), experimental_op_resolver_type=resolver, num_threads=1
        )
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], input_of(layer))
        interpreter.invoke()
        codes = interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).reshape(256, layer.channels).T
        if layer.output.dtype == numpy.uint8:
            return (codes.astype(numpy.int16) + 128).astype(numpy.uint8)
        return codes

    return run


def main(subject, path):
    numpy.seterr(all="ignore")
    version = f"ai-edge-litert {importlib.metadata.version('ai-edge-litert')}"
    model_of = {
        "litert-mul-add": litert_model.mul_add_model,
        "litert-mul-add-xnnpack": litert_model.mul_add_model_of_xnnpack,
    }.get(subject, litert_model.convolution_model)
    run = runner(model_of, RESOLVER[subject])
    return case_file.verdict(subject, version, path, run, (RuntimeError, ValueError))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
