/*
 * The merges of a BPE model, and the words they make: the rank of a pair of
 * tokens, what it becomes, and merging until no pair is left.
 */
#ifndef TRX_TOKENIZER_MERGES_H
#define TRX_TOKENIZER_MERGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/tokenizer/image.h"

#define TRX_MERGE_NONE UINT32_MAX /* the rank of a pair that does not merge */

/* One merge: two neighbours and what they become. */
struct trx_merge {
	uint32_t left, right;
	uint32_t rank; /* the least goes first; TRX_MERGE_NONE: a free slot */
	uint32_t id;
};

/*
 * An open-addressed table of them, and a small filter before it, which stays in
 * the processor's cache: most pairs of a text merge not at all, and the filter
 * says so of 15 of 16 of them.
 */
struct trx_merges {
	const struct trx_merge *slots;
	const uint64_t *filter; /* a bit by hash; 0: there is no such merge */
	unsigned shift;		/* 64 less the bits of a slot's index */
	unsigned filter_shift;	/* and of a bit's */
};

/*
 * Add the table of n merges to an image; of those of one pair the last counts.
 * Returns 0, or -1 with err set.
 */
int trx_merges_build(const struct trx_merge *merges, size_t n,
    struct trx_image *image, struct trx_error *err);

/* Borrow the image's merges.  Returns 0, or -1 with err set. */
int trx_merges_open(
    const struct trx_image *image, struct trx_merges *m, struct trx_error *err);

static inline uint64_t
trx_merges_hash(uint32_t left, uint32_t right)
{
	uint64_t key = (uint64_t)left << 32 | right;

	return (key ^ key >> 29) * 0x9e3779b97f4a7c15u;
}

/* May there be a merge of that hash? */
static inline bool
trx_merges_may(const struct trx_merges *m, uint64_t hash)
{
	uint64_t i = hash >> m->filter_shift;

	return m->filter[i / 64] >> i % 64 & 1;
}

/* The merge of the pair, or a slot whose rank is TRX_MERGE_NONE. */
static inline const struct trx_merge *
trx_merges_look(
    const struct trx_merges *m, uint64_t hash, uint32_t left, uint32_t right)
{
	size_t last = (SIZE_MAX >> m->shift), i;
	const struct trx_merge *slot;

	for (i = (size_t)(hash >> m->shift);; i = (i + 1) & last) {
		slot = &m->slots[i];
		if ((slot->left == left && slot->right == right) ||
		    slot->rank == TRX_MERGE_NONE)
			return slot;
	}
}

extern const struct trx_merge trx_merges_none; /* its rank says so */

/* The merge of the pair, or one whose rank is TRX_MERGE_NONE. */
static inline const struct trx_merge *
trx_merges_find(const struct trx_merges *m, uint32_t left, uint32_t right)
{
	uint64_t hash = trx_merges_hash(left, right);

	return trx_merges_may(m, hash) ? trx_merges_look(m, hash, left, right)
				       : &trx_merges_none;
}

/* A token of a word, and where its bytes end. */
struct trx_symbol {
	uint32_t id;
	uint32_t end;
};

/*
 * Merge the n symbols of a word in place, always the pair of the least rank,
 * of equal ones the leftmost, and return how many are left.  It takes
 * O(n log n) steps; work is room of the thread's.  Returns SIZE_MAX when
 * memory runs out.
 */
size_t trx_merges_apply(const struct trx_merges *m, struct trx_symbol *symbols,
    size_t n, struct trx_buf *work);

#endif
