#pragma once

#include "core/layer/quantization.h"
#include "core/text/result.h"

#include <QByteArray>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qbn {

/// An array of NumPy's .npy format.
struct NpyArray
{
    std::string descr; ///< NumPy's type: "|u1", "<f4", ...
    std::vector<std::int64_t> shape; ///< empty for a scalar
    std::vector<double>
        values; ///< in C order (last index fastest) whatever the file's; int64 rounds beyond 2^53
};

/// Codes as NumPy format 1.0: uint8 or int8 ("|u1", "|i1"), C order, header padded to a multiple of
/// 64 bytes. Requires: as many codes as the product of `shape`, each in the type's range.
QByteArray write_npy(const std::vector<std::int64_t>& shape, CodeType type,
                     std::span<const std::int32_t> codes);

/// Reads formats 1.0, 2.0 and 3.0 with elements |u1, |i1, <i2, <i4, <i8, <f4, <f8. Anything else,
/// object arrays (which are pickles) among it, a header that is not the three known entries, and a
/// size that is not the data's, is an error without the file's name.
Result<NpyArray> read_npy(const QByteArray& bytes);

} // namespace qbn
