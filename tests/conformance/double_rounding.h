#pragma once

#include "tests/conformance/families.h"

namespace qbn::conformance {

/// A layer whose channels each hold an input code on which a multiply-add in binary64, rounded to
/// binary32 afterwards, gives another output code than a fused one. alpha is gamma and beta' is
/// beta, exactly, in all forms: scales 1, mean 0, var 1, eps 0. No random search meets such a code:
/// the exact sum has to lie within a rounding of binary64 of the middle between two binary32
/// numbers, one of which is half way between two codes.
BatchNormLayer doubleRoundingLayer(const Subject& subject, int channels, Random& random);

} // namespace qbn::conformance
