#include <stdlib.h>

#include "common/example/render.h"
#include "common/example/render_end.h"
#include "common/example/render_printed.h"
#include "common/example/render_text.h"
#include "common/example/render_whole.h"
#include "common/record/frame.h"

struct trx_renderer *
trx_renderer_open(
    const struct trx_render_options *options, struct trx_error *err)
{
	struct trx_renderer *r = calloc(1, sizeof(*r));
	const struct trx_chat_options *chat = &options->chat;

	if (r == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	r->options = *options;
	if (((chat->model != NULL || chat->template != NULL) &&
		(r->chat = trx_chat_open(chat, err)) == NULL) ||
	    trx_render_end_open(r, err) == -1) {
		trx_renderer_free(r);
		return NULL;
	}
	return r;
}

void
trx_renderer_free(struct trx_renderer *r)
{
	if (r == NULL)
		return;
	trx_chat_free(r->chat);
	trx_arena_free(&r->arena);
	free(r);
}

const struct trx_render_options *
trx_renderer_options(const struct trx_renderer *r)
{
	return &r->options;
}

const struct trx_chat *
trx_renderer_chat(const struct trx_renderer *r)
{
	return r->chat;
}

/* Form 3: the decision is the last message, or each of the assistant's. */
static enum trx_reason
make_message(struct trx_render_work *w, int64_t turn)
{
	const struct trx_json *list = w->row->messages, *message;
	struct trx_str text;
	const char *beyond;

	if (turn < 1 || (size_t)turn >= list->u.array.n)
		return trx_render_reject(w, TRX_REASON_BAD_FIELD,
		    list->u.array.n < 2
			? "no message stands before the last, the decision"
			: "no message behind the first is the assistant's");
	message = &list->u.array.items[turn];
	if (!trx_jsonl_is_assistant(message))
		return trx_render_reject(w, TRX_REASON_BAD_FIELD,
		    "the last message, the decision, is not the assistant's");
	trx_jsonl_message_text(message, &text, &beyond);
	if (beyond == NULL)
		return trx_render_text(w, (size_t)turn, text, (int32_t)turn);
	return trx_render_printed(w, (size_t)turn);
}

static enum trx_reason
make_any(struct trx_render_work *w, int64_t turn)
{
	const struct trx_jsonl_row *row = w->row;

	if (row->form == TRX_JSONL_TEXT)
		return trx_render_text(w, 0, row->continuation, -1);
	if (row->form == TRX_JSONL_DECISION)
		return trx_render_text(w, row->decision, row->continuation,
		    (int32_t)row->decision);
	if (w->r->options.turns == TRX_RENDER_ALL)
		return trx_render_whole(w);
	return make_message(w, turn);
}

bool
trx_render_each(const struct trx_renderer *r, const struct trx_jsonl_row *row)
{
	return row->form == TRX_JSONL_MESSAGES &&
	       r->options.turns == TRX_RENDER_EACH;
}

int64_t
trx_render_next_turn(
    const struct trx_renderer *r, const struct trx_jsonl_row *row, int64_t turn)
{
	const struct trx_json *list = row->messages;
	size_t i = turn < 1 ? 1 : (size_t)turn + 1;

	if (!trx_render_each(r, row))
		return turn == -1 && list != NULL ? (int64_t)list->u.array.n - 1
						  : -1;
	for (; i < list->u.array.n; i++)
		if (trx_jsonl_is_assistant(&list->u.array.items[i]))
			return (int64_t)i;
	return -1;
}

/* The row of what was made. */
static enum trx_reason
finish(struct trx_render_work *w, struct trx_str id, struct trx_row *out)
{
	struct trx_group *g = trx_arena_calloc(w->arena, 1, sizeof(*g));

	if (g == NULL || w->parts.failed || w->text.failed ||
	    (g->text.p = trx_arena_copy(w->arena, trx_buf_str(&w->text))) ==
		NULL) {
		trx_error_memory(w->err);
		return TRX_REASON_NONE;
	}
	g->text.n = w->text.len;
	if (g->text.n > TRX_FRAME_MAX) {
		trx_error_set(
		    w->err, TRX_INPUT, "its text has %zu bytes", g->text.n);
		return TRX_REASON_TOO_LARGE;
	}
	g->id = id;
	g->metadata = w->row->metadata;
	g->rendered = w->row->messages != NULL;
	g->parts = w->parts.at;
	g->nparts = w->parts.n;
	*out = (struct trx_row){
		.kind = TRX_KIND_TEXT, .groups = g, .ngroups = 1
	};
	return TRX_REASON_NONE;
}

/* Does what is learned last end in no stop token? */
static bool
last_is_endless(const struct trx_render_work *w)
{
	const struct trx_part *p = w->parts.at + w->parts.n;

	while (p > w->parts.at && !((p - 1)->flags & TRX_PART_TRAINED))
		p--;
	return p > w->parts.at &&
	       trx_render_endless(
		   w, (struct trx_str){ w->text.data, (p - 1)->end });
}

enum trx_reason
trx_render_row(const struct trx_renderer *r, const struct trx_jsonl_row *row,
    int64_t turn, struct trx_str id, struct trx_arena *a, struct trx_row *out,
    uint64_t *counts, struct trx_error *err)
{
	struct trx_render_work w = { .r = r,
		.row = row,
		.arena = a,
		.parts = { .arena = a },
		.err = err };
	enum trx_reason reason = make_any(&w, turn);

	if (trx_render_fine(&w, reason)) {
		counts[TRX_RENDER_RENDERED] = row->messages != NULL;
		counts[TRX_RENDER_ENDLESS] =
		    row->messages != NULL && last_is_endless(&w);
		reason = finish(&w, id, out);
	}
	trx_buf_free(&w.text);
	return reason;
}
