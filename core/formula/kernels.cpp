#include "core/formula/kernels.h"

namespace qbn::formula {

namespace {

#ifdef QBN_HAS_AVX2_KERNELS
bool has_avx2()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has;
}

bool has_avx512()
{
    static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return has;
}
#endif

} // namespace

// Kernels of that name in the widest instructions that the processor has.
#ifdef QBN_HAS_AVX2_KERNELS
#define QBN_WIDEST(name) (has_avx512() ? avx512::name : has_avx2() ? avx2::name : plain::name)
#else
#define QBN_WIDEST(name) plain::name
#endif

Kernel find_kernel(Op op, Type operand, Type result)
{
    return QBN_WIDEST(find_kernel)(op, operand, result);
}

Kernel splat_kernel(Type type)
{
    return QBN_WIDEST(splat_kernel)(type);
}

Kernel storing_kernel(Type type)
{
    return QBN_WIDEST(storing_kernel)(type);
}

} // namespace qbn::formula
