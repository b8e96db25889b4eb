#pragma once

#include "core/layer/quantization.h"
#include "core/text/result.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qbn {

/// An array of NumPy's .npy format, as it lies in the file.
struct NpyArray
{
    std::string descr; ///< NumPy's type: "|u1", "<f4", ...
    std::vector<std::int64_t> shape; ///< empty for a scalar
    bool fortran_order = false; ///< the first index is the fastest, else the last
    std::size_t count = 0; ///< elements, the product of the shape
    QByteArray data; ///< theirs, in the order of the file

    std::string dtype()
        const; ///< as NumPy prints it: "uint8", "float32", ...; the descr where it is another
    bool holds_reals() const { return descr.find('f') != std::string::npos; }

    /// Some elements, in the order of the file from `first` on. Requires: they are there, and they
    /// are integers, or reals.
    void read_integers(std::size_t first, std::span<std::int64_t> values) const;
    void read_reals(std::size_t first, std::span<double> values) const;
};

/// What write_npy() writes before the codes.
QByteArray npy_header(const std::vector<std::int64_t>& shape, CodeType type);

/// Codes as NumPy format 1.0: uint8 or int8 ("|u1", "|i1"), C order, header padded to a multiple of
/// 64 bytes. Requires: as many codes as the product of `shape`, each in the type's range.
QByteArray write_npy(const std::vector<std::int64_t>& shape, CodeType type,
                     std::span<const std::int32_t> codes);

/// What stands before the elements.
struct NpyHeader
{
    std::string descr;
    std::vector<std::int64_t> shape;
    bool fortran_order = false;
    std::size_t data_offset = 0; ///< in bytes
};

/// Reads it alone, of any type of elements; errors as of read_npy().
Result<NpyHeader> read_npy_header(const QByteArray& bytes);

/// Reads formats 1.0, 2.0 and 3.0 with elements |u1, |i1, <i2, <i4, <i8, <f4, <f8. Anything else,
/// object arrays (which are pickles) among it, a header that is not the three known entries, more
/// than 32 dimensions, and a size that is not the data's, is an error without the file's name. The
/// data are not copied: they live as long as `bytes`' own.
Result<NpyArray> read_npy(const QByteArray& bytes);

/// The same array with its elements in the other order, a copy.
NpyArray reordered(const NpyArray& array);

} // namespace qbn
