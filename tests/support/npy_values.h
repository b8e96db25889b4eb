#pragma once

#include "core/formats/npy/npy.h"

#include <vector>

namespace qbn::test {

/// All elements in C order; int64 rounds beyond 2^53.
inline std::vector<double> npyValues(const NpyArray& file)
{
    const NpyArray array = file.fortran_order ? reordered(file) : file;
    std::vector<double> values(array.count);
    if (array.holds_reals()) {
        array.read_reals(0, values);
        return values;
    }
    std::vector<std::int64_t> integers(array.count);
    array.read_integers(0, integers);
    for (std::size_t i = 0; i < array.count; ++i)
        values[i] = static_cast<double>(integers[i]);
    return values;
}

} // namespace qbn::test
