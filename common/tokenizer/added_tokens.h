/* The added tokens of a tokenizer.json, with the ids that loading gives them.
 */
#ifndef TRX_TOKENIZER_ADDED_TOKENS_H
#define TRX_TOKENIZER_ADDED_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"
#include "common/tokenizer/finder.h"
#include "common/tokenizer/image.h"
#include "common/tokenizer/vocab.h"

struct trx_added_tokens {
	struct trx_added_token *at; /* contents differ, ids may not */
	size_t n;
	uint32_t limit; /* the largest id + 1, 0 where there are none */
};

/*
 * Add the sections of the value of "added_tokens", NULL being none, to an
 * image, beside the model's vocabulary.  Returns 0, or -1 with err set.
 */
int trx_added_tokens_build(const struct trx_json *spec,
    const struct trx_vocab *vocab, struct trx_image *image,
    struct trx_error *err);

/*
 * Read those sections; contents are the image's, the array is the arena's.
 * Returns 0, or -1 with err set.
 */
int trx_added_tokens_open(const struct trx_image *image, struct trx_arena *a,
    struct trx_added_tokens *out, struct trx_error *err);

#endif
