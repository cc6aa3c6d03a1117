#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/example/render_work.h"
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

enum trx_reason
trx_render_reject(
    struct trx_error *err, enum trx_reason reason, const char *text)
{
	trx_error_set(err, TRX_INPUT, "%s", text);
	return reason;
}

enum trx_reason
trx_render_list(struct trx_render_work *w, const struct trx_json *list,
    size_t n, bool prompt, bool inside, struct trx_chat_trace *trace,
    struct trx_buf *b)
{
	const struct trx_jsonl_row *row = w->row;
	const struct trx_chat_input in = { .messages = list,
		.nmessages = n,
		.tools = row->tools,
		.documents = row->documents,
		.kwargs = row->kwargs,
		.add_generation_prompt = prompt,
		.continue_final_message = inside,
		.trace = trace };

	if (w->r->chat == NULL)
		return trx_render_reject(w->err, TRX_REASON_TEMPLATE_ERROR,
		    "the row needs a chat template: give -m or -t");
	if (trx_chat_render(w->r->chat, &in, w->arena, b, w->err) == -1 &&
	    w->err->status == TRX_INPUT)
		return TRX_REASON_TEMPLATE_ERROR;
	return TRX_REASON_NONE;
}

enum trx_reason
trx_render_first(struct trx_render_work *w, size_t n, bool prompt, bool inside,
    struct trx_chat_trace *trace, struct trx_buf *b)
{
	return trx_render_list(
	    w, w->row->messages, n, prompt, inside, trace, b);
}

/* The context: the row's text, or the messages before the turn. */
static enum trx_reason
add_context(struct trx_render_work *w, size_t n)
{
	const struct trx_json *list = w->row->messages;
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason;
	bool inside;

	if (list == NULL) {
		trx_buf_adds(&w->text, w->row->context);
		trx_parts_add(&w->parts, 0, w->text.len, 0, -1);
		return TRX_REASON_NONE;
	}
	inside = w->r->options.continue_final &&
		 trx_jsonl_is_assistant(&list->u.array.items[n - 1]);
	reason = trx_render_first(w, n, !inside, inside, &trace, &w->text);
	if (trx_render_fine(w, reason))
		trx_parts_add_traced(&w->parts, &trace, 0, w->text.len, 0);
	return reason;
}

/* A context, and apart from it the text that is to be learned there. */
static enum trx_reason
make_text(
    struct trx_render_work *w, size_t n, struct trx_str text, int32_t message)
{
	enum trx_reason reason;
	struct trx_str end;
	size_t cut;

	if (text.n == 0)
		return trx_render_reject(w->err, TRX_REASON_NOTHING_TRAINED,
		    "the continuation is empty");
	reason = add_context(w, n);
	if (!trx_render_fine(w, reason) ||
	    (reason = trx_render_end_text(w, &end)) != TRX_REASON_NONE)
		return reason;
	cut = w->text.len;
	trx_buf_adds(&w->text, text);
	trx_parts_add(&w->parts, cut, w->text.len,
	    TRX_PART_TRAINED | TRX_PART_CUT_BEFORE, message);
	cut = w->text.len;
	trx_buf_adds(&w->text, end);
	trx_parts_add(&w->parts, cut, w->text.len,
	    TRX_PART_TRAINED | TRX_PART_PRINTED, -1);
	return TRX_REASON_NONE;
}

enum trx_reason
trx_render_prefix(
    struct trx_render_work *w, size_t n, bool prompt, size_t *length)
{
	struct trx_buf b = TRX_BUF_INIT;
	enum trx_reason reason = TRX_REASON_NOT_PREFIX;

	if (n != 0)
		reason = trx_render_first(w, n, prompt, false, NULL, &b);
	*length = b.len;
	if (n == 0 || (trx_render_fine(w, reason) &&
			  (b.len > w->text.len ||
			      (b.len != 0 &&
				  memcmp(b.data, w->text.data, b.len) != 0)))) {
		trx_error_set(w->err, TRX_INPUT,
		    "what the template prints for %zu messages%s is not how "
		    "its text goes on for more",
		    n, prompt ? " and the generation prompt" : "");
		reason = TRX_REASON_NOT_PREFIX;
	}
	trx_buf_free(&b);
	return reason;
}

enum trx_reason
trx_render_printed(struct trx_render_work *w, size_t turn, struct trx_str whole)
{
	static const char *const fields[][4] = { { "content" },
		{ "tool_calls", "function_call" },
		{ "reasoning_content", "reasoning", "thinking" } };
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_json without;
	bool same;
	size_t i;
	int some;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		some = trx_jsonl_without(
		    w->row->messages, turn + 1, fields[i], w->arena, &without);
		if (some == -1) {
			trx_error_memory(w->err);
			return TRX_REASON_NONE;
		}
		if (some == 0)
			continue;
		trx_buf_reset(&b);
		same = trx_render_list(w, &without, turn + 1, false, false,
			   NULL, &b) == TRX_REASON_NONE &&
		       trx_str_equal(trx_buf_str(&b), whole);
		trx_buf_free(&b);
		if (w->err->status == TRX_INPUT)
			w->err->status = TRX_OK; /* it cannot do without */
		if (!same)
			continue;
		trx_error_set(w->err, TRX_INPUT,
		    "the template does not print \"%s\" of message %zu",
		    fields[i][0], turn);
		return TRX_REASON_TURN_CHANGED;
	}
	return TRX_REASON_NONE;
}

/* A message that is more than text: what the template prints for it. */
static enum trx_reason
make_printed(struct trx_render_work *w, size_t turn)
{
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason =
	    trx_render_first(w, turn + 1, false, false, &trace, &w->text);
	struct trx_str eos;
	size_t cut, end;

	if (!trx_render_fine(w, reason))
		return reason;
	reason = trx_render_printed(w, turn, trx_buf_str(&w->text));
	if (trx_render_fine(w, reason))
		reason = trx_render_prefix(w, turn, true, &cut);
	if (!trx_render_fine(w, reason))
		return reason;
	end = trx_render_end_printed(w, cut, w->text.len, w->text.data);
	w->text.len = end;
	if (cut == end)
		return trx_render_reject(w->err, TRX_REASON_NOTHING_TRAINED,
		    "the template prints nothing for the message");
	trx_parts_add_traced(&w->parts, &trace, 0, cut, 0);
	trx_parts_add_traced(&w->parts, &trace, cut, end,
	    TRX_PART_TRAINED | TRX_PART_CUT_BEFORE);
	if (w->r->options.end == TRX_RENDER_END_EOS) {
		eos = trx_chat_eos(w->r->chat);
		trx_buf_adds(&w->text, eos);
		trx_parts_add(&w->parts, end, end + eos.n,
		    TRX_PART_TRAINED | TRX_PART_PRINTED, -1);
	}
	return TRX_REASON_NONE;
}

/* Form 3: the decision is the last message, or each of the assistant's. */
static enum trx_reason
make_message(struct trx_render_work *w, int64_t turn)
{
	const struct trx_json *list = w->row->messages, *message;
	struct trx_str text;
	const char *beyond;

	if (turn < 1 || (size_t)turn >= list->u.array.n)
		return trx_render_reject(w->err, TRX_REASON_BAD_FIELD,
		    list->u.array.n < 2
			? "no message stands before the last, the decision"
			: "no message behind the first is the assistant's");
	message = &list->u.array.items[turn];
	if (!trx_jsonl_is_assistant(message))
		return trx_render_reject(w->err, TRX_REASON_BAD_FIELD,
		    "the last message, the decision, is not the assistant's");
	trx_jsonl_message_text(message, &text, &beyond);
	if (beyond == NULL)
		return make_text(w, (size_t)turn, text, (int32_t)turn);
	return make_printed(w, (size_t)turn);
}

static enum trx_reason
make_any(struct trx_render_work *w, int64_t turn)
{
	const struct trx_jsonl_row *row = w->row;

	if (row->form == TRX_JSONL_TEXT)
		return make_text(w, 0, row->continuation, -1);
	if (row->form == TRX_JSONL_DECISION)
		return make_text(w, row->decision, row->continuation,
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
		    row->messages != NULL && trx_render_endless(&w);
		reason = finish(&w, id, out);
	}
	trx_buf_free(&w.text);
	return reason;
}
