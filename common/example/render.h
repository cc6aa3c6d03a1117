/*
 * Chat rows to examples of text, by a model's chat template: which context is
 * rendered, which text is to be learned, and where every byte came from.
 */
#ifndef TRX_EXAMPLE_RENDER_H
#define TRX_EXAMPLE_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/chat/chat.h"
#include "common/example/jsonl.h"
#include "common/record/reason.h"
#include "common/record/row.h"

/* What follows the text to be learned. */
enum trx_render_end {
	TRX_RENDER_END_NONE, /* nothing */
	/*
	 * What the template prints behind an assistant's message, up to and
	 * with its first special token: the stop token.
	 */
	TRX_RENDER_END_TURN,
	TRX_RENDER_END_EOS /* the EOS token */
};

/* What is learned of a row of messages alone. */
enum trx_render_turns {
	TRX_RENDER_LAST, /* the last message */
	TRX_RENDER_EACH, /* every assistant's message, an example each */
	TRX_RENDER_ALL	 /* every assistant's message, in one example */
};

struct trx_render_options {
	struct trx_chat_options chat; /* no model and no template: none */
	enum trx_render_end end;
	enum trx_render_turns turns;
	/* A context whose last message is the assistant's ends inside it. */
	bool continue_final;
	bool drop_null; /* trx_jsonl_drop_null() on every row */
};

struct trx_renderer; /* immutable once opened: threads may share it */

/* Returns NULL with err set.  Freed with trx_renderer_free. */
struct trx_renderer *trx_renderer_open(
    const struct trx_render_options *options, struct trx_error *err);

/*
 * Add to the object o, for a stream's header, the options that change the data
 * and are not the default.  Returns 0 or -1.
 */
int trx_render_describe(const struct trx_renderer *r, struct trx_arena *a,
    struct trx_json *o, struct trx_error *err);

/* NULL is fine. */
void trx_renderer_free(struct trx_renderer *r);

/* What it was opened with. */
const struct trx_render_options *trx_renderer_options(
    const struct trx_renderer *r);

/* The chat layer; NULL where there is neither model nor template. */
const struct trx_chat *trx_renderer_chat(const struct trx_renderer *r);

/* What trx_render_row counts, by index. */
enum {
	TRX_RENDER_RENDERED,
	TRX_RENDER_ENDLESS, /* rendered ones that end in no stop token */
	TRX_RENDER_COUNTS
};

/* Does row give an example for every assistant's message? */
bool trx_render_each(
    const struct trx_renderer *r, const struct trx_jsonl_row *row);

/*
 * The next turn to be learned after `turn` (-1: the first) of a row that is to
 * give several examples: its message's index, or -1 where there is none.  Other
 * rows have one, their decision.
 */
int64_t trx_render_next_turn(const struct trx_renderer *r,
    const struct trx_jsonl_row *row, int64_t turn);

/*
 * Make the example of row's turn, of what trx_render_next_turn gave.  What out
 * holds is the arena's.  Returns TRX_REASON_NONE; else why it is rejected, with
 * err set (TRX_INPUT).  Where memory runs out err is TRX_MACHINE and the reason
 * means nothing.
 */
enum trx_reason trx_render_row(const struct trx_renderer *r,
    const struct trx_jsonl_row *row, int64_t turn, struct trx_str id,
    struct trx_arena *a, struct trx_row *out, uint64_t *counts,
    struct trx_error *err);

#endif
