/* What a pre-tokenizer does, one after the other, to the pieces of a text. */
#ifndef TRX_TOKENIZER_PRETOKENIZER_STEPS_H
#define TRX_TOKENIZER_PRETOKENIZER_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tokenizer/pretokenizer.h"
#include "common/tokenizer/regex.h"

/* What a step looks for in a piece. */
enum trx_pretokenizer_kind {
	TRX_PRETOKENIZER_REGEX,
	TRX_PRETOKENIZER_SPACES, /* each character that is white space */
	TRX_PRETOKENIZER_NUMERIC,
	TRX_PRETOKENIZER_PUNCTUATION,
	TRX_PRETOKENIZER_CHARACTER, /* each that is `character` */
	TRX_PRETOKENIZER_WORDS,	    /* runs of \w, and of neither \w nor \s */
	TRX_PRETOKENIZER_LENGTH,    /* `length` characters each */
	/* Or how it changes each piece. */
	TRX_PRETOKENIZER_PREFIX,   /* a space first, if there is none */
	TRX_PRETOKENIZER_ALPHABET, /* bytes as their characters in ByteLevel's
				    */
	TRX_PRETOKENIZER_METASPACE
};

/* What becomes of that which was looked for. */
enum trx_pretokenizer_behavior {
	TRX_PRETOKENIZER_REMOVED,
	TRX_PRETOKENIZER_ISOLATED,
	TRX_PRETOKENIZER_PREVIOUS,
	TRX_PRETOKENIZER_NEXT,
	TRX_PRETOKENIZER_CONTIGUOUS
};

enum trx_pretokenizer_scheme {
	TRX_PRETOKENIZER_ALWAYS,
	TRX_PRETOKENIZER_FIRST,
	TRX_PRETOKENIZER_NEVER
};

struct trx_pretokenizer_step {
	enum trx_pretokenizer_kind kind;
	enum trx_pretokenizer_behavior behavior;
	bool invert;
	const struct trx_regex *regex;
	uint32_t character;
	uint64_t length;
	struct trx_str replacement; /* METASPACE: for a space; one character */
	enum trx_pretokenizer_scheme scheme; /* METASPACE: and it comes first */
};

/*
 * Add to out->other what the step cuts piece of out->text into; empty pieces
 * too.  Returns 0, or -1 with err set.
 */
int trx_pretokenizer_split(const struct trx_pretokenizer_step *step,
    struct trx_piece piece, struct trx_pieces *out, struct trx_error *err);

/* Add one to out->other.  Returns 0, or -1 with err set (memory). */
int trx_pretokenizer_push(
    struct trx_pieces *out, size_t begin, size_t end, struct trx_error *err);

/*
 * Make the text anew, of its pieces as the step changes them; first as in
 * trx_pretokenize.  Returns 0, or -1 with err set.
 */
int trx_pretokenizer_change(const struct trx_pretokenizer_step *step,
    bool first, bool want_ends, struct trx_pieces *out, struct trx_error *err);

#endif
