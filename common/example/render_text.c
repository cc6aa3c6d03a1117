#include "common/example/render_text.h"
#include "common/example/render_end.h"

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
	reason = trx_render_messages(w, n, !inside, inside, &trace, &w->text);
	if (trx_render_fine(w, reason))
		trx_parts_add_traced(&w->parts, &trace, 0, w->text.len, 0);
	return reason;
}

enum trx_reason
trx_render_text(
    struct trx_render_work *w, size_t n, struct trx_str text, int32_t message)
{
	enum trx_reason reason;
	struct trx_str end;
	size_t cut;

	if (text.n == 0)
		return trx_render_reject(
		    w, TRX_REASON_NOTHING_TRAINED, "the continuation is empty");
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
