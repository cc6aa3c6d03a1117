#include "common/pack/permute.h"

static uint64_t
splitmix64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

void
trx_permute(uint64_t *seed, uint32_t *order, size_t n)
{
	size_t i, j;
	uint32_t item;

	for (i = n; i-- > 1;) {
		j = (splitmix64(seed) >> 32) * (i + 1) >> 32;
		item = order[i];
		order[i] = order[j];
		order[j] = item;
	}
}
