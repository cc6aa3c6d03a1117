/*
 * Regular expressions as Oniguruma 6.9.10 matches them in UTF-8, in its own
 * syntax: what is not known to be the same is refused when compiled.
 */
#ifndef TRX_TOKENIZER_REGEX_H
#define TRX_TOKENIZER_REGEX_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct trx_regex; /* immutable: shared by threads */

/*
 * Compile pattern, well-formed UTF-8.  Pattern is borrowed; what it allocates
 * is the arena's.  Returns NULL with err set: memory, or TRX_INPUT with the
 * pattern and what about it is not supported.
 */
struct trx_regex *trx_regex_new(
    struct trx_str pattern, struct trx_arena *a, struct trx_error *err);

/* What a thread needs to match; all zero is a valid one, to be used again. */
struct trx_regex_room {
	/* private */
	struct trx_regex_choice *choices; /* owned */
	size_t cap;
	uint64_t steps; /* still allowed in this text */
};

/* Free what it owns and make it empty. */
void trx_regex_room_free(struct trx_regex_room *room);

/*
 * The matches in a text, one after the other, as the iterator of the onig
 * crate has them: an empty match just after the one before is none.
 */
struct trx_regex_search {
	const struct trx_regex *regex;
	struct trx_regex_room *room;
	struct trx_str text;
	size_t at;	   /* where the search goes on */
	size_t last;	   /* the end of the last match, or SIZE_MAX */
	size_t begin, end; /* the match */
};

/* Begin to search text (well-formed UTF-8), which stays the caller's. */
void trx_regex_begin(struct trx_regex_search *s, const struct trx_regex *r,
    struct trx_str text, struct trx_regex_room *room);

/*
 * The next match, into s->begin and s->end.  Returns 1, 0 where there is none,
 * or -1 with err set: memory, or TRX_INPUT where matching takes more steps than
 * a text of that length is allowed.
 */
int trx_regex_next(struct trx_regex_search *s, struct trx_error *err);

#endif
