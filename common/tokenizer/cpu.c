#include <stdlib.h>

#include "common/tokenizer/cpu.h"

bool
trx_cpu_has_avx2(void)
{
#if defined(__x86_64__)
	static int known; /* 0: not asked yet, 1: no, 2: yes */
	int k = __atomic_load_n(&known, __ATOMIC_RELAXED);

	if (k == 0) {
		k = getenv("TRX_SCALAR") == NULL &&
			    __builtin_cpu_supports("avx2")
			? 2
			: 1;
		__atomic_store_n(&known, k, __ATOMIC_RELAXED);
	}
	return k == 2;
#else
	return false;
#endif
}
