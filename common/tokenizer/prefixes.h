/*
 * Strings that a text may begin with: a trie of their bytes as a double array,
 * flat, that a compiled image holds.
 */
#ifndef TRX_TOKENIZER_PREFIXES_H
#define TRX_TOKENIZER_PREFIXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/vocab.h"

struct trx_prefixes {
	/*
	 * A node: from bit 0 the byte that led to it, from bit 8 an id + 1 or
	 * 0, from bit 32 where its children are, bit 63 set but for the root.
	 * Its child by byte c is the unit at that place ^ c, if that unit has
	 * the byte c.
	 */
	const uint64_t *units;
	size_t n;
};

/*
 * Add the trie of these strings to an image.  Of equal strings the largest id
 * counts; empty ones are left out.  Returns 0, or -1 with err set.
 */
int trx_prefixes_build(const struct trx_vocab_entry *entries, size_t n,
    struct trx_image *image, struct trx_error *err);

/* Borrow the image's trie.  Returns 0, or -1 with err set. */
int trx_prefixes_open(const struct trx_image *image, struct trx_prefixes *p,
    struct trx_error *err);

/* The node before any byte. */
static inline uint64_t
trx_prefixes_root(const struct trx_prefixes *p)
{
	return p->units[0];
}

/* Go on from *node by a byte; false where no string does. */
static inline bool
trx_prefixes_step(const struct trx_prefixes *p, uint64_t *node, char byte)
{
	const uint64_t key = 1ULL << 63 | (unsigned char)byte;

	*node = p->units[(*node >> 32 & INT32_MAX) ^ (unsigned char)byte];
	return (*node & (1ULL << 63 | 0xff)) == key;
}

/* The id of the string that ends at the node, or -1. */
static inline int64_t
trx_prefixes_id(uint64_t node)
{
	return (int64_t)(node >> 8 & 0xffffff) - 1;
}

#endif
