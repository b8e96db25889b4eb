#!/usr/bin/python3
"""Computes the FPCores of a file, in the part of FPCore 2.0 that exported ones use, with NumPy's numbers.

    fpcore.py FILE LEAST MOST

Prints a line for each core, the value of each x from LEAST to MOST as the bits of a binary64; all NaN are the same one.
"""

import pathlib
import re
import sys
from fractions import Fraction

import numpy

FLOATS = {"binary64": numpy.float64, "binary32": numpy.float32, "binary16": numpy.float16}
WORDS = {"INFINITY": numpy.inf, "NAN": numpy.nan, "TRUE": True, "FALSE": False}


def parse(tokens):
    token = tokens.pop()
    if token != "(":
        return token
    items = []
    while tokens[-1] != ")":
        items.append(parse(tokens))
    tokens.pop()
    return items


def read(text):
    text = re.sub(r";.*", "", text)
    tokens = re.findall(r"[()]|[^\s()]+", text)[::-1]
    while tokens:
        yield parse(tokens)


def rounded(value, precision):
    """An exact or NumPy number in the precision."""
    if precision == "integer":
        if value != int(value):
            raise ValueError(f"{value} is no integer")
        return int(value)
    if isinstance(precision, list):
        raise ValueError(f"{precision} is not computed here")
    return FLOATS[precision](float(value) if isinstance(value, (Fraction, int)) else value)


def literal(text, precision):
    if text in WORDS:
        word = WORDS[text]
        return word if isinstance(word, bool) else rounded(word, precision)
    if precision == "integer":
        return int(text)
    return FLOATS[precision](text)


def fma(a, b, c, precision):
    if not all(map(numpy.isfinite, (a, b, c))):
        return c if numpy.isfinite(a) and numpy.isfinite(b) else a * b + c
    if precision == "binary32":  # exact rational numbers, halves to even by hand
        exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
        near = numpy.float32(float(exact))
        if exact == 0:  # the sign is that of IEEE 754; binary64 has the product exactly
            return numpy.float32(numpy.float64(a) * numpy.float64(b) + numpy.float64(c))
        if not numpy.isfinite(near):
            return near
        candidates = [numpy.nextafter(near, numpy.float32(-numpy.inf)), near, numpy.nextafter(near, numpy.float32(numpy.inf))]
        candidates = [c for c in candidates if numpy.isfinite(c)]
        return min(candidates, key=lambda v: (abs(Fraction(float(v)) - exact), int(v.view(numpy.uint32)) & 1))
    raise ValueError("fma is computed in binary32 alone")


def away(a):
    whole = numpy.trunc(a)
    return whole + numpy.copysign(type(a)(abs(a - whole) >= 0.5), a)


OPERATIONS = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "-": lambda a, b=None: -a if b is None else a - b,
    "sqrt": numpy.sqrt,
    "fabs": abs,
    "floor": numpy.floor,
    "ceil": numpy.ceil,
    "trunc": numpy.trunc,
    "nearbyint": numpy.rint,
    "round": away,
    "isnan": numpy.isnan,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "and": lambda *all_of: all(all_of),
    "or": lambda *any_of: any(any_of),
    "not": lambda a: not a,
}


def value_of(e, names, precision):
    if isinstance(e, str):
        return names[e] if e in names else literal(e, precision)
    head, *rest = e
    if head == "!":
        if rest[0] != ":precision":
            raise ValueError(f"{rest[0]} is not known here")
        return value_of(rest[2], names, rest[1])
    if head in ("let", "let*"):
        inner = dict(names)
        for name, binding in rest[0]:
            inner[name] = value_of(binding, inner if head == "let*" else names, precision)
        return value_of(rest[1], inner, precision)
    if head == "if":
        return value_of(rest[1 if value_of(rest[0], names, precision) else 2], names, precision)
    operands = [value_of(operand, names, precision) for operand in rest]
    if head == "cast":
        return rounded(operands[0], precision)
    for operand in operands:
        if precision in FLOATS and not isinstance(operand, (bool, numpy.bool_)) and type(operand) is not FLOATS[precision]:
            raise ValueError(f"{e} mixes {type(operand)} into {precision}")
    if precision == "integer" and head not in ("and", "or", "not"):
        operands = list(map(int, operands))
    if head == "fma":
        return fma(*operands, precision)
    return OPERATIONS[head](*operands)


def main(path, least, most):
    for core in read(pathlib.Path(path).read_text(encoding="utf-8")):
        _, name, arguments, *properties, body = core
        precision = properties[properties.index(":precision") + 1]
        line = []
        for code in range(int(least), int(most) + 1):
            x = FLOATS[precision](code)
            names = {arguments[0]: x}
            value = numpy.float64(value_of(body, names, precision))
            line.append(f"{0x7FF8000000000000 if numpy.isnan(value) else int(value.view(numpy.uint64)):x}")
        print(name, *line)


if __name__ == "__main__":
    with numpy.errstate(all="ignore"):
        main(*sys.argv[1:])
