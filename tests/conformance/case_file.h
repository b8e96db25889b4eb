#pragma once

#include "core/layer/batch_norm.h"

#include <QDataStream>

#include <cstdint>
#include <string_view>
#include <vector>

namespace qbn::conformance {

/// The binary file that the operators' programs read, little-endian throughout: the eight bytes
/// "qbncases", a uint32 V, V names of variants, each a uint32 length and as many bytes, then for
/// each layer, up to the end,
///     uint8    input is signed, output is signed, relu, has an IntermediateQuantization, of the type of the input
///     uint32   C
///     int32    zero points of input and output
///     float64  scales of input and output, eps
///     float64  scales of gain, offset and product, where it has them
///     int32    their zero points
///     float32  mean, var, gamma, beta, C values each
///     uint32   V numbers of codes that the variants give otherwise
///     uint8    C x 256 output codes, two's complement; column k is input code qmin + k
class CaseWriter
{
public:
    CaseWriter(QIODevice& device, const std::vector<std::string_view>& variants);

    /// Requires: codes has C x 256 values, decided one for each variant; 8-bit types.
    void write(const BatchNormLayer& layer, const std::vector<std::int32_t>& codes,
               const std::vector<quint32>& decided);

private:
    void writeValues(const std::vector<double>& values);

    QDataStream m_stream;
};

} // namespace qbn::conformance
