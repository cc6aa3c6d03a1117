/* What the parts of render.c share: an example in the making. */
#ifndef TRX_EXAMPLE_RENDER_WORK_H
#define TRX_EXAMPLE_RENDER_WORK_H

#include "common/base/buf.h"
#include "common/example/parts.h"
#include "common/example/render.h"

/* What a template prints behind an assistant's message. */
struct trx_render_tail {
	struct trx_str text; /* up to and with its stop token; .n 0: none */
	struct trx_str stop; /* the token alone */
};

struct trx_renderer {
	struct trx_render_options options;
	struct trx_chat *chat;	      /* NULL: no template was named */
	struct trx_render_tail plain; /* of rows without tools */
	struct trx_render_tail tools; /* with them */
	struct trx_arena arena;
};

/* An example in the making. */
struct trx_render_work {
	const struct trx_renderer *r;
	const struct trx_jsonl_row *row;
	struct trx_arena *arena;
	struct trx_buf text;
	struct trx_parts parts;
	struct trx_error *err;
};

static inline bool
trx_render_has_tools(const struct trx_json *tools)
{
	return tools != NULL && tools->type != TRX_JSON_NULL;
}

/* Went all well so far?  A failure may be a reject, or the machine's. */
static inline bool
trx_render_fine(const struct trx_render_work *w, enum trx_reason reason)
{
	return reason == TRX_REASON_NONE && w->err->status == TRX_OK;
}

/* Set err, for a reject; returns reason. */
enum trx_reason trx_render_reject(
    struct trx_error *err, enum trx_reason reason, const char *text);

/*
 * Append to b the first n messages of a list rendered, or of the row's; inside:
 * ending inside the last.  trace may be NULL.
 */
enum trx_reason trx_render_list(struct trx_render_work *w,
    const struct trx_json *list, size_t n, bool prompt, bool inside,
    struct trx_chat_trace *trace, struct trx_buf *b);
enum trx_reason trx_render_first(struct trx_render_work *w, size_t n,
    bool prompt, bool inside, struct trx_chat_trace *trace, struct trx_buf *b);

/*
 * Is what the first n messages give, with the prompt or without, at the start
 * of the text?  *length: its bytes.
 */
enum trx_reason trx_render_prefix(
    struct trx_render_work *w, size_t n, bool prompt, size_t *length);

/*
 * Does the template print all that is to be learned of a message which is more
 * than text?  What it can do without, it does not print.  whole: its text for
 * the messages up to that one.
 */
enum trx_reason trx_render_printed(
    struct trx_render_work *w, size_t turn, struct trx_str whole);

/* -- render_whole.c -- */

/* The whole conversation, every turn of the assistant's to be learned. */
enum trx_reason trx_render_whole(struct trx_render_work *w);

/* -- render_end.c: what stands behind the text to be learned -- */

/* Can what --end asks for be had?  Returns 0 or -1. */
int trx_render_end_open(struct trx_renderer *r, struct trx_error *err);

/* What --end puts behind the text of a turn. */
enum trx_reason trx_render_end_text(
    struct trx_render_work *w, struct trx_str *end);

/*
 * Where what the template prints for a message ends, of the text up to
 * `end` of which it is from `begin` on: with --end, behind or before its stop
 * token.
 */
size_t trx_render_end_printed(const struct trx_render_work *w, size_t begin,
    size_t end, const char *text);

/* Does what is learned last end in no stop token? */
bool trx_render_endless(const struct trx_render_work *w);

#endif
