#pragma once

#include "core/layer/batch_norm.h"
#include "tests/conformance/random.h"
#include "tests/conformance/subject.h"

namespace qbn::conformance {

/// Types, scales, zero points, eps and ReLU of a layer as trained models have them, C channels with
/// mean 0, var 1, gamma 1 and beta 0. Every number but the scales of a Subject with binary64Scales
/// and eps is a binary32 number, here and below.
BatchNormLayer ordinaryFrame(const Subject& subject, int channels, Random& random);

/// Mean, var and gamma over the ranges of trained models and well beyond; the slope is 2^-10 to
/// 2^10 output steps an input code, with the sign given. beta places one input code near the middle
/// of the output.
void drawChannel(const Subject& subject, BatchNormLayer& layer, int channel, double sign,
                 Random& random);

/// ordinaryFrame with all channels drawn. In some layers every gamma is above 0, some have a channel
/// that was pruned: gamma 0.
BatchNormLayer ordinaryLayer(const Subject& subject, int channels, Random& random);

/// Zero points outside of the type's range, far outside in part, and parameters that lead back into
/// it. For a Subject with a wildestZeroPoint.
BatchNormLayer wildZeroPointLayer(const Subject& subject, int channels, Random& random);

/// Scales that are powers of two and multiples of a quarter step elsewhere: every step before the
/// last is exact, and a large part of the codes lie half way between two codes.
BatchNormLayer tieLayer(const Subject& subject, int channels, Random& random);

/// Zeros, denormal and enormous numbers, infinities and NaN in all places where the operator takes
/// them, and sums near the ends of int32 and int64.
BatchNormLayer extremeLayer(const Subject& subject, int channels, Random& random);

} // namespace qbn::conformance
