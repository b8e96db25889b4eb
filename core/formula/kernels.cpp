#include "core/formula/kernels.h"

namespace qbn::formula {

namespace {

#ifdef QBN_HAS_AVX2_KERNELS
bool has_avx2()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has;
}
#endif

} // namespace

Kernel find_kernel(Op op, Type operand, Type result)
{
#ifdef QBN_HAS_AVX2_KERNELS
    if (has_avx2())
        return avx2::find_kernel(op, operand, result);
#endif
    return plain::find_kernel(op, operand, result);
}

Kernel splat_kernel(Type type)
{
#ifdef QBN_HAS_AVX2_KERNELS
    if (has_avx2())
        return avx2::splat_kernel(type);
#endif
    return plain::splat_kernel(type);
}

} // namespace qbn::formula
