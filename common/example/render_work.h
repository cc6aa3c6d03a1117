/*
 * An example in the making, and what its makers share: render_text, the row's
 * context and apart from it what is learned; render_printed, a message as the
 * template prints it; render_whole, every turn of a whole conversation.
 */
#ifndef TRX_EXAMPLE_RENDER_WORK_H
#define TRX_EXAMPLE_RENDER_WORK_H

#include <stdbool.h>

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

/* Neither rejected, nor an error? */
bool trx_render_fine(const struct trx_render_work *w, enum trx_reason reason);

/* The reason, with err set to the text. */
enum trx_reason trx_render_reject(
    struct trx_render_work *w, enum trx_reason reason, const char *text);

/*
 * Render the first n messages of a list, with the row's tools, documents and
 * arguments, into b: with the generation prompt, or inside the last message,
 * or neither; with a trace (NULL: none).  Like all that follows it returns why
 * the row is rejected, or TRX_REASON_NONE, which w->err may contradict.
 */
enum trx_reason trx_render_list(struct trx_render_work *w,
    const struct trx_json *list, size_t n, bool prompt, bool inside,
    struct trx_chat_trace *trace, struct trx_buf *b);

/* The same of the row's messages. */
enum trx_reason trx_render_messages(struct trx_render_work *w, size_t n,
    bool prompt, bool inside, struct trx_chat_trace *trace, struct trx_buf *b);

#endif
