/* A seeded permutation: the same on every machine, for ever. */
#ifndef TRX_PACK_PERMUTE_H
#define TRX_PACK_PERMUTE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Permute n (below 2^32) items, given as indices 0 to n-1 in order[]: Fisher
 * and Yates, from the last item down, item i changing places with item
 * (high 32 bits of the next number * (i + 1)) >> 32.  Numbers come from
 * splitmix64 (S. Vigna, 2015), whose state is *seed and goes on from call to
 * call.
 */
void trx_permute(uint64_t *seed, uint32_t *order, size_t n);

#endif
