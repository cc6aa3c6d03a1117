/* The pairs of characters that tokens of a BPE model may join. */
#ifndef TRX_TOKENIZER_BPE_CUTS_H
#define TRX_TOKENIZER_BPE_CUTS_H

#include "common/base/error.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/merges.h"
#include "common/tokenizer/vocab.h"

/*
 * The pairs are a set of their hashes: it may hold pairs too many, which are
 * then not cut.
 */
enum {
	TRX_BPE_PAIR_BITS = 21,
	TRX_BPE_PAIR_WORDS = (1 << TRX_BPE_PAIR_BITS) / 64,
	TRX_BPE_BMP_WORDS = 0x10000 / 64
};

/* What an image has of them. */
struct trx_bpe_cuts {
	uint64_t pairs[TRX_BPE_PAIR_WORDS];
	/* Of bytes: characters that are never cut from what is before them, or
	 * behind. */
	uint64_t before[TRX_BPE_BMP_WORDS], behind[TRX_BPE_BMP_WORDS];
	/* Of characters: those that are in the vocabulary. */
	uint64_t known[TRX_BPE_BMP_WORDS];
	uint64_t fallback_apart; /* no merge has a byte of fallback */
};

static inline uint32_t
trx_bpe_pair_hash(uint32_t left, uint32_t right)
{
	uint64_t key = ((uint64_t)left << 21 | right) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(key >> (64 - TRX_BPE_PAIR_BITS));
}

/* The tables of a model that is being built. */
struct trx_bpe_tables {
	enum trx_bpe_input input;
	bool ignore_merges;
	const struct trx_vocab *vocab;
	const struct trx_merge *merges; /* n of them */
	size_t n;
	const uint32_t *start; /* as struct trx_bpe has it */
};

/*
 * Add the cuts of a model, whose other tables are in the image already, to the
 * image.  Returns 0, or -1 with err set.
 */
int trx_bpe_cuts_build(const struct trx_bpe_tables *t, struct trx_image *image,
    struct trx_error *err);

/*
 * Make trx_bpe_cut ready for a model that is open but for that: borrow the
 * image's cuts, and ask them for all pairs of ASCII.  Returns 0, or -1 with err
 * set.
 */
int trx_bpe_cuts_open(
    struct trx_bpe *b, const struct trx_image *image, struct trx_error *err);

#endif
