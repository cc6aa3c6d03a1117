/*
 * An example's text to tokens, with what of it is to be learned.
 *
 * The text is tokenized in pieces, cut before the parts that say so; the first
 * piece, which may be empty, is the context.  A token is trained if any of its
 * bytes lies in a trained part.
 */
#ifndef TRX_EXAMPLE_ENCODE_H
#define TRX_EXAMPLE_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/record/reason.h"
#include "common/record/row.h"
#include "common/tokenizer/tokenizer.h"

/* Whether the context gets the tokenizer's special tokens. */
enum trx_special {
	/*
	 * A rendered context: none.  A raw one: those that stand before, unless
	 * its ids begin with BOS or with those already; never those that stand
	 * behind, which would come between context and continuation.
	 */
	TRX_SPECIAL_AUTO,
	TRX_SPECIAL_ALWAYS, /* before and behind, a doubled BOS included */
	TRX_SPECIAL_NEVER
};

/* What becomes of a special token in text that the template did not print. */
enum trx_special_in_text {
	TRX_SPECIAL_IN_TEXT_ALLOW,  /* the token, as the reference has it */
	TRX_SPECIAL_IN_TEXT_REFUSE, /* the row is rejected */
	TRX_SPECIAL_IN_TEXT_AS_TEXT /* text like any other */
};

/* What trx_encode_row counts, by index. */
enum {
	TRX_ENCODE_TOKENS,
	TRX_ENCODE_DOUBLE_BOS, /* contexts that begin with two BOS */
	TRX_ENCODE_STRADDLING, /* tokens over a trained part's edge */
	TRX_ENCODE_AS_TEXT,    /* special tokens that were taken as text */
	/* Examples whose tokens differ from those of their text as a whole. */
	TRX_ENCODE_BOUNDARY,
	TRX_ENCODE_COUNTS
};

struct trx_encode_options {
	enum trx_special special;
	enum trx_special_in_text in_text;
	bool check_boundary; /* count TRX_ENCODE_BOUNDARY */
};

struct trx_encoder; /* one a thread */

/* tokenizer is borrowed.  Returns NULL with err set (memory). */
struct trx_encoder *trx_encoder_new(const struct trx_tokenizer *tokenizer,
    const struct trx_encode_options *options, struct trx_error *err);

/*
 * Make row, one example of text, one of tokens; what it gains is the arena's,
 * but for the ids, which are the encoder's until it is given another row.
 * Returns TRX_REASON_NONE, or the reason for which it is rejected with err
 * set; a failure that is not the row's is TRX_REASON_NONE with err set, so of
 * a raw row (no part of it is known to be a user's) where special tokens in
 * text are not allowed: TRX_USAGE.
 */
enum trx_reason trx_encode_row(struct trx_encoder *e, struct trx_row *row,
    struct trx_arena *a, uint64_t *counts, struct trx_error *err);

/* NULL is fine. */
void trx_encoder_free(struct trx_encoder *e);

#endif
