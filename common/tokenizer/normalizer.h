/* The normalizer of a tokenizer.json. */
#ifndef TRX_TOKENIZER_NORMALIZER_H
#define TRX_TOKENIZER_NORMALIZER_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/tokenizer/mapped.h"
#include "common/tokenizer/regex.h"

struct trx_normalizer; /* immutable: shared by threads */

/*
 * From the value of "normalizer"; NULL or null is the one that changes
 * nothing.  What is not reproduced exactly is refused by name.  Strings of
 * spec are borrowed; what it allocates is the arena's.  Returns NULL with err
 * set.
 */
struct trx_normalizer *trx_normalizer_new(
    const struct trx_json *spec, struct trx_arena *a, struct trx_error *err);

/* What a thread needs to normalize; all zero is a valid one. */
struct trx_normalizer_room {
	struct trx_mapped text[2]; /* what steps make, in turn */
	/* private */
	struct trx_buf work;
	struct trx_regex_room regex;
};

/* Free what it owns and make it empty. */
void trx_normalizer_room_free(struct trx_normalizer_room *room);

/*
 * Normalize text (well-formed UTF-8): *out is text itself where nothing
 * changes, else it is room's, until the next call.  *ends is NULL where *out
 * is text or nobody wants them, else the ends as struct trx_mapped has them.
 * Returns 0, or -1 with err set: memory, or TRX_INPUT where a regular
 * expression matches an empty piece of text or takes more steps than it may.
 */
int trx_normalize(const struct trx_normalizer *n, struct trx_str text,
    bool want_ends, struct trx_normalizer_room *room, struct trx_str *out,
    const uint32_t **ends, struct trx_error *err);

#endif
