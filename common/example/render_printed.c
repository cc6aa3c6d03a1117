#include <string.h>

#include "common/example/render_end.h"
#include "common/example/render_printed.h"

enum trx_reason
trx_render_measure(
    struct trx_render_work *w, size_t n, bool prompt, size_t *length)
{
	struct trx_buf b = TRX_BUF_INIT;
	enum trx_reason reason = TRX_REASON_NOT_PREFIX;

	if (n != 0)
		reason = trx_render_messages(w, n, prompt, false, NULL, &b);
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
trx_render_check_printed(
    struct trx_render_work *w, size_t turn, struct trx_str whole)
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

enum trx_reason
trx_render_printed(struct trx_render_work *w, size_t turn)
{
	struct trx_chat_trace trace = { 0 };
	enum trx_reason reason =
	    trx_render_messages(w, turn + 1, false, false, &trace, &w->text);
	struct trx_str eos;
	size_t cut, end;

	if (!trx_render_fine(w, reason))
		return reason;
	reason = trx_render_check_printed(w, turn, trx_buf_str(&w->text));
	if (trx_render_fine(w, reason))
		reason = trx_render_measure(w, turn, true, &cut);
	if (!trx_render_fine(w, reason))
		return reason;
	end = trx_render_end_printed(w, cut, w->text.len, w->text.data);
	w->text.len = end;
	if (cut == end)
		return trx_render_reject(w, TRX_REASON_NOTHING_TRAINED,
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
