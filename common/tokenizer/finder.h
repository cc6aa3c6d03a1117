/*
 * Added tokens: strings that are cut out of a text before the normalizer, or
 * the pre-tokenizer, sees the rest.  Of those that begin at a place the longest
 * is taken, and the search goes on behind it.
 */
#ifndef TRX_TOKENIZER_FINDER_H
#define TRX_TOKENIZER_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/range.h"
#include "common/base/str.h"

struct trx_added_token {
	struct trx_str content; /* what is looked for; not empty */
	uint32_t id;
	bool single_word; /* not with a \w beside it */
	bool lstrip;	  /* takes the white space on its left as well */
	bool rstrip;	  /* and on its right */
	bool normalized;  /* looked for in normalized text */
	bool special;
	bool hidden; /* not looked for: a later one has its id */
};

struct trx_finder; /* immutable: shared by threads */

/*
 * Of the n tokens, whose contents differ; they are borrowed, what it allocates
 * is the arena's.  Returns NULL with err set.
 */
struct trx_finder *trx_finder_new(const struct trx_added_token *tokens,
    size_t n, struct trx_arena *a, struct trx_error *err);

/* A part of the text: a token, or the bytes before the next one. */
struct trx_found {
	size_t begin, end; /* of a token: what it took on both sides too */
	const struct trx_added_token *token; /* NULL: text */
};

/* A search through a text. */
struct trx_finding {
	struct trx_str text; /* set by the caller, the rest zero but guards */
	/*
	 * Rising, apart.  A special token whose first or last byte is in one of
	 * them is passed over; NULL: there are none.
	 */
	const struct trx_range *guards;
	size_t nguards;
	/*
	 * Where the guards' text has this one: its byte at offset i ends at
	 * base + ends[i], or at base + i + 1 where ends is NULL.
	 */
	const uint32_t *ends;
	size_t base;
	size_t at;		  /* what is before has been given out */
	size_t from;		  /* the search goes on here */
	size_t nguarded;	  /* special tokens passed over */
	struct trx_found pending; /* private */
};

/*
 * The next part, never empty.  Returns 1, 0 at the end of the text, or -1 with
 * err set where the reference fails: a token that another one took as white
 * space.
 */
int trx_finder_next(const struct trx_finder *f, struct trx_finding *search,
    struct trx_found *found, struct trx_error *err);

#endif
