// The same for processors with AVX-512, which has whole numbers of 64 bits.
#ifdef QBN_HAS_AVX2_KERNELS
#define QBN_KERNELS avx512
#include "core/formula/kernels.inc"
#endif
