#include <string.h>

#include "common/example/render_end.h"
#include "common/example/render_printed.h"
#include "common/example/render_whole.h"

/* Where a turn of the whole text stands: bytes *begin to *end. */
static enum trx_reason
find_turn(struct trx_render_work *w, const struct trx_chat_trace *trace,
    size_t turn, size_t *begin, size_t *end)
{
	const struct trx_json *message = &w->row->messages->u.array.items[turn];
	struct trx_str text, tail;
	enum trx_reason reason;
	const char *beyond;

	*begin = *end = 0;
	trx_jsonl_message_text(message, &text, &beyond);
	if (beyond != NULL) {
		reason = trx_render_measure(w, turn, true, begin);
		if (trx_render_fine(w, reason))
			reason = trx_render_measure(w, turn + 1, false, end);
		if (trx_render_fine(w, reason))
			reason = trx_render_check_printed(
			    w, turn, (struct trx_str){ w->text.data, *end });
		if (trx_render_fine(w, reason))
			*end = trx_render_end_printed(
			    w, *begin, *end, w->text.data);
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
	if ((reason = trx_render_end_text(w, &tail)) != TRX_REASON_NONE)
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
train_turns(struct trx_render_work *w, const struct trx_chat_trace *trace)
{
	const struct trx_json *list = w->row->messages;
	size_t begin, end, at = 0, i;
	enum trx_reason reason;

	for (i = 0; i < list->u.array.n; i++) {
		if (!trx_jsonl_is_assistant(&list->u.array.items[i]))
			continue;
		reason = find_turn(w, trace, i, &begin, &end);
		if (!trx_render_fine(w, reason))
			return reason;
		if (begin == end)
			continue;
		if (begin < at)
			return trx_render_reject(w, TRX_REASON_TURN_CHANGED,
			    "the template prints the messages in another "
			    "order");
		trx_parts_add_traced(&w->parts, trace, at, begin, 0);
		trx_parts_add_traced(
		    &w->parts, trace, begin, end, TRX_PART_TRAINED);
		at = end;
	}
	trx_parts_add_traced(&w->parts, trace, at, w->text.len, 0);
	return at != 0 ? TRX_REASON_NONE
		       : trx_render_reject(w, TRX_REASON_NOTHING_TRAINED,
			     "no message is the assistant's");
}

/* The same, where the template says itself what is to be learned. */
static enum trx_reason
train_spans(struct trx_render_work *w, const struct trx_chat_trace *trace)
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
			      : trx_render_reject(w, TRX_REASON_NOTHING_TRAINED,
				    "the template's generation blocks print "
				    "nothing");
}

enum trx_reason
trx_render_whole(struct trx_render_work *w)
{
	const struct trx_json *list = w->row->messages;
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason = trx_render_messages(
	    w, list->u.array.n, false, false, &trace, &w->text);

	if (!trx_render_fine(w, reason))
		return reason;
	if (trx_template_generates(trx_chat_template(
		w->r->chat, !trx_json_is_null(w->row->tools))))
		return train_spans(w, &trace);
	return train_turns(w, &trace);
}
