#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/example/parts.h"
#include "common/example/render.h"
#include "common/json/reader.h"
#include "common/record/frame.h"
#include "common/template/date.h"

/* What a template prints behind an assistant's message. */
struct tail {
	struct trx_str text; /* up to and with its stop token; .n 0: none */
	struct trx_str stop; /* the token alone */
};

struct trx_renderer {
	struct trx_render_options options;
	struct trx_chat *chat; /* NULL: no template was named */
	struct tail plain;     /* of rows without tools */
	struct tail tools;     /* with them */
	struct trx_arena arena;
};

/* An example in the making. */
struct work {
	const struct trx_renderer *r;
	const struct trx_jsonl_row *row;
	struct trx_arena *arena;
	struct trx_buf text;
	struct trx_parts parts;
	struct trx_error *err;
};

static bool
has_tools(const struct trx_json *tools)
{
	return tools != NULL && tools->type != TRX_JSON_NULL;
}

/*
 * Find out what the template that serves rows with (or without) tools prints
 * behind an assistant's message, from a short conversation.
 */
static int
probe(struct trx_renderer *r, bool tools, struct tail *tail,
    struct trx_error *err)
{
	static const char talk[] =
	    "[{\"role\":\"user\",\"content\":\"Hello\"},"
	    "{\"role\":\"assistant\",\"content\":\"Hi there\"}]";
	const struct trx_json no_tools = trx_json_array();
	struct trx_chat_trace trace = { 0 };
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_json messages;
	struct trx_chat_input in = { .messages = &messages,
		.nmessages = 2,
		.tools = tools ? &no_tools : NULL,
		.trace = &trace };
	size_t begin, end, at = 0;
	struct trx_str text, answer;
	int rc = 0;

	if (trx_json_parse(trx_str(talk), &r->arena, &messages, err) == -1)
		return -1;
	trx_json_get_string(&messages.u.array.items[1], "content", &answer);
	if (trx_chat_render(r->chat, &in, &r->arena, &out, err) == -1) {
		rc = err->status == TRX_INPUT ? 0 : -1;
		err->status = rc == 0 ? TRX_OK : err->status;
	} else if (trx_chat_find_text(&trace, answer, &begin, &end)) {
		text.n = out.len - end;
		text.p = trx_arena_copy(
		    &r->arena, (struct trx_str){ out.data + end, text.n });
		if (text.p == NULL)
			rc = trx_error_memory(err);
		else
			tail->stop = trx_chat_special(r->chat, text, &at);
		if (rc == 0 && tail->stop.p != NULL)
			tail->text =
			    (struct trx_str){ text.p, at + tail->stop.n };
	}
	trx_buf_free(&out);
	return rc;
}

/* Can what --end asks for be had? */
static int
check_end(struct trx_renderer *r, struct trx_error *err)
{
	enum trx_render_end end = r->options.end;

	if (r->chat == NULL)
		return end == TRX_RENDER_END_NONE
			   ? 0
			   : trx_error_set(err, TRX_USAGE,
				 "a stop token needs a model or template");
	if (end == TRX_RENDER_END_TURN &&
	    trx_chat_know_added(r->chat, err) == -1)
		return -1;
	if (probe(r, false, &r->plain, err) == -1 ||
	    probe(r, true, &r->tools, err) == -1)
		return -1;
	if (end == TRX_RENDER_END_TURN && r->plain.text.n == 0 &&
	    r->tools.text.n == 0)
		return trx_error_set(err, TRX_INPUT,
		    "the template prints no special token behind an "
		    "assistant's message, to be its stop token");
	if (end == TRX_RENDER_END_EOS && trx_chat_eos(r->chat).n == 0)
		return trx_error_set(
		    err, TRX_INPUT, "the model names no EOS token");
	return 0;
}

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
	    check_end(r, err) == -1) {
		trx_renderer_free(r);
		return NULL;
	}
	return r;
}

/* Does a template want to know today's date? */
static bool
asks_date(const struct trx_renderer *r)
{
	const struct trx_template *t;
	bool asks = false;
	int tools;

	for (tools = 0; r->chat != NULL && tools < 2; tools++) {
		t = trx_chat_template(r->chat, tools);
		asks |= t != NULL && trx_template_reads(t, "strftime_now");
	}
	return asks;
}

int
trx_render_describe(const struct trx_renderer *r, struct trx_arena *a,
    struct trx_json *o, struct trx_error *err)
{
	const struct trx_render_options *options = &r->options;
	static const char *const ends[] = { NULL, "turn", "eos" };
	static const char *const turns[] = { NULL, "each", "all" };
	const char *end = ends[options->end], *turn = turns[options->turns];
	const char *const *vars = options->chat.vars;
	const struct trx_date *now = options->chat.now;
	struct trx_json list = trx_json_array();
	bool fine = true;
	size_t i;

	for (i = 0; vars != NULL && vars[i] != NULL; i++)
		fine &= trx_json_push(a, &list,
			    trx_json_string(trx_str(vars[i]))) != NULL;
	if (end != NULL)
		fine &= trx_json_set(
			    a, o, "end", trx_json_string(trx_str(end))) != NULL;
	if (turn != NULL)
		fine &= trx_json_set(a, o, "turns",
			    trx_json_string(trx_str(turn))) != NULL;
	if (options->continue_final)
		fine &= trx_json_set(a, o, "continue_final_message",
			    trx_json_bool(true)) != NULL;
	if (now != NULL && asks_date(r))
		fine &= trx_json_set(a, o, "now",
			    trx_json_string(trx_arena_format(a,
				"%04d-%02d-%02dT%02d:%02d:%02d", now->year,
				now->month, now->day, now->hour, now->minute,
				now->second))) != NULL;
	if (options->chat.openai)
		fine &=
		    trx_json_set(a, o, "openai", trx_json_bool(true)) != NULL;
	if (options->drop_null)
		fine &= trx_json_set(a, o, "drop_null", trx_json_bool(true)) !=
			NULL;
	if (i != 0)
		fine &= trx_json_set(a, o, "vars", list) != NULL;
	return fine ? 0 : trx_error_memory(err);
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

static enum trx_reason
reject(struct trx_error *err, enum trx_reason reason, const char *text)
{
	trx_error_set(err, TRX_INPUT, "%s", text);
	return reason;
}

/* Render the first n messages of a list into b. */
static enum trx_reason
render_list(struct work *w, const struct trx_json *list, size_t n, bool prompt,
    bool inside, struct trx_chat_trace *trace, struct trx_buf *b)
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
		return reject(w->err, TRX_REASON_TEMPLATE_ERROR,
		    "the row needs a chat template: give -m or -t");
	if (trx_chat_render(w->r->chat, &in, w->arena, b, w->err) == -1 &&
	    w->err->status == TRX_INPUT)
		return TRX_REASON_TEMPLATE_ERROR;
	return TRX_REASON_NONE;
}

/* Render the row's first n messages into b. */
static enum trx_reason
render(struct work *w, size_t n, bool prompt, bool inside,
    struct trx_chat_trace *trace, struct trx_buf *b)
{
	return render_list(w, w->row->messages, n, prompt, inside, trace, b);
}

static bool
fine(const struct work *w, enum trx_reason reason)
{
	return reason == TRX_REASON_NONE && w->err->status == TRX_OK;
}

static const struct tail *
tail_of(const struct work *w)
{
	return has_tools(w->row->tools) ? &w->r->tools : &w->r->plain;
}

static bool
ends_with(struct trx_str s, struct trx_str end)
{
	return end.n != 0 && s.n >= end.n &&
	       memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

static struct trx_str
trimmed(struct trx_str s)
{
	while (s.n > 0 && strchr(" \t\n\r", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

/* Is there no stop token at the end of the text? */
static bool
is_endless(const struct work *w, struct trx_str text)
{
	struct trx_str end = trimmed(text);

	return !ends_with(end, tail_of(w)->stop) &&
	       !ends_with(end, trx_chat_eos(w->r->chat));
}

/* What --end puts behind the text of a turn; .p NULL: there is none. */
static enum trx_reason
end_of(struct work *w, struct trx_str *end)
{
	*end = TRX_STR("");
	if (w->r->options.end == TRX_RENDER_END_EOS)
		*end = trx_chat_eos(w->r->chat);
	else if (w->r->options.end == TRX_RENDER_END_TURN) {
		*end = tail_of(w)->text;
		if (end->n == 0)
			return reject(w->err, TRX_REASON_TEMPLATE_ERROR,
			    "the template prints no stop token for it");
	}
	return TRX_REASON_NONE;
}

/* The context: the row's text, or the messages before the turn. */
static enum trx_reason
add_context(struct work *w, size_t n)
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
	reason = render(w, n, !inside, inside, &trace, &w->text);
	if (fine(w, reason))
		trx_parts_add_traced(&w->parts, &trace, 0, w->text.len, 0);
	return reason;
}

/* A context, and apart from it the text that is to be learned there. */
static enum trx_reason
make_text(struct work *w, size_t n, struct trx_str text, int32_t message)
{
	enum trx_reason reason;
	struct trx_str end;
	size_t cut;

	if (text.n == 0)
		return reject(w->err, TRX_REASON_NOTHING_TRAINED,
		    "the continuation is empty");
	reason = add_context(w, n);
	if (!fine(w, reason) || (reason = end_of(w, &end)) != TRX_REASON_NONE)
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

/*
 * Where what the template prints for a message ends, of the text up to
 * `end` of which it is from `begin` on: with --end, behind or before its stop
 * token.
 */
static size_t
end_printed(const struct work *w, size_t begin, size_t end, const char *text)
{
	struct trx_str stop = tail_of(w)->stop, tail = tail_of(w)->text;
	size_t i;

	if (w->r->options.end == TRX_RENDER_END_NONE || stop.n == 0)
		return end;
	for (i = end; i >= begin + stop.n; i--) {
		if (!ends_with((struct trx_str){ text, i }, stop))
			continue;
		if (w->r->options.end == TRX_RENDER_END_TURN)
			return i;
		return ends_with((struct trx_str){ text, i }, tail) &&
			       i >= begin + tail.n
			   ? i - tail.n
			   : i - stop.n;
	}
	return end;
}

/* Is what the first n messages give, with the prompt or without, at the start
 * of the text?  *length: its bytes. */
static enum trx_reason
measure_prefix(struct work *w, size_t n, bool prompt, size_t *length)
{
	struct trx_buf b = TRX_BUF_INIT;
	enum trx_reason reason = TRX_REASON_NOT_PREFIX;

	if (n != 0)
		reason = render(w, n, prompt, false, NULL, &b);
	*length = b.len;
	if (n == 0 ||
	    (fine(w, reason) && (b.len > w->text.len ||
				    (b.len != 0 && memcmp(b.data, w->text.data,
						       b.len) != 0)))) {
		trx_error_set(w->err, TRX_INPUT,
		    "what the template prints for %zu messages%s is not how "
		    "its text goes on for more",
		    n, prompt ? " and the generation prompt" : "");
		reason = TRX_REASON_NOT_PREFIX;
	}
	trx_buf_free(&b);
	return reason;
}

/*
 * Does the template print all that is to be learned of a message which is more
 * than text?  What it can do without, it does not print.  whole: its text for
 * the messages up to that one.
 */
static enum trx_reason
check_printed(struct work *w, size_t turn, struct trx_str whole)
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
		same = render_list(w, &without, turn + 1, false, false, NULL,
			   &b) == TRX_REASON_NONE &&
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
make_printed(struct work *w, size_t turn)
{
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason =
	    render(w, turn + 1, false, false, &trace, &w->text);
	struct trx_str eos;
	size_t cut, end;

	if (!fine(w, reason))
		return reason;
	reason = check_printed(w, turn, trx_buf_str(&w->text));
	if (fine(w, reason))
		reason = measure_prefix(w, turn, true, &cut);
	if (!fine(w, reason))
		return reason;
	end = end_printed(w, cut, w->text.len, w->text.data);
	w->text.len = end;
	if (cut == end)
		return reject(w->err, TRX_REASON_NOTHING_TRAINED,
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

/* Where a turn of the whole text stands: bytes *begin to *end. */
static enum trx_reason
find_turn(struct work *w, const struct trx_chat_trace *trace, size_t turn,
    size_t *begin, size_t *end)
{
	const struct trx_json *message = &w->row->messages->u.array.items[turn];
	struct trx_str text, tail;
	enum trx_reason reason;
	const char *beyond;

	*begin = *end = 0;
	trx_jsonl_message_text(message, &text, &beyond);
	if (beyond != NULL) {
		reason = measure_prefix(w, turn, true, begin);
		if (fine(w, reason))
			reason = measure_prefix(w, turn + 1, false, end);
		if (fine(w, reason))
			reason = check_printed(
			    w, turn, (struct trx_str){ w->text.data, *end });
		if (fine(w, reason))
			*end = end_printed(w, *begin, *end, w->text.data);
		return reason;
	}
	if (text.n == 0)
		return TRX_REASON_NONE;
	if (!trx_chat_find_text(trace, text, begin, end)) {
		trx_error_set(w->err, TRX_INPUT,
		    "the template does not print the text of message %zu, the "
		    "assistant's, as it is",
		    turn);
		return TRX_REASON_TURN_CHANGED;
	}
	if ((reason = end_of(w, &tail)) != TRX_REASON_NONE)
		return reason;
	if (w->text.len - *end < tail.n ||
	    (tail.n != 0 && memcmp(w->text.data + *end, tail.p, tail.n) != 0)) {
		trx_error_set(w->err, TRX_INPUT,
		    "no stop token follows message %zu, the assistant's", turn);
		return TRX_REASON_TURN_CHANGED;
	}
	*end += tail.n;
	return TRX_REASON_NONE;
}

/* Make the parts of the whole text from those that are to be learned. */
static enum trx_reason
train_turns(struct work *w, const struct trx_chat_trace *trace)
{
	const struct trx_json *list = w->row->messages;
	size_t begin, end, at = 0, i;
	enum trx_reason reason;

	for (i = 0; i < list->u.array.n; i++) {
		if (!trx_jsonl_is_assistant(&list->u.array.items[i]))
			continue;
		reason = find_turn(w, trace, i, &begin, &end);
		if (!fine(w, reason))
			return reason;
		if (begin == end)
			continue;
		if (begin < at)
			return reject(w->err, TRX_REASON_TURN_CHANGED,
			    "the template prints the messages in another "
			    "order");
		trx_parts_add_traced(&w->parts, trace, at, begin, 0);
		trx_parts_add_traced(
		    &w->parts, trace, begin, end, TRX_PART_TRAINED);
		at = end;
	}
	trx_parts_add_traced(&w->parts, trace, at, w->text.len, 0);
	return at != 0 ? TRX_REASON_NONE
		       : reject(w->err, TRX_REASON_NOTHING_TRAINED,
			     "no message is the assistant's");
}

/* The same, where the template says itself what is to be learned. */
static enum trx_reason
train_spans(struct work *w, const struct trx_chat_trace *trace)
{
	const struct trx_template_trace *t = &trace->trace;
	size_t at = 0, i;

	for (i = 0; i < t->nspans; i++) {
		trx_parts_add_traced(
		    &w->parts, trace, at, t->spans[i].begin, 0);
		trx_parts_add_traced(&w->parts, trace, t->spans[i].begin,
		    t->spans[i].end, TRX_PART_TRAINED);
		at = t->spans[i].end;
	}
	trx_parts_add_traced(&w->parts, trace, at, w->text.len, 0);
	return t->nspans != 0 ? TRX_REASON_NONE
			      : reject(w->err, TRX_REASON_NOTHING_TRAINED,
				    "the template's generation blocks print "
				    "nothing");
}

/* The whole conversation, every turn of the assistant's to be learned. */
static enum trx_reason
make_whole(struct work *w)
{
	const struct trx_json *list = w->row->messages;
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason =
	    render(w, list->u.array.n, false, false, &trace, &w->text);

	if (!fine(w, reason))
		return reason;
	if (trx_template_generates(
		trx_chat_template(w->r->chat, has_tools(w->row->tools))))
		return train_spans(w, &trace);
	return train_turns(w, &trace);
}

/* Form 3: the decision is the last message, or each of the assistant's. */
static enum trx_reason
make_message(struct work *w, int64_t turn)
{
	const struct trx_json *list = w->row->messages, *message;
	struct trx_str text;
	const char *beyond;

	if (turn < 1 || (size_t)turn >= list->u.array.n)
		return reject(w->err, TRX_REASON_BAD_FIELD,
		    list->u.array.n < 2
			? "no message stands before the last, the decision"
			: "no message behind the first is the assistant's");
	message = &list->u.array.items[turn];
	if (!trx_jsonl_is_assistant(message))
		return reject(w->err, TRX_REASON_BAD_FIELD,
		    "the last message, the decision, is not the assistant's");
	trx_jsonl_message_text(message, &text, &beyond);
	if (beyond == NULL)
		return make_text(w, (size_t)turn, text, (int32_t)turn);
	return make_printed(w, (size_t)turn);
}

static enum trx_reason
make_any(struct work *w, int64_t turn)
{
	const struct trx_jsonl_row *row = w->row;

	if (row->form == TRX_JSONL_TEXT)
		return make_text(w, 0, row->continuation, -1);
	if (row->form == TRX_JSONL_DECISION)
		return make_text(w, row->decision, row->continuation,
		    (int32_t)row->decision);
	if (w->r->options.turns == TRX_RENDER_ALL)
		return make_whole(w);
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
finish(struct work *w, struct trx_str id, struct trx_row *out)
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
last_is_endless(const struct work *w)
{
	const struct trx_part *p = w->parts.at + w->parts.n;

	while (p > w->parts.at && !((p - 1)->flags & TRX_PART_TRAINED))
		p--;
	return p > w->parts.at &&
	       is_endless(w, (struct trx_str){ w->text.data, (p - 1)->end });
}

enum trx_reason
trx_render_row(const struct trx_renderer *r, const struct trx_jsonl_row *row,
    int64_t turn, struct trx_str id, struct trx_arena *a, struct trx_row *out,
    uint64_t *counts, struct trx_error *err)
{
	struct work w = { .r = r,
		.row = row,
		.arena = a,
		.parts = { .arena = a },
		.err = err };
	enum trx_reason reason = make_any(&w, turn);

	if (fine(&w, reason)) {
		counts[TRX_RENDER_RENDERED] = row->messages != NULL;
		counts[TRX_RENDER_ENDLESS] =
		    row->messages != NULL && last_is_endless(&w);
		reason = finish(&w, id, out);
	}
	trx_buf_free(&w.text);
	return reason;
}
