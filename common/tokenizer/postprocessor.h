/* The post-processor of a tokenizer.json: special tokens around a text. */
#ifndef TRX_TOKENIZER_POSTPROCESSOR_H
#define TRX_TOKENIZER_POSTPROCESSOR_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/value.h"

/* Ids that stand before and behind a single text; the arena's. */
struct trx_postprocessor {
	uint32_t *prefix;
	size_t nprefix;
	uint32_t *suffix;
	size_t nsuffix;
};

/*
 * From the value of "post_processor"; NULL or null adds nothing.  What is not
 * reproduced exactly is refused by name.  Returns 0, or -1 with err set.
 */
int trx_postprocessor_read(const struct trx_json *spec, struct trx_arena *a,
    struct trx_postprocessor *out, struct trx_error *err);

#endif
