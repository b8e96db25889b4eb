// The operations for every processor.
#define QBN_KERNELS plain
#include "core/formula/kernels.inc"
