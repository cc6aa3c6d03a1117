/* The pre-tokenizer of a tokenizer.json: a text to the pieces of the model. */
#ifndef TRX_TOKENIZER_PRETOKENIZER_H
#define TRX_TOKENIZER_PRETOKENIZER_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/value.h"
#include "common/tokenizer/mapped.h"
#include "common/tokenizer/regex.h"

struct trx_pretokenizer; /* immutable: shared by threads */

/*
 * From the value of "pre_tokenizer"; NULL or null is the one that leaves the
 * text whole.  What is not reproduced exactly is refused by name, a regular
 * expression with its pattern.  Strings of spec are borrowed; what it
 * allocates is the arena's.  Returns NULL with err set.
 */
struct trx_pretokenizer *trx_pretokenizer_new(
    const struct trx_json *spec, struct trx_arena *a, struct trx_error *err);

/*
 * Is the last step ByteLevel?  Then pieces hold the bytes themselves, and the
 * model is to see each byte as its character of ByteLevel's alphabet.
 */
bool trx_pretokenizer_is_bytes(const struct trx_pretokenizer *p);

/* Bytes begin to end of the text that was made; never empty. */
struct trx_piece {
	uint32_t begin, end;
};

/* The pieces of a text; all zero is a valid empty one, to be used again. */
struct trx_pieces {
	struct trx_piece *at; /* owned: n of them, rising, not overlapping */
	size_t n, cap;
	struct trx_str text;  /* what they are of: the caller's or room's */
	const uint32_t *ends; /* as trx_normalize has them; NULL: the same */
	/* private */
	struct trx_mapped made[2];
	struct trx_piece *other;
	size_t other_n, other_cap;
	struct trx_regex_room regex;
};

/*
 * Cut text (well-formed UTF-8) into pieces.  first says that text stands at
 * the very beginning of what is tokenized.  Returns 0, or -1 with err set:
 * memory, or TRX_INPUT where a regular expression takes more steps than it is
 * allowed, or a text would pass 4 GiB.
 */
int trx_pretokenize(const struct trx_pretokenizer *p, struct trx_str text,
    bool first, bool want_ends, struct trx_pieces *out, struct trx_error *err);

/* Free what it owns and make it empty. */
void trx_pieces_free(struct trx_pieces *p);

#endif
