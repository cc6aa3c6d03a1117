/* What vectors this machine has. */
#ifndef TRX_TOKENIZER_CPU_H
#define TRX_TOKENIZER_CPU_H

#include <stdbool.h>

/*
 * Has it AVX2?  TRX_SCALAR in the environment, for tests, says that it has not.
 */
bool trx_cpu_has_avx2(void);

#endif
