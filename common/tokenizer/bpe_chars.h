/*
 * Characters whose bytes merge to one token whatever is around them, so that a
 * model of bytes may begin with that token.
 */
#ifndef TRX_TOKENIZER_BPE_CHARS_H
#define TRX_TOKENIZER_BPE_CHARS_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/merges.h"
#include "common/tokenizer/vocab.h"

/*
 * Add the table of them to an image that has the merges and the ids of the 256
 * bytes, start.  Returns 0, or -1 with err set.
 */
int trx_bpe_chars_build(const struct trx_vocab *vocab,
    const struct trx_merge *merges, size_t n, const uint32_t *start,
    struct trx_image *image, struct trx_error *err);

#endif
