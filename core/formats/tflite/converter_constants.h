#pragma once

namespace qbn {

/// What TensorFlow's converter (2.21.0) writes of a gain and an offset of one channel as constants of a DEPTHWISE_CONV_2D of int8, with
/// an input of a scale: the statements of litert.formula. Domain: finite numbers, a scale above 0.
struct ConverterConstants
{
    double weight = 0; ///< a code from -127 to 127, zero point 0
    float weight_scale = 1;
    double bias = 0; ///< a whole number; its scale no kernel reads
};

ConverterConstants converter_constants(float gain, float offset, float input_scale);

} // namespace qbn
