#include "core/export/python_helpers.h"

namespace qbn {

// The semantics are those of core/formula/functions.h.

std::string_view python_vocabulary(PythonLibrary library)
{
    return library == PythonLibrary::numpy ? R"(import numpy as np

_F64, _F32, _I64, _I32, _BOOL = np.float64, np.float32, np.int64, np.int32, np.bool_
_where, _floor, _ceil, _trunc, _rint, _sqrt, _abs = np.where, np.floor, np.ceil, np.trunc, np.rint, np.sqrt, np.abs
_fmod, _frexp = np.fmod, np.frexp


def _array(values, dtype):
    return np.array(values, dtype)


def _cast(a, dtype):  # floats round once, half to even; whole numbers keep their low bits
    return a.astype(dtype)


def _bits(a, dtype):
    return a.view(dtype)


def _any(a):  # of all channels, as those below
    return np.any(a, axis=0, keepdims=True)


def _all(a):
    return np.all(a, axis=0, keepdims=True)


def _least(a):
    return np.min(a, axis=0, keepdims=True)


def _most(a):
    return np.max(a, axis=0, keepdims=True)
)"
                                           : R"(import math

import torch

_F64, _F32, _I64, _I32, _BOOL = torch.float64, torch.float32, torch.int64, torch.int32, torch.bool
_where, _floor, _ceil, _trunc, _rint, _abs = torch.where, torch.floor, torch.ceil, torch.trunc, torch.round, torch.abs
_fmod, _frexp = torch.fmod, torch.frexp


def _array(values, dtype):
    return torch.tensor(values, dtype=dtype)


def _sqrt(a):  # torch.sqrt is MKL's, which on some processors is a bit off
    roots = [math.sqrt(value) if value >= 0 else math.nan for value in a.flatten().tolist()]
    return _array(roots, a.dtype).reshape(a.shape)


def _cast(a, dtype):  # floats round once, half to even; whole numbers keep their low bits
    return a.to(dtype)


def _bits(a, dtype):
    return a.contiguous().view(dtype)


def _any(a):  # of all channels, as those below
    return torch.any(a, dim=0, keepdim=True)


def _all(a):
    return torch.all(a, dim=0, keepdim=True)


def _least(a):
    return torch.amin(a, dim=0, keepdim=True)


def _most(a):
    return torch.amax(a, dim=0, keepdim=True)
)";
}

std::span<const Helper> python_helper_texts()
{
    static constexpr std::array helpers{
        Helper{"like", "", R"(def _like(a, value):
    return _array([[value]], a.dtype)
)"},
        Helper{"negate", "", R"(def _negate(a):
    return -a
)"},
        Helper{"min", "", R"(def _min(a, b):  # b where one is NaN
    return _where(a < b, a, b)
)"},
        Helper{"max", "", R"(def _max(a, b):  # b where one is NaN
    return _where(a > b, a, b)
)"},
        Helper{"clamp", "min max", R"(def _clamp(v, low, high):  # NaN gives low
    return _min(_max(v, low), high)
)"},
        Helper{"divide", "like", R"(def _divide(a, b):  # whole numbers truncate; by 0 gives 0
    safe = _where((b == 0) | (b == -1), _like(b, 1), b)
    quotient = (a - _fmod(a, safe)) // safe
    return _where(b == 0, _like(a, 0), _where(b == -1, -a, quotient))
)"},
        Helper{"mod", "like", R"(def _mod(a, b):  # C's remainder; by 0 gives 0
    safe = _where((b == 0) | (b == -1), _like(b, 1), b)
    return _fmod(a, safe)
)"},
        Helper{"round_away", "like", R"(def _round_away(a):  # halves away from 0
    whole = _trunc(a)
    fraction = a - whole
    up = _where(fraction >= 0.5, _like(a, 1), _like(a, 0))
    return whole + _where(fraction <= -0.5, _like(a, -1), up)
)"},
        Helper{"round_up", "like", R"(def _round_up(a):  # halves up
    whole = _floor(a)
    return whole + _where(a - whole >= 0.5, _like(a, 1), _like(a, 0))
)"},
        Helper{"round_f16", "like", R"(def _round_f16(a):  # a binary32 to binary16, half to even
    bits = _bits(a, _I32)
    magnitude = bits & 0x7FFFFFFF
    sign = bits ^ magnitude
    small = _bits((_bits(magnitude, _F32) + _like(a, 0.75)) - _like(a, 0.75), _I32)
    usual = (magnitude + 0xFFF + ((magnitude >> 13) & 1)) & ~0x1FFF
    rounded = _where(magnitude < 0x38800000, small, usual)
    rounded = _where(magnitude >= 0x477FF000, _like(bits, 0x7F800000), rounded)
    return _where(a != a, a, _bits(rounded | sign, _F32))
)"},
        Helper{"round_bf16", "", R"(def _round_bf16(a):  # a binary32 to bfloat16, half to even
    bits = _bits(a, _I32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & ~0xFFFF
    return _where(a != a, a, _bits(rounded, _F32))
)"},
        Helper{
            "to_odd", "",
            R"(def _to_odd(a):  # the binary32 from which a narrower format is rounded as from the binary64
    narrowed = _cast(a, _F32)
    back = _cast(narrowed, _F64)
    bits = _bits(narrowed, _I32)
    odd = _where(_abs(back) > _abs(a), bits - 1, bits) | 1
    return _where((back == a) | (a != a), narrowed, _bits(odd, _F32))
)"},
        Helper{"whole_to_odd", "",
               R"(def _whole_to_odd(a):  # what lies beyond 53 bits sets the last of them
    a = _cast(a, _I64)
    wide = ((a >= 2**53) | (a <= -(2**53))) & ((a & 0x7FF) != 0)
    return _cast(_where(wide, (a & ~0x7FF) | 0x800, a), _F64)
)"},
        Helper{
            "fma_to_odd", "",
            R"(def _fma_to_odd(a, b, c):  # of binary32: the product is exact in binary64, and what the sum loses sets its last bit
    product = _cast(a, _F64) * _cast(b, _F64)
    addend = _cast(c, _F64)
    total = product + addend
    from_addend = total - product
    lost = (product - (total - from_addend)) + (addend - from_addend)  # Knuth's two-sum
    bits = _bits(total, _I64)
    towards = _where((lost > 0) == (total > 0), bits + 1, bits - 1)
    keep = (lost == 0) | (lost != lost) | ((bits & 1) != 0)
    return _where(keep, total, _bits(towards, _F64))
)"},
        Helper{
            "fma_f32", "fma_to_odd",
            R"(def _fma_f32(a, b, c):  # rounded once: by way of the binary64 rounded to odd (Boldo and Melquiond 2008)
    return _cast(_fma_to_odd(a, b, c), _F32)
)"},
        Helper{"fma_f64", "", R"(import math
from fractions import Fraction


def _fma_one(a, b, c):
    if not (math.isfinite(a) and math.isfinite(b)):
        return a * b + c
    if not math.isfinite(c):
        return c
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0:
        return math.copysign(0.0, a) * math.copysign(1.0, b) + c if c == 0 else 0.0
    try:
        return float(exact)
    except OverflowError:
        return math.copysign(math.inf, exact)


def _fma_f64(a, b, c):  # by exact rational numbers, rounded once
    everywhere = (a == a) | (b == b) | (c == c)
    flat = [_where(everywhere, v, v).reshape(-1).tolist() for v in (a, b, c)]
    return _array(list(map(_fma_one, *flat)), _F64).reshape(everywhere.shape)
)"},
        Helper{"to_int32_x86", "like",
               R"(def _to_int32_x86(a):  # half to even; NaN and what does not fit give -2^31
    rounded = _rint(a)
    fits = (rounded >= -(2.0**31)) & (rounded < 2.0**31)
    whole = _cast(_where(fits, rounded, _like(a, 0)), _I32)
    return _where(fits, whole, _like(whole, -(2**31)))
)"},
        Helper{"to_int64_x86", "like",
               R"(def _to_int64_x86(a):  # half to even; NaN and what does not fit give -2^63
    rounded = _rint(a)
    fits = (rounded >= -(2.0**63)) & (rounded < 2.0**63)
    whole = _cast(_where(fits, rounded, _like(a, 0)), _I64)
    return _where(fits, whole, _like(whole, -(2**63)))
)"},
        Helper{"saturate_int32", "clamp like", R"(def _saturate_int32(a):
    return _cast(_clamp(a, _like(a, -(2**31)), _like(a, 2**31 - 1)), _I32)
)"},
        Helper{"to_code", "clamp like",
               R"(def _to_code(v, z, qmin, qmax):  # NaN gives qmin; no code lies beyond 2^40
    near = _clamp(v, _like(v, -(2.0**40)), _like(v, 2.0**40))
    whole = _cast(_rint(near), _I64)
    return _where(v != v, qmin, _clamp(z + whole, qmin, qmax))
)"},
        Helper{"wrap_code", "", R"(def _wrap_code(v, qmin, qmax):  # the low bits
    return qmin + ((v - qmin) & (qmax - qmin))
)"},
        Helper{"shift_left", "", R"(def _shift_left(v, n):  # wraps; n modulo the width
    return v << (n & (31 if v.dtype == _I32 else 63))
)"},
        Helper{"shift_right", "", R"(def _shift_right(v, n):  # floor(v / 2^n); n modulo the width
    return v >> (n & (31 if v.dtype == _I32 else 63))
)"},
        Helper{"shift_round_half_up", "like",
               R"(def _shift_round_half_up(v, n):  # floor(v / 2^n + 1/2)
    width = 32 if v.dtype == _I32 else 64
    half_steps = v >> _where((n < 1) | (n > width), _like(n, 0), n - 1)
    rounded = (half_steps >> 1) + (half_steps & 1)
    return _where(n < 1, v, _where(n > width, _like(v, 0), rounded))
)"},
        Helper{"divide_by_pot_round", "like",
               R"(def _divide_by_pot_round(v, n):  # gemmlowp RoundingDivideByPOT
    width = 32 if v.dtype == _I32 else 64
    count = _where((n < 1) | (n >= width), _like(n, 0), n)
    mask = (_like(v, 1) << count) - 1
    threshold = (mask >> 1) + _cast(v < 0, v.dtype)
    up = _cast((v & mask) > threshold, v.dtype)
    return _where(n < 1, v, _where(n >= width, _like(v, 0), (v >> count) + up))
)"},
        Helper{"high_mul_round", "divide like",
               R"(def _high_mul_round(a, b):  # gemmlowp SaturatingRoundingDoublingHighMul
    product = _cast(a, _I64) * _cast(b, _I64)
    nudge = _where(product >= 0, _like(product, 2**30), _like(product, 1 - 2**30))
    high = _cast(_divide(product + nudge, _like(product, 2**31)), _I32)
    return _where((a == -(2**31)) & (b == -(2**31)), _like(high, 2**31 - 1), high)
)"},
        Helper{"quantized", "round_away like", R"(def _quantized(d):  # TFLite QuantizeMultiplier
    usable = (d != 0) & (d - d == 0)
    mantissa, shift = _frexp(_where(usable, d, _like(d, 1)))
    shift = _cast(shift, _I32)
    multiplier = _cast(_round_away(mantissa * _like(d, 2.0**31)), _I64)
    full = (multiplier == 2**31) | (multiplier == -(2**31))
    multiplier = _where(full, _where(multiplier > 0, _like(multiplier, 2**30), _like(multiplier, -(2**30))), multiplier)
    shift = _where(full, shift + 1, shift)
    usable = usable & (shift >= -31)
    return _cast(_where(usable, multiplier, _like(multiplier, 0)), _I32), _where(usable, shift, _like(shift, 0))
)"},
        Helper{"quantized_multiplier", "quantized", R"(def _quantized_multiplier(d):
    return _quantized(d)[0]
)"},
        Helper{"quantized_shift", "quantized", R"(def _quantized_shift(d):
    return _quantized(d)[1]
)"},
        Helper{"exponent", "like", R"(def _exponent(a):  # floor(log2(|a|))
    a = _cast(a, _F64)
    usable = (a != 0) & (a - a == 0)
    exponent = _cast(_frexp(_where(usable, a, _like(a, 1)))[1], _I32) - 1
    return _where(usable, exponent, _like(exponent, -(2**31)))
)"},
        Helper{"smallest", "like", R"(def _smallest(a):  # NaN is passed over
    if a.dtype in (_I64, _I32):
        return _least(a)
    is_nan = a != a
    return _where(_all(is_nan), _like(a, float("nan")), _least(_where(is_nan, _like(a, float("inf")), a)))
)"},
        Helper{"largest", "like", R"(def _largest(a):  # NaN is passed over
    if a.dtype in (_I64, _I32):
        return _most(a)
    is_nan = a != a
    return _where(_all(is_nan), _like(a, float("nan")), _most(_where(is_nan, _like(a, -float("inf")), a)))
)"},
    };
    return helpers;
}

} // namespace qbn
