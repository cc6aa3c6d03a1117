#include <stdlib.h>
#include <string.h>

#include "common/base/ids.h"

int
trx_ids_keep_ends(struct trx_ids *ids)
{
	if (ids->keeps_ends)
		return 0;
	if (ids->cap > 0) {
		ids->ends = calloc(ids->cap, sizeof(*ids->ends));
		if (ids->ends == NULL)
			return -1;
	}
	ids->keeps_ends = true;
	return 0;
}

int
trx_ids_reserve(struct trx_ids *ids, size_t n)
{
	size_t cap = ids->cap == 0 ? 64 : ids->cap;
	uint32_t *grown;

	if (n <= ids->cap - ids->n)
		return 0;
	while (cap - ids->n < n) {
		if (cap > SIZE_MAX / 8)
			return -1;
		cap *= 2;
	}
	grown = reallocarray(ids->ids, cap, sizeof(*grown));
	if (grown == NULL)
		return -1;
	ids->ids = grown;
	if (ids->keeps_ends) {
		grown = reallocarray(ids->ends, cap, sizeof(*grown));
		if (grown == NULL)
			return -1;
		ids->ends = grown;
	}
	ids->cap = cap;
	return 0;
}

int
trx_ids_push(struct trx_ids *ids, uint32_t id, uint32_t end)
{
	if (ids->n == ids->cap && trx_ids_reserve(ids, 1) == -1)
		return -1;
	ids->ids[ids->n] = id;
	if (ids->keeps_ends)
		ids->ends[ids->n] = end;
	ids->n++;
	return 0;
}

int
trx_ids_insert(struct trx_ids *ids, size_t at, const uint32_t *more, size_t n)
{
	const size_t size = sizeof(*ids->ids), rest = (ids->n - at) * size;

	if (n == 0)
		return 0;
	if (trx_ids_reserve(ids, n) == -1)
		return -1;
	memmove(ids->ids + at + n, ids->ids + at, rest);
	memcpy(ids->ids + at, more, n * size);
	if (ids->keeps_ends) {
		memmove(ids->ends + at + n, ids->ends + at, rest);
		memset(ids->ends + at, 0, n * size);
	}
	ids->n += n;
	return 0;
}

void
trx_ids_free(struct trx_ids *ids)
{
	free(ids->ids);
	free(ids->ends);
	*ids = (struct trx_ids){ 0 };
}
