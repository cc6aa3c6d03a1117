#include <string.h>

#include "common/example/render_end.h"
#include "common/json/reader.h"

/*
 * Find out what the template that serves rows with (or without) tools prints
 * behind an assistant's message, from a short conversation.
 */
static int
probe(struct trx_renderer *r, bool tools, struct trx_render_tail *tail,
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

int
trx_render_end_open(struct trx_renderer *r, struct trx_error *err)
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

static const struct trx_render_tail *
tail_of(const struct trx_render_work *w)
{
	return trx_json_is_null(w->row->tools) ? &w->r->plain : &w->r->tools;
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

bool
trx_render_endless(const struct trx_render_work *w, struct trx_str text)
{
	struct trx_str end = trimmed(text);

	return !ends_with(end, tail_of(w)->stop) &&
	       !ends_with(end, trx_chat_eos(w->r->chat));
}

enum trx_reason
trx_render_end_text(struct trx_render_work *w, struct trx_str *end)
{
	*end = TRX_STR("");
	if (w->r->options.end == TRX_RENDER_END_EOS)
		*end = trx_chat_eos(w->r->chat);
	else if (w->r->options.end == TRX_RENDER_END_TURN) {
		*end = tail_of(w)->text;
		if (end->n == 0)
			return trx_render_reject(w, TRX_REASON_TEMPLATE_ERROR,
			    "the template prints no stop token for it");
	}
	return TRX_REASON_NONE;
}

size_t
trx_render_end_printed(
    const struct trx_render_work *w, size_t begin, size_t end, const char *text)
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
