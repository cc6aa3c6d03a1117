#include <stdlib.h>

#include "common/tokenizer/tokenizer.h"

int
trx_ids_push(struct trx_ids *ids, uint32_t id, uint32_t end)
{
	size_t cap = ids->cap == 0 ? 64 : ids->cap * 2;
	uint32_t *grown;

	if (ids->n == ids->cap) {
		grown = reallocarray(ids->ids, cap, sizeof(*grown));
		if (grown == NULL)
			return -1;
		ids->ids = grown;
		grown = reallocarray(ids->ends, cap, sizeof(*grown));
		if (grown == NULL)
			return -1;
		ids->ends = grown;
		ids->cap = cap;
	}
	ids->ids[ids->n] = id;
	ids->ends[ids->n++] = end;
	return 0;
}

void
trx_ids_free(struct trx_ids *ids)
{
	free(ids->ids);
	free(ids->ends);
	*ids = (struct trx_ids){ 0 };
}
