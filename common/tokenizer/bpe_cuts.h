/* The pairs of characters that merges of a BPE model join. */
#ifndef TRX_TOKENIZER_BPE_CUTS_H
#define TRX_TOKENIZER_BPE_CUTS_H

#include "common/base/error.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/merges.h"
#include "common/tokenizer/vocab.h"

/* Add the set of them to an image.  Returns 0, or -1 with err set. */
int trx_bpe_cuts_build(const struct trx_vocab *vocab,
    const struct trx_merge *merges, size_t n, struct trx_image *image,
    struct trx_error *err);

/*
 * Make trx_bpe_cut ready for a model that is open but for that: borrow the
 * image's set, and ask it for all pairs of ASCII.  Returns 0, or -1 with err
 * set.
 */
int trx_bpe_cuts_open(
    struct trx_bpe *b, const struct trx_image *image, struct trx_error *err);

#endif
