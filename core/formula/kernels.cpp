#include "core/formula/kernels.h"

namespace qbn::formula {

Kernel find_kernel(Op op, Type operand, Type result)
{
#ifdef QBN_HAS_AVX2_KERNELS
    static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has_avx2)
        return avx2::find_kernel(op, operand, result);
#endif
    return plain::find_kernel(op, operand, result);
}

} // namespace qbn::formula
