#pragma once

#include "core/formula/program.h"

#include <cstddef>

namespace qbn::formula {

/// One instruction over many lanes: result and operands are arrays of as many values in their types, bool as bytes.
using Kernel = void (*)(std::size_t lanes, void* result, const void* const* operands);

/// The kernel of an operation by the type of its operands and, of a conversion, of its result; nothing for Op::constant and
/// Op::input and for the reductions. In AVX-512, or AVX2 and FMA, where the processor has them, else as every x86-64 or other processor can:
/// the bits are the same.
Kernel find_kernel(Op op, Type operand, Type result);

/// The kernel that gives the one value of its operand for all lanes.
Kernel splat_kernel(Type type);

/// The kernel that makes codes, as bytes, of whole numbers of a type, as a cast stores them: the low bits. Its other operands are one
/// number of 32 bits each, the least code and the mask of the bits.
Kernel storing_kernel(Type type);

namespace plain {
Kernel find_kernel(Op op, Type operand, Type result);
Kernel splat_kernel(Type type);
Kernel storing_kernel(Type type);
} // namespace plain
#ifdef QBN_HAS_AVX2_KERNELS
namespace avx2 {
Kernel find_kernel(Op op, Type operand, Type result);
Kernel splat_kernel(Type type);
Kernel storing_kernel(Type type);
} // namespace avx2
namespace avx512 {
Kernel find_kernel(Op op, Type operand, Type result);
Kernel splat_kernel(Type type);
Kernel storing_kernel(Type type);
} // namespace avx512
#endif

} // namespace qbn::formula
