#include "common/pack/truncate.h"

int
trx_truncate_cut(uint32_t context, uint32_t total, uint32_t max,
    enum trx_too_long policy, uint32_t *cut)
{
	uint32_t excess = total > max ? total - max : 0;

	if (excess > context) {
		if (policy == TRX_TOO_LONG_REJECT)
			return -1;
		excess = context;
	}
	*cut = excess;
	return 0;
}
