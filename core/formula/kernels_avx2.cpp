// The same for processors with AVX2 and FMA. Empty where the compiler does not make code for them.
#ifdef QBN_HAS_AVX2_KERNELS
#define QBN_KERNELS avx2
#include "core/formula/kernels.inc"
#endif
